"""The classifier that knows the RMS only: what an easy split gives away without any diagnosis.

It is a row of intervals of the logarithm of a window's RMS, each with a class.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.views.pool import WindowPool
from faultdiag.windows import Windows

__all__ = ["RmsRule", "log_rms", "window_levels"]


def log_rms(windows: NDArray[Any]) -> NDArray[np.float64]:
    """Return the logarithm of the RMS about the mean of windows ``[..., channels, n]``, shape [...].

    A window without any movement gets the logarithm of the smallest positive number.
    """
    centred = windows - windows.mean(axis=-1, keepdims=True, dtype=np.float64)
    power = np.mean(np.square(centred), axis=(-2, -1))
    logarithm: NDArray[np.float64] = np.log(np.maximum(power, np.finfo(np.float64).tiny)) / 2
    return logarithm


def window_levels(pool: WindowPool, windows: Windows) -> NDArray[np.float64]:
    """Return `log_rms` of windows of prepared examples, shape [n], a few at a time."""
    levels = [log_rms(pool.samples(batch)) for batch in windows.batches(512)]
    return np.concatenate(levels) if levels else np.empty(0)


@dataclass(frozen=True)
class RmsRule:
    """Intervals of the logarithm of the RMS.

    Attributes
    ----------
    edges : tuple of float
        Ascending borders between intervals.
    labels : tuple of int
        Class number of each interval, one more than there are edges.
    """

    edges: tuple[float, ...]
    labels: tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "edges", tuple(self.edges))  # JSON has lists
        object.__setattr__(self, "labels", tuple(self.labels))

    @classmethod
    def fit(cls, values: NDArray[np.float64], labels: NDArray[np.int64]) -> "RmsRule":
        """Find the intervals on training windows, each class weighing the same.

        Parameters
        ----------
        values : ndarray, shape [n]
            `log_rms` of the windows.
        labels : ndarray of int64, shape [n]
            Their class numbers.
        """
        from sklearn.tree import DecisionTreeClassifier

        tree = DecisionTreeClassifier(class_weight="balanced", min_samples_leaf=5, random_state=0)
        tree.fit(values[:, None], labels)
        inner = tree.tree_.feature >= 0
        edges = np.sort(tree.tree_.threshold[inner])
        found = tree.predict(_inside(edges)[:, None])
        return cls(tuple(float(e) for e in edges), tuple(int(label) for label in found))

    def predict(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the class number of each value of `log_rms`."""
        return np.array(self.labels, np.int64)[np.searchsorted(self.edges, values, side="left")]

    def state(self) -> dict[str, Any]:
        """Return the attributes as plain JSON."""
        return {"edges": list(self.edges), "labels": list(self.labels)}


def _inside(edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """One value inside each interval."""
    if len(edges) == 0:
        return np.zeros(1)
    return np.concatenate([[edges[0] - 1], (edges[:-1] + edges[1:]) / 2, [edges[-1] + 1]])
