"""A pulse in every turn of a shaft: what one damaged tooth does to the vibration.

A damaged tooth meets once a turn, always at the same angle. It knocks, and the power of the vibration swells
for a moment; or it only bears less, and the wave that repeats with every turn has a place unlike the others.
In both the harmonics of the power over the angle have all one height and peak together. Eccentric gears,
couplings with three jaws, and teeth that differ a little raise some harmonics, or all with phases by chance.
"""

import itertools
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft, stats
from scipy.ndimage import uniform_filter1d

from faultdiag.diagnosis.gear_turns import FEWEST_TURNS, by_turn, mean_turn, whole_turns

__all__ = ["N_BINS", "Pulse", "flat_bands", "pulse", "repeated_pulse"]

Samples = NDArray[np.floating[Any]]
Numbers = NDArray[np.float64]
Harmonics = NDArray[np.complex128]

N_HARMONICS = 16
"""A pulse of a sixteenth of a turn, two teeth of a pinion, still has them all."""

N_LACKING = 2
"""Harmonics that may fail: another event may cancel some, and one in twenty does by chance."""

N_BANDS = 4
"""Equal bands beside the whole one: strikes ring in some of them."""

LARGEST = 6.0
"""In standard deviations, no sample counts for more: a single knock is no pulse of every turn."""

N_BINS = 64
"""Places of a turn, four for each swing of the highest harmonic."""

N_ANGLES = 128
"""At which a pulse is looked for."""

INDEPENDENT = 256
"""Angles that count as so many chances: with it, p-values of white noise are as uniform as they should be."""

USED = 0.9
"""Share of the orders that are averaged: the highest are those of filters against aliasing."""


class Pulse(NamedTuple):
    """What all but two harmonics of the power over the turn agree on.

    Attributes
    ----------
    effect : float
        Share of the power that comes in one short pulse each turn, on the low side: all but two harmonics
        reach it.
    p_value : float
        Chance that vibration which does not repeat from turn to turn reaches this.
    levels_db : ndarray, shape [n_harmonics]
        Power of the harmonics over what scatter from turn to turn leaves, in the band where the pulse is
        clearest.
    turn : ndarray, shape [64]
        Power over the turn in that band, over its mean.
    """

    effect: float
    p_value: float
    levels_db: Numbers
    turn: Numbers


def flat_bands(x: Samples, *, rate_hz: float, shaft_hz: float) -> Samples:
    """Return the vibration in the whole band and in its quarters, with a flat spectrum and deviation 1.

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal. Its spectrum is made flat from order to order of the shaft, so that neither the mesh nor a
        resonance covers all else.
    rate_hz, shaft_hz : float
        Sampling rate, and speed of the input shaft.

    Returns
    -------
    ndarray, shape [5, n_samples]
    """
    n = len(x)
    spectrum = fft.rfft(np.asarray(x - x.mean(), np.float32))
    power = spectrum.real**2 + spectrum.imag**2
    background = uniform_filter1d(power, max(9, round(shaft_hz * n / rate_hz)))
    spectrum /= np.sqrt(background + 1e-9 * background.max())
    edges = np.linspace(0, len(spectrum), N_BANDS + 1).astype(np.int64)
    parts = [slice(0, len(spectrum)), *(slice(a, b) for a, b in itertools.pairwise(edges))]
    bands = np.zeros((len(parts), len(spectrum)), spectrum.dtype)
    for band, part in zip(bands, parts, strict=True):
        band[part] = spectrum[part]
    waves = fft.irfft(bands, n)
    waves /= waves.std(axis=-1, keepdims=True)
    return np.asarray(np.clip(waves, -LARGEST, LARGEST))


def pulse(waves: Samples, *, turns: Numbers) -> Pulse | None:
    """Return the clearest pulse of the power over the turns of one shaft; None for fewer than 12 turns.

    Parameters
    ----------
    waves : ndarray, shape [n_bands, n_samples]
        From `flat_bands`.
    turns : ndarray, shape [n_samples]
        Angle of the shaft in turns.
    """
    n_turns = whole_turns(turns)
    if n_turns < FEWEST_TURNS:
        return None
    squares = by_turn(np.square(waves), turns=turns, n_bins=N_BINS)
    squares /= squares.mean(axis=(1, 2), keepdims=True)
    spectra = np.fft.rfft(squares) / N_BINS
    mean, error = mean_turn(spectra[..., 1 : N_HARMONICS + 1])
    in_phase, agreed = _agreed(mean)
    band, at = (int(i) for i in np.unravel_index(agreed.argmax(), agreed.shape))
    certain = float(np.sort(in_phase[band, at] / error[band])[N_LACKING])
    one = float(stats.t.sf(certain, n_turns - 1))
    chance = float(stats.binom.sf(N_HARMONICS - N_LACKING - 1, N_HARMONICS, one))
    return Pulse(
        effect=max(float(agreed[band, at]), 0.0),
        p_value=min(1.0, len(waves) * INDEPENDENT * chance),
        levels_db=10 * np.log10(np.square(np.abs(mean[band]) / error[band]) / 2 + 1e-12),
        turn=squares[band].mean(axis=0),
    )


def repeated_pulse(wave: Samples, *, turns: Numbers) -> tuple[float, float, Numbers] | None:
    """Return the pulse of that part of the vibration which repeats with every turn; None for few turns.

    Parameters
    ----------
    wave : ndarray, shape [n_samples]
        The whole band of `flat_bands`.
    turns : ndarray, shape [n_samples]
        Angle of the shaft in turns.

    Returns
    -------
    effect : float
        Share of the power of the mean turn that comes in one short pulse.
    p_value : float
        Chance that noise has so strong a mean turn.
    turn : ndarray, shape [64]
        Power of the mean turn, over its mean.

    References
    ----------
    McFadden, P. D. (1987), A revised model for the extraction of periodic waveforms by time domain
    averaging, Mechanical Systems and Signal Processing 1(1), 83-95, doi 10.1016/0888-3270(87)90085-9.
    """
    if whole_turns(turns) < FEWEST_TURNS:
        return None
    # bins as long as samples: the wave itself is averaged, with all its orders
    n_bins = int(len(wave) / (turns[-1] - turns[0]))
    means = by_turn(wave[None], turns=turns, n_bins=n_bins)[0]
    orders = np.fft.rfft(means)
    mean, error = mean_turn(orders[:, 1 : int(USED * orders.shape[1])])
    analytic = np.zeros(n_bins, np.complex128)
    analytic[1 : 1 + len(mean)] = mean
    power = np.square(np.abs(np.fft.ifft(analytic)))
    _, agreed = _agreed(np.fft.rfft(power)[1 : N_HARMONICS + 1] / power.sum())
    ratio = np.square(np.abs(mean) / error) / 2
    p_value = float(stats.norm.sf((ratio.mean() - 1) * np.sqrt(len(ratio))))
    return max(float(agreed.max()), 0.0), p_value, _in_bins(power)


def _in_bins(power: Numbers) -> Numbers:
    """Power over a turn, in whatever steps, in those of the other pulse and over its mean."""
    passed = np.append(0.0, np.cumsum(power))
    edges = np.linspace(0, len(power), N_BINS + 1)
    turn: Numbers = N_BINS * np.diff(np.interp(edges, np.arange(len(passed)), passed)) / passed[-1]
    return turn


def _agreed(harmonics: Harmonics) -> tuple[Numbers, Numbers]:
    """Parts of harmonics [..., n] in phase with a pulse at each angle, and what all but two of them reach."""
    angles = np.arange(N_ANGLES) / N_ANGLES
    turned = np.exp(2j * np.pi * np.outer(angles, np.arange(1, N_HARMONICS + 1)))
    in_phase = (harmonics[..., None, :] * turned).real
    return in_phase, np.sort(in_phase, axis=-1)[..., N_LACKING]
