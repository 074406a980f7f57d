"""Indicators of where in frequency a signal has its power, per channel.

The spectral ones take the power spectrum as a distribution of frequency: Hann window, segments of at
most 2048 samples that overlap by half, averaged, the mean taken off and 0 Hz left out. Shares of power
do not depend on the level. A constant channel is refused by all of them but the activity.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.signal.checks import positive
from faultdiag.signal.waveform import Signal, Waveform, entropy

__all__ = [
    "hjorth_activity",
    "hjorth_complexity",
    "hjorth_mobility_hz",
    "rms_frequency_hz",
    "spectral_centroid_hz",
    "spectral_entropy",
    "spectral_kurtosis",
    "spectral_skewness",
    "spectral_spread_hz",
]

Samples = NDArray[np.floating[Any]]


def spectral_centroid_hz(x: Signal, *, rate_hz: float) -> Samples:
    """Return the mean frequency, weighted by power: that of a tone, a quarter of the rate for white noise.

    Examples
    --------
    >>> import numpy as np
    >>> tone = np.sin(2 * np.pi * 50 * np.arange(1000) / 1000)
    >>> round(spectral_centroid_hz(tone, rate_hz=1000).item(), 6)
    50.0
    """
    cycles, share = Waveform.of(x).spectrum
    return positive("rate_hz", rate_hz) * (share @ cycles)


def spectral_spread_hz(x: Signal, *, rate_hz: float) -> Samples:
    """Return the standard deviation of frequency about the centroid, weighted by power."""
    return positive("rate_hz", rate_hz) * _about_centroid(x)[2]


def spectral_skewness(x: Signal) -> Samples:
    """Return the skewness of the spectrum about its centroid: above 0 if it trails off upwards."""
    share, away, spread = _about_centroid(x)
    z = away / spread[..., None]
    return np.asarray((share * z * np.square(z)).sum(axis=-1))


def spectral_kurtosis(x: Signal) -> Samples:
    """Return the kurtosis of the spectrum about its centroid: 1.8 for white noise, large for a narrow peak.

    It tells the form of the spectrum, and is no spectral kurtosis as in the kurtogram.
    """
    share, away, spread = _about_centroid(x)
    squared = np.square(away / spread[..., None])
    return np.asarray((share * np.square(squared)).sum(axis=-1))


def spectral_entropy(x: Signal) -> Samples:
    """Return the entropy of the spectrum over that of a flat one: near 0 for a tone, near 1 for white noise.

    A spectrum of few segments is ragged, which costs white noise up to 0.1.
    """
    cycles, share = Waveform.of(x).spectrum
    return entropy(share) / share.dtype.type(np.log(len(cycles)))


def rms_frequency_hz(x: Signal, *, rate_hz: float) -> Samples:
    """Return the root of the mean squared frequency, weighted by power."""
    cycles, share = Waveform.of(x).spectrum
    return positive("rate_hz", rate_hz) * np.sqrt(share @ np.square(cycles))


def hjorth_activity(x: Signal) -> Samples:
    """Return the variance, the divisor being the number of samples.

    References
    ----------
    Hjorth, B. (1970), EEG analysis based on time domain properties, Electroencephalography and Clinical
    Neurophysiology 29(3), 306-310, doi 10.1016/0013-4694(70)90143-4.
    """
    return np.square(Waveform.of(x).deviation)


def hjorth_mobility_hz(x: Signal, *, rate_hz: float) -> Samples:
    """Return the deviation of the slope over that of the signal, divided by 2 pi: a frequency in Hz.

    Raises
    ------
    RecordError
        If a channel is constant or a straight line, or shorter than 3 samples; so for the complexity.

    Notes
    -----
    It is the RMS frequency, found without a spectrum. The slope is the difference of neighbours, so a tone
    of frequency `f` reads ``rate / pi * sin(pi * f / rate)``: 1 % less than `f` at 8 % of the rate.

    References
    ----------
    Hjorth (1970), as for `hjorth_activity`.
    """
    return positive("rate_hz", rate_hz) / (2 * np.pi) * Waveform.of(x).slopes[0]


def hjorth_complexity(x: Signal) -> Samples:
    """Return the mobility of the slope over that of the signal: 1 for a tone, more for a wide spectrum.

    References
    ----------
    Hjorth (1970), as for `hjorth_activity`.
    """
    first, second = Waveform.of(x).slopes
    return second / np.square(first)


def _about_centroid(x: Signal) -> tuple[Samples, Samples, Samples]:
    """Shares of power, the frequencies less the centroid, and the spread; in cycles a sample."""
    cycles, share = Waveform.of(x).spectrum
    away = cycles - (share @ cycles)[..., None]
    return share, away, np.sqrt((share * np.square(away)).sum(axis=-1))
