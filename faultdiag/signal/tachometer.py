"""Tachometer channels: the times of the pulses, the angle of the shaft and its speed."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline
from scipy.ndimage import median_filter

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.checks import positive
from faultdiag.signal.samples import as_samples

__all__ = ["pulse_times", "speed_from_pulses", "turns_from_pulses"]

Samples = NDArray[np.floating[Any]]
Numbers = NDArray[np.float64]

CONTRAST = 3.0
"""Distance of the two levels of a channel with pulses, in standard deviations within them; noise that is
cut in two has 2.65, a sine 4.1."""

HYSTERESIS = 0.25
"""How far beyond the threshold a pulse must rise and fall, as a share of the distance of the levels."""

UNEVEN = 1.5
"""Pulses this much further apart than their neighbours, or closer, are missing or doubled."""


def pulse_times(x: ArrayLike, *, rate_hz: float, threshold: float | None = None) -> Numbers:
    """Return when the pulses of a tachometer channel rise.

    Parameters
    ----------
    x : array_like, shape [n_samples]
        The channel. Give ``-x`` for the falling edges.
    rate_hz : float
        Sampling rate.
    threshold : float, optional
        Level that a pulse crosses, in the unit of `x`. By default it is half way between the two levels
        of the channel, which Otsu's method tells apart.

    Returns
    -------
    ndarray, shape [n_pulses]
        Times in seconds from the first sample, read on the straight line between the two samples around
        the crossing.

    Raises
    ------
    ParameterError
        If the rate is not positive.
    RecordError
        If the channel is no single one, is constant, has no two levels or no crossing, or a sample is
        not finite.

    Notes
    -----
    A pulse counts once it exceeds the threshold by a quarter of the distance of the levels, and the next
    one only after the signal fell as far below: noise on an edge makes no second pulse. An edge that is
    steeper than a sample is known to within half a sample only.

    References
    ----------
    Otsu, N. (1979), A threshold selection method from gray-level histograms, IEEE Transactions on
    Systems, Man, and Cybernetics 9(1), 62-66, doi 10.1109/TSMC.1979.4310076.

    Examples
    --------
    >>> import numpy as np
    >>> x = 5.0 * (np.arange(60) % 20 < 4)
    >>> pulse_times(x, rate_hz=10).round(3).tolist()
    [1.95, 3.95]
    """
    samples = as_samples(x)
    if samples.ndim != 1:
        raise RecordError(f"a tachometer is a single channel, got the shape {list(samples.shape)}")
    positive("rate_hz", rate_hz)
    low, middle, high = _levels(samples, threshold)
    side = (samples > middle + HYSTERESIS * (high - low)).astype(np.int8)
    side -= samples < middle - HYSTERESIS * (high - low)
    decided = np.flatnonzero(side)
    rises = np.diff(side[decided]) > 0
    # between the last sample surely below and the first one surely above, the threshold is crossed
    crossings = np.flatnonzero((samples[:-1] <= middle) & (samples[1:] > middle))
    last = np.searchsorted(crossings, decided[1:][rises]) - 1
    before = crossings[last]
    if len(before) == 0:
        raise RecordError(f"the tachometer never rises through {middle:.4g}; give another threshold")
    y0, y1 = samples[before].astype(np.float64), samples[before + 1].astype(np.float64)
    return np.asarray((before + (middle - y0) / (y1 - y0)) / rate_hz)


def turns_from_pulses(
    times_s: ArrayLike, *, rate_hz: float, n_samples: int, pulses_per_turn: int = 1
) -> Numbers:
    """Return the shaft angle at each sample from the times of the pulses.

    Parameters
    ----------
    times_s : array_like, shape [n_pulses]
        Times of the pulses, from `pulse_times`; every pulse of the signal, evenly spaced on the shaft.
    rate_hz : float
        Sampling rate of the signal that the angle is for.
    n_samples : int
        Its length.
    pulses_per_turn : int
        Pulses per turn of the shaft.

    Returns
    -------
    ndarray, shape [n_samples]
        In turns, 0 at the first pulse: a cubic spline through the pulses, which is exact where the speed
        changes evenly. Before the first and after the last pulse the speed stays as it is there.

    Raises
    ------
    ParameterError
        If a number is out of range.
    RecordError
        If there are fewer than two pulses, pulses are missing or doubled, or the angle would not rise.

    Notes
    -----
    The interval may grow or shrink by half from one pulse to the next: a run-up is no fault,
    whatever the range of its speeds. Beyond that a pulse is taken as missing or doubled.

    Examples
    --------
    >>> turns_from_pulses([0.5, 1.5, 2.5], rate_hz=2, n_samples=5).round(9).tolist()
    [-0.5, 0.0, 0.5, 1.0, 1.5]
    """
    return _angle_and_slope(times_s, rate_hz, n_samples, pulses_per_turn)[0]


def speed_from_pulses(
    times_s: ArrayLike, *, rate_hz: float, n_samples: int, pulses_per_turn: int = 1
) -> Numbers:
    """Return the speed at each sample from the times of the pulses.

    Parameters
    ----------
    times_s, rate_hz, n_samples, pulses_per_turn
        As for `turns_from_pulses`.

    Returns
    -------
    ndarray, shape [n_samples]
        In rpm: the slope of the angle of `turns_from_pulses`.

    Raises
    ------
    ParameterError, RecordError
        As for `turns_from_pulses`.

    Examples
    --------
    >>> speed_from_pulses([0.5, 1.5, 2.5], rate_hz=2, n_samples=5).round(9).tolist()
    [60.0, 60.0, 60.0, 60.0, 60.0]
    """
    return 60 * _angle_and_slope(times_s, rate_hz, n_samples, pulses_per_turn)[1]


def _angle_and_slope(
    times_s: ArrayLike, rate_hz: float, n_samples: int, pulses_per_turn: int
) -> tuple[Numbers, Numbers]:
    """Turns and turns per second at each sample."""
    for name, value in (("n_samples", n_samples), ("pulses_per_turn", pulses_per_turn)):
        if not (value >= 1 and float(value).is_integer()):
            raise ParameterError(f"{name} must be a whole number of 1 or more, got {value}")
    at_s = np.arange(n_samples) / positive("rate_hz", rate_hz)
    times = np.asarray(times_s, dtype=np.float64)
    if times.ndim != 1 or not np.isfinite(times).all() or not np.all(np.diff(times) > 0):
        raise ParameterError(f"times_s must be rising times of pulses, got the shape {list(times.shape)}")
    if len(times) < 2:
        raise RecordError(f"the speed needs two pulses of the tachometer or more, got {len(times)}")
    _refuse_uneven(times, at_s[-1])
    angle = CubicSpline(times, np.arange(len(times)) / pulses_per_turn)
    inside_s = np.clip(at_s, times[0], times[-1])
    slope = angle(inside_s, 1)
    if slope.min() <= 0:
        raise RecordError(
            f"the pulses of the tachometer are so uneven near {inside_s[np.argmin(slope)]:.6g} s that the "
            "angle would not rise; look at the channel there"
        )
    return angle(inside_s) + slope * (at_s - inside_s), slope


def _refuse_uneven(times: Numbers, end_s: float) -> None:
    """Raise if pulses are missing or doubled; the record goes from 0 to `end_s`."""
    steps = np.diff(times)
    expected = np.exp(median_filter(np.log(steps), size=5, mode="mirror"))
    missing_s = _missing(times, expected, end_s)
    extra_s = _doubled(times, steps / expected)
    found = [f"misses {_counted(missing_s)}, the first near {missing_s[0]:.6g} s"] if len(missing_s) else []
    found += [f"doubles {_counted(extra_s)}, the first near {extra_s[0]:.6g} s"] if len(extra_s) else []
    if found:
        raise RecordError(
            f"the tachometer {' and '.join(found)} ({_counted(times)} found); set a threshold that suits the "
            "pulses, or cut that stretch off"
        )


def _missing(times: Numbers, expected: Numbers, end_s: float) -> Numbers:
    """Where pulses should have been: in intervals that are too long, those from and to the ends included."""
    edges = np.concatenate([[0.0], times, [end_s]])
    usual = np.concatenate([expected[:1], expected, expected[-1:]])
    ratio = np.diff(edges) / usual
    n_missing = np.where(ratio > UNEVEN, np.maximum(np.rint(ratio) - 1, 1), 0).astype(np.int64)
    return np.repeat(edges[:-1] + usual, n_missing)


def _doubled(times: Numbers, ratio: Numbers) -> Numbers:
    """Where pulses are too many: in runs of intervals that are too short."""
    short = ratio < 1 / UNEVEN
    runs = np.flatnonzero(np.diff(short, prepend=False, append=False)).reshape(-1, 2)
    n_extra = [stop - start - int(np.rint(ratio[start:stop].sum())) for start, stop in runs]
    return np.repeat(times[1:][runs[:, 0]], n_extra)


def _counted(pulses: Numbers) -> str:
    return f"{len(pulses)} pulse{'s' * (len(pulses) != 1)}"


def _levels(samples: Samples, threshold: float | None) -> tuple[float, float, float]:
    """Level between the pulses, threshold, and level of the pulses."""
    lowest, highest = float(samples.min()), float(samples.max())
    if lowest == highest:
        raise RecordError(f"the tachometer is constant at {lowest:.4g}: is it the right channel?")
    middle = _between_levels(samples, lowest, highest) if threshold is None else float(threshold)
    if not lowest <= middle < highest:
        raise RecordError(
            f"the tachometer goes from {lowest:.4g} to {highest:.4g} and never crosses the threshold of "
            f"{middle:.4g}; give one between"
        )
    up, down = samples[samples > middle].astype(np.float64), samples[samples <= middle].astype(np.float64)
    low, high = float(np.median(down)), float(np.median(up))
    if threshold is not None:
        return low, middle, high
    within = np.sqrt((up.var() * up.size + down.var() * down.size) / samples.size)
    if up.mean() - down.mean() < CONTRAST * within:
        raise RecordError(
            "the tachometer shows no pulses, it has no two levels but one with noise; give a threshold, or "
            "another channel"
        )
    return low, (low + high) / 2, high


def _between_levels(samples: Samples, lowest: float, highest: float) -> float:
    """Otsu's threshold: the samples below and above it are as far apart as can be."""
    counts, edges = np.histogram(samples, bins=256, range=(lowest, highest))
    centres = (edges[1:] + edges[:-1]) / 2
    n_below = np.cumsum(counts)[:-1]
    sum_below = np.cumsum(counts * centres)[:-1]
    n_above = samples.size - n_below
    means = sum_below / np.maximum(n_below, 1), (counts @ centres - sum_below) / np.maximum(n_above, 1)
    between = n_below * n_above * (means[1] - means[0]) ** 2
    return float(edges[1 + np.argmax(between)])
