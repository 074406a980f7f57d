"""The Morlet scalogram: a time-frequency map with the same relative resolution at all frequencies."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from faultdiag.errors import ParameterError
from faultdiag.signal.checks import positive, refuse_short, rising_band, whole_number
from faultdiag.signal.samples import as_samples

__all__ = ["morlet_scalogram"]

Samples = NDArray[np.floating[Any]]
Numbers = NDArray[np.float64]

REACH = 5.0
"""Where a wavelet ends in frequency, in standard deviations: at 4e-6 of its peak."""

SPAN = 4.0
"""Where a wavelet ends in time, in standard deviations."""


def morlet_scalogram(
    x: ArrayLike,
    *,
    rate_hz: float,
    band_hz: tuple[float, float],
    step_s: float,
    per_octave: int = 12,
    n_cycles: float | None = None,
) -> tuple[Numbers, Numbers, Samples]:
    """Return the amplitude of a signal through complex Morlet wavelets at even steps in octaves.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    band_hz : (float, float)
        Frequency of the lowest wavelet, and upper limit of that of the highest.
    step_s : float
        Length of a time cell; taken as a whole number of samples.
    per_octave : int
        Wavelets an octave.
    n_cycles : float, optional
        Frequency of a wavelet over the standard deviation of its Gaussian spectrum; 6 is common for
        impacts. Default: neighbours cross at half power (28 for 12 an octave), which leaves no gap.

    Returns
    -------
    time_s : ndarray, shape [n_cells]
        Middles of the cells.
    freq_hz : ndarray, shape [n_wavelets]
        Frequencies of the wavelets, rising.
    amplitude : ndarray, shape [..., n_wavelets, n_cells]
        RMS over the cell of the envelope behind each wavelet, in the unit of `x`: a tone of amplitude `a`
        at the frequency of a wavelet reads `a`.

    Raises
    ------
    ParameterError
        If the band does not rise between 0 and half the rate, the step is shorter than a sample, or a
        number is not positive.
    RecordError
        If a sample is not a finite real number, or the signal is shorter than half the lowest wavelet or
        than a cell.

    Notes
    -----
    Each wavelet is a Gaussian over the spectrum of the whole signal, and its output is computed only as
    densely as its width asks for: low frequencies cost little. The signal goes on as its mirror image
    beyond both ends; samples after the last whole cell are left out.

    References
    ----------
    Torrence, C. and Compo, G. P. (1998), A practical guide to wavelet analysis, Bulletin of the American
    Meteorological Society 79(1), 61-78, doi 10.1175/1520-0477(1998)079<0061:APGTWA>2.0.CO;2.

    Examples
    --------
    >>> import numpy as np
    >>> tone = 3 * np.sin(2 * np.pi * 400 * np.arange(8000) / 8000)
    >>> time_s, freq_hz, amplitude = morlet_scalogram(
    ...     tone, rate_hz=8000, band_hz=(100, 1600), step_s=0.1, per_octave=6
    ... )
    >>> amplitude.shape, bool(np.allclose(amplitude[freq_hz.round() == 400, 2:-2], 3, rtol=1e-3))
    ((25, 10), True)
    """
    low_hz, high_hz = rising_band("band_hz", band_hz, rate_hz=rate_hz)
    whole_number("per_octave", per_octave, least=1)
    hop = round(positive("step_s", step_s) * rate_hz)
    if hop < 1:
        raise ParameterError(f"step_s must be at least a sample, {1 / rate_hz:g} s, got {step_s:g}")
    if n_cycles is None:
        n_cycles = np.sqrt(np.log(2)) / (2 ** (0.5 / per_octave) - 1)
    n_octaves = np.log2(high_hz / low_hz)
    freq_hz = low_hz * 2 ** (np.arange(int(n_octaves * per_octave + 1e-9) + 1) / per_octave)
    samples = as_samples(x)
    margin = SPAN * positive("n_cycles", n_cycles) / (2 * np.pi * low_hz) * rate_hz
    remedy = f"raise the lower edge of band_hz, {low_hz:g} Hz, or lower step_s, n_cycles or per_octave"
    refuse_short(samples.shape[-1], max(margin, hop), what="the lowest wavelet", remedy=remedy)
    amplitude = _amplitudes(samples, freq_hz / rate_hz, n_cycles, hop, margin)
    time_s = np.asarray(((np.arange(amplitude.shape[-1]) + 0.5) * hop - 0.5) / rate_hz, np.float64)
    return time_s, freq_hz, amplitude


def _amplitudes(samples: Samples, cycles: Numbers, n_cycles: float, hop: int, margin: float) -> Samples:
    """RMS of the envelope in each cell, shape [..., n_wavelets, n_cells]; `cycles` are those a sample."""
    n_cells = samples.shape[-1] // hop
    before = int(np.ceil(margin / hop))
    total = fft.next_fast_len(n_cells + 2 * before)
    after = total - before - n_cells
    beyond = [(0, 0)] * (samples.ndim - 1) + [(before * hop, after * hop)]
    spectrum = fft.rfft(np.pad(samples[..., : n_cells * hop], beyond, mode="symmetric"))
    amplitude = np.empty((*samples.shape[:-1], len(cycles), n_cells), samples.dtype)
    for i, centre in enumerate(cycles * total * hop):
        power = _power(spectrum, centre, centre / n_cycles, total, hop)
        amplitude[..., i, :] = np.sqrt(power[..., before : before + n_cells])
    return amplitude


def _power(spectrum: NDArray[Any], centre: float, deviation: float, total: int, hop: int) -> Samples:
    """Mean squared envelope in all cells behind a wavelet; centre and deviation in lines."""
    low = max(int(np.ceil(centre - REACH * deviation)), 1)
    end = min(int(centre + REACH * deviation) + 1, spectrum.shape[-1])
    per_cell = fft.next_fast_len(-(-(end - low) // total))
    lines = np.arange(low, end)
    # points of the output lie in the middle of the stretches they stand for
    late = (hop / per_cell - 1) / 2
    gain = np.exp(-0.5 * ((lines - centre) / deviation) ** 2 + 2j * np.pi * late / (total * hop) * lines)
    # twice: the negative frequencies, which an envelope has not
    gain *= 2 * per_cell / hop
    response = fft.ifft(spectrum[..., low:end] * gain.astype(spectrum.dtype), n=per_cell * total)
    squares = np.square(response.real) + np.square(response.imag)
    return np.asarray(squares.reshape(*squares.shape[:-1], total, per_cell).mean(axis=-1))
