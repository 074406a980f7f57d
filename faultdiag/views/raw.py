"""The waveform itself, normalised per window: amplitude is no part of it."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError
from faultdiag.views.base import Speeds

__all__ = ["RawView"]


@dataclass(frozen=True)
class RawView:
    """Each window and channel at mean 0 and standard deviation 1; a constant one becomes zeros.

    Attributes
    ----------
    n_channels, length : int
        Channels and samples of a window.
    """

    n_channels: int
    length: int

    @classmethod
    def fit(cls, windows: NDArray[Any], *, rate_hz: float | None = None) -> "RawView":
        """Return the view for windows ``[n, channels, length]``."""
        if windows.ndim != 3:
            raise ParameterError(
                f"view 'raw': windows must have shape [n, channels, length], got {list(windows.shape)}"
            )
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
        """Return tensors ``[..., length, channels]`` of windows ``[..., channels, length]``.

        Raises
        ------
        ParameterError
            If the windows have other sizes than those the view was made for.
        """
        if samples.shape[-2:] != (self.n_channels, self.length):
            raise ParameterError(
                f"view 'raw': windows must be [..., {self.n_channels}, {self.length}], "
                f"got {list(samples.shape)}"
            )
        mean = samples.mean(axis=-1, keepdims=True)
        centred = samples - mean
        deviation = centred.std(axis=-1, keepdims=True)
        # rounding leaves a constant window a deviation of some 1e-8 of its value: that is no signal
        scale = np.where(deviation > 1e-6 * np.abs(mean), deviation, np.inf)
        tensors: NDArray[np.float32] = np.swapaxes(centred / scale, -1, -2).astype(np.float32)
        return tensors
