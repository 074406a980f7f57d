"""The cepstrum: what repeats in a spectrum, and how to take it out.

The cepstrum is the spectrum of a log spectrum. A family of evenly spaced lines, harmonics or sidebands,
is a few peaks at multiples of one quefrency (a time); resonances stay near quefrency 0. Its edits change
the magnitudes of the spectrum and keep the phases.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from faultdiag.errors import ParameterError
from faultdiag.signal.checks import positive, refuse_constant
from faultdiag.signal.samples import as_samples

__all__ = ["cepstrum_prewhitened", "comb_liftered", "real_cepstrum", "short_pass_liftered"]

Samples = NDArray[np.floating[Any]]


def real_cepstrum(x: ArrayLike, *, rate_hz: float) -> tuple[NDArray[np.float64], Samples]:
    """Return the real cepstrum of a signal.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.

    Returns
    -------
    quefrency_s : ndarray, shape [n_samples // 2 + 1]
        Quefrencies, from 0 to half the length of the signal.
    cepstrum : ndarray, shape [..., n_samples // 2 + 1]
        Inverse transform of the natural logarithm of the magnitudes, without unit; it is even, and only
        its first half is returned.

    Raises
    ------
    ParameterError
        If the rate is not positive.
    RecordError
        If a channel does not vary, or a sample is not a finite real number.

    References
    ----------
    Randall, R. B. (2017), A history of cepstrum analysis and its application to mechanical problems,
    Mechanical Systems and Signal Processing 97, 3-19, doi 10.1016/j.ymssp.2016.12.026.

    Examples
    --------
    An echo of strength 0.4 after 0.05 s is a peak of half that strength.

    >>> import numpy as np
    >>> impulse = np.zeros(1000)
    >>> impulse[[100, 150]] = 1, 0.4
    >>> quefrency_s, cepstrum = real_cepstrum(impulse, rate_hz=1000)
    >>> float(quefrency_s[cepstrum.argmax()]), round(float(cepstrum.max()), 3)
    (0.05, 0.2)
    """
    samples = _varying(x)
    n = samples.shape[-1]
    quefrency_s = np.arange(n // 2 + 1) / positive("rate_hz", rate_hz)
    cepstrum: Samples = fft.irfft(_log_magnitude(fft.rfft(samples)), n=n)
    return quefrency_s, cepstrum[..., : n // 2 + 1].copy()


def comb_liftered(
    x: ArrayLike, *, rate_hz: float, period_s: float, half_width_s: float | None = None, keep: bool = False
) -> Samples:
    """Take a family of evenly spaced spectral lines out of a signal, or keep it alone.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    period_s : float
        Inverse of the distance of the lines: the turn of a shaft for all of its harmonics.
    half_width_s : float, optional
        How far around each multiple of the period the cepstrum is edited; by default one sample.
    keep : bool
        False takes the multiples of the period out of the cepstrum, True takes out the others. Quefrency
        0, the mean level, always stays.

    Returns
    -------
    ndarray, shape [..., n_samples]
        In the unit of `x`.

    Raises
    ------
    ParameterError
        If the rate, the period or the width is not positive, the period is no more than twice the width,
        or longer than half the signal.
    RecordError
        If a channel does not vary, or a sample is not a finite real number.

    Notes
    -----
    Every sharp line loses about as much of its level in dB as the comb takes of the quefrencies: keep the
    width small against the period.

    References
    ----------
    Randall, R. B. and Sawalhi, N. (2011), A new method for separating discrete components from a signal,
    Sound and Vibration 45(5), 6-9.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> pulses = np.zeros(10000)
    >>> pulses[::100] = 1
    >>> y = comb_liftered(pulses + 0.01 * rng.standard_normal(10000), rate_hz=1000, period_s=0.1)
    >>> bool(np.abs(y).max() < 0.1)
    True
    """
    samples = _varying(x)
    n = samples.shape[-1]
    half_width_s = positive(
        "half_width_s", 1 / positive("rate_hz", rate_hz) if half_width_s is None else half_width_s
    )
    if not 2 * half_width_s < positive("period_s", period_s) <= n / 2 / rate_hz:
        raise ParameterError(
            f"period_s must be more than twice half_width_s, {half_width_s:g} s, and at most "
            f"{n / 2 / rate_hz:g} s, half the signal, got {period_s:g}"
        )
    quefrency_s = _even_quefrency(n) / rate_hz
    nearest = np.round(quefrency_s / period_s)
    # a little more than the width: multiples that are whole samples shall count however they round
    on_comb = np.abs(quefrency_s - nearest * period_s) <= half_width_s * (1 + 1e-9)
    on_comb &= nearest > 0
    kept = on_comb if keep else ~on_comb
    kept[0] = True
    return _liftered(samples, kept)


def short_pass_liftered(x: ArrayLike, *, rate_hz: float, cutoff_s: float, keep: bool = True) -> Samples:
    """Keep what short quefrencies hold, the resonances of the structure, or take it out.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    cutoff_s : float
        Longest quefrency that is short: details of the spectrum finer than its inverse are long.
    keep : bool
        True keeps the smooth shape of the spectrum and takes out its lines; False makes the smooth shape
        flat and keeps the lines. Quefrency 0, the mean level, always stays.

    Returns
    -------
    ndarray, shape [..., n_samples]
        In the unit of `x`.

    Raises
    ------
    ParameterError
        If the rate or the cut-off is not positive, or the cut-off not less than half the signal.
    RecordError
        If a channel does not vary, or a sample is not a finite real number.

    References
    ----------
    Randall, R. B. (2017), A history of cepstrum analysis and its application to mechanical problems,
    Mechanical Systems and Signal Processing 97, 3-19, doi 10.1016/j.ymssp.2016.12.026.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.random.default_rng(0).standard_normal(5000) + np.cos(2 * np.pi * 0.1 * np.arange(5000))
    >>> smooth = short_pass_liftered(x, rate_hz=1000, cutoff_s=0.02)
    >>> bool(np.abs(np.fft.rfft(smooth)).max() < 0.2 * np.abs(np.fft.rfft(x)).max())
    True
    """
    samples = _varying(x)
    n = samples.shape[-1]
    positive("rate_hz", rate_hz)
    if positive("cutoff_s", cutoff_s) >= n / 2 / rate_hz:
        raise ParameterError(
            f"cutoff_s must be under {n / 2 / rate_hz:g} s, half the signal, got {cutoff_s:g}"
        )
    kept = (_even_quefrency(n) <= cutoff_s * rate_hz * (1 + 1e-9)) == keep
    kept[0] = True
    return _liftered(samples, kept)


def cepstrum_prewhitened(x: ArrayLike) -> Samples:
    """Make all spectral magnitudes of a signal equal: only its phases are left.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal; the transform takes it as one period of a periodic one.

    Returns
    -------
    ndarray, shape [..., n_samples]
        Without unit, mean 0 and variance 1.

    Raises
    ------
    RecordError
        If a channel does not vary, or a sample is not a finite real number.

    Notes
    -----
    It is the edit that sets the real cepstrum to zero but for quefrency 0: tones and resonances no longer
    stand out, impacts do. Frequencies at which there is nothing but rounding stay empty.

    References
    ----------
    Borghesani, P., Pennacchi, P., Randall, R. B., Sawalhi, N. and Ricci, R. (2013), Application of
    cepstrum pre-whitening for the diagnosis of bearing faults under variable speed conditions, Mechanical
    Systems and Signal Processing 36(2), 370-384, doi 10.1016/j.ymssp.2012.11.001.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.random.default_rng(0).standard_normal(1000) + 50 * np.sin(np.arange(1000))
    >>> y = cepstrum_prewhitened(x)
    >>> magnitude = np.abs(np.fft.rfft(y))[1:-1]
    >>> bool(np.allclose(magnitude, magnitude[0])), round(float(y.var()), 6)
    (True, 1.0)
    """
    samples = _varying(x)
    n = samples.shape[-1]
    spectrum = fft.rfft(samples)
    spectrum[..., 0] = 0
    magnitude = np.abs(spectrum)
    empty = magnitude <= _floor(magnitude)
    magnitude[empty] = np.inf
    np.reciprocal(magnitude, out=magnitude)
    # all have magnitude 1, each stands for two frequencies but the one at half the rate
    n_lines = 2 * np.count_nonzero(~empty, axis=-1) - (0 if n % 2 else ~empty[..., -1])
    magnitude *= (n / np.sqrt(n_lines))[..., None].astype(magnitude.dtype)
    spectrum *= magnitude
    whitened: Samples = fft.irfft(spectrum, n=n, overwrite_x=True)
    return whitened


def _varying(x: ArrayLike) -> Samples:
    samples = as_samples(x)
    refuse_constant(samples)
    return samples


def _even_quefrency(n_samples: int) -> NDArray[np.int64]:
    """Quefrencies of a whole cepstrum in samples, the second half counted from its end."""
    index = np.arange(n_samples)
    return np.minimum(index, n_samples - index)


def _floor(magnitude: Samples) -> Samples:
    """Magnitudes that are rounding of the largest one."""
    floor: Samples = np.finfo(magnitude.dtype).eps * magnitude.max(axis=-1, keepdims=True)
    return floor


def _log_magnitude(spectrum: NDArray[np.complexfloating[Any, Any]]) -> Samples:
    magnitude: Samples = np.abs(spectrum)
    return np.log(np.maximum(magnitude, _floor(magnitude)))


def _liftered(samples: Samples, kept: NDArray[np.bool_]) -> Samples:
    """The signal with a part of its cepstrum set to zero."""
    n = samples.shape[-1]
    spectrum = fft.rfft(samples)
    cepstrum = fft.irfft(_log_magnitude(spectrum), n=n)
    # what is taken off the log magnitudes divides the spectrum
    spectrum *= np.exp(-fft.rfft(np.where(kept, 0, cepstrum)).real)
    liftered: Samples = fft.irfft(spectrum, n=n, overwrite_x=True)
    return liftered
