"""A signal with what several of its indicators need, each part computed once and only when asked for."""

from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import signal, special

from faultdiag.errors import RecordError
from faultdiag.signal.samples import as_samples

__all__ = ["BIN", "Signal", "Waveform", "entropy"]

Samples = NDArray[np.floating[Any]]

MAX_SEGMENT = 2048
"""Samples of a segment of the averaged spectrum: long records and short windows give like numbers."""

MIN_SEGMENT = 8

BIN = 0.1
REACH = 10.0
"""Width and outermost edge of the histogram's bins, in standard deviations."""


class Waveform:
    """A checked signal; all parts have the shape [...] unless another is said.

    Functions that take a signal take a `Waveform` too, so that several of them share its parts.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        Real samples, time on the last axis; integers become floats.

    Raises
    ------
    RecordError
        If there is no sample, or one is not a finite real number.

    Examples
    --------
    >>> Waveform([1, -1, 1, -1]).power.item()
    1.0
    """

    def __init__(self, x: ArrayLike) -> None:
        # contiguous: only then NumPy sums in pairs, and float32 keeps its digits
        self.samples: Samples = np.ascontiguousarray(as_samples(x))

    @classmethod
    def of(cls, x: "Signal") -> "Waveform":
        """Return `x` as a `Waveform`, itself if it is one."""
        return x if isinstance(x, Waveform) else cls(x)

    @cached_property
    def low(self) -> Samples:
        """Smallest sample."""
        return np.asarray(self.samples.min(axis=-1))

    @cached_property
    def high(self) -> Samples:
        """Largest sample."""
        return np.asarray(self.samples.max(axis=-1))

    @cached_property
    def mean(self) -> Samples:
        """Mean of the samples."""
        return np.asarray(self.samples.mean(axis=-1))

    @cached_property
    def power(self) -> Samples:
        """Mean of the squares, the mean included."""
        return np.asarray(np.square(self.samples).mean(axis=-1))

    @cached_property
    def magnitude(self) -> Samples:
        """Absolute samples, shape [..., n_samples]."""
        return np.abs(self.samples)

    @cached_property
    def deviation(self) -> Samples:
        """Standard deviation, the divisor being the number of samples."""
        return np.asarray(np.sqrt(np.square(self._centred).mean(axis=-1)))

    @cached_property
    def standard(self) -> Samples:
        """The signal at mean 0 and deviation 1, shape [..., n_samples].

        Raises
        ------
        RecordError
            If a channel is constant.
        """
        # rounding may leave a constant channel a tiny deviation, but never two values
        moves = (self.high > self.low) & (self.deviation > 0)
        self.require(moves, "is constant; check the sensor, or leave it out")
        return self._centred / self.deviation[..., None]

    @cached_property
    def histogram(self) -> NDArray[np.float64]:
        """Share of the standardised samples by amplitude, shape [..., 200].

        Bins are 0.1 deviations wide and go from -10 to 10; what lies beyond is in the last ones.
        """
        n_bins = round(2 * REACH / BIN)
        rows = self.standard.reshape(-1, self.samples.shape[-1])
        place = (rows + REACH) * (1 / BIN)
        index = np.clip(place, 0, n_bins - 1, out=place).astype(np.intp)
        index += n_bins * np.arange(len(rows))[:, None]
        counts = np.bincount(index.ravel(), minlength=n_bins * len(rows))
        return counts.reshape(*self.samples.shape[:-1], n_bins) / rows.shape[-1]

    @cached_property
    def spectrum(self) -> tuple[Samples, Samples]:
        """Frequencies in cycles a sample, shape [n], and the share of power at each, shape [..., n].

        Hann window, segments of at most 2048 samples that overlap by half, averaged; without 0 Hz.

        Raises
        ------
        RecordError
            If a channel is constant, or shorter than 8 samples.
        """
        length = min(self.samples.shape[-1], MAX_SEGMENT)
        if length < MIN_SEGMENT:
            raise RecordError(f"a spectrum needs at least {MIN_SEGMENT} samples, got {length}; take more")
        cycles, power = signal.welch(self.standard, window="hann", nperseg=length, detrend="constant")
        power = power[..., 1:]
        return cycles[1:].astype(power.dtype), power / power.sum(axis=-1, keepdims=True)

    @cached_property
    def slopes(self) -> tuple[Samples, Samples]:
        """Deviation of the first differences, and of the second, of the standardised signal.

        Raises
        ------
        RecordError
            If a channel is constant or a straight line, or shorter than 3 samples.
        """
        if self.samples.shape[-1] < 3:
            raise RecordError(f"slopes need at least 3 samples, got {self.samples.shape[-1]}; take more")
        first = np.diff(self.standard)
        deviation = np.asarray(first.std(axis=-1))
        rounding = 10 * np.finfo(first.dtype).eps
        self.require(deviation > rounding, "is a straight line; check the sensor, or leave it out")
        return deviation, np.asarray(np.diff(first).std(axis=-1))

    def require(self, fit: NDArray[np.bool_], otherwise: str) -> None:
        """Refuse the signal where `fit`, shape [...], is false.

        Raises
        ------
        RecordError
            The message names the first such channel, and goes on with `otherwise`.
        """
        if not fit.all():
            where = [int(i) for i in np.argwhere(~fit)[0]]
            raise RecordError(f"{f'channel {where} of the signal' if where else 'the signal'} {otherwise}")

    @property
    def _centred(self) -> Samples:
        return self.samples - self.mean[..., None]


Signal: TypeAlias = "ArrayLike | Waveform"


def entropy(share: Samples) -> Samples:
    """Return the Shannon entropy, in nats, of shares that add up to 1 on the last axis."""
    return np.asarray(special.entr(share).sum(axis=-1))
