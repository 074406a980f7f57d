"""View of the envelope: how strongly the signal pulses, sample by sample, at mean 1."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from faultdiag.signal import analytic_envelope
from faultdiag.views.base import Speeds
from faultdiag.views.windows import SignalView, channels_last

__all__ = ["EnvelopeView"]


@dataclass(frozen=True, kw_only=True)
class EnvelopeView(SignalView):
    """The envelope of each window and channel, over its own mean."""

    name: ClassVar[str] = "envelope"

    @classmethod
    def fit(cls, windows: NDArray[Any], *, rate_hz: float | None) -> "EnvelopeView":
        """Return the view for windows ``[n, channels, length]``; it learns nothing but their size."""
        n_channels, length = cls.sizes(windows)
        return cls(n_channels=n_channels, length=length)

    @property
    def shape(self) -> tuple[int, ...]:
        """Samples and channels."""
        return (self.length, self.n_channels)

    def tensors(self, windows: NDArray[Any], speed_rpm: Speeds) -> NDArray[np.float32]:
        """Return tensors ``[..., length, channels]`` of windows ``[..., channels, length]``."""
        centred = windows - windows.mean(axis=-1, keepdims=True)
        envelope = analytic_envelope(centred, rate_hz=1.0)
        return channels_last(envelope / envelope.mean(axis=-1, keepdims=True), n_axes=1)
