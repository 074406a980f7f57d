"""Envelopes and their spectra: how strongly a signal pulses, and how often.

A damaged bearing strikes the structure at a fault frequency; the structure rings at much higher
ones. The envelope of the ringing shows the strikes as lines at the fault frequency.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, signal

from faultdiag.errors import ParameterError
from faultdiag.signal.checks import positive
from faultdiag.signal.samples import as_samples

__all__ = ["analytic_envelope", "line_level_db", "log_envelope_spectrum", "squared_envelope_spectrum"]

Samples = NDArray[np.floating[Any]]


def analytic_envelope(x: ArrayLike, *, rate_hz: float, band_hz: tuple[float, float] | None = None) -> Samples:
    """Return the envelope of a signal: the magnitude of its analytic signal.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal; the transform takes it as one period of a periodic one.
    rate_hz : float
        Sampling rate.
    band_hz : (float, float), optional
        Keep only the spectrum from the first to the second frequency, both included; default all of it.

    Returns
    -------
    ndarray, shape [..., n_samples]
        In the unit of `x`. A tone has its amplitude as envelope.

    Raises
    ------
    ParameterError
        If the rate is not positive, or the band does not rise within 0 and half the rate.
    RecordError
        If there is no sample, or one is not a finite real number.

    Examples
    --------
    >>> import numpy as np
    >>> x = 3 * np.cos(2 * np.pi * 250 * np.arange(1000) / 1000)
    >>> bool(np.allclose(analytic_envelope(x, rate_hz=1000), 3))
    True
    """
    samples = as_samples(x)
    n = samples.shape[-1]
    spectrum = fft.rfft(samples)
    # an analytic signal has no negative frequencies, and the positive ones twice (but 0 and Nyquist)
    spectrum[..., 1 : (n + 1) // 2] *= 2
    freq_hz = fft.rfftfreq(n, 1 / positive("rate_hz", rate_hz))
    if band_hz is not None:
        low_hz, high_hz = band_hz
        if not 0 <= low_hz < high_hz <= rate_hz / 2:
            raise ParameterError(
                f"band_hz must rise within 0 and {rate_hz / 2:g} Hz, half the rate, "
                f"got {low_hz:g} to {high_hz:g}"
            )
        spectrum[..., (freq_hz < low_hz) | (freq_hz > high_hz)] = 0
    envelope: Samples = np.abs(fft.ifft(spectrum, n=n, overwrite_x=True))
    return envelope


def squared_envelope_spectrum(
    x: ArrayLike,
    *,
    rate_hz: float,
    band_hz: tuple[float, float] | None = None,
    window: str | tuple[Any, ...] = "hann",
) -> tuple[NDArray[np.float64], Samples]:
    """Return the spectrum of the squared envelope of a signal.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal; its mean is taken off first.
    rate_hz : float
        Sampling rate.
    band_hz : (float, float), optional
        Band whose envelope is taken, as for `analytic_envelope`.
    window : str or tuple
        Window of the squared envelope, by its name in `scipy.signal.get_window`.

    Returns
    -------
    freq_hz : ndarray, shape [n_samples // 2 + 1]
        Frequencies, from 0 to half the rate.
    amplitude : ndarray, shape [..., n_samples // 2 + 1]
        Amplitudes in the unit of `x` squared: a component ``a * cos(2 * pi * f * t)`` of the squared
        envelope reads `a` where `f` is one of the frequencies. The mean is taken off, so 0 Hz reads
        about 0.

    Raises
    ------
    ParameterError, RecordError
        As for `analytic_envelope`; also if there is no such window.

    Notes
    -----
    The squared envelope, unlike the envelope, has no new high harmonics that would fold back: its
    spectrum ends at the width of the band.

    References
    ----------
    Ho, D. and Randall, R. B. (2000), Optimisation of bearing diagnostic techniques using simulated and
    actual bearing fault signals, Mechanical Systems and Signal Processing 14(5), 763-788,
    doi 10.1006/mssp.2000.1304.

    Examples
    --------
    A tone of amplitude 1 that is modulated by 50 % at 20 Hz: its squared envelope has
    ``2 * 0.5 * cos`` at 20 Hz and ``0.5 ** 2 / 2 * cos`` at 40 Hz.

    >>> import numpy as np
    >>> t = np.arange(1000) / 1000
    >>> x = (1 + 0.5 * np.cos(2 * np.pi * 20 * t)) * np.cos(2 * np.pi * 250 * t)
    >>> freq_hz, amplitude = squared_envelope_spectrum(x, rate_hz=1000, window="boxcar")
    >>> [round(float(amplitude[freq_hz == f][0]), 3) for f in (20, 40, 60)]
    [1.0, 0.125, 0.0]
    """
    samples = as_samples(x)
    centred = samples - samples.mean(axis=-1, keepdims=True)
    return _spectrum(analytic_envelope(centred, rate_hz=rate_hz, band_hz=band_hz) ** 2, rate_hz, window)


def log_envelope_spectrum(
    x: ArrayLike,
    *,
    rate_hz: float,
    band_hz: tuple[float, float] | None = None,
    window: str | tuple[Any, ...] = "hann",
) -> tuple[NDArray[np.float64], Samples]:
    """Return the spectrum of the logarithm of the squared envelope of a signal.

    A few strong impulses that do not repeat fill a squared envelope spectrum; the logarithm makes them
    small.

    Parameters
    ----------
    x, rate_hz, band_hz, window
        As for `squared_envelope_spectrum`.

    Returns
    -------
    freq_hz : ndarray, shape [n_samples // 2 + 1]
        Frequencies, from 0 to half the rate.
    amplitude : ndarray, shape [..., n_samples // 2 + 1]
        Amplitudes of the natural logarithm, which have no unit: a power that changes by 1 + m cos has
        about m for small m.

    Raises
    ------
    ParameterError, RecordError
        As for `squared_envelope_spectrum`.

    Notes
    -----
    Where the envelope is zero the logarithm is taken of 1e-6 of its mean square.

    References
    ----------
    Borghesani, P. and Shahriar, M. R. (2017), Cyclostationary analysis with logarithmic variance
    stabilisation, Mechanical Systems and Signal Processing 82, 463-478,
    doi 10.1016/j.ymssp.2015.12.018.
    """
    samples = as_samples(x)
    centred = samples - samples.mean(axis=-1, keepdims=True)
    squared = analytic_envelope(centred, rate_hz=rate_hz, band_hz=band_hz) ** 2
    least = 1e-6 * squared.mean(axis=-1, keepdims=True) + np.finfo(samples.dtype).tiny
    return _spectrum(np.log(np.maximum(squared, least)), rate_hz, window)


def line_level_db(
    freq_hz: NDArray[np.floating[Any]],
    amplitude: NDArray[np.floating[Any]],
    at_hz: float,
    *,
    tolerance: float = 0.005,
    background_hz: float = 20.0,
) -> NDArray[np.floating[Any]]:
    """Return how far the line near a frequency stands above its surroundings.

    Parameters
    ----------
    freq_hz : ndarray, shape [n_lines]
        Evenly spaced frequencies.
    amplitude : ndarray, shape [..., n_lines]
        Amplitude spectrum.
    at_hz : float
        Where the line is expected.
    tolerance : float
        How far off it may be, as a share of `at_hz`; at least the two nearest frequencies are looked at.
    background_hz : float
        Half width of the surroundings.

    Returns
    -------
    ndarray, shape [...]
        20 log10 of the largest amplitude within the tolerance over the median within `background_hz`.

    Raises
    ------
    ParameterError
        If `at_hz` is not among the frequencies, or a width is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> freq_hz = np.arange(0, 200.0)
    >>> amplitude = np.where(freq_hz == 100, 10.0, 1.0)
    >>> float(line_level_db(freq_hz, amplitude, 100.3))
    20.0
    """
    positive("tolerance", tolerance)
    positive("background_hz", background_hz)
    if not freq_hz[0] <= at_hz <= freq_hz[-1]:
        raise ParameterError(
            f"at_hz must lie in the spectrum, {freq_hz[0]:g} to {freq_hz[-1]:g} Hz, got {at_hz:g}"
        )
    away_hz = np.abs(freq_hz - at_hz)
    near = away_hz <= max(tolerance * at_hz, freq_hz[1] - freq_hz[0])
    line = amplitude[..., near].max(axis=-1)
    background = np.median(amplitude[..., away_hz <= background_hz], axis=-1)
    tiny = np.finfo(amplitude.dtype).tiny  # silence is 0 dB above silence
    return np.asarray(20 * np.log10((line + tiny) / (background + tiny)))


def _spectrum(
    values: Samples, rate_hz: float, window: str | tuple[Any, ...]
) -> tuple[NDArray[np.float64], Samples]:
    """Frequencies, and amplitudes of what changes."""
    n = values.shape[-1]
    weights = _window(window, n).astype(values.dtype)
    values -= values.mean(axis=-1, keepdims=True)
    return fft.rfftfreq(n, 1 / rate_hz), np.abs(fft.rfft(values * weights)) * (2 / weights.sum())


def _window(name: str | tuple[Any, ...], n_samples: int) -> NDArray[np.float64]:
    try:
        weights: NDArray[np.float64] = signal.get_window(name, n_samples)
    except ValueError as error:
        raise ParameterError(f"window {name!r} is none of scipy.signal.get_window: {error}") from error
    return weights
