"""Indicators: one number that says how a signal looks, per channel.

Those of the amplitudes are here, those of the frequencies in `faultdiag.signal.spectral_indicators`;
`INDICATORS` lists both. The functions take the signal as it is: an offset of the sensor counts in the
RMS, the peak and the factors made from them.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError
from faultdiag.registry import near_names
from faultdiag.signal import spectral_indicators as spectral
from faultdiag.signal.checks import positive
from faultdiag.signal.waveform import BIN, Signal, Waveform, entropy

__all__ = [
    "INDICATORS",
    "amplitude_entropy",
    "clearance_factor",
    "crest_factor",
    "impulse_factor",
    "indicator_table",
    "kurtosis",
    "mean",
    "peak",
    "peak_to_peak",
    "rms",
    "shape_factor",
    "skewness",
    "standard_deviation",
]

Samples = NDArray[np.floating[Any]]


def indicator_table(x: Signal, *, rate_hz: float, names: Iterable[str] | None = None) -> dict[str, Samples]:
    """Return indicators of a signal by name; what they have in common is computed once.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    names : iterable of str, optional
        Names from `INDICATORS`; default: all of them.

    Returns
    -------
    dict of str to ndarray, shape [...]
        In the order of `names`. A name that ends in ``_hz`` is a frequency; amplitudes are in the unit of
        `x`, the Hjorth activity in its square, and all others have no unit.

    Raises
    ------
    ParameterError
        If a name is unknown, or the rate is not positive.
    RecordError
        If a sample is not a finite real number, a channel is constant, or there are too few samples for
        an indicator that is asked for.

    Examples
    --------
    >>> import numpy as np
    >>> tone = 2 * np.sin(2 * np.pi * 50 * np.arange(1000) / 1000)
    >>> table = indicator_table(tone, rate_hz=1000, names=["rms", "kurtosis", "spectral_centroid_hz"])
    >>> {name: round(float(value), 3) for name, value in table.items()}
    {'rms': 1.414, 'kurtosis': 1.5, 'spectral_centroid_hz': 50.0}
    """
    positive("rate_hz", rate_hz)
    wanted = list(INDICATORS) if names is None else list(names)
    for name in wanted:
        if name not in INDICATORS:
            raise ParameterError(f"unknown indicator {name!r}; {near_names(name, list(INDICATORS))}")
    waveform = Waveform.of(x)
    return {name: _value(name, waveform, rate_hz) for name in wanted}


def mean(x: Signal) -> Samples:
    """Return the mean: what the sensor shows at rest."""
    return Waveform.of(x).mean


def standard_deviation(x: Signal) -> Samples:
    """Return the standard deviation, the divisor being the number of samples: the RMS about the mean."""
    return Waveform.of(x).deviation


def rms(x: Signal) -> Samples:
    """Return the root of the mean square: ``a / sqrt(2)`` for a tone of amplitude `a`.

    Examples
    --------
    >>> rms([[3, -3, 3, -3], [1, 1, 1, 1]])
    array([3., 1.])
    """
    return np.sqrt(Waveform.of(x).power)


def peak(x: Signal) -> Samples:
    """Return the largest magnitude."""
    waveform = Waveform.of(x)
    return np.maximum(waveform.high, -waveform.low)


def peak_to_peak(x: Signal) -> Samples:
    """Return the difference of the largest and the smallest sample."""
    waveform = Waveform.of(x)
    return waveform.high - waveform.low


def skewness(x: Signal) -> Samples:
    """Return the third standardised moment: 0 for a signal that looks the same upside down.

    Raises
    ------
    RecordError
        If a channel is constant.
    """
    z = Waveform.of(x).standard
    return np.asarray((np.square(z) * z).mean(axis=-1))


def kurtosis(x: Signal) -> Samples:
    """Return the fourth standardised moment (Pearson's): 3 for normal noise, 1.5 for a tone.

    It is the biased one: moments are means over the samples. Impulses raise it, whatever their level.

    Raises
    ------
    RecordError
        If a channel is constant.

    Examples
    --------
    >>> kurtosis([1.0, -1.0, 1.0, -1.0]).item()
    1.0
    """
    return np.asarray(np.square(np.square(Waveform.of(x).standard)).mean(axis=-1))


def crest_factor(x: Signal) -> Samples:
    """Return the peak over the RMS: ``sqrt(2)`` for a tone.

    Raises
    ------
    RecordError
        If a channel is 0 throughout; so for the other factors.
    """
    return _factor(x, peak, rms)


def shape_factor(x: Signal) -> Samples:
    """Return the RMS over the mean magnitude: ``pi / sqrt(8)``, or 1.11, for a tone."""
    return _factor(x, rms, _mean_magnitude)


def impulse_factor(x: Signal) -> Samples:
    """Return the peak over the mean magnitude: ``pi / 2`` for a tone."""
    return _factor(x, peak, _mean_magnitude)


def clearance_factor(x: Signal) -> Samples:
    """Return the peak over the squared mean root magnitude (also margin factor): 1.72 for a tone."""
    return _factor(x, peak, _squared_mean_root)


def amplitude_entropy(x: Signal) -> Samples:
    """Return the entropy of the distribution of the standardised amplitudes, in nats.

    Raises
    ------
    RecordError
        If a channel is constant.

    Notes
    -----
    The differential entropy, estimated by a histogram with bins of 0.1 standard deviations: the entropy
    of its shares, plus ``log(0.1)`` for the width of a bin, plus Miller's correction for the number of
    samples. The normal distribution has the most of all and reads 1.42, a uniform one 1.26, a tone 1.01
    (the bins blunt its edges), and impulses lower it too. Amplitudes beyond 10 deviations are taken as 10.

    References
    ----------
    Miller, G. A. (1955), Note on the bias of information estimates, in: Information Theory in
    Psychology, Free Press, 95-100.
    """
    waveform = Waveform.of(x)
    share = waveform.histogram
    bias = (np.count_nonzero(share, axis=-1) - 1) / (2 * waveform.samples.shape[-1])
    return np.asarray(entropy(share) + np.log(BIN) + bias, waveform.samples.dtype)


def _mean_magnitude(waveform: Waveform) -> Samples:
    return np.asarray(waveform.magnitude.mean(axis=-1))


def _squared_mean_root(waveform: Waveform) -> Samples:
    return np.asarray(np.square(np.sqrt(waveform.magnitude).mean(axis=-1)))


def _factor(x: Signal, top: Callable[[Waveform], Samples], bottom: Callable[[Waveform], Samples]) -> Samples:
    waveform = Waveform.of(x)
    divisor = bottom(waveform)
    waveform.require(divisor > 0, "is 0 throughout; check the sensor, or leave it out")
    return top(waveform) / divisor


def _value(name: str, waveform: Waveform, rate_hz: float) -> Samples:
    """An indicator by name; those that are frequencies take the rate."""
    function = INDICATORS[name][1]
    return function(waveform, rate_hz=rate_hz) if name.endswith("_hz") else function(waveform)


INDICATORS: dict[str, tuple[str, Callable[..., Samples]]] = {
    "mean": ("mean", mean),
    "standard_deviation": ("RMS about the mean", standard_deviation),
    "rms": ("root of the mean square", rms),
    "peak": ("largest magnitude", peak),
    "peak_to_peak": ("largest less smallest sample", peak_to_peak),
    "skewness": ("third standardised moment, 0 if symmetric", skewness),
    "kurtosis": ("fourth standardised moment (Pearson's), 3 for normal noise", kurtosis),
    "crest_factor": ("peak / RMS", crest_factor),
    "shape_factor": ("RMS / mean magnitude", shape_factor),
    "impulse_factor": ("peak / mean magnitude", impulse_factor),
    "clearance_factor": ("peak / squared mean root magnitude", clearance_factor),
    "amplitude_entropy": (
        "entropy of the amplitudes, 1.42 for normal noise",
        amplitude_entropy,
    ),
    "spectral_centroid_hz": ("mean frequency, weighted by power", spectral.spectral_centroid_hz),
    "spectral_spread_hz": ("deviation of frequency about the centroid", spectral.spectral_spread_hz),
    "spectral_skewness": ("skewness of the spectrum about the centroid", spectral.spectral_skewness),
    "spectral_kurtosis": ("kurtosis of the spectrum about the centroid", spectral.spectral_kurtosis),
    "spectral_entropy": ("evenness of the spectrum, from 0 to 1", spectral.spectral_entropy),
    "rms_frequency_hz": ("root of the mean squared frequency, weighted by power", spectral.rms_frequency_hz),
    "hjorth_activity": ("variance", spectral.hjorth_activity),
    "hjorth_mobility_hz": ("deviation of the slope / deviation, in Hz", spectral.hjorth_mobility_hz),
    "hjorth_complexity": ("mobility of the slope / mobility, 1 for a tone", spectral.hjorth_complexity),
}
"""Name -> (description, function). A function takes the signal, and `rate_hz` if its name ends in _hz."""
