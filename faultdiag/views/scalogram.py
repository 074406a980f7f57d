"""The scalogram: complex Morlet wavelets at even steps in octaves, over time."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError
from faultdiag.signal.scalogram import morlet_scalogram
from faultdiag.views.base import Speeds
from faultdiag.views.windows import SignalView, channels_last, known_rate, log_standardized, picked

__all__ = ["ScalogramView"]

SIDE = 64
LOWEST_CYCLES = 16
"""Of the lowest wavelet in a window, by default."""

IMPACT_CYCLES = 6.0
"""Frequency of a wavelet over its deviation: short enough to see single strikes."""


@dataclass(frozen=True, kw_only=True)
class ScalogramView(SignalView):
    """Logarithm of the amplitudes, each window and channel at mean 0 and deviation 1.

    Attributes
    ----------
    low_hz : float
        Frequency of the lowest wavelet; the highest lies below 0.45 of the rate.
    per_octave : int
        Wavelets an octave.
    hop : int
        Samples of a time cell.
    """

    name: ClassVar[str] = "scalogram"

    low_hz: float
    per_octave: int
    hop: int

    @classmethod
    def fit(
        cls,
        windows: NDArray[Any],
        *,
        rate_hz: float | None = None,
        low_hz: float | None = None,
        per_octave: int | None = None,
        hop: int | None = None,
    ) -> "ScalogramView":
        """Return the view for windows ``[n, channels, length]``: by default a picture of some 64 x 64."""
        n_channels, length = cls.sizes(windows)
        rate = known_rate(cls.name, rate_hz)
        low = low_hz or LOWEST_CYCLES * rate / length
        if not LOWEST_CYCLES / 2 * rate / length <= low < 0.45 * rate:
            raise ParameterError(
                f"view {cls.name!r}: low_hz must lie from {LOWEST_CYCLES / 2 * rate / length:.4g} to below "
                f"{0.45 * rate:.4g} Hz for windows of {length} samples at {rate:g} Hz, got {low:g}"
            )
        n_octaves = np.log2(0.45 * rate / low)
        per_octave = picked(cls.name, "per_octave", per_octave or max(1, int((SIDE - 1) / n_octaves)), 1, 48)
        hop = picked(cls.name, "hop", hop or max(1, length // SIDE), 1, length)
        return cls(
            n_channels=n_channels, length=length, rate_hz=rate, low_hz=low, per_octave=per_octave, hop=hop
        )

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Wavelets, the lowest first, time cells and channels."""
        _, freq_hz, amplitude = self._map(np.cos(np.arange(self.length))[None])
        return (len(freq_hz), amplitude.shape[-1], self.n_channels)

    def tensors(self, windows: NDArray[Any], speed_rpm: Speeds) -> NDArray[np.float32]:
        """Return tensors ``[..., wavelets, cells, channels]``."""
        centred = windows - windows.mean(axis=-1, keepdims=True)
        return channels_last(log_standardized(self._map(centred)[2], n_axes=2), n_axes=2)

    def _map(self, windows: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        rate_hz = self.rate_hz or 1.0
        return morlet_scalogram(
            windows,
            rate_hz=rate_hz,
            band_hz=(self.low_hz, 0.45 * rate_hz),
            step_s=self.hop / rate_hz,
            per_octave=self.per_octave,
            n_cycles=IMPACT_CYCLES,
        )
