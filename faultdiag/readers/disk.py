"""Arrays that stay on disk: the signals in them are read in stretches, whatever their order."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import RecordError
from faultdiag.records import SampleSource

__all__ = ["DiskArray", "DiskSignal", "stack"]

Samples = NDArray[np.floating[Any]]

_PIECE_BYTES = 1 << 22
"""Most that is read at once where channels are interleaved."""


@dataclass(frozen=True)
class DiskArray:
    """Where an array stands in a file.

    Attributes
    ----------
    path : Path
        The file.
    start : int
        Byte of the first number.
    dtype : numpy.dtype
        Type of the numbers, byte order included.
    shape : tuple of int
        Its shape.
    order : {"C", "F"}
        Whether the last or the first axis runs fastest.
    """

    path: Path
    start: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    order: Literal["C", "F"] = "C"

    @property
    def strides(self) -> tuple[int, ...]:
        """Numbers from one entry of each axis to the next."""
        if self.order == "F":
            return tuple(math.prod(self.shape[:i]) for i in range(len(self.shape)))
        return tuple(math.prod(self.shape[i + 1 :]) for i in range(len(self.shape)))


@dataclass(frozen=True, kw_only=True)
class DiskSignal:
    """Channels of equal length in a file; a `SampleSource`.

    Attributes
    ----------
    path : Path
        The file.
    start : int
        Byte of the first sample of the first channel.
    dtype : numpy.dtype
        Type of the numbers in the file.
    shape : (int, int)
        Number of channels and number of samples.
    strides : (int, int)
        Numbers from one channel to the next, and from one sample to the next.
    float_dtype : numpy.dtype
        Type of what is read: float32 or float64.
    """

    path: Path
    start: int
    dtype: np.dtype[Any]
    shape: tuple[int, int]
    strides: tuple[int, int]
    float_dtype: np.dtype[Any]

    def read(self, start: int, stop: int) -> Samples:
        """Return the samples ``[channels, stop - start]``.

        Raises
        ------
        RecordError
            If the file has gone or has become shorter.
        """
        n_samples = max(0, min(stop, self.shape[1]) - start)
        block = np.empty((self.shape[0], n_samples), self.float_dtype)
        try:
            with open(self.path, "rb") as file:
                for rows, columns in self._pieces(n_samples):
                    block[rows, columns] = self._piece(file, rows, start + columns.start, columns)
        except OSError as error:
            raise RecordError(f"{self.path}: cannot be read any more: {error.strerror}") from error
        return block

    def _pieces(self, n_samples: int) -> Iterator[tuple[slice, slice]]:
        """Channels and samples of the block that are read at once."""
        n_channels = self.shape[0]
        together = n_channels if self._is_interleaved else 1
        step = max(1, _PIECE_BYTES // (self.dtype.itemsize * self.strides[1]))
        for row in range(0, n_channels, together):
            for column in range(0, n_samples, step):
                yield slice(row, row + together), slice(column, min(column + step, n_samples))

    @property
    def _is_interleaved(self) -> bool:
        return self.strides[0] < self.strides[1]

    def _piece(self, file: BinaryIO, rows: slice, first: int, columns: slice) -> NDArray[Any]:
        """Read the bytes from the first to the last number of a piece, and take those that belong to it."""
        between, step = self.strides
        n_rows, n_columns = rows.stop - rows.start, columns.stop - columns.start
        span = (n_rows - 1) * between + (n_columns - 1) * step + 1
        file.seek(self.start + self.dtype.itemsize * (rows.start * between + first * step))
        data = file.read(span * self.dtype.itemsize)
        if len(data) < span * self.dtype.itemsize:
            raise RecordError(f"{self.path}: has become shorter since it was opened; read it again")
        numbers = np.frombuffer(data, self.dtype)
        bytes_between = tuple(n * self.dtype.itemsize for n in self.strides)
        return np.lib.stride_tricks.as_strided(numbers, (n_rows, n_columns), bytes_between)


def stack(sources: Sequence[Samples | SampleSource]) -> Samples | SampleSource:
    """Return the channels of several sources of equal length, in memory if they all are."""
    if len(sources) == 1:
        return sources[0]
    arrays = [source for source in sources if isinstance(source, np.ndarray)]
    return np.concatenate(arrays) if len(arrays) == len(sources) else _Stacked(tuple(sources))


@dataclass(frozen=True)
class _Stacked:
    """Channels of several sources; a `SampleSource`."""

    sources: tuple[Samples | SampleSource, ...]

    @property
    def shape(self) -> tuple[int, int]:
        return sum(source.shape[0] for source in self.sources), int(self.sources[0].shape[1])

    def read(self, start: int, stop: int) -> Samples:
        parts = [s[:, start:stop] if isinstance(s, np.ndarray) else s.read(start, stop) for s in self.sources]
        return np.concatenate(parts)
