"""Parts of a signal that repeat for ever, shafts and gears, and parts that do not, bearings and noise.

Both methods predict the signal from itself some time ago: tones can be predicted, the rest cannot. The
rest of a bearing signal is random since its rolling elements slip a little.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, signal

from faultdiag.errors import ParameterError
from faultdiag.signal.checks import refuse_constant, refuse_short, whole_number
from faultdiag.signal.samples import as_samples

__all__ = ["discrete_random_separation", "self_adaptive_noise_cancellation"]

Samples = NDArray[np.floating[Any]]
Spectrum = NDArray[np.complexfloating[Any, Any]]

MIN_BLOCKS = 8
"""Fewest blocks of which a frequency response is averaged."""

MEMORY = 10
"""Blocks over which the adaptive filter averages the power at each frequency."""

LEAKAGE = 0.1
"""Share of the mean power that every frequency is taken to have at least."""


def discrete_random_separation(x: ArrayLike, *, n_block: int = 8192) -> tuple[Samples, Samples]:
    """Split a signal into its tones and the rest, by the response between it and its delayed self.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal, at constant speed.
    n_block : int
        Length of the blocks, even: longer than the resonances of the random part ring, and so long that
        tones stand out of the noise in a block.

    Returns
    -------
    discrete, random : ndarray, shape [..., n_samples]
        In the unit of `x`, in time with it; their sum is `x`.

    Raises
    ------
    ParameterError
        If the length is odd or less than 16.
    RecordError
        If the signal is shorter than eight blocks, a channel does not vary, or a sample is not a finite
        real number.

    Notes
    -----
    The delay is one block. The cross-spectrum is divided by the mean of the powers of both blocks: the
    gain is the coherent share at each frequency and cannot exceed 1, so no tone is raised by more than
    the 2 % of interpolation between frequencies. Past and future predict alike; the mean of both is
    taken, and near the ends the one that there is, so no sample is lost. The windows of two blocks that
    touch hardly overlap in what a resonance remembers, as long as that is short against a block.

    References
    ----------
    Antoni, J. and Randall, R. B. (2004), Unsupervised noise cancellation for vibration signals: part
    II - a novel frequency-domain algorithm, Mechanical Systems and Signal Processing 18(1), 103-117,
    doi 10.1016/S0888-3270(03)00013-X.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> tone = np.sin(2 * np.pi * 0.0817 * np.arange(50_000))
    >>> discrete, random = discrete_random_separation(tone + rng.standard_normal(50_000), n_block=2048)
    >>> round(float(discrete @ tone / (tone @ tone)), 1)
    1.0
    """
    samples = as_samples(x)
    n = samples.shape[-1]
    if whole_number("n_block", n_block, least=16) % 2:
        raise ParameterError(f"n_block must be even, got {n_block}")
    refuse_short(
        n, MIN_BLOCKS * n_block, what=f"separation in blocks of {n_block}", remedy="a smaller n_block"
    )
    refuse_constant(samples)
    taps = _predictor(samples, n_block)
    reach = taps.shape[-1] // 2
    lead = n_block + reach  # from a sample to the furthest one that predicts it
    n_padded = fft.next_fast_len(n, real=True)
    spectrum, response = fft.rfft(samples, n_padded), fft.rfft(taps, n_padded)
    # only what no wrapped sample reaches is taken
    discrete = np.zeros_like(samples)
    discrete[..., lead:] = fft.irfft(spectrum * response, n_padded)[..., 2 * reach : n + reach - n_block]
    spectrum *= response.conj()
    discrete[..., :-lead] += fft.irfft(spectrum, n_padded)[..., n_block - reach : n - 2 * reach]
    discrete[..., lead:-lead] /= 2
    return discrete, samples - discrete


def self_adaptive_noise_cancellation(
    x: ArrayLike, *, n_taps: int = 1024, n_delay: int | None = None, step: float = 0.2
) -> tuple[Samples, Samples]:
    """Split a signal into what an adaptive filter predicts from its past, and the rest.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal, at almost constant speed.
    n_taps : int
        Length of the filter, and of the blocks after each of which it learns.
    n_delay : int, optional
        How long ago the past ends: longer than the random part remembers; by default half of `n_taps`.
    step : float
        How much of the error a block corrects, over 0 and at most 0.5. The filter has learnt most after
        ``5 / step`` blocks; the larger the step, the more noise it adds to the discrete part.

    Returns
    -------
    discrete, random : ndarray, shape [..., n_samples]
        In the unit of `x`, in time with it; their sum is `x`. While the filter learns, and for the first
        `n_delay` samples, everything is random.

    Raises
    ------
    ParameterError
        If a count is not a whole number of at least 1 (`n_taps`: 2), or the step not over 0 and at
        most 0.5.
    RecordError
        If the signal is shorter than ten blocks and the delay, a channel does not vary, or a sample is not
        a finite real number.

    Notes
    -----
    Normalised least mean squares with a step of its own at each frequency, in blocks by overlap-save.
    Where the speed is constant, `discrete_random_separation` is better: it has no time to learn.

    References
    ----------
    Widrow, B. et al. (1975), Adaptive noise cancelling: principles and applications, Proceedings of the
    IEEE 63(12), 1692-1716, doi 10.1109/PROC.1975.10036.

    Shynk, J. J. (1992), Frequency-domain and multirate adaptive filtering, IEEE Signal Processing
    Magazine 9(1), 14-37, doi 10.1109/79.109205.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> tone = np.sin(2 * np.pi * 0.0817 * np.arange(60_000))
    >>> discrete, random = self_adaptive_noise_cancellation(tone + rng.standard_normal(60_000))
    >>> round(float(discrete[30_000:] @ tone[30_000:] / (tone[30_000:] @ tone[30_000:])), 1)
    0.9
    """
    samples = as_samples(x)
    n = samples.shape[-1]
    whole_number("n_taps", n_taps, least=2)
    n_delay = whole_number("n_delay", n_taps // 2 if n_delay is None else n_delay, least=1)
    if not 0 < step <= 0.5:
        raise ParameterError(f"step must be over 0 and at most 0.5, got {step:g}")
    needed = n_delay + MEMORY * n_taps
    refuse_short(n, needed, what=f"adapting {n_taps} taps", remedy="fewer n_taps")
    refuse_constant(samples)
    # a block of zeros before, so that the first one has a past; a whole number of blocks
    n_blocks = -(-n // n_taps)
    padding = [(0, 0)] * (samples.ndim - 1)
    past = np.pad(samples[..., : n - n_delay], [*padding, (n_taps + n_delay, n_blocks * n_taps - n)])
    wanted = np.pad(samples, [*padding, (0, n_blocks * n_taps - n)])
    discrete = _adaptive_prediction(past, wanted, n_taps, step)[..., :n]
    return discrete, samples - discrete


def _predictor(samples: Samples, n_block: int) -> Samples:
    """Taps, an odd number around lag 0, that predict a sample from those a block before it."""
    window = signal.get_window("hann", n_block).astype(samples.dtype)
    shape = (*samples.shape[:-1], n_block // 2 + 1)
    cross, power = np.zeros(shape, np.result_type(samples, np.complex64)), np.zeros(shape, samples.dtype)
    for start in (0, n_block // 2):  # blocks that overlap by half
        n_blocks = (samples.shape[-1] - start) // n_block
        stretch = samples[..., start : start + n_blocks * n_block]
        spectra = fft.rfft(stretch.reshape(*samples.shape[:-1], n_blocks, n_block) * window)
        cross += np.sum(spectra[..., :-1, :].conj() * spectra[..., 1:, :], axis=-2)
        powers = _squared(spectra)
        power += powers[..., :-1, :].sum(axis=-2) + powers[..., 1:, :].sum(axis=-2)
    response = 2 * cross / (power + np.finfo(samples.dtype).tiny)
    # smooth between the frequencies of the blocks: taps that fade out
    taps = fft.fftshift(fft.irfft(response, n=n_block), axes=-1) * window
    centred: Samples = taps[..., 1:]
    return centred


def _adaptive_prediction(past: Samples, wanted: Samples, n_taps: int, step: float) -> Samples:
    """Prediction of `wanted`; `past` holds one block more before it."""
    pairs = wanted[..., : MEMORY * n_taps].reshape(*wanted.shape[:-1], MEMORY // 2, 2 * n_taps)
    power = _squared(fft.rfft(pairs)).mean(axis=-2)
    response: Spectrum = np.zeros(power.shape, np.result_type(power, np.complex64))
    predicted, tiny = np.empty_like(wanted), np.finfo(wanted.dtype).tiny
    error = np.zeros((*past.shape[:-1], 2 * n_taps), past.dtype)
    for start in range(0, wanted.shape[-1], n_taps):
        block = slice(start, start + n_taps)
        spectrum = fft.rfft(past[..., start : start + 2 * n_taps])
        predicted[..., block] = fft.irfft(spectrum * response)[..., n_taps:]
        error[..., n_taps:] = wanted[..., block] - predicted[..., block]
        now = _squared(spectrum)
        power += (now - power) / MEMORY
        # never less than what is there now or leaks from elsewhere: an impact must not throw the filter off
        norm = np.maximum(power, now) + LEAKAGE * power.mean(axis=-1, keepdims=True) + tiny
        taps = fft.irfft(spectrum.conj() * fft.rfft(error) / norm)
        taps[..., n_taps:] = 0  # the filter has as many taps as a block; more would wrap around
        response += step * fft.rfft(taps)
    return predicted


def _squared(spectrum: Spectrum) -> Samples:
    """Squared magnitude, without the root in between."""
    squared: Samples = np.square(spectrum.real) + np.square(spectrum.imag)
    return squared
