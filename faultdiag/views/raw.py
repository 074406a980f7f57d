"""The waveform itself, normalised per window: amplitude is no part of it."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from faultdiag.views.base import Speeds
from faultdiag.views.windows import SignalView, channels_last, standardized

__all__ = ["RawView"]


@dataclass(frozen=True, kw_only=True)
class RawView(SignalView):
    """Each window and channel at mean 0 and standard deviation 1."""

    name: ClassVar[str] = "raw"

    @classmethod
    def fit(cls, windows: NDArray[Any], *, rate_hz: float | None = None) -> "RawView":
        """Return the view for windows ``[n, channels, length]``; it works at any rate."""
        n_channels, length = cls.sizes(windows)
        return cls(n_channels=n_channels, length=length)

    @property
    def is_slow(self) -> bool:
        """It is made faster than it could be read."""
        return False

    @property
    def shape(self) -> tuple[int, ...]:
        """Samples and channels."""
        return (self.length, self.n_channels)

    def tensors(self, windows: NDArray[Any], speed_rpm: Speeds) -> NDArray[np.float32]:
        """Return tensors ``[..., length, channels]``."""
        return channels_last(standardized(windows), n_axes=1)
