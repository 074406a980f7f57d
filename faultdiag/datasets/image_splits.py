"""Splits of images of which the data set keeps some for testing."""

import numpy as np
from numpy.typing import NDArray

from faultdiag.datasets.examples import Examples
from faultdiag.datasets.splits import Layout, Numbers, Part, Split
from faultdiag.errors import ParameterError
from faultdiag.windows import Windows

__all__ = ["official", "tuning"]

_NONE = Windows.join([], 1)


def official(examples: Examples, lengths: Numbers, value: str, seed: int, layout: Layout) -> Split:
    """Train on all images that the set gives for it, and test on those that it keeps."""
    if value:
        raise ParameterError(f"split 'official' takes no value, got {value!r}")
    test = np.flatnonzero(_kept(examples, "official"))
    words = f"the {len(test)} official test images"
    part = Part("official", words, Windows.whole(test), leaky=False)
    return Split(Windows.whole(examples.free), _NONE, (part,))


def tuning(examples: Examples, lengths: Numbers, value: str, seed: int, layout: Layout) -> Split:
    """Hold out so many of the training images, the same of each class; the test images stay unseen."""
    _kept(examples, "tuning")
    n_classes, free = len(examples.classes), examples.free
    labels = examples.labels[free]
    fewest = int(np.bincount(labels, minlength=n_classes).min())
    each = int(value) // n_classes if value.isascii() and value.isdigit() else 0
    if not 0 < each < fewest or each * n_classes != int(value):
        raise ParameterError(
            f"split 'tuning:{value}': give a number of images, a multiple of {n_classes} "
            f"from {n_classes} to {(fewest - 1) * n_classes}: tuning:5000"
        )
    rng = np.random.default_rng(seed)
    held = np.concatenate(
        [rng.choice(np.flatnonzero(labels == label), each, replace=False) for label in range(n_classes)]
    )
    is_held = np.isin(np.arange(len(free)), held)
    words = f"{value} training images, {each} of each class; the official test images were left alone"
    part = Part("tuning", words, Windows.whole(free[is_held]), leaky=False)
    return Split(Windows.whole(free[~is_held]), _NONE, (part,))


def _kept(examples: Examples, name: str) -> NDArray[np.bool_]:
    if examples.official_test is None or not examples.official_test.any():
        raise ParameterError(
            f"split {name!r} is for images of which the data set keeps some for testing; "
            f"{examples.name!r} keeps none"
        )
    return examples.official_test
