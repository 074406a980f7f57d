"""First steps with a record: take off what drifts, keep the band that matters."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from faultdiag.errors import ParameterError
from faultdiag.signal.checks import positive, refuse_short, whole_number
from faultdiag.signal.samples import as_samples

__all__ = ["bandpass", "detrend"]

Samples = NDArray[np.floating[Any]]


def detrend(x: ArrayLike, *, degree: int = 1) -> Samples:
    """Take the polynomial off that fits a signal best in least squares.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    degree : int
        0 takes off the mean, 1 a straight line, 2 a parabola.

    Returns
    -------
    ndarray, shape [..., n_samples]
        In the unit of `x`.

    Raises
    ------
    ParameterError
        If the degree is not a whole number of at least 0.
    RecordError
        If there are not more samples than the degree, or one is not a finite real number.

    Examples
    --------
    >>> detrend([1.0, 3.0, 5.0, 7.0], degree=0).tolist()
    [-3.0, -1.0, 1.0, 3.0]
    """
    samples = as_samples(x)
    n = samples.shape[-1]
    whole_number("degree", degree, least=0)
    refuse_short(n, degree + 1, what=f"a trend of degree {degree}", remedy="a lower degree")
    powers = np.polynomial.legendre.legvander(np.linspace(-1, 1, n), degree)
    basis, _ = np.linalg.qr(powers)
    trend = (samples @ basis) @ basis.T  # in float64: an offset may be far above the signal
    flat: Samples = (samples - trend).astype(samples.dtype, copy=False)
    return flat


def bandpass(x: ArrayLike, *, rate_hz: float, band_hz: tuple[float, float], order: int = 4) -> Samples:
    """Keep one band of a signal, without any shift in time.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    band_hz : (float, float)
        Lower and upper edge. From 0 it is a low-pass; up to half the rate it is a high-pass.
    order : int
        Order of the Butterworth filter whose gain is applied twice, as if forwards and backwards: the
        gain is one half (-6 dB) at the edges and falls by ``12 * order`` dB per octave of low-pass or
        high-pass.

    Returns
    -------
    ndarray, shape [..., n_samples]
        In the unit of `x`.

    Raises
    ------
    ParameterError
        If the band does not rise within 0 and half the rate or is all of it, or the order is not a whole
        number of at least 1.
    RecordError
        If the signal is shorter than the filter takes to settle, or a sample is not a finite real number.

    Notes
    -----
    The gain is that of the analog filter, applied in the frequency domain: it is stable for any band
    and order. Beyond its ends the signal goes on as its mirror image in the end point; within one
    period of the lower edge from an end the result depends on that guess.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(2000) / 1000
    >>> wanted = np.sin(2 * np.pi * 50 * t)
    >>> y = bandpass(wanted + np.sin(2 * np.pi * 200 * t) + 3, rate_hz=1000, band_hz=(20, 100))
    >>> bool(np.abs(y - wanted)[200:-200].max() < 0.01)
    True
    """
    samples = as_samples(x)
    low_hz, high_hz = _edges(band_hz, positive("rate_hz", rate_hz) / 2)
    what = f"a filter of order {order} from {low_hz:g} to {high_hz:g} Hz"
    n = samples.shape[-1]
    if high_hz == rate_hz / 2:
        high_hz = np.inf
    n_settle = _settling_s(low_hz, high_hz, whole_number("order", order, least=1)) * rate_hz
    refuse_short(n, np.floor(n_settle) + 1, what=what, remedy="a wider band")

    before = int(n_settle)
    n_padded = fft.next_fast_len(n + 2 * before, real=True)
    padding = [(0, 0)] * (samples.ndim - 1) + [(before, n_padded - n - before)]
    spectrum = fft.rfft(np.pad(samples, padding, mode="reflect", reflect_type="odd"))
    spectrum *= _gain(fft.rfftfreq(n_padded, 1 / rate_hz), low_hz, high_hz, order).astype(samples.dtype)
    filtered: Samples = fft.irfft(spectrum, n=n_padded, overwrite_x=True)
    return filtered[..., before : before + n].copy()


def _edges(band_hz: tuple[float, float], nyquist_hz: float) -> tuple[float, float]:
    low_hz, high_hz = band_hz
    if not 0 <= low_hz < high_hz <= nyquist_hz:
        raise ParameterError(
            f"band_hz must rise within 0 and {nyquist_hz:g} Hz, half the rate, got {low_hz:g} to {high_hz:g}"
        )
    if (low_hz, high_hz) == (0, nyquist_hz):
        raise ParameterError(f"band_hz from 0 to {high_hz:g} Hz is the whole signal; move an edge")
    return low_hz, high_hz


def _settling_s(low_hz: float, high_hz: float, order: int) -> float:
    """Time in which the response of the filter has died down to less than 1 %."""
    return order / (high_hz if low_hz == 0 else min(low_hz, (high_hz - low_hz) / 2))


def _gain(freq_hz: NDArray[np.float64], low_hz: float, high_hz: float, order: int) -> NDArray[np.float64]:
    """Squared magnitude of an analog Butterworth filter."""
    with np.errstate(divide="ignore", over="ignore"):
        if low_hz == 0:
            off = freq_hz / high_hz
        elif high_hz == np.inf:
            off = low_hz / freq_hz
        else:
            off = (freq_hz**2 - low_hz * high_hz) / (freq_hz * (high_hz - low_hz))
        gain: NDArray[np.float64] = 1 / (1 + off ** (2 * order))
    return gain
