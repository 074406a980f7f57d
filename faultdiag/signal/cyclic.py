"""Cyclostationary analysis: how the components of a signal at two frequencies go together.

The strikes of a bearing never come quite in time, so their spectrum has no lines; but the power of the
ringing goes up and down with them, and that correlates frequencies that lie a fault frequency apart.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray
from scipy import fft, signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.samples import as_samples

__all__ = ["CyclicMap", "enhanced_envelope_spectrum", "spectral_coherence", "spectral_correlation"]

Complex = NDArray[np.complexfloating[Any, Any]]
Samples = NDArray[np.floating[Any]]

HOP = 8
"""Frames start an eighth of a window apart: what a Hann window lets through is not folded back."""

FEWEST_FRAMES = 32
"""Fewer averages make any two frequencies look alike."""


class CyclicMap(NamedTuple):
    """A map over two frequencies.

    Attributes
    ----------
    cyclic_hz : ndarray, shape [n_cyclic]
        Cyclic frequencies, from 0: how fast the power goes up and down.
    freq_hz : ndarray, shape [n_freq]
        Spectral frequencies, from 0 to half the rate: where.
    value : ndarray of complex, shape [..., n_cyclic, n_freq]
        The correlation of the component at `freq_hz` with that at ``freq_hz - cyclic_hz``.
    """

    cyclic_hz: NDArray[np.float64]
    freq_hz: NDArray[np.float64]
    value: Complex


def spectral_correlation(
    x: ArrayLike, *, rate_hz: float, max_cyclic_hz: float, resolution_hz: float
) -> CyclicMap:
    """Return the spectral correlation of a signal, by the fast algorithm over short-time spectra.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    max_cyclic_hz : float
        Largest cyclic frequency wanted; their step is one over the length of the record.
    resolution_hz : float
        Step of the spectral frequencies; lines of the map blur over some three steps.

    Returns
    -------
    CyclicMap
        A two-sided density, in the unit of `x` squared per Hz: at the cyclic frequency 0 it is half
        the power spectral density.

    Raises
    ------
    ParameterError
        If the rate is not positive, a frequency out of range, or the resolution so fine that the record
        holds too few windows.
    RecordError
        If there is no sample or one is not a finite real number.

    Notes
    -----
    For each shift of p bins the products of short-time spectra p bins apart are transformed over time;
    each holds the correlation around the cyclic frequency of that shift, as far as the window reaches.
    The two nearest shifts are joined by least squares, the nearer with more weight. The products
    change slowly but for a known rotation, so the hop need not follow `max_cyclic_hz`.

    References
    ----------
    Antoni, J., Xin, G. and Hamzaoui, N. (2017), Fast computation of the spectral correlation,
    Mechanical Systems and Signal Processing 92, 248-277, doi 10.1016/j.ymssp.2017.01.011.
    """
    frames, hop, window = _short_time_spectra(x, rate_hz, max_cyclic_hz, resolution_hz)
    cyclic_hz, value = _joined(frames, hop, window, rate_hz, max_cyclic_hz)
    value /= rate_hz
    return CyclicMap(cyclic_hz, fft.rfftfreq(len(window), 1 / rate_hz), value)


def spectral_coherence(
    x: ArrayLike, *, rate_hz: float, max_cyclic_hz: float, resolution_hz: float
) -> CyclicMap:
    """Return the spectral coherence of a signal: its spectral correlation after whitening.

    Parameters
    ----------
    x, rate_hz, max_cyclic_hz, resolution_hz
        As for `spectral_correlation`.

    Returns
    -------
    CyclicMap
        About 1 at the cyclic frequency 0; elsewhere its magnitude says how much of the power at that
        frequency goes up and down, however little power that is. Noise whose amplitude is modulated by
        ``1 + m cos`` has ``m / (1 + m**2 / 2)``. For noise alone it is about ``1 / sqrt(b * t)`` with a
        resolution of b Hz and a record of t s.

    Raises
    ------
    ParameterError, RecordError
        As for `spectral_correlation`.

    References
    ----------
    As for `spectral_correlation`.
    """
    frames, hop, window = _short_time_spectra(x, rate_hz, max_cyclic_hz, resolution_hz)
    power = np.mean(frames.real**2 + frames.imag**2, axis=-1, keepdims=True)
    frames *= np.where(power > 0, 1 / np.sqrt(np.where(power > 0, power, 1)), 0)
    cyclic_hz, value = _joined(frames, hop, window, rate_hz, max_cyclic_hz)
    value *= float(np.sum(window**2))
    return CyclicMap(cyclic_hz, fft.rfftfreq(len(window), 1 / rate_hz), value)


def enhanced_envelope_spectrum(
    coherence: CyclicMap, *, band_hz: tuple[float, float] | None = None
) -> tuple[NDArray[np.float64], Samples]:
    """Return the magnitude of a spectral coherence averaged over frequency.

    Like an envelope spectrum in which every band counts the same, however weak.

    Parameters
    ----------
    coherence : CyclicMap
        From `spectral_coherence`.
    band_hz : (float, float), optional
        Average over this band only (the improved envelope spectrum); default all frequencies (the
        enhanced one).

    Returns
    -------
    cyclic_hz : ndarray, shape [n_cyclic]
        From 0.
    value : ndarray, shape [..., n_cyclic]
        From 0 to about 1.

    Raises
    ------
    ParameterError
        If no frequency of the map lies within the band.

    References
    ----------
    Abboud, D., Elbadaoui, M., Smith, W. A. and Randall, R. B. (2019), Advanced bearing diagnostics: A
    comparative study of two powerful approaches, Mechanical Systems and Signal Processing 114, 604-627,
    doi 10.1016/j.ymssp.2018.05.011.
    """
    low_hz, high_hz = (0.0, np.inf) if band_hz is None else band_hz
    inside = (coherence.freq_hz >= low_hz) & (coherence.freq_hz <= high_hz)
    if not inside.any():
        raise ParameterError(
            f"band_hz must hold a frequency of the map, 0 to {coherence.freq_hz[-1]:g} Hz in steps of "
            f"{coherence.freq_hz[1]:g}, got {low_hz:g} to {high_hz:g}"
        )
    return coherence.cyclic_hz, np.abs(coherence.value[..., inside]).mean(axis=-1)


def _short_time_spectra(
    x: ArrayLike, rate_hz: float, max_cyclic_hz: float, resolution_hz: float
) -> tuple[Complex, int, NDArray[np.float64]]:
    """Spectra of Hann windows ``[..., n_freq, n_frames]``, the hop, and the window."""
    samples = as_samples(x)
    if not (np.isfinite(rate_hz) and rate_hz > 0):
        raise ParameterError(f"rate_hz must be a positive number, got {rate_hz}")
    if not 0 < max_cyclic_hz <= rate_hz / 2:
        raise ParameterError(
            f"max_cyclic_hz must lie above 0 and not above {rate_hz / 2:g} Hz, half the rate, "
            f"got {max_cyclic_hz:g}"
        )
    coarsest_hz = rate_hz / (2 * HOP)
    if not 0 < resolution_hz <= coarsest_hz:
        raise ParameterError(
            f"resolution_hz must lie above 0 and not above {coarsest_hz:g} Hz, got {resolution_hz:g}"
        )
    length = HOP * round(rate_hz / resolution_hz / HOP)
    hop = length // HOP
    n_frames = (samples.shape[-1] - length) // hop + 1
    if n_frames < FEWEST_FRAMES:
        least = length + (FEWEST_FRAMES - 1) * hop
        raise RecordError(
            f"{samples.shape[-1]} samples are too few for resolution_hz {resolution_hz:g}: record at least "
            f"{least} or take {resolution_hz * least / samples.shape[-1]:.3g} Hz"
        )
    n_frames = fft.prev_fast_len(n_frames)
    window = signal.get_window("hann", length)
    centred = samples - samples.mean(axis=-1, keepdims=True)
    pieces = sliding_window_view(centred, length, axis=-1)[..., ::hop, :][..., :n_frames, :]
    frames = fft.rfft(pieces * window.astype(samples.dtype))
    return np.ascontiguousarray(np.swapaxes(frames, -1, -2)), hop, window


def _joined(
    frames: Complex, hop: int, window: NDArray[np.float64], rate_hz: float, max_cyclic_hz: float
) -> tuple[NDArray[np.float64], Complex]:
    """Cyclic frequencies, and the correlation there of spectra at all frequencies with shifted ones."""
    n_freq, n_frames = frames.shape[-2:]
    length = len(window)
    cyclic_step_hz = rate_hz / (n_frames * hop)
    numbers = np.arange(int(max_cyclic_hz / cyclic_step_hz * (1 + 1e-12)) + 1)
    in_bins = numbers * length / (n_frames * hop)  # cyclic frequencies in steps of the spectral ones
    value = np.zeros((*frames.shape[:-2], len(numbers), n_freq), frames.dtype)
    weight = np.zeros(len(numbers))
    last = int(np.ceil(in_bins[-1])) + 1
    # a real signal has at negative frequencies the conjugates of what it has at positive ones
    both = np.concatenate([frames[..., min(last, n_freq - 1) : 0 : -1, :].conj(), frames], axis=-2)
    zero = min(last, n_freq - 1)
    for shift in range(last + 1):
        near = np.abs(in_bins - shift) < 1
        if not near.any() or shift > zero:
            continue
        products = frames * both[..., zero - shift : zero - shift + n_freq, :].conj()
        spectra = fft.fft(products, axis=-1, overwrite_x=True)[..., numbers[near] % n_frames]
        off = in_bins[near] - shift
        passed = _passed(window, off)
        weighted = (1 - np.abs(off)) * passed.conj()
        value[..., near, :] += np.swapaxes(spectra * weighted.astype(frames.dtype), -1, -2)
        weight[near] += np.real(weighted * passed)
    value /= (n_frames * weight[:, None]).astype(value.real.dtype)
    return numbers * cyclic_step_hz, value


def _passed(window: NDArray[np.float64], off_bins: NDArray[np.float64]) -> NDArray[np.complex128]:
    """What products of windowed spectra keep of a correlation that is so many bins off their shift."""
    turns = np.outer(off_bins, np.arange(len(window)) / len(window))
    kept: NDArray[np.complex128] = np.exp(2j * np.pi * turns) @ window**2
    return kept
