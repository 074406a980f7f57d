"""The spectrogram: short-time spectra over time."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from faultdiag.signal.timefrequency import stft
from faultdiag.views.base import Speeds
from faultdiag.views.windows import SignalView, channels_last, known_rate, log_standardized, picked

__all__ = ["StftView"]

SIDE = 64
"""Frequencies and times of the default picture."""


@dataclass(frozen=True, kw_only=True)
class StftView(SignalView):
    """Logarithm of the amplitudes of short frames, each window and channel at mean 0 and deviation 1.

    Attributes
    ----------
    frame, hop : int
        Samples of a frame, and from one to the next.
    """

    name: ClassVar[str] = "stft"

    frame: int
    hop: int

    @classmethod
    def fit(
        cls,
        windows: NDArray[Any],
        *,
        rate_hz: float | None = None,
        frame: int | None = None,
        hop: int | None = None,
    ) -> "StftView":
        """Return the view for windows ``[n, channels, length]``: by default a picture of some 64 x 64."""
        n_channels, length = cls.sizes(windows)
        rate = known_rate(cls.name, rate_hz)
        frame = picked(cls.name, "frame", frame or min(2 * SIDE, length // 2), 8, length)
        hop = picked(cls.name, "hop", hop or max(1, (length - frame) // (SIDE - 1)), 1, length)
        return cls(n_channels=n_channels, length=length, rate_hz=rate, frame=frame, hop=hop)

    @property
    def shape(self) -> tuple[int, ...]:
        """Frequencies from above 0 Hz on, frames and channels."""
        return (self.frame // 2, (self.length - self.frame) // self.hop + 1, self.n_channels)

    def tensors(self, windows: NDArray[Any], speed_rpm: Speeds) -> NDArray[np.float32]:
        """Return tensors ``[..., frequencies, frames, channels]``."""
        centred = windows - windows.mean(axis=-1, keepdims=True)
        # frequencies count in cycles a sample here, so that frame and hop are what was fitted
        _, _, amplitude = stft(centred, rate_hz=1.0, resolution_hz=1 / self.frame, step_s=float(self.hop))
        return channels_last(log_standardized(amplitude[..., 1:, :], n_axes=2), n_axes=2)
