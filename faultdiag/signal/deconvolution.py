"""Blind deconvolution: the filter that undoes the way from the bearing to the sensor.

Nobody knows that way; so a filter is sought whose output is as impulsive, or as periodic, as can be.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, linalg, signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.checks import positive
from faultdiag.signal.samples import as_samples

__all__ = ["Deconvolved", "cyclostationary_deconvolution", "minimum_entropy_deconvolution", "momeda"]

Numbers = NDArray[np.float64]

RIDGE = 1e-9
"""Added noise power, relative: a band without any power has no inverse."""


class Deconvolved(NamedTuple):
    """The output of a filter that was found, and what it reached.

    Attributes
    ----------
    samples : ndarray, shape [..., n_samples - n_taps + 1]
        The filtered signal, at variance 1; its first sample has seen the first `n_taps` of the signal.
    taps : ndarray, shape [..., n_taps]
        The filter.
    score : ndarray, shape [...]
        What was made as large as it gets.
    """

    samples: NDArray[np.floating[Any]]
    taps: Numbers
    score: Numbers


def minimum_entropy_deconvolution(
    x: ArrayLike, *, n_taps: int, max_iterations: int = 50, tolerance: float = 1e-3
) -> Deconvolved:
    """Filter a signal so that its kurtosis becomes as large as it gets.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal, best without its tones.
    n_taps : int
        Length of the filter. A long one can turn any signal into a single impulse, which has the
        largest kurtosis of all: see whether the strikes that come out repeat.
    max_iterations : int
        Each solves for the filter whose output is nearest to the cube of the last output.
    tolerance : float
        Stop when the kurtosis grows by less than this share.

    Returns
    -------
    Deconvolved
        Its score is the kurtosis: 3 for Gaussian noise.

    Raises
    ------
    ParameterError
        If a number is not positive, or the signal shorter than four filters.
    RecordError
        If there is no sample, one is not a finite real number, or a channel is constant.

    References
    ----------
    Wiggins, R. A. (1978), Minimum entropy deconvolution, Geoexploration 16, 21-35,
    doi 10.1016/0016-7142(78)90005-4.

    Endo, H. and Randall, R. B. (2007), Enhancement of autoregressive model based gear tooth fault
    detection technique by the use of minimum entropy deconvolution filter, Mechanical Systems and Signal
    Processing 21(2), 906-919, doi 10.1016/j.ymssp.2006.02.005.
    """
    if max_iterations < 1:
        raise ParameterError(f"max_iterations must be at least 1, got {max_iterations}")
    return _by_channel(x, n_taps, lambda row: _most_impulsive(row, n_taps, max_iterations, tolerance))


def momeda(x: ArrayLike, *, rate_hz: float, period_s: float, n_taps: int) -> Deconvolved:
    """Filter a signal so that it comes as near as can be to one impulse a period.

    Multipoint optimal minimum entropy deconvolution adjusted: it is solved in one step.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    period_s : float
        From strike to strike; no whole number of samples is needed.
    n_taps : int
        Length of the filter: at least a period, for the strikes may begin anywhere in it.

    Returns
    -------
    Deconvolved
        Its score is the multi D-norm: the cosine between output and impulses, 1 for impulses alone.

    Raises
    ------
    ParameterError
        If a number is not positive, the filter shorter than a period, or the signal than four filters.
    RecordError
        If there is no sample, one is not a finite real number, or a channel is constant.

    References
    ----------
    McDonald, G. L. and Zhao, Q. (2017), Multipoint Optimal Minimum Entropy Deconvolution and
    Convolution Fix: Application to vibration fault detection, Mechanical Systems and Signal Processing
    82, 461-477, doi 10.1016/j.ymssp.2016.05.036.
    """
    period = positive("period_s", period_s) * positive("rate_hz", rate_hz)
    if period < 2:
        raise ParameterError(f"period_s must be at least two samples, {2 / rate_hz:g} s, got {period_s:g}")
    if n_taps < period:
        raise ParameterError(
            f"n_taps must be at least a period, {int(np.ceil(period))} samples, got {n_taps}"
        )
    return _by_channel(x, n_taps, lambda row: _nearest_to_impulses(row, n_taps, period))


def cyclostationary_deconvolution(
    x: ArrayLike,
    *,
    rate_hz: float,
    cyclic_hz: float,
    n_taps: int,
    n_harmonics: int = 5,
    max_iterations: int = 50,
    tolerance: float = 1e-3,
) -> Deconvolved:
    """Filter a signal so that as much of its power as can be goes up and down at a cyclic frequency.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    cyclic_hz : float
        A fault frequency: the one that the signal has, not a nominal one, to within one over the length
        of the record divided by the number of harmonics.
    n_taps : int
        Length of the filter.
    n_harmonics : int
        How many multiples of it the power may have.
    max_iterations : int
        Each solves an eigenvalue problem for the weights that the last output gives.
    tolerance : float
        Stop when the score grows by less than this share.

    Returns
    -------
    Deconvolved
        Its score is the indicator of second-order cyclostationarity: the power of the squared output at
        the harmonics over the square of its mean, 0 for stationary noise.

    Raises
    ------
    ParameterError
        If a number is not positive, the last harmonic above half the rate, or the signal shorter than
        four filters.
    RecordError
        If there is no sample, one is not a finite real number, or a channel is constant.

    Notes
    -----
    The weighted correlation matrix of an iteration is a sum of cyclic correlations of the signal, which
    are computed once: an iteration takes no longer for a longer signal.

    References
    ----------
    Buzzoni, M., Antoni, J. and D'Elia, G. (2018), Blind deconvolution based on cyclostationarity
    maximization and its application to fault identification, Journal of Sound and Vibration 432,
    569-601, doi 10.1016/j.jsv.2018.06.055.
    """
    positive("cyclic_hz", cyclic_hz)
    if n_harmonics < 1 or n_harmonics * cyclic_hz >= positive("rate_hz", rate_hz) / 2:
        raise ParameterError(
            f"n_harmonics must be at least 1, and harmonic {n_harmonics} of {cyclic_hz:g} Hz below "
            f"{rate_hz / 2:g} Hz, half the rate"
        )
    if max_iterations < 1:
        raise ParameterError(f"max_iterations must be at least 1, got {max_iterations}")
    turns: Numbers = cyclic_hz / rate_hz * np.arange(1, n_harmonics + 1, dtype=np.float64)
    return _by_channel(x, n_taps, lambda row: _most_cyclic(row, n_taps, turns, max_iterations, tolerance))


def _most_impulsive(
    row: Numbers, n_taps: int, max_iterations: int, tolerance: float
) -> tuple[Numbers, float]:
    factor = linalg.cho_factor(_correlation_matrix(row, n_taps))
    taps = np.zeros(n_taps)
    taps[n_taps // 2] = 1
    best, score = taps, 0.0
    for _ in range(max_iterations):
        output = signal.fftconvolve(row, taps, mode="valid")
        kurtosis = float(np.mean(output**4) / np.mean(output**2) ** 2)
        if kurtosis <= score * (1 + tolerance):
            break
        best, score = taps, kurtosis
        taps = linalg.cho_solve(factor, _matched(row, output**3, n_taps))
        taps /= np.linalg.norm(taps)
    return best, score


def _nearest_to_impulses(row: Numbers, n_taps: int, period: float) -> tuple[Numbers, float]:
    n_out = len(row) - n_taps + 1
    impulses = np.zeros(n_out)
    impulses[np.rint(np.arange(0, n_out - 1, period)).astype(np.int64)] = 1
    taps = linalg.cho_solve(
        linalg.cho_factor(_correlation_matrix(row, n_taps)), _matched(row, impulses, n_taps)
    )
    output = signal.fftconvolve(row, taps, mode="valid")
    cosine = float(output @ impulses / (np.linalg.norm(output) * np.linalg.norm(impulses)))
    return taps, cosine


def _most_cyclic(
    row: Numbers, n_taps: int, turns: Numbers, max_iterations: int, tolerance: float
) -> tuple[Numbers, float]:
    plain = _correlation_matrix(row, n_taps)
    cyclic = [_cyclic_matrix(row, n_taps, turn) for turn in turns]
    rotations = np.exp(-2j * np.pi * np.outer(turns, np.arange(len(row) - n_taps + 1)))
    taps = np.zeros(n_taps)
    taps[n_taps // 2] = 1
    best, score = taps, -1.0
    for _ in range(max_iterations):
        power = signal.fftconvolve(row, taps, mode="valid") ** 2
        lines = rotations @ power / power.sum()
        cyclicity = float(2 * np.sum(np.abs(lines) ** 2))
        if cyclicity <= score * (1 + tolerance):
            break
        best, score = taps, cyclicity
        # power-weighted correlation: the periodic part of the power, harmonic by harmonic
        weighted = plain + sum(2 * np.real(line * part) for line, part in zip(lines, cyclic, strict=True))
        _, vectors = linalg.eigh((weighted + weighted.T) / 2, plain, subset_by_index=(n_taps - 1, n_taps - 1))
        taps = vectors[:, 0] / np.linalg.norm(vectors[:, 0])
    return best, score


def _correlation_matrix(row: Numbers, n_taps: int) -> Numbers:
    """Correlation of the signal with itself at the lags of a filter, never singular."""
    correlation = _correlation(row, row, n_taps)
    correlation[0] *= 1 + RIDGE
    matrix: Numbers = linalg.toeplitz(correlation)
    return matrix


def _cyclic_matrix(row: Numbers, n_taps: int, turns: float) -> NDArray[np.complex128]:
    """Sums of the products of what taps i and j meet, ``exp(2j pi turns n)`` at output n."""
    rotated = row * np.exp(2j * np.pi * turns * (np.arange(len(row)) - n_taps + 1))
    lags = _correlation(row, rotated, n_taps)
    i, j = np.indices((n_taps, n_taps))
    # the later of the two samples has the turn of the output less the smaller of both delays
    matrix: NDArray[np.complex128] = lags[np.abs(i - j)] * np.exp(2j * np.pi * turns * np.minimum(i, j))
    return matrix


def _correlation(early: NDArray[Any], late: NDArray[Any], n_lags: int) -> NDArray[Any]:
    """Sums over m of ``early[m - lag] late[m]`` for lags from 0."""
    n = fft.next_fast_len(len(early) + n_lags)
    if np.iscomplexobj(late):
        full: NDArray[Any] = fft.ifft(fft.fft(late, n) * fft.fft(early, n).conj())
    else:
        full = fft.irfft(fft.rfft(late, n) * fft.rfft(early, n).conj(), n)
    return full[:n_lags]


def _matched(row: Numbers, wanted: Numbers, n_taps: int) -> Numbers:
    """Sums over n of ``wanted[n] x[n + n_taps - 1 - k]`` for tap k: what least squares asks of a filter."""
    matched: Numbers = signal.correlate(row, wanted, mode="valid", method="fft")[::-1]
    return matched


def _by_channel(x: ArrayLike, n_taps: int, solve: Any) -> Deconvolved:
    """Find a filter for each channel and apply it."""
    given = as_samples(x)
    n = given.shape[-1]
    if n_taps < 2:
        raise ParameterError(f"n_taps must be at least 2, got {n_taps}")
    if n < 4 * n_taps:
        raise ParameterError(f"n_taps must be at most {n // 4}, a quarter of {n} samples, got {n_taps}")
    rows = given.reshape(-1, n).astype(np.float64)
    rows -= rows.mean(axis=-1, keepdims=True)
    deviation = rows.std(axis=-1)
    if (deviation <= 1e-12 * np.abs(given.reshape(-1, n)).max(axis=-1)).any():
        raise RecordError("a channel is constant: there is nothing to deconvolve; check the sensor")
    found = [solve(row) for row in rows / deviation[:, None]]
    outputs = [
        signal.fftconvolve(row, taps, mode="valid") for row, (taps, _) in zip(rows, found, strict=True)
    ]
    lead = given.shape[:-1]
    samples = np.stack([output / output.std() for output in outputs]).astype(given.dtype)
    return Deconvolved(
        samples.reshape(*lead, -1),
        np.stack([taps for taps, _ in found]).reshape(*lead, n_taps),
        np.array([score for _, score in found]).reshape(lead),
    )
