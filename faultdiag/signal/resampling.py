"""Change the sampling rate, behind a linear-phase low-pass, in blocks of a fixed grid.

Overlap-save in the frequency domain: each block is transformed at its own rate, its bins are
multiplied by the filter, and the kept ones are transformed back at the new rate. What that drops lies
in the filter's stop band, 100 dB down. Blocks are aligned to absolute sample numbers, so a stream gives
the samples of the whole array, bit for bit.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.samples import as_samples

__all__ = ["resample", "resample_blocks", "resampled_length"]

Samples = NDArray[np.floating[Any]]

STOP_DB = 100.0
"""Attenuation in the stop band; it also makes the pass band flat to 1e-5."""

GUARD = 0.9
"""Pass edge of the anti-alias filter, as a share of the smaller Nyquist frequency."""

MAX_DENOMINATOR = 1 << 16
MAX_TAPS = 1 << 20
BLOCK = 1 << 16  # samples of the faster side of a block: large against the filter, small against a cache


def resample(
    x: ArrayLike, *, rate_hz: float, to_hz: float, lowpass_hz: tuple[float, float] | None = None
) -> Samples:
    """Return a signal at another rate.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        Real samples, time on the last axis; integers become floats. Beyond its ends it is taken to be 0.
    rate_hz, to_hz : float
        Rate of `x` and of the result. Their ratio is taken as the nearest fraction with a denominator
        of at most 65536; rates that differ by less than 1e-6 of their value are equal.
    lowpass_hz : (float, float), optional
        Pass and stop edge of a low-pass: flat within 0.001 dB to the first, some 100 dB down from the
        second on. A stop edge above the smaller of both Nyquist frequencies is brought down to it, and
        the pass edge to 0.9 of it. Without `lowpass_hz` the edges are 0.9 and 1.0 of it; if the rates
        are equal, nothing is changed.

    Returns
    -------
    ndarray, shape [..., ceil(n_samples * to_hz / rate_hz)]
        Sample k is the filtered signal at time k / `to_hz`: the filter adds no delay. float32 stays
        float32.

    Raises
    ------
    ParameterError
        If a rate is not positive, the ratio is too extreme for a fraction or a filter, or the edges do
        not rise.
    RecordError
        If there is no sample, or one is not a finite real number.

    Examples
    --------
    >>> import numpy as np
    >>> tone = np.sin(2 * np.pi * 100 * np.arange(4800) / 48000)
    >>> y = resample(tone, rate_hz=48000, to_hz=12000)
    >>> y.shape, bool(np.allclose(y[100:1100], tone[400:4400:4], atol=1e-4))
    ((1200,), True)
    """
    samples = np.asarray(x)

    def read(start: int, stop: int) -> NDArray[Any]:
        return samples[..., start:stop]

    n_samples = samples.shape[-1] if samples.ndim else 0
    blocks = resample_blocks(read, n_samples, rate_hz=rate_hz, to_hz=to_hz, lowpass_hz=lowpass_hz)
    return np.concatenate(list(blocks), axis=-1)


def resample_blocks(
    read: Callable[[int, int], NDArray[Any]],
    n_samples: int,
    *,
    rate_hz: float,
    to_hz: float,
    lowpass_hz: tuple[float, float] | None = None,
) -> Iterator[Samples]:
    """Yield a signal at another rate in consecutive blocks, in memory that its length does not change.

    Parameters
    ----------
    read : callable
        ``read(start, stop)`` gives the samples ``[..., stop - start]``.
    n_samples : int
        How many there are.
    rate_hz, to_hz, lowpass_hz
        As for `resample`.

    Yields
    ------
    ndarray, shape [..., k]
        Joined they are the result of `resample`.

    Raises
    ------
    ParameterError, RecordError
        As for `resample`; wrong parameters raise at the call.
    """
    ratio = _ratio(rate_hz, to_hz)
    if n_samples < 1:
        raise RecordError(f"there are no samples to resample: n_samples is {n_samples}")
    n_out = resampled_length(n_samples, rate_hz=rate_hz, to_hz=to_hz)
    if ratio == 1 and lowpass_hz is None:
        starts = range(0, n_samples, BLOCK)
        return (as_samples(read(start, min(start + BLOCK, n_samples)), start=start) for start in starts)
    grid = _Grid.of(ratio, rate_hz, _edges(min(rate_hz, to_hz) / 2, lowpass_hz))
    return (grid.block(read, n_samples, start)[..., : n_out - out] for start, out in grid.steps(n_out))


def resampled_length(n_samples: int, *, rate_hz: float, to_hz: float) -> int:
    """Return how many samples `resample` makes of `n_samples`.

    Examples
    --------
    >>> resampled_length(100, rate_hz=51200, to_hz=12000)
    24
    """
    ratio = _ratio(rate_hz, to_hz)
    return -(-n_samples * ratio.numerator // ratio.denominator)


@dataclass(frozen=True, eq=False)
class _Grid:
    """The blocks of one conversion: what each reads, and the filter at its bins.

    A block reads `length` samples, of which `margin` at each end serve the filter alone. Both are
    multiples of the ratio's denominator: they make a whole number of output samples.
    """

    ratio: Fraction
    length: int
    margin: int
    response: NDArray[np.float64]

    @classmethod
    def of(cls, ratio: Fraction, rate_hz: float, edges_hz: tuple[float, float]) -> "_Grid":
        up, down = ratio.numerator, ratio.denominator
        taps = _lowpass(rate_hz, edges_hz)
        half = len(taps) // 2
        margin_steps = -(-half // down)
        steps = fft.next_fast_len(max(-(-BLOCK // max(up, down)), 8 * margin_steps), real=True)
        length = steps * down
        centred = np.roll(np.pad(taps, (0, length - len(taps))), -half)
        kept = min(length, steps * up) // 2 + 1
        # symmetric taps around sample 0 have a real spectrum: no phase, no delay
        return cls(ratio, length, margin_steps * down, fft.rfft(centred).real[:kept] * up / down)

    def steps(self, n_out: int) -> Iterator[tuple[int, int]]:
        """First input and first output sample of each block."""
        hop = self.length - 2 * self.margin
        for out in range(0, n_out, self._out(hop)):
            yield out // self._out(hop) * hop, out

    def block(self, read: Callable[[int, int], NDArray[Any]], n_samples: int, start: int) -> Samples:
        """Output samples of the block whose first input sample is `start`."""
        first, last = start - self.margin, start - self.margin + self.length
        x = as_samples(read(max(first, 0), min(last, n_samples)), start=max(first, 0))
        if first < 0 or last > n_samples:
            beyond = (max(-first, 0), max(last - n_samples, 0))
            x = np.pad(x, [(0, 0)] * (x.ndim - 1) + [beyond])
        spectrum = fft.rfft(x)[..., : len(self.response)] * self.response.astype(x.dtype)
        y: Samples = fft.irfft(spectrum, n=self._out(self.length), overwrite_x=True)
        return y[..., self._out(self.margin) : self._out(self.length - self.margin)]

    def _out(self, n_in: int) -> int:
        return n_in // self.ratio.denominator * self.ratio.numerator


def _ratio(rate_hz: float, to_hz: float) -> Fraction:
    for name, value in (("rate_hz", rate_hz), ("to_hz", to_hz)):
        if not (np.isfinite(value) and value > 0):
            raise ParameterError(f"{name} must be a positive number, got {value}")
    wanted = Fraction(to_hz) / Fraction(rate_hz)
    ratio = wanted.limit_denominator(MAX_DENOMINATOR)
    if abs(ratio - wanted) > 1e-6 * wanted:
        raise ParameterError(
            f"cannot resample from {rate_hz:g} to {to_hz:g} Hz: their ratio {float(wanted):.3g} is no "
            f"fraction with a denominator up to {MAX_DENOMINATOR}; go there in two steps"
        )
    return ratio


def _edges(nyquist_hz: float, lowpass_hz: tuple[float, float] | None) -> tuple[float, float]:
    """Pass and stop edge that also keep out what would alias."""
    if lowpass_hz is None:
        return GUARD * nyquist_hz, nyquist_hz
    pass_hz, stop_hz = lowpass_hz
    if not 0 < pass_hz < stop_hz < np.inf:
        raise ParameterError(f"lowpass_hz must be two rising positive edges, got {pass_hz:g} and {stop_hz:g}")
    return (pass_hz, stop_hz) if stop_hz <= nyquist_hz else (min(pass_hz, GUARD * nyquist_hz), nyquist_hz)


def _lowpass(rate_hz: float, edges_hz: tuple[float, float]) -> NDArray[np.float64]:
    """Odd number of symmetric taps of a Kaiser-window low-pass, 1 at 0 Hz."""
    pass_hz, stop_hz = edges_hz
    n_taps, beta = signal.kaiserord(STOP_DB, (stop_hz - pass_hz) / (rate_hz / 2))
    if n_taps > MAX_TAPS:
        raise ParameterError(
            f"a low-pass from {pass_hz:g} to {stop_hz:g} Hz at {rate_hz:g} Hz takes {n_taps} taps, more than "
            f"{MAX_TAPS}; widen it, or resample in two steps"
        )
    taps: NDArray[np.float64] = signal.firwin(
        n_taps | 1, (pass_hz + stop_hz) / 2, window=("kaiser", beta), fs=rate_hz
    )
    return taps
