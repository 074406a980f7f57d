"""Change the sampling rate, behind a linear-phase low-pass, in blocks of a fixed grid.

Overlap-save in the frequency domain: each block is transformed at its own rate, its bins are
multiplied by the filter, and the kept ones are transformed back at the new rate. What that drops lies
in the filter's stop band, 100 dB down. Blocks are aligned to absolute sample numbers, so a stream in
pieces of any size gives the samples of the whole array, bit for bit.

SciPy is imported when there is something to convert.

References
----------
J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", Proc. IEEE Int.
Symp. Circuits and Systems, 1974, 20-23.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    n_samples = samples.shape[-1] if samples.ndim else 0
    pieces = (samples[..., start : start + BLOCK] for start in range(0, n_samples, BLOCK))
    blocks = list(resample_blocks(pieces, rate_hz=rate_hz, to_hz=to_hz, lowpass_hz=lowpass_hz))
    return np.concatenate(blocks, axis=-1)


def resample_blocks(
    blocks: Iterable[ArrayLike],
    *,
    rate_hz: float,
    to_hz: float,
    lowpass_hz: tuple[float, float] | None = None,
) -> Iterator[Samples]:
    """Yield a signal at another rate in consecutive blocks, in memory that its length does not change.

    Parameters
    ----------
    blocks : iterable of array_like, shape [..., k]
        The signal in consecutive pieces of any size; how long it is need not be known.
    rate_hz, to_hz, lowpass_hz
        As for `resample`.

    Yields
    ------
    ndarray, shape [..., k]
        Joined they are the result of `resample`, whatever the pieces. A block comes when the signal
        has gone half a filter beyond it.

    Raises
    ------
    ParameterError, RecordError
        As for `resample`; wrong parameters raise at the call.
    """
    ratio = _ratio(rate_hz, to_hz)
    checked = _checked(blocks)
    if ratio == 1 and lowpass_hz is None:
        return checked
    return _Grid.of(ratio, rate_hz, _edges(min(rate_hz, to_hz) / 2, lowpass_hz)).convert(checked)


def resampled_length(n_samples: int, *, rate_hz: float, to_hz: float) -> int:
    """Return how many samples `resample` makes of `n_samples`.

    Examples
    --------
    >>> resampled_length(100, rate_hz=51200, to_hz=12000)
    24
    """
    return _scaled(n_samples, _ratio(rate_hz, to_hz))


@dataclass(frozen=True, eq=False)
class _Grid:
    """The blocks of one conversion: what each takes, and the filter at its bins.

    A block takes `length` samples, of which `margin` at each end serve the filter alone. Both are
    multiples of the ratio's denominator: they make a whole number of output samples.
    """

    ratio: Fraction
    length: int
    margin: int
    response: NDArray[np.float64]

    @classmethod
    def of(cls, ratio: Fraction, rate_hz: float, edges_hz: tuple[float, float]) -> "_Grid":
        from scipy import fft

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

    def convert(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        """Output samples of a signal in pieces; it is 0 before its first sample and after its last."""
        hop, n_in, n_out = self.length - 2 * self.margin, 0, 0

        def padded() -> Iterator[Samples]:
            nonlocal n_in
            for block in blocks:
                if n_in == 0:
                    beyond = np.zeros((*block.shape[:-1], self.length), block.dtype)
                    yield beyond[..., : self.margin]
                n_in += block.shape[-1]
                yield block
            yield beyond

        for stretch in _stretches(padded(), self.length, hop):
            n_left = _scaled(n_in, self.ratio) - n_out
            if n_left <= 0:  # zeros alone
                return
            yield self._filtered(stretch)[..., :n_left]
            n_out += self._out(hop)

    def _filtered(self, x: Samples) -> Samples:
        """Output samples of a stretch of `length`, without those of its margins."""
        from scipy import fft

        spectrum = fft.rfft(x)[..., : len(self.response)] * self.response.astype(x.dtype)
        y: Samples = fft.irfft(spectrum, n=self._out(self.length), overwrite_x=True)
        return y[..., self._out(self.margin) : self._out(self.length - self.margin)]

    def _out(self, n_in: int) -> int:
        return n_in // self.ratio.denominator * self.ratio.numerator


def _checked(blocks: Iterable[ArrayLike]) -> Iterator[Samples]:
    """The pieces that are not empty, as finite floats."""
    n_samples = 0
    for block in blocks:
        if np.shape(block)[-1]:
            yield as_samples(block, start=n_samples)
            n_samples += np.shape(block)[-1]
    if n_samples == 0:
        raise RecordError("there are no samples to resample: n_samples is 0")


def _stretches(blocks: Iterable[Samples], length: int, hop: int) -> Iterator[Samples]:
    """Overlapping stretches of a signal in pieces, the unfinished last one left out."""
    waiting: list[Samples] = []
    n_waiting = 0
    for block in blocks:
        waiting.append(block)
        n_waiting += block.shape[-1]
        if n_waiting >= length:
            samples = np.concatenate(waiting, axis=-1)
            while n_waiting >= length:
                yield samples[..., :length]
                samples = samples[..., hop:]
                n_waiting -= hop
            waiting = [samples]


def _scaled(n_samples: int, ratio: Fraction) -> int:
    """Samples at the new rate, a begun one counted."""
    return -(-n_samples * ratio.numerator // ratio.denominator)


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
    width = (stop_hz - pass_hz) / (rate_hz / 2)
    n_taps = int(np.ceil((STOP_DB - 7.95) / (2.285 * np.pi * width) + 1)) | 1
    if n_taps > MAX_TAPS:
        raise ParameterError(
            f"a low-pass from {pass_hz:g} to {stop_hz:g} Hz at {rate_hz:g} Hz takes {n_taps} taps, more than "
            f"{MAX_TAPS}; widen it, or resample in two steps"
        )
    cutoff = (pass_hz + stop_hz) / rate_hz  # in Nyquist frequencies
    sinc = cutoff * np.sinc(cutoff * (np.arange(n_taps) - n_taps // 2))
    taps = sinc * np.kaiser(n_taps, 0.1102 * (STOP_DB - 8.7))
    normalised: NDArray[np.float64] = taps / taps.sum()
    return normalised
