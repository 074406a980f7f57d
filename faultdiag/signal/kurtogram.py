"""Which band to demodulate: the fast kurtogram, protrugram and autogram, and a search for a known line."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.bands import FEWEST_SAMPLES, BandMap, Slices, tree_counts
from faultdiag.signal.checks import refuse_constant
from faultdiag.signal.samples import as_samples

__all__ = ["autogram", "fast_kurtogram", "line_map", "protrugram"]

Samples = NDArray[np.floating[Any]]

MOST_LEVELS = 7
"""Unless more are asked for: 128 bands."""

WITHIN = 0.9
"""Share of a band's width up to which its envelope's spectrum is looked at."""

SURROUNDINGS = 8
"""Half width of a line's surroundings, in widths of the search for it."""


def fast_kurtogram(x: ArrayLike, *, rate_hz: float, n_levels: int | None = None) -> BandMap:
    """Return the kurtosis of the complex envelope in every band of a 1/3-binary tree.

    Where strikes make the structure ring the envelope comes in bursts, and its kurtosis is high.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    n_levels : int, optional
        Depth: levels of 1, 2, 3, 4, 6, 8, 12 ... ``2 ** n_levels`` bands. Default 7, or what the
        length allows: 64 samples of each band.

    Returns
    -------
    BandMap
        ``E|z|^4 / E(|z|^2)^2 - 2``: 0 for Gaussian noise, -1 for a tone.

    Raises
    ------
    ParameterError
        If the rate is not positive, or the signal too short for so many levels.
    RecordError
        If there is no sample, one is not a finite real number, or a channel is constant.

    Notes
    -----
    The bands are cut out of one Fourier transform instead of filtered by a tree of short filters: they
    have sharp edges. The whole band is judged as a complex envelope, too: as a real signal it would
    have an advantage of up to 3 / 2.

    References
    ----------
    Antoni, J. (2007), Fast computation of the kurtogram for the detection of transient faults,
    Mechanical Systems and Signal Processing 21(1), 108-124, doi 10.1016/j.ymssp.2005.12.002.

    Examples
    --------
    Bursts of a tone of 250 Hz in noise:

    >>> import numpy as np
    >>> t = np.arange(20000) / 1000
    >>> bursts = np.exp(-40 * (t % 0.5)) * np.sin(2 * np.pi * 250 * t)
    >>> noisy = bursts + 0.1 * np.random.default_rng(0).standard_normal(20000)
    >>> low_hz, high_hz = fast_kurtogram(noisy, rate_hz=1000).best_band_hz()
    >>> bool(low_hz <= 250 <= high_hz)
    True
    """
    return _tree(x, rate_hz, n_levels, lambda squared, _: _kurtosis(squared) - 2)


def autogram(x: ArrayLike, *, rate_hz: float, n_levels: int | None = None) -> BandMap:
    """Return how peaked the autocorrelation of the squared envelope is in every band of a 1/3-binary tree.

    A single knock raises the kurtosis of an envelope, but leaves no peak in its autocorrelation:
    only what repeats does.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    n_levels : int, optional
        Depth, as for `fast_kurtogram`.

    Returns
    -------
    BandMap
        Kurtosis about the least value of the unbiased autocovariance of the squared envelope, over
        lags up to half the record but those before its first zero: the peak at lag 0, which noise has
        and a single knock too.

    Raises
    ------
    ParameterError, RecordError
        As for `fast_kurtogram`.

    Notes
    -----
    The source takes its bands from an undecimated wavelet packet transform; here they are those of
    `fast_kurtogram`.

    References
    ----------
    Moshrefzadeh, A. and Fasana, A. (2018), The Autogram: An effective approach for selecting the
    optimal demodulation band in rolling element bearings diagnosis, Mechanical Systems and Signal
    Processing 105, 294-318, doi 10.1016/j.ymssp.2017.12.009.
    """
    return _tree(x, rate_hz, n_levels, _peakedness, oversampling=2)


def line_map(
    x: ArrayLike,
    *,
    rate_hz: float,
    line_hz: float,
    n_harmonics: int = 3,
    tolerance: float = 0.01,
    n_levels: int | None = None,
) -> BandMap:
    """Return how strongly each band of a 1/3-binary tree carries a line and its harmonics.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    line_hz : float
        Where the squared envelope spectrum is to have a line, such as a bearing's fault frequency.
    n_harmonics : int
        How many multiples of it count.
    tolerance : float
        How far off the line may be, as a share of it: slip.
    n_levels : int, optional
        Depth, as for `fast_kurtogram`; default as well not so deep that a band would be narrower than
        the last harmonic.

    Returns
    -------
    BandMap
        Mean over the harmonics of the largest amplitude within the tolerance over the mean one around it.

    Raises
    ------
    ParameterError
        As for `fast_kurtogram`; if the last harmonic is wider than the narrowest band or the record too
        short for the line; if the tolerance lets neighbours overlap.
    RecordError
        As for `fast_kurtogram`.

    References
    ----------
    Mauricio, A., Smith, W. A., Randall, R. B., Antoni, J. and Gryllias, K. (2020), Improved Envelope
    Spectrum via Feature Optimisation-gram (IESFOgram), Mechanical Systems and Signal Processing 144,
    106891, doi 10.1016/j.ymssp.2020.106891: the choice of a band by the lines wanted. There the bands
    are those of the spectral coherence.
    """
    n_samples = np.shape(x)[-1] if np.ndim(x) else 0
    _check_line(line_hz, n_harmonics, tolerance, n_samples / rate_hz)
    narrowest = int(np.floor(np.log2(rate_hz / 2 / (n_harmonics * line_hz * (1 + tolerance)))))
    if narrowest < (n_levels or 0):
        raise ParameterError(
            f"a band of {rate_hz / 2 / 2 ** (n_levels or 0):.5g} Hz has no line at "
            f"{n_harmonics * line_hz:.5g} Hz, {n_harmonics} times line_hz; take fewer harmonics or levels"
        )
    if n_levels is None:
        n_levels = max(0, min(narrowest, _deepest(n_samples), MOST_LEVELS))

    def strength(squared: Samples, squared_rate_hz: float) -> Samples:
        return _line_strength(squared, squared_rate_hz, line_hz, n_harmonics, tolerance)

    return _tree(x, rate_hz, n_levels, strength, oversampling=2)


def protrugram(x: ArrayLike, *, rate_hz: float, width_hz: float, step_hz: float) -> BandMap:
    """Return the kurtosis of the envelope spectrum in a band that slides over the spectrum.

    Lines that protrude from an envelope spectrum raise its kurtosis, also where the noise is strong and
    the kurtosis of the signal low.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    width_hz : float
        Width of the band: a little more than three times the fault frequency looked for.
    step_hz : float
        From band to band.

    Returns
    -------
    BandMap
        Kurtosis of the amplitudes of the envelope's spectrum up to 0.9 of `width_hz`, relative to the
        slope that noise has there; less 3. Noise has about 0.245, that of a Rayleigh distribution.

    Raises
    ------
    ParameterError
        If the rate or step is not positive, the band wider than half the rate, or the record too short.
    RecordError
        As for `fast_kurtogram`.

    References
    ----------
    Barszcz, T. and Jablonski, A. (2011), A novel method for the optimal band selection for vibration
    signal demodulation and comparison with the Kurtogram, Mechanical Systems and Signal Processing
    25(1), 431-451, doi 10.1016/j.ymssp.2010.05.018.
    """
    samples = as_samples(x)
    refuse_constant(samples)
    slices = Slices.of(samples, rate_hz=rate_hz)
    if not 0 < width_hz < rate_hz / 2:
        raise ParameterError(
            f"width_hz must lie between 0 and {rate_hz / 2:g} Hz, half the rate, got {width_hz:g}"
        )
    if not step_hz > 0:
        raise ParameterError(f"step_hz must be a positive number, got {step_hz}")
    if width_hz * slices.n_samples / rate_hz < FEWEST_SAMPLES:
        raise ParameterError(
            f"width_hz must be at least {FEWEST_SAMPLES * rate_hz / slices.n_samples:.3g} Hz for "
            f"{slices.n_samples} samples, got {width_hz:g}"
        )
    low_hz = np.arange(0, rate_hz / 2 - width_hz + 1e-9 * rate_hz, step_hz)
    values = []
    for low in low_hz:
        squared, squared_rate_hz = slices.band(low, width_hz)
        envelope = np.sqrt(squared)
        envelope -= envelope.mean(axis=-1, keepdims=True)
        amplitude = np.abs(fft.rfft(envelope * np.hanning(envelope.shape[-1])))
        freq_hz = fft.rfftfreq(envelope.shape[-1], 1 / squared_rate_hz)
        inside = (freq_hz > 2 * freq_hz[1]) & (freq_hz < WITHIN * width_hz)
        # the power of a noise's envelope falls in a straight line to 0 at the width of the band
        lines = amplitude[..., inside] / np.sqrt(1 - freq_hz[inside] / width_hz)
        lines = lines - lines.mean(axis=-1, keepdims=True)
        values.append(_kurtosis(lines**2) - 3)
    return BandMap(low_hz, low_hz + width_hz, np.stack(values, axis=-1))


def _tree(
    x: ArrayLike,
    rate_hz: float,
    n_levels: int | None,
    statistic: Callable[[Samples, float], Samples],
    oversampling: int = 1,
) -> BandMap:
    """A statistic of the squared envelope and its rate, for every band."""
    n_samples = np.shape(x)[-1] if np.ndim(x) else 0
    deepest = _deepest(n_samples)
    if n_samples and (deepest < 0 or not 0 <= (n_levels or 0) <= deepest):
        most = (
            f"at most {deepest}" if deepest >= 0 else f"none, before {2 * FEWEST_SAMPLES} samples are there,"
        )
        raise ParameterError(f"n_levels must be {most} for {n_samples} samples, got {n_levels}")
    n_levels = max(0, min(MOST_LEVELS, deepest)) if n_levels is None else n_levels
    refuse_constant(as_samples(x))
    slices = Slices.of(x, rate_hz=rate_hz, n_parts=int(np.lcm.reduce(tree_counts(n_levels))))
    edges, values = [], []
    for n_bands in tree_counts(n_levels):
        edges.append(np.linspace(0, rate_hz / 2, n_bands + 1))
        values.append(statistic(*slices.level(n_bands, oversampling=oversampling)))
    low_hz, high_hz = (np.concatenate([e[part] for e in edges]) for part in (slice(-1), slice(1, None)))
    return BandMap(low_hz, high_hz, np.concatenate(values, axis=-1))


def _deepest(n_samples: int) -> int:
    """Levels at which every band still has enough samples."""
    return int(np.floor(np.log2(max(n_samples, 1) / 2 / FEWEST_SAMPLES)))


def _kurtosis(squared: Samples) -> Samples:
    """Mean of the squares over the square of the mean; 2, as of noise, where there is nothing."""
    mean = squared.mean(axis=-1)
    fourth = np.einsum("...i,...i->...", squared, squared) / squared.shape[-1]
    nothing = mean <= np.finfo(squared.dtype).eps ** 2 * mean.max(axis=-1, keepdims=True)
    kurtosis: Samples = np.divide(fourth, mean**2, out=np.full_like(mean, 2), where=~nothing)
    return kurtosis


def _peakedness(squared: Samples, _rate_hz: float) -> Samples:
    """Kurtosis about the least value of the unbiased autocovariance, beyond the peak at lag 0."""
    n = squared.shape[-1]
    centred = squared - squared.mean(axis=-1, keepdims=True)
    power = np.abs(fft.rfft(centred, n=fft.next_fast_len(2 * n, real=True))) ** 2
    covariance = fft.irfft(power, n=fft.next_fast_len(2 * n, real=True))[..., : n // 2]
    covariance /= np.arange(n, n - n // 2, -1)
    first = np.argmax(covariance <= 0, axis=-1)[..., None]
    covariance[np.arange(n // 2) < first] = 0
    above = covariance - covariance.min(axis=-1, keepdims=True)
    return _kurtosis(above**2)


def _line_strength(
    squared: Samples, rate_hz: float, line_hz: float, n_harmonics: int, tolerance: float
) -> Samples:
    """Largest amplitude near each harmonic over the mean of its surroundings, averaged over harmonics."""
    n = squared.shape[-1]
    centred = squared - squared.mean(axis=-1, keepdims=True)
    amplitude = np.abs(fft.rfft(centred * np.hanning(n).astype(squared.dtype)))
    bin_hz = rate_hz / n
    freq_hz = bin_hz * np.arange(amplitude.shape[-1])
    strength = np.zeros(squared.shape[:-1], squared.dtype)
    for k in range(1, n_harmonics + 1):
        off_hz = np.abs(freq_hz - k * line_hz)
        width_hz = max(tolerance * k * line_hz, bin_hz)
        around = (off_hz > width_hz + 2 * bin_hz) & (off_hz <= min(SURROUNDINGS * width_hz, line_hz / 2))
        background = amplitude[..., around].mean(axis=-1)
        line = amplitude[..., off_hz <= width_hz].max(axis=-1)
        strength += np.divide(line, background, out=np.zeros_like(line), where=background > 0)
    strength /= n_harmonics
    return strength


def _check_line(line_hz: float, n_harmonics: int, tolerance: float, length_s: float) -> None:
    if not (np.isfinite(line_hz) and line_hz > 0):
        raise ParameterError(f"line_hz must be a positive number, got {line_hz}")
    if n_harmonics < 1:
        raise ParameterError(f"n_harmonics must be at least 1, got {n_harmonics}")
    if not 0 <= tolerance * n_harmonics < 0.25:
        raise ParameterError(
            f"tolerance must be below {0.25 / n_harmonics:.3g}, or harmonic {n_harmonics} could be another "
            f"line, got {tolerance:g}"
        )
    if length_s and length_s * line_hz < 2 * SURROUNDINGS:
        raise RecordError(
            f"{length_s:.3g} s hold {length_s * line_hz:.3g} turns of a line at {line_hz:g} Hz; "
            f"record at least {2 * SURROUNDINGS / line_hz:.3g} s"
        )
