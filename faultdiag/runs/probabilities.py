"""Probabilities of logits, and how far two networks are apart in them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["largest_difference", "softmax"]

Logits = NDArray[np.floating[Any]]


def softmax(logits: Logits) -> NDArray[np.floating[Any]]:
    """Return class probabilities ``[..., classes]`` of logits of that shape.

    Examples
    --------
    >>> import numpy as np
    >>> softmax(np.array([0.0, 0.0])).tolist()
    [0.5, 0.5]
    """
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: NDArray[np.floating[Any]] = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def largest_difference(logits: Logits, expected: Logits) -> float:
    """Return the largest difference of the probabilities of logits ``[m, classes]``, or NaN."""
    with np.errstate(all="ignore"):
        return float(np.abs(softmax(logits) - softmax(expected)).max())
