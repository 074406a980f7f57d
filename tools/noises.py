"""Noise of the kinds that machines make, in which there is no fault."""

from collections.abc import Callable

import numpy as np
import real_records
from numpy.typing import NDArray

RATE_HZ, SPEED_RPM, DURATION_S = 12000.0, 1797.0, 5.0

Numbers = NDArray[np.float64]


def noises(rng: np.random.Generator) -> dict[str, Callable[[], Numbers]]:
    """Return functions that make a new piece at each call; the spectra are those of healthy records."""
    n = int(DURATION_S * RATE_HZ)
    t = np.arange(n) / RATE_HZ
    shaft_hz = SPEED_RPM / 60
    spectra = [
        np.abs(np.fft.rfft(piece.samples[0]))
        for record in real_records.cwru_healthy()
        for piece in real_records.pieces(record, length_s=DURATION_S / 2)
    ]

    def white() -> Numbers:
        return rng.standard_normal(n)

    def coloured() -> Numbers:
        chosen = spectra[rng.integers(len(spectra))]
        smooth = np.convolve(chosen, np.ones(25) / 25, mode="same")
        shape = np.interp(np.linspace(0, 1, n // 2 + 1), np.linspace(0, 1, len(smooth)), smooth)
        phases = rng.standard_normal(n // 2 + 1) + 1j * rng.standard_normal(n // 2 + 1)
        return np.fft.irfft(shape * phases, n=n)

    def lines(base_hz: float, count: int) -> Numbers:
        tones = [np.cos(2 * np.pi * (k * base_hz * t + rng.uniform())) for k in range(1, count + 1)]
        return np.asarray(np.sum([rng.uniform(0, 3) * tone for tone in tones], axis=0))

    return {
        "white": white,
        "healthy spectrum": coloured,
        "shaft harmonics": lambda: white() + lines(shaft_hz, 12),
        "mesh harmonics": lambda: white() + lines(23 * shaft_hz, 4) * (1 + 0.3 * lines(shaft_hz, 2) / 6),
        "modulated by the shaft": lambda: white() * (1 + 0.5 * np.cos(2 * np.pi * shaft_hz * t)),
    }
