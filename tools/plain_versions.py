"""What some functions of `faultdiag.signal` compute, written down plainly with NumPy and SciPy.

Real transforms, one channel, no check of the input, nothing that would take a second thought.
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import fft, signal

__all__ = [
    "cepstrum_prewhitened",
    "spectral_coherence",
    "squared_envelope_spectrum",
    "synchronous_average",
]

Samples = NDArray[np.float64]

FINER = 8
"""Times as many samples before straight lines are drawn between them."""


def squared_envelope_spectrum(x: Samples, *, rate_hz: float, band_hz: tuple[float, float]) -> Samples:
    """Return the amplitudes: one transform, two back for the band and its quadrature, one more."""
    n = len(x)
    spectrum = fft.rfft(x - x.mean())
    freq_hz = fft.rfftfreq(n, 1 / rate_hz)
    spectrum[(freq_hz < band_hz[0]) | (freq_hz > band_hz[1])] = 0
    squared = fft.irfft(spectrum, n) ** 2 + fft.irfft(-1j * spectrum, n) ** 2
    window = signal.get_window("hann", n)
    return np.asarray(2 / window.sum() * np.abs(fft.rfft((squared - squared.mean()) * window)))


def cepstrum_prewhitened(x: Samples) -> Samples:
    """Return the signal with all magnitudes equal: mean 0 and variance 1."""
    spectrum = fft.rfft(x)
    spectrum /= np.abs(spectrum)
    spectrum[0] = 0
    whitened = fft.irfft(spectrum, len(x))
    return np.asarray(whitened / whitened.std())


def spectral_coherence(
    x: Samples, *, rate_hz: float, max_cyclic_hz: float, resolution_hz: float
) -> NDArray[np.complex128]:
    """Return the map ``[cyclic, freq]``: an averaged cyclic periodogram for each cyclic frequency."""
    length = 8 * round(rate_hz / resolution_hz / 8)
    hop = length // 8
    n_frames = fft.prev_fast_len((len(x) - length) // hop + 1)
    window = signal.get_window("hann", length)

    def spectra(samples: NDArray[Any]) -> NDArray[np.complex128]:
        frames = sliding_window_view(samples, length)[::hop][:n_frames] * window
        return np.asarray(fft.fft(frames)[:, : length // 2 + 1])

    centred = x - x.mean()
    here = spectra(centred)
    time_s = np.arange(len(x)) / rate_hz
    step_hz = rate_hz / (n_frames * hop)
    coherence = []
    for cyclic_hz in step_hz * np.arange(int(max_cyclic_hz / step_hz) + 1):
        shifted = spectra(centred * np.exp(2j * np.pi * cyclic_hz * time_s))
        cross = np.mean(here * shifted.conj(), axis=0)
        powers = np.mean(np.abs(here) ** 2, axis=0) * np.mean(np.abs(shifted) ** 2, axis=0)
        coherence.append(cross / np.sqrt(powers))
    return np.array(coherence)


def synchronous_average(x: Samples, *, turns: Samples, samples_per_turn: int) -> Samples:
    """Return the mean turn of a signal whose shaft angle is known: interpolated finely, read, averaged."""
    n_turns = int(turns[-1])
    fine = fft.irfft(fft.rfft(x), FINER * len(x)) * FINER
    angles = np.arange(n_turns * samples_per_turn) / samples_per_turn
    at = np.interp(angles, turns, np.arange(len(x)))
    read = np.interp(at, np.arange(len(fine)) / FINER, fine)
    return np.asarray(read.reshape(n_turns, samples_per_turn).mean(axis=0))
