"""The amplitude spectrum, linear or logarithmic, in Hz."""

from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from faultdiag.views.base import Speeds
from faultdiag.views.windows import SignalView, channels_last, known_rate, log_standardized

__all__ = ["LogSpectrumView", "SpectrumView"]

V = TypeVar("V", bound="SpectrumView")


@dataclass(frozen=True, kw_only=True)
class SpectrumView(SignalView):
    """Amplitudes of a Hann window's lines but that of 0 Hz, over their root mean square."""

    name: ClassVar[str] = "spectrum"

    @classmethod
    def fit(cls: type[V], windows: NDArray[Any], *, rate_hz: float | None = None) -> V:
        """Return the view for windows ``[n, channels, length]``."""
        n_channels, length = cls.sizes(windows)
        return cls(n_channels=n_channels, length=length, rate_hz=known_rate(cls.name, rate_hz))

    @property
    def shape(self) -> tuple[int, ...]:
        """Lines and channels."""
        return (self.length // 2, self.n_channels)

    def tensors(self, windows: NDArray[Any], speed_rpm: Speeds) -> NDArray[np.float32]:
        """Return tensors ``[..., lines, channels]``."""
        amplitude = self._amplitude(windows)
        size = np.sqrt(np.mean(amplitude**2, axis=-1, keepdims=True))
        return channels_last(amplitude / size, n_axes=1)

    def _amplitude(self, windows: NDArray[Any]) -> NDArray[Any]:
        centred = windows - windows.mean(axis=-1, keepdims=True)
        weights = np.hanning(self.length + 1)[:-1].astype(windows.dtype)
        amplitude: NDArray[Any] = np.abs(fft.rfft(centred * weights))[..., 1:]
        return amplitude


@dataclass(frozen=True, kw_only=True)
class LogSpectrumView(SpectrumView):
    """The logarithm of those amplitudes, each window and channel at mean 0 and deviation 1."""

    name: ClassVar[str] = "log_spectrum"

    def tensors(self, windows: NDArray[Any], speed_rpm: Speeds) -> NDArray[np.float32]:
        """Return tensors ``[..., lines, channels]``."""
        return channels_last(log_standardized(self._amplitude(windows)), n_axes=1)
