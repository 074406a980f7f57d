"""View of the envelope: how strongly the signal pulses, sample by sample, at mean 1."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError
from faultdiag.signal import analytic_envelope
from faultdiag.views.base import Speeds

__all__ = ["EnvelopeView"]


@dataclass(frozen=True)
class EnvelopeView:
    """The envelope of each window and channel, over its own mean; a window of zeros stays zeros."""

    n_channels: int
    length: int

    @classmethod
    def fit(cls, windows: NDArray[Any], *, rate_hz: float | None) -> "EnvelopeView":
        """Return the view for windows ``[n, channels, length]``; it learns nothing but their size."""
        return cls(n_channels=windows.shape[1], length=windows.shape[2])

    @property
    def shape(self) -> tuple[int, ...]:
        """Samples and channels."""
        return (self.length, self.n_channels)

    def state(self) -> dict[str, Any]:
        """Return the attributes."""
        return asdict(self)

    def __call__(
        self, samples: NDArray[Any], rate_hz: float | None = None, speed_rpm: Speeds = None
    ) -> NDArray[np.float32]:
        """Return tensors ``[..., length, channels]`` of windows ``[..., channels, length]``."""
        if samples.shape[-2:] != (self.n_channels, self.length):
            raise ParameterError(
                f"view 'envelope': windows must be [..., {self.n_channels}, {self.length}], "
                f"got {list(samples.shape)}"
            )
        centred = samples - samples.mean(axis=-1, keepdims=True)
        envelope = analytic_envelope(centred, rate_hz=rate_hz or 1.0)
        mean = envelope.mean(axis=-1, keepdims=True)
        scaled = np.divide(envelope, mean, out=np.zeros_like(envelope), where=mean > 0)
        return np.swapaxes(scaled, -1, -2).astype(np.float32)
