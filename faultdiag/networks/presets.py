"""Networks by name: the residual builder with the settings of a publication, or ours for vibration.

Every preset takes every option of `faultdiag.networks.residual.build` and inputs of every rank.
"""

from functools import partial
from typing import Any

import keras

from faultdiag.networks import residual

__all__ = ["Preset", "author_2020_06", "paper_m6", "paper_m9", "paper_m12", "record16", "vibration"]


class Preset(partial[keras.Model]):
    """A builder whose options have other defaults.

    Attributes
    ----------
    published : tuple of (tuple of int, int)
        Shape of one input and number of classes for which the network was made.
    """

    published: tuple[tuple[int, ...], int]


def _preset(input_shape: tuple[int, ...], n_classes: int, **options: Any) -> Preset:
    made = Preset(residual.build, **options)
    made.published = (input_shape, n_classes)
    return made


def _paper(n_blocks: int) -> Preset:
    """The paper's network: three parts of equally many blocks.

    The paper does not state strides. That the first block of the second and of the third part halves the
    signal is ours; no weight depends on it.
    """
    each = n_blocks // 3
    return _preset(
        (4096, 1),
        8,
        stem_filters=4,
        stages=((4, each, 1), (8, each, 2), (16, each, 2)),
        reduction=1,
        l2=1e-4,
    )


paper_m6 = _paper(6)
"""The paper's network with 6 blocks: 8,824 trainable weights for 8 classes, 4,048 with ReLU."""

paper_m9 = _paper(9)
"""The paper's network with 9 blocks: 13,360 trainable weights for 8 classes, 6,232 with ReLU."""

paper_m12 = _paper(12)
"""The paper's network with 12 blocks: 17,896 trainable weights for 8 classes, 8,416 with ReLU."""

record16 = _preset(
    (32, 32, 3),
    10,
    stem_filters=16,
    stages=((32, 1, 1), (32, 1, 2), (64, 1, 2)),
    reduction=16,
    momentum=0.9,
    epsilon=1e-3,
    l2=1e-4,
)
"""The author's CIFAR-10 record 16: 93,791 variables for 32 x 32 x 3 inputs and 10 classes."""

author_2020_06 = _preset(
    (32, 32, 3),
    10,
    stem_filters=64,
    stages=((64, 20, 1), (128, 20, 2), (256, 20, 2)),
    activation="aprelu_shared",
    momentum=0.9,
    epsilon=1e-3,
    l2=1e-4,
)
"""The author's CIFAR-10 program of June 2020, 60 blocks: 30,693,879 variables for 10 classes."""

vibration = _preset(
    (2048, 1),
    4,
    stem_filters=16,
    stem_kernel=64,
    stem_stride=8,
    stages=((16, 1, 1), (32, 1, 2), (32, 1, 2), (64, 1, 2)),
    kernel=5,
    reduction=4,
    momentum=0.97,
)
"""Ours for windows of vibration: a wide first kernel that works as a bank of band filters."""
