"""The prepared examples that windows are cut from: records in memory, or images."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.records import Record
from faultdiag.views.base import View
from faultdiag.windows import Windows

__all__ = ["WindowPool"]


@dataclass(frozen=True, eq=False)
class WindowPool:
    """Samples by window.

    Attributes
    ----------
    labels : ndarray of int64, shape [n]
        Class number of each record or image.
    records : tuple of Record
        Prepared records; empty for images.
    images : ndarray of uint8, shape [n, height, width, channels], or None
        Images; each is one window of length 1.
    """

    labels: NDArray[np.int64]
    records: tuple[Record, ...] = ()
    images: NDArray[np.uint8] | None = None

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Samples of each record, shape [n]; ones for images."""
        if self.images is not None:
            return np.ones(len(self.images), np.int64)
        return np.array([record.n_samples for record in self.records], np.int64)

    @property
    def rate_hz(self) -> float | None:
        """The rate of the records, if they have one in common."""
        rates = {record.rate_hz for record in self.records}
        return rates.pop() if len(rates) == 1 else None

    def samples(self, windows: Windows) -> NDArray[Any]:
        """Return windows ``[n, channels, length]``, or images ``[n, height, width, channels]``."""
        if self.images is not None:
            return self.images[windows.record]
        pairs = zip(windows.record, windows.start, strict=True)
        return np.stack([self.records[r].read(int(s), int(s) + windows.length) for r, s in pairs])

    def speed_rpm(self, windows: Windows) -> NDArray[np.float64]:
        """Return the speed of each window, shape [n], NaN where it is unknown."""
        if self.images is not None:
            return np.full(len(windows), np.nan)
        speeds = [np.nan if r.mean_speed_rpm is None else r.mean_speed_rpm for r in self.records]
        return np.array(speeds)[windows.record]

    def truth(self, windows: Windows) -> NDArray[np.int64]:
        """Return the class number of each window, shape [n]."""
        return self.labels[windows.record]

    def tensors(self, view: View, windows: Windows) -> NDArray[np.float32]:
        """Return what a network sees of windows, shape ``[n, *view.shape]``."""
        return view(self.samples(windows), self.rate_hz, self.speed_rpm(windows))

    def sha256(self, number: int) -> str:
        """Return the SHA-256 of the samples of one record or image."""
        if self.images is not None:
            return hashlib.sha256(self.images[number].tobytes()).hexdigest()
        samples = np.ascontiguousarray(self.records[number].samples, "<f4")
        return hashlib.sha256(samples.tobytes()).hexdigest()

    def short_hashes(self, windows: Windows) -> NDArray[np.uint64]:
        """Return the first eight bytes of each window's record's or image's SHA-256, shape [n]."""
        return np.array([int(self.sha256(int(i))[:16], 16) for i in windows.record], np.uint64)
