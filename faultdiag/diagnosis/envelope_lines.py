"""The lines of squared envelope spectra in many bands, measured against the noise around them.

The spectrum of the signal is whitened first (cepstrum prewhitening), so that no tone and no resonance
drowns a band. In noise alone the power of each line over its background is then exponential with mean 1,
whatever the machine: that is what every probability of a diagnosis rests on.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from faultdiag.diagnosis.evidence import line_nats
from faultdiag.signal.background import local_median
from faultdiag.signal.bands import EDGE, Slices

__all__ = ["EnvelopeLines", "envelope_lines"]

Numbers = NDArray[np.floating[Any]]

COUNTS = (1, 2, 3, 4, 6, 8, 12, 16)
"""Equal bands of each level."""

NARROWEST_HZ = 300.0
"""Narrower bands hold too little of the ringing of a strike."""

USED = 0.95
"""Share of a band's width up to which its envelope has noise to be compared with."""

MAINS_HZ = (50.0, 60.0)

NEUTRAL = float(np.log(2))
"""Power of a line that says nothing: the median of noise."""


@dataclass(frozen=True, eq=False)
class EnvelopeLines:
    """Lines of the squared envelope of every band, the whole band first.

    Attributes
    ----------
    step_hz : float
        Distance of two lines; the first is at 0 Hz. It is half of what the record can tell apart.
    low_hz, high_hz : ndarray, shape [n_bands]
        The bands.
    modulation : ndarray, shape [n_bands, n_lines]
        By how much the power of the band goes up and down at each frequency, relative to its mean.
    power : ndarray, shape [n_bands, n_lines]
        Power over the background: exponential with mean 1 in noise.
    """

    step_hz: float
    low_hz: NDArray[np.float64]
    high_hz: NDArray[np.float64]
    modulation: Numbers
    power: Numbers

    @cached_property
    def nats(self) -> Numbers:
        """Evidence of each line, shape [n_bands, n_lines]; `faultdiag.diagnosis.evidence` tells of what."""
        # band by band: what belongs to one fits the cache
        return np.stack([line_nats(band) for band in self.power])

    def without(self, frequency_hz: float, *, half_width_hz: float, spread: float = 0.0) -> "EnvelopeLines":
        """Return the lines with a frequency and its multiples made to say nothing.

        Parameters
        ----------
        frequency_hz : float
            Of the shaft, or the mains.
        half_width_hz : float
            What is taken out on both sides of each multiple.
        spread : float
            And as much again, as a share of the multiple's frequency.
        """
        at_hz = self.step_hz * np.arange(self.power.shape[-1])
        multiple = np.rint(at_hz / frequency_hz)
        near = np.abs(at_hz - multiple * frequency_hz) <= half_width_hz + spread * at_hz
        power = np.where(near & (multiple >= 1), np.float32(NEUTRAL), self.power)
        return EnvelopeLines(self.step_hz, self.low_hz, self.high_hz, self.modulation, power)

    def without_mains(self) -> "EnvelopeLines":
        """Return the lines without the multiples of 50 and 60 Hz."""
        kept = self
        for mains_hz in MAINS_HZ:
            kept = kept.without(mains_hz, half_width_hz=self.step_hz)
        return kept


def envelope_lines(x: ArrayLike, *, rate_hz: float, highest_hz: float, background_hz: float) -> EnvelopeLines:
    """Return the lines of the squared envelopes of a tree of bands, after prewhitening.

    Parameters
    ----------
    x : array_like, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    highest_hz : float
        Up to where lines are wanted.
    background_hz : float
        Width of the stretches whose median is the background: about one order of the shaft.

    Raises
    ------
    ParameterError, RecordError
        As for `faultdiag.signal.bands.Slices.of`.

    References
    ----------
    Borghesani, P., Pennacchi, P., Randall, R. B., Sawalhi, N. and Ricci, R. (2013), Application of
    cepstrum pre-whitening for the diagnosis of bearing faults under variable speed conditions, Mechanical
    Systems and Signal Processing 36(2), 370-384, doi 10.1016/j.ymssp.2012.11.001.
    """
    slices = Slices.of(np.asarray(x, np.float32), rate_hz=rate_hz, n_parts=int(np.lcm.reduce(COUNTS)))
    bins = _whitened(slices.bins)
    duration_s = 2 * bins.shape[-1] / rate_hz
    step_hz = 0.5 / duration_s
    n_lines = int(highest_hz / step_hz) + 2
    counts = [count for count in COUNTS if count == 1 or rate_hz / 2 / count >= NARROWEST_HZ]
    edges = [np.linspace(0, rate_hz / 2, count + 1) for count in counts]
    weights = _weights(2 * bins.shape[-1], slices.n_samples / rate_hz / duration_s)
    modulation = np.concatenate([_modulation(bins, count, n_lines, weights) for count in counts])
    low_hz = np.concatenate([edge[:-1] for edge in edges])
    high_hz = np.concatenate([edge[1:] for edge in edges])
    power = _over_background(modulation**2, round(background_hz / step_hz))
    beyond = step_hz * np.arange(n_lines) > USED * (high_hz - low_hz)[:, None]
    power[beyond] = NEUTRAL
    return EnvelopeLines(step_hz, low_hz, high_hz, modulation, power)


def _whitened(bins: NDArray[np.complexfloating[Any, Any]]) -> NDArray[np.complexfloating[Any, Any]]:
    """Every bin at magnitude 1; what is as good as empty stays so."""
    magnitude = np.abs(bins)
    there = magnitude > 1e-6 * np.median(magnitude)
    white: NDArray[np.complexfloating[Any, Any]] = np.divide(
        bins, magnitude, out=np.zeros_like(bins), where=there
    )
    return white


def _weights(n: int, filled: float) -> Numbers:
    """Hann over the record without its faded ends; beyond it, where the padding begins, nothing."""
    at = (np.arange(n) / (n * filled) - EDGE) / (1 - 2 * EDGE)
    return np.where((at > 0) & (at < 1), np.sin(np.pi * at) ** 2, 0).astype(np.float32)


def _modulation(
    bins: NDArray[np.complexfloating[Any, Any]], count: int, n_lines: int, weights: Numbers
) -> Numbers:
    """Amplitudes of the squared envelope of each of `count` bands over its mean, shape [count, n_lines]."""
    width = bins.shape[-1] // count
    envelope = fft.ifft(bins.reshape(count, width), n=2 * width, overwrite_x=False)
    squared = envelope.real**2 + envelope.imag**2
    own = weights[::count].copy()
    total = own.sum()
    mean = (squared @ own / total)[:, None]
    mean[mean == 0] = 1
    squared -= mean
    squared *= own
    spectrum = fft.rfft(squared, n=4 * width)[:, :n_lines]
    amplitude = np.zeros((count, n_lines), squared.dtype)
    amplitude[:, : spectrum.shape[-1]] = np.abs(spectrum) * (2 / (total * mean))
    return amplitude


def _over_background(power: Numbers, width: int) -> Numbers:
    """Power over the mean that noise has where its median is that of the surroundings."""
    background = local_median(power, width=max(width, 8)) / np.float32(np.log(2))
    there = background > np.finfo(power.dtype).tiny
    over: Numbers = np.divide(power, background, out=np.full_like(power, NEUTRAL), where=there)
    return over
