"""Speed of a shaft from the vibration alone: combs of lines at known orders, looked for in spectra."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, signal
from scipy.ndimage import gaussian_filter1d, median_filter

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.checks import positive
from faultdiag.signal.samples import as_samples

__all__ = ["refine_speed", "track_speed"]

Samples = NDArray[np.floating[Any]]
Numbers = NDArray[np.float64]

HARMONICS = tuple(range(1, 21))

FRAMES_PER_WINDOW = 4
NEAR = 0.02
"""How far from the speed found its certainty is counted, relative."""

LOST = 1e-3
"""Chance that from one frame to the next the speed is anywhere: it lets a track find back."""


def refine_speed(
    x: ArrayLike,
    *,
    rate_hz: float,
    speed_rpm: float,
    orders: ArrayLike = HARMONICS,
    tolerance: float = 0.025,
) -> tuple[Numbers, Numbers]:
    """Return the speed near a nominal one at which a comb of orders stands out most.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        A signal at constant speed; or its squared envelope, which shows the shaft where impacts hide it.
    rate_hz : float
        Sampling rate.
    speed_rpm : float
        Nominal speed.
    orders : array_like, shape [n_orders]
        Orders of the lines; default the first 20 harmonics of the shaft.
    tolerance : float
        How far the speed may be from the nominal one, as a share of it.

    Returns
    -------
    speed_rpm : ndarray, shape [...]
        The speed found.
    level_db : ndarray, shape [...]
        Mean level of the lines of the comb over the median of their surroundings; lines below it count
        as 0. Noise alone reaches 6 dB with the default orders, and 9 dB with three: then the speed means
        nothing.

    Raises
    ------
    ParameterError
        If a number is out of range, or an order lies above half the rate.
    RecordError
        If the signal is shorter than 20 turns or constant, or a sample is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> turns = 1786.4 / 60 * np.arange(60000) / 12000
    >>> x = sum(np.cos(2 * np.pi * k * turns) for k in (1, 2, 3, 5, 8))
    >>> noise = np.random.default_rng(0).standard_normal(60000)
    >>> found_rpm, level_db = refine_speed(
    ...     x + noise, rate_hz=12000, speed_rpm=1772, orders=(1, 2, 3, 5, 8))
    >>> round(float(found_rpm), 1), bool(level_db > 30)
    (1786.4, True)
    """
    samples = _varying(x)
    wanted = _orders(orders)
    if not 0 < tolerance < 1:
        raise ParameterError(f"tolerance must be a share between 0 and 1, got {tolerance}")
    slowest, fastest = (1 - tolerance) * positive("speed_rpm", speed_rpm), (1 + tolerance) * speed_rpm
    _refuse_beyond(wanted, fastest, positive("rate_hz", rate_hz))
    n = samples.shape[-1]
    if n < 20 * 60 / speed_rpm * rate_hz:
        raise RecordError(
            f"the speed is read from 20 turns or more, {1200 / speed_rpm:.3g} s at {speed_rpm:g} rpm; got "
            f"{n / rate_hz:.3g} s"
        )
    n_fft = fft.next_fast_len(2 * n, real=True)
    top = int(np.ceil(wanted.max() * fastest / 60 * n_fft / rate_hz)) + 2
    amplitude = np.abs(fft.rfft(samples * np.hanning(n), n=n_fft))[..., :top]
    lines = _over_background(amplitude, width=speed_rpm / 60 * n_fft / rate_hz)
    step = 60 * rate_hz / n_fft / wanted.max() / 2
    speeds = np.arange(slowest, fastest, step)
    score = _comb(lines, wanted[:, None] * speeds / 60 * n_fft / rate_hz) / len(wanted)
    best = score.argmax(axis=-1)
    found = speeds[best] + step * _vertex(score, best)
    return found, 20 / np.log(10) * score.max(axis=-1)


def track_speed(
    x: ArrayLike,
    *,
    rate_hz: float,
    range_rpm: tuple[float, float],
    orders: ArrayLike,
    window_s: float,
    slope_rpm_s: float,
) -> tuple[Numbers, Numbers, Numbers]:
    """Return the speed over time from the lines at known orders in short-time spectra.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal; each channel is tracked by itself.
    rate_hz : float
        Sampling rate.
    range_rpm : (float, float)
        Lowest and highest speed possible. Where the orders are harmonics of one another, less than a
        factor of 2 between them leaves no doubt.
    orders : array_like, shape [n_orders]
        Orders of lines to expect, such as harmonics of the shaft and of the gear mesh.
    window_s : float
        Length of a short-time spectrum: long enough to tell the orders from lines beside them, some ten
        turns or more, and short enough that the speed hardly changes.
    slope_rpm_s : float
        Change of speed in a second that is common.

    Returns
    -------
    time_s : ndarray, shape [n_frames]
        Middle of each spectrum, a quarter of the window apart.
    speed_rpm : ndarray, shape [..., n_frames]
        Speed at these times.
    certainty : ndarray, shape [..., n_frames]
        Probability, under the model, that the speed is within 2 % of the one given.

    Raises
    ------
    ParameterError
        If a number is out of range, the range does not rise, or an order lies above half the rate.
    RecordError
        If the signal is shorter than the window or constant, or a sample is not finite.

    Notes
    -----
    Each order makes the power of the lines of a spectrum, over their background, a density of the speed;
    those of all orders are multiplied. From spectrum to spectrum the speed is taken to drift at random,
    and the densities are smoothed forwards and backwards in time.

    References
    ----------
    Leclère, Q., André, H. and Antoni, J. (2016), A multi-order probabilistic approach for instantaneous
    angular speed tracking: debriefing of the CMMNO'14 diagnosis contest, Mechanical Systems and Signal
    Processing 81, 375-386, doi 10.1016/j.ymssp.2016.02.053.

    Examples
    --------
    >>> import numpy as np
    >>> from faultdiag.signal.angle import turns_from_speed
    >>> speed_rpm = np.linspace(900, 1500, 40000)
    >>> turns = turns_from_speed(speed_rpm, rate_hz=8000)
    >>> x = sum(np.cos(2 * np.pi * k * turns) for k in (1, 2, 5))
    >>> time_s, found_rpm, certainty = track_speed(
    ...     x + np.random.default_rng(0).standard_normal(40000), rate_hz=8000, range_rpm=(800, 1600),
    ...     orders=(1, 2, 5), window_s=0.5, slope_rpm_s=200)
    >>> bool(np.abs(found_rpm - np.interp(time_s, np.arange(40000) / 8000, speed_rpm)).max() < 10)
    True
    """
    samples = _varying(x)
    wanted = _orders(orders)
    slowest, fastest = range_rpm
    if not 0 < slowest < fastest < np.inf:
        raise ParameterError(f"range_rpm must be two rising positive speeds, got {slowest} and {fastest}")
    _refuse_beyond(wanted, fastest, positive("rate_hz", rate_hz))
    n = int(positive("window_s", window_s) * rate_hz)
    if not 8 <= n <= samples.shape[-1]:
        raise RecordError(
            f"window_s of {window_s:g} s is {n} samples, the signal has {samples.shape[-1]}; it must hold 8 "
            "or more and fit the signal"
        )
    hop = max(n // FRAMES_PER_WINDOW, 1)
    amplitude = _short_time(samples, n, hop, fastest / 60 * wanted.max() / rate_hz)
    lines = _over_background(amplitude, width=np.sqrt(slowest * fastest) / 60 * 2 * n / rate_hz)
    speeds = np.arange(slowest, fastest, 60 * rate_hz / (2 * n) / wanted.max() / 2)
    evidence = 2 * _comb(lines, wanted[:, None] * speeds / 60 * 2 * n / rate_hz)
    drift = positive("slope_rpm_s", slope_rpm_s) * hop / rate_hz / (speeds[1] - speeds[0])
    found, certainty = _most_likely(_smoothed(evidence, drift), speeds)
    time_s = (np.arange(amplitude.shape[-2]) * hop + (n - 1) / 2) / rate_hz
    return np.asarray(time_s, dtype=np.float64), found, certainty


def _short_time(samples: Samples, n: int, hop: int, top: float) -> Samples:
    """Amplitudes of overlapping windows, twice as close as they resolve, up to `top` cycles per sample."""
    weights = signal.get_window("hann", n).astype(samples.dtype)
    kept = int(np.ceil(top * 2 * n)) + 2
    # frame by frame: the whole spectra of a long record would take many times its memory
    frames = [
        np.abs(fft.rfft(samples[..., start : start + n] * weights, n=2 * n)[..., :kept])
        for start in range(0, samples.shape[-1] - n + 1, hop)
    ]
    return np.stack(frames, axis=-2)


def _over_background(amplitude: Samples, *, width: float) -> Samples:
    """Amplitudes over their running median across so many lines, at least 1."""
    coarse = max(int(width) // 32, 1)
    size = max(int(width) // coarse, 9) | 1
    every = amplitude[..., ::coarse]
    background = median_filter(every, size=(1,) * (amplitude.ndim - 1) + (size,), mode="nearest")
    floor = np.repeat(background, coarse, axis=-1)[..., : amplitude.shape[-1]]
    tiny = np.finfo(amplitude.dtype).tiny
    return np.asarray(np.maximum(amplitude / np.maximum(floor, amplitude.max() * 1e-9 + tiny), 1))


def _comb(lines: Samples, at: Numbers) -> Numbers:
    """Sum over the orders of the log amplitude at lines [n_orders, n_speeds], read between them."""
    logs = np.log(lines)
    total = np.zeros((*lines.shape[:-1], at.shape[-1]))
    for row in at:
        left = np.minimum(row.astype(np.int64), lines.shape[-1] - 2)
        share = row - left
        total += (1 - share) * logs[..., left] + share * logs[..., left + 1]
    return total


def _vertex(score: Numbers, best: NDArray[np.intp]) -> Numbers:
    """How far beside the highest value the parabola through it and its neighbours is highest."""
    inside = np.clip(best, 1, score.shape[-1] - 2)
    around = inside[..., None] + np.arange(-1, 2)
    left, middle, right = np.moveaxis(np.take_along_axis(score, around, axis=-1), -1, 0)
    bend = left - 2 * middle + right
    shift = np.where(bend < 0, (left - right) / np.where(bend < 0, 2 * bend, 1), 0)
    return np.where(inside == best, np.clip(shift, -0.5, 0.5), 0)


def _smoothed(evidence: Numbers, drift: float) -> Numbers:
    """Probability of each speed in each frame, given all frames."""

    def drifted(p: Numbers) -> Numbers:
        spread = gaussian_filter1d(p, drift, axis=-1, mode="reflect")
        return np.asarray((1 - LOST) * spread + LOST / p.shape[-1])

    def normal(p: Numbers) -> Numbers:
        return np.asarray(p / p.sum(axis=-1, keepdims=True))

    likelihood = np.exp(evidence - evidence.max(axis=-1, keepdims=True))
    n_frames = evidence.shape[-2]
    before, after = np.ones_like(likelihood), np.ones_like(likelihood)
    for t in range(1, n_frames):
        before[..., t, :] = drifted(normal(before[..., t - 1, :] * likelihood[..., t - 1, :]))
        back = n_frames - 1 - t
        after[..., back, :] = drifted(normal(after[..., back + 1, :] * likelihood[..., back + 1, :]))
    return normal(before * likelihood * after)


def _most_likely(probability: Numbers, speeds: Numbers) -> tuple[Numbers, Numbers]:
    """Mean speed near the most likely one, and the probability that the speed is there."""
    peak = speeds[probability.argmax(axis=-1)][..., None]
    near = np.where(np.abs(speeds - peak) <= NEAR * peak, probability, 0)
    certainty = near.sum(axis=-1)
    return (near @ speeds) / certainty, certainty


def _varying(x: ArrayLike) -> Samples:
    samples = as_samples(x)
    if not np.all(samples.max(axis=-1) > samples.min(axis=-1)):
        raise RecordError("a channel is constant: there is no speed to find in it")
    return np.asarray(samples - samples.mean(axis=-1, keepdims=True))


def _orders(orders: ArrayLike) -> Numbers:
    wanted = np.asarray(orders, dtype=np.float64).ravel()
    if not (wanted.size and np.all(np.isfinite(wanted) & (wanted > 0))):
        raise ParameterError(f"orders must be positive numbers, got {wanted.tolist()}")
    return wanted


def _refuse_beyond(wanted: Numbers, fastest_rpm: float, rate_hz: float) -> None:
    if wanted.max() * fastest_rpm / 60 >= rate_hz / 2:
        raise ParameterError(
            f"order {wanted.max():g} at {fastest_rpm:g} rpm is not below {rate_hz / 2:g} Hz, half the rate; "
            f"give orders below {30 * rate_hz / fastest_rpm:.5g}"
        )
