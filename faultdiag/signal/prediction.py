"""Linear prediction: each sample from those before it, and what cannot be predicted.

Shaft, gears and resonances can be predicted from the past; the impacts of a damaged bearing cannot.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, linalg, signal

from faultdiag.errors import ParameterError
from faultdiag.signal.checks import refuse_constant, refuse_short, whole_number
from faultdiag.signal.samples import as_samples

__all__ = ["prediction_coefficients", "prediction_order", "prediction_residual"]

Samples = NDArray[np.floating[Any]]

WHITE_NOISE = 1e-9
"""White noise, as a share of the power, that keeps the equations of a pure tone solvable."""


def prediction_coefficients(x: ArrayLike, *, order: int) -> NDArray[np.float64]:
    """Return the coefficients that predict a sample best from those before it.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal; its mean is taken off first.
    order : int
        How many samples a prediction is made of.

    Returns
    -------
    ndarray, shape [..., order]
        The prediction of ``x[t]`` is the sum of ``coefficients[k] * x[t - 1 - k]``.

    Raises
    ------
    ParameterError
        If the order is not a whole number of at least 1.
    RecordError
        If the signal has not more samples than twice the order, does not vary, or a sample is not a
        finite real number.

    Notes
    -----
    Autocorrelation method, solved by Levinson's recursion.

    References
    ----------
    Makhoul, J. (1975), Linear prediction: a tutorial review, Proceedings of the IEEE 63(4), 561-580,
    doi 10.1109/PROC.1975.9792.

    Examples
    --------
    >>> import numpy as np
    >>> decay = 0.5 ** np.arange(60)
    >>> prediction_coefficients(np.append(np.zeros(5000), decay), order=1).round(3).tolist()
    [0.5]
    """
    centred = _checked(x, order)
    return _coefficients(_autocorrelation(centred, order), order)


def prediction_residual(x: ArrayLike, *, order: int) -> Samples:
    """Return what linear prediction leaves of a signal.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal; its mean is taken off first.
    order : int
        How many samples a prediction is made of; enough for two per tone or resonance, too few to reach
        from one impact to the next.

    Returns
    -------
    ndarray, shape [..., n_samples]
        Each sample less its prediction, in the unit of `x`. The first `order` samples are predicted from
        fewer, the first one from none.

    Raises
    ------
    ParameterError, RecordError
        As for `prediction_coefficients`.

    References
    ----------
    Makhoul, J. (1975), Linear prediction: a tutorial review, Proceedings of the IEEE 63(4), 561-580,
    doi 10.1109/PROC.1975.9792.

    Examples
    --------
    >>> import numpy as np
    >>> tone = np.sin(np.arange(5000))
    >>> bool(np.abs(prediction_residual(tone, order=2)[2:]).max() < 0.01)
    True
    """
    centred = _checked(x, order)
    return _residual(centred, _coefficients(_autocorrelation(centred, order), order))


def prediction_order(x: ArrayLike, *, orders: Sequence[int] = (10, 20, 40, 80, 160)) -> NDArray[np.int64]:
    """Return the order of prediction whose residual is the most impulsive.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    orders : sequence of int
        Those to try.

    Returns
    -------
    ndarray, shape [...]
        For each channel, the order whose residual has the largest kurtosis.

    Raises
    ------
    ParameterError, RecordError
        As for `prediction_coefficients`; also if there is no order to try.

    References
    ----------
    Sawalhi, N., Randall, R. B. and Endo, H. (2007), The enhancement of fault detection and diagnosis in
    rolling element bearings using minimum entropy deconvolution combined with spectral kurtosis,
    Mechanical Systems and Signal Processing 21(6), 2616-2633, doi 10.1016/j.ymssp.2006.12.002.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.sin(np.arange(5000)) + np.sin(2 * np.arange(5000))
    >>> x[1000] += 1
    >>> int(prediction_order(x, orders=(1, 2, 4)))
    4
    """
    if len(orders) == 0:
        raise ParameterError("there are no orders to try: orders is empty")
    for order in orders:
        whole_number("orders", order, least=1)
    most = max(orders)
    centred = _checked(x, most)
    correlation = _autocorrelation(centred, most)
    found = [_kurtosis(_residual(centred, _coefficients(correlation, order))[..., most:]) for order in orders]
    best: NDArray[np.int64] = np.asarray(orders, dtype=np.int64)[np.argmax(found, axis=0)]
    return best


def _checked(x: ArrayLike, order: int) -> Samples:
    """The signal without its mean."""
    samples = as_samples(x)
    whole_number("order", order, least=1)
    refuse_short(
        samples.shape[-1], 2 * order + 1, what=f"linear prediction of order {order}", remedy="a lower order"
    )
    refuse_constant(samples)
    centred: Samples = samples - samples.mean(axis=-1, keepdims=True)
    return centred


def _autocorrelation(centred: Samples, order: int) -> NDArray[np.float64]:
    """Autocorrelation at lags from 0 to `order`, of the signal with a largest magnitude of 1."""
    scaled = centred / np.abs(centred).max(axis=-1, keepdims=True).astype(np.float64)
    n_padded = fft.next_fast_len(centred.shape[-1] + order, real=True)
    spectrum = fft.rfft(scaled, n_padded)
    correlation: NDArray[np.float64] = fft.irfft(spectrum.real**2 + spectrum.imag**2, n_padded)
    correlation = correlation[..., : order + 1].copy()
    correlation[..., 0] *= 1 + WHITE_NOISE
    return correlation


def _coefficients(correlation: NDArray[np.float64], order: int) -> NDArray[np.float64]:
    rows = correlation.reshape(-1, correlation.shape[-1])
    solved = [linalg.solve_toeplitz(row[:order], row[1 : order + 1]) for row in rows]
    return np.reshape(solved, (*correlation.shape[:-1], order))


def _residual(centred: Samples, coefficients: NDArray[np.float64]) -> Samples:
    taps = np.insert(-coefficients, 0, 1, axis=-1).astype(centred.dtype)
    residual: Samples = signal.oaconvolve(centred, taps, axes=-1)[..., : centred.shape[-1]]
    return residual


def _kurtosis(x: Samples) -> NDArray[np.float64]:
    power = np.square(x - x.mean(axis=-1, keepdims=True), dtype=np.float64)
    kurtosis: NDArray[np.float64] = np.mean(power**2, axis=-1) / np.mean(power, axis=-1) ** 2
    return kurtosis
