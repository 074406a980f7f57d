"""Networks by name: residual networks with the settings of a publication, or ours for vibration."""

from collections.abc import Callable
from functools import partial

import keras

from faultdiag.networks import residual

__all__ = ["record16", "vibration"]

record16: Callable[..., keras.Model] = partial(
    residual.build,
    stem_filters=16,
    stages=((32, 1, 1), (32, 1, 2), (64, 1, 2)),
    reduction=16,
    momentum=0.9,
    epsilon=1e-3,
    l2=1e-4,
)
"""The author's CIFAR-10 record 16: 93,791 variables for 32 x 32 x 3 inputs and 10 classes."""

vibration: Callable[..., keras.Model] = partial(
    residual.build,
    stem_filters=16,
    stem_kernel=64,
    stem_stride=8,
    stages=((16, 1, 1), (32, 1, 2), (32, 1, 2), (64, 1, 2)),
    kernel=5,
    reduction=4,
    momentum=0.97,
)
"""Ours for windows of vibration: a wide first kernel that works as a bank of band filters."""
