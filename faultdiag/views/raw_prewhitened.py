"""The waveform after cepstrum prewhitening: every frequency has the same power, tones and all."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from faultdiag.signal.cepstrum import cepstrum_prewhitened
from faultdiag.views.base import Speeds
from faultdiag.views.windows import SignalView, channels_last, standardized

__all__ = ["RawPrewhitenedView"]


@dataclass(frozen=True, kw_only=True)
class RawPrewhitenedView(SignalView):
    """Each window and channel prewhitened by `faultdiag.signal.cepstrum_prewhitened`."""

    name: ClassVar[str] = "raw_prewhitened"

    @classmethod
    def fit(cls, windows: NDArray[Any], *, rate_hz: float | None = None) -> "RawPrewhitenedView":
        """Return the view for windows ``[n, channels, length]``; it works at any rate."""
        n_channels, length = cls.sizes(windows)
        return cls(n_channels=n_channels, length=length)

    @property
    def shape(self) -> tuple[int, ...]:
        """Samples and channels."""
        return (self.length, self.n_channels)

    def tensors(self, windows: NDArray[Any], speed_rpm: Speeds) -> NDArray[np.float32]:
        """Return tensors ``[..., length, channels]``."""
        return channels_last(standardized(cepstrum_prewhitened(windows)), n_axes=1)
