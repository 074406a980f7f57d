"""The speed of each window of a record whose speed varies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faultdiag.records import Record
from faultdiag.views.base import Speeds

__all__ = ["WindowSpeeds", "speeds_of"]


@dataclass(frozen=True, eq=False)
class WindowSpeeds:
    """Mean speed over each window.

    Attributes
    ----------
    sums_rpm : ndarray, shape [n_samples + 1]
        Sums of the speed before each sample of the record.
    samples_per_window, samples_per_hop : float
        Length of a window, and from one to the next, in samples of the record; need not be whole.
    """

    sums_rpm: NDArray[np.float64]
    samples_per_window: float
    samples_per_hop: float

    def of(self, first: int, n_windows: int) -> NDArray[np.float64]:
        """Return the speed of some windows from number `first` on, shape [n_windows]."""
        n_samples = len(self.sums_rpm) - 1
        start = (first + np.arange(n_windows)) * self.samples_per_hop
        edges = np.clip([start, start + self.samples_per_window], 0, n_samples)
        # a window that ends in the last sample's stretch has at least that sample
        edges[0] = np.minimum(edges[0], n_samples - 1)
        edges[1] = np.maximum(edges[1], edges[0] + 1)
        low, high = np.interp(edges, np.arange(n_samples + 1), self.sums_rpm)
        mean: NDArray[np.float64] = (high - low) / (edges[1] - edges[0])
        return mean


def speeds_of(record: Record, *, rate_hz: float | None, window: int, hop: int) -> WindowSpeeds | Speeds:
    """Return what tells the speed of each window: one number where the speed is constant, or None.

    Parameters
    ----------
    record : Record
        As it was read.
    rate_hz : float or None
        Rate at which windows are cut; None is that of the record.
    window, hop : int
        Length of a window, and from one to the next, at that rate.
    """
    if not isinstance(record.speed_rpm, np.ndarray):
        return record.speed_rpm
    ratio = 1.0 if rate_hz is None or record.rate_hz is None else record.rate_hz / rate_hz
    sums_rpm = np.concatenate([[0.0], np.cumsum(record.speed_rpm, dtype=np.float64)])
    return WindowSpeeds(sums_rpm, window * ratio, hop * ratio)
