"""Order tracking: samples at even steps of shaft angle.

An order counts events per turn of a shaft. Sampled at even steps of angle, what is locked to the shaft
keeps its order however the speed varies.

The signal is filtered in blocks in the frequency domain, put on a time grid with two samples per period
of the finest detail left or more, and read between the grid points with a short kernel, whose own
frequency response the filter has compensated beforehand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.checks import positive
from faultdiag.signal.resampling import resample_blocks
from faultdiag.signal.samples import as_samples

__all__ = ["angular_resample", "turns_from_speed"]

Samples = NDArray[np.floating[Any]]
Numbers = NDArray[np.float64]

PASS_SHARE = 0.8
"""Highest order that is kept whole, as a share of half the samples per turn."""

STOP_DB = 110.0
"""Attenuation in the stop band of the filter over time; the one over angle has 100 dB."""

WIDTH = 7
SHARPNESS = 16.8
DEGREE = 9
"""Kernel that reads between grid points: its width in them, the parameter of its Kaiser-Bessel window,
and the degree of the polynomials that stand for it. Detail of up to a quarter of the grid's rate comes
through to some 1e-6."""

BLOCK = 1 << 15
MAX_TAPS = 1 << 20
MAX_SPEED_RATIO = 100.0


def angular_resample(x: ArrayLike, *, rate_hz: float, turns: ArrayLike, samples_per_turn: int) -> Samples:
    """Return a signal at even steps of shaft angle.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal. Beyond its ends it is taken to be 0, which shows in the first and last few samples.
    rate_hz : float
        Sampling rate.
    turns : array_like, shape [n_samples]
        Shaft angle at each sample, in turns; it rises from sample to sample. `turns_from_speed` and
        `faultdiag.signal.tachometer` make it. For a shaft behind a gear, multiply by the gear ratio.
    samples_per_turn : int
        Samples per turn of the result.

    Returns
    -------
    ndarray, shape [..., n_steps]
        Sample k is the signal at the angle ``ceil(turns[0]) + k / samples_per_turn``: it starts at the
        first whole turn. float32 stays float32.

    Raises
    ------
    ParameterError
        If an argument is out of range or does not fit the signal, or the filter were too long.
    RecordError
        If a sample is not finite, the angle does not rise or has no whole turn, or the slowest speed is
        under a hundredth of the fastest (unless the samples per turn are so many that no order is cut).

    Notes
    -----
    Orders up to 0.4 `samples_per_turn` keep their amplitude within 1e-4, those from 0.5
    `samples_per_turn` on are gone at every speed (100 dB down): the limit is an order and follows the
    speed. Frequencies above 0.45 `rate_hz` are lost.

    References
    ----------
    Fyfe, K. R. and Munck, E. D. S. (1997), Analysis of computed order tracking, Mechanical Systems and
    Signal Processing 11(2), 187-205, doi 10.1006/mssp.1996.0056.

    Examples
    --------
    A run-up from 600 to 1800 rpm: order 5 is the same cosine in every turn.

    >>> import numpy as np
    >>> turns = turns_from_speed(np.linspace(600, 1800, 24000), rate_hz=12000)
    >>> x = np.cos(2 * np.pi * 5 * turns)
    >>> y = angular_resample(x, rate_hz=12000, turns=turns, samples_per_turn=40)
    >>> y.shape
    (1600,)
    >>> bool(np.allclose(y[40:80], np.cos(2 * np.pi * 5 * np.arange(40) / 40), atol=1e-4))
    True
    """
    samples = as_samples(x)
    angle = _angle(turns, samples.shape[-1], positive("rate_hz", rate_hz))
    if not (samples_per_turn >= 2 and float(samples_per_turn).is_integer()):
        raise ParameterError(f"samples_per_turn must be a whole number of 2 or more, got {samples_per_turn}")
    track = _Track.of(angle, rate_hz, int(samples_per_turn))
    blocks: Iterator[Samples] = track.steps(samples)
    if track.finer > 1:
        blocks = resample_blocks(
            blocks,
            rate_hz=track.finer * samples_per_turn,
            to_hz=samples_per_turn,
            lowpass_hz=(PASS_SHARE * samples_per_turn / 2, samples_per_turn / 2),
        )
    return np.concatenate(list(blocks), axis=-1)


def turns_from_speed(speed_rpm: ArrayLike, *, rate_hz: float, n_samples: int | None = None) -> Numbers:
    """Return the shaft angle at each sample from the speed.

    Parameters
    ----------
    speed_rpm : float or array_like, shape [n_samples]
        Constant speed, or the speed at each sample.
    rate_hz : float
        Sampling rate.
    n_samples : int, optional
        Number of samples; a constant speed needs it.

    Returns
    -------
    ndarray, shape [n_samples]
        In turns, from 0; between samples the speed changes evenly.

    Raises
    ------
    ParameterError
        If a speed is not positive and finite, or the number of samples is missing or contradicts it.

    Examples
    --------
    >>> turns_from_speed(1800, rate_hz=120, n_samples=5).tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    step_s: float = 1 / positive("rate_hz", rate_hz)
    speed = np.asarray(speed_rpm, dtype=np.float64)
    wrong = ~(np.isfinite(speed) & (speed > 0))
    if wrong.any():
        raise ParameterError(f"speed_rpm must be positive throughout, got {speed[wrong][0]:g}")
    n_given = speed.size if speed.ndim else n_samples
    if speed.ndim > 1 or n_given is None or n_given < 1 or n_samples not in (None, n_given):
        raise ParameterError(
            f"speed_rpm must be one number, with n_samples, or one per sample; got {list(speed.shape)} "
            f"numbers for {n_samples} samples"
        )
    if speed.ndim == 0:
        return np.arange(n_given, dtype=np.float64) * (float(speed) / 60 * step_s)
    steps = (speed[1:] + speed[:-1]) * (step_s / 120)
    return np.concatenate([[0.0], np.cumsum(steps)])


@dataclass(frozen=True, eq=False)
class _Track:
    """How a signal gets from even time to even angle.

    A block takes `length` samples, of which `margin` at each end serve the filter alone, and becomes a
    grid of `n_grid` points; the kept bins are multiplied by `response`. Angles are `finer` times as
    close as asked for where one cut-off over time does not do for all speeds.
    """

    turns: Numbers
    per_turn: int
    finer: int
    length: int
    margin: int
    n_grid: int
    response: Numbers

    @classmethod
    def of(cls, turns: Numbers, rate_hz: float, samples_per_turn: int) -> "_Track":
        steps = np.diff(turns)
        slowest_hz, fastest_hz = float(steps.min()) * rate_hz, float(steps.max()) * rate_hz
        top, nyquist_hz = samples_per_turn / 2, rate_hz / 2
        pass_hz = min(PASS_SHARE * top * fastest_hz, 0.9 * nyquist_hz)
        stop_hz = min(top * slowest_hz, nyquist_hz)
        finer = 1
        # one cut-off in Hz must pass the order limit at the highest speed and stop it at the lowest
        if stop_hz < 1.1 * pass_hz:
            _refuse_standstill(slowest_hz, fastest_hz)
            stop_hz = min(top * fastest_hz, nyquist_hz)
            # then the order is cut over angle, on steps so close that nothing folds below it
            finer = int(np.ceil(stop_hz / (slowest_hz * samples_per_turn) + 0.5))
        taps = _lowpass(pass_hz / rate_hz, stop_hz / rate_hz)
        per_point = rate_hz / (4 * stop_hz)
        margin = len(taps) // 2 + int(np.ceil(2 * WIDTH * per_point))
        length = fft.next_fast_len(min(max(BLOCK, 8 * margin), len(turns) + 2 * margin), real=True)
        n_grid = fft.next_fast_len(int(np.ceil(length / per_point)), real=True)
        centred = np.roll(np.pad(taps, (0, length - len(taps))), -(len(taps) // 2))
        kept = min(n_grid // 4, length // 2) + 1
        response = fft.rfft(centred).real[:kept] * (n_grid / length)
        response /= _kernel_spectrum(np.arange(kept) / n_grid)
        return cls(turns, samples_per_turn, finer, length, margin, n_grid, response)

    def steps(self, samples: Samples) -> Iterator[Samples]:
        """The filtered signal at even angles, in blocks."""
        per_turn, first, last = self.per_turn * self.finer, np.ceil(self.turns[0]), len(self.turns) - 1
        hop = self.length - 2 * self.margin
        to_grid = self.n_grid / self.length
        k = 0
        for start in range(0, last, hop):
            stop = min(start + hop, last)
            reached = (self.turns[stop] - first) * per_turn
            k_next = int(np.floor(reached)) + 1 if stop == last else int(np.ceil(reached))
            if k_next <= k:
                continue
            at = np.interp(
                first + np.arange(k, k_next) / per_turn,
                self.turns[start : stop + 1],
                np.arange(self.margin, self.margin + stop - start + 1),
            )
            yield _read(self._grid(samples, start), at * to_grid)
            k = k_next

    def _grid(self, samples: Samples, start: int) -> Samples:
        """The filtered signal on the grid of the block whose samples from `start` on count."""
        low, high = start - self.margin, start - self.margin + self.length
        n = samples.shape[-1]
        block = np.zeros((*samples.shape[:-1], self.length), samples.dtype)
        inside = samples[..., max(low, 0) : min(high, n)]
        offset = max(-low, 0)
        block[..., offset : offset + inside.shape[-1]] = inside
        spectrum = fft.rfft(block)[..., : len(self.response)] * self.response.astype(samples.dtype)
        grid: Samples = fft.irfft(spectrum, n=self.n_grid, overwrite_x=True)
        return grid


def _read(grid: Samples, at: Numbers) -> Samples:
    """The values between the points of a grid."""
    nearest = np.rint(at)
    away = (at - nearest).astype(grid.dtype)
    powers = np.empty((DEGREE + 1, len(at)), grid.dtype)
    powers[0] = 1
    for k in range(DEGREE):
        np.multiply(powers[k], away, out=powers[k + 1])
    weights: Samples = _kernel().astype(grid.dtype) @ powers
    left = nearest.astype(np.int64) - WIDTH // 2
    values: Samples = grid.take(left, axis=-1) * weights[0]
    for j in range(1, WIDTH):
        values += grid.take(left + j, axis=-1) * weights[j]
    return values


@cache
def _kernel() -> Numbers:
    """Polynomials of the Kaiser-Bessel window, one row for each grid point around the nearest."""
    away = 0.5 * np.cos(np.pi * (np.arange(64) + 0.5) / 64)
    from_point = away - np.arange(-(WIDTH // 2), WIDTH // 2 + 1)[:, None]
    window = np.i0(SHARPNESS * np.sqrt(1 - (2 * from_point / WIDTH) ** 2)) / np.i0(SHARPNESS)
    powers = np.vander(away, DEGREE + 1, increasing=True).astype(np.float64)
    return np.asarray(np.linalg.lstsq(powers, window.T, rcond=None)[0].T, dtype=np.float64)


def _kernel_spectrum(cycles_per_point: Numbers) -> Numbers:
    """Fourier transform of the Kaiser-Bessel window."""
    root = np.sqrt(SHARPNESS**2 - (np.pi * WIDTH * cycles_per_point) ** 2)
    return np.asarray(WIDTH * np.sinh(root) / (root * np.i0(SHARPNESS)))


def _lowpass(pass_edge: float, stop_edge: float) -> Numbers:
    """Odd number of symmetric taps; edges in cycles per sample."""
    n_taps, beta = signal.kaiserord(STOP_DB, 2 * (stop_edge - pass_edge))
    if n_taps > MAX_TAPS:
        raise ParameterError(
            f"the filter for so few samples per turn takes {n_taps} taps, more than {MAX_TAPS}; resample "
            "the signal to a lower rate first"
        )
    taps: Numbers = signal.firwin(n_taps | 1, pass_edge + stop_edge, window=("kaiser", beta))
    return taps


def _angle(turns: ArrayLike | None, n_samples: int, rate_hz: float) -> Numbers:
    """The shaft angle, after a check that it can be inverted."""
    angle = np.asarray(turns, dtype=np.float64)
    if angle.shape != (n_samples,):
        raise ParameterError(f"turns must have one angle for each of {n_samples} samples, got {angle.shape}")
    falls = ~(np.diff(angle) > 0)
    if falls.any():
        where = int(np.argmax(falls)) + 1
        raise RecordError(
            f"the shaft angle does not rise at sample {where} ({where / rate_hz:.6g} s): there the shaft "
            "stands, turns back or is unknown; cut that stretch off"
        )
    if not np.isfinite(angle[[0, -1]]).all() or angle[-1] < np.ceil(angle[0]) + 1:
        raise RecordError(
            f"the signal must hold a whole turn of the shaft, its angle goes from {angle[0]:.6g} to "
            f"{angle[-1]:.6g} turns; take a longer one"
        )
    return angle


def _refuse_standstill(slowest_hz: float, fastest_hz: float) -> None:
    if fastest_hz > MAX_SPEED_RATIO * slowest_hz:
        raise RecordError(
            f"the speed goes down to {60 * slowest_hz:.3g} rpm, under 1/{MAX_SPEED_RATIO:g} of its highest "
            f"of {60 * fastest_hz:.5g}; cut the slow stretch off"
        )
