"""Windows: stretches of records, as numbers. What a split shares out and a view turns into tensors."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError

__all__ = ["Windows", "tile"]


def tile(start: int, stop: int, *, length: int, hop: int) -> NDArray[np.int64]:
    """Return the starts of all windows that lie whole in ``[start, stop)``.

    Parameters
    ----------
    start, stop : int
        The stretch, in samples.
    length, hop : int
        Window length and step from window to window, in samples.

    Returns
    -------
    ndarray of int64, shape [n_windows]

    Raises
    ------
    ParameterError
        If `length` or `hop` is not positive.

    Examples
    --------
    >>> tile(0, 10, length=4, hop=3).tolist()
    [0, 3, 6]
    """
    if length < 1 or hop < 1:
        raise ParameterError(f"window length and hop must be at least 1 sample, got {length} and {hop}")
    return np.arange(start, stop - length + 1, hop, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Windows:
    """Stretches of equal length of numbered records.

    Attributes
    ----------
    record : ndarray of int64, shape [n_windows]
        Number of the record of each window.
    start : ndarray of int64, shape [n_windows]
        First sample of each window in its record.
    length : int
        Samples of each window.
    """

    record: NDArray[np.int64]
    start: NDArray[np.int64]
    length: int

    def __len__(self) -> int:
        return len(self.record)

    @classmethod
    def of(cls, record: int, starts: NDArray[np.int64], length: int) -> "Windows":
        """Return the windows of one record."""
        return cls(np.full(len(starts), record, np.int64), np.asarray(starts, np.int64), length)

    @classmethod
    def whole(cls, numbers: NDArray[np.int64]) -> "Windows":
        """Return images as windows: each is one, of length 1."""
        return cls(numbers, np.zeros_like(numbers), 1)

    @classmethod
    def join(cls, parts: list["Windows"], length: int) -> "Windows":
        """Return all windows of several parts, in their order."""
        empty = np.empty(0, np.int64)
        return cls(
            np.concatenate([p.record for p in parts] or [empty]),
            np.concatenate([p.start for p in parts] or [empty]),
            length,
        )

    def take(self, index: NDArray[np.int64]) -> "Windows":
        """Return the windows at these positions."""
        return Windows(self.record[index], self.start[index], self.length)

    def batches(self, n_windows: int) -> Iterator["Windows"]:
        """Yield the windows in order, at most so many at a time."""
        for start in range(0, len(self), n_windows):
            yield Windows(
                self.record[start : start + n_windows], self.start[start : start + n_windows], self.length
            )

    def overlaps(self, other: "Windows") -> bool:
        """Whether any window here shares a sample of the same record with one of `other`."""
        for record in np.intersect1d(self.record, other.record):
            mine = np.sort(self.start[self.record == record])
            theirs = np.sort(other.start[other.record == record])
            before = np.searchsorted(theirs, mine, side="right")
            last = np.where(before > 0, theirs[np.maximum(before - 1, 0)], -np.inf)
            after = np.where(before < len(theirs), theirs[np.minimum(before, len(theirs) - 1)], np.inf)
            if np.any(mine - last < other.length) or np.any(after - mine < self.length):
                return True
        return False
