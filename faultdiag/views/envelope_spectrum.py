"""Squared envelope spectra, in orders of the shaft or in Hz: where a bearing shows what strikes."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from faultdiag.errors import ParameterError
from faultdiag.signal.bands import Slices
from faultdiag.signal.cepstrum import cepstrum_prewhitened
from faultdiag.views.axis import Axis, AxisUnit, AxisView, default_axis, over_background
from faultdiag.views.base import Speeds
from faultdiag.views.windows import channels_last, known_rate, picked

__all__ = ["EnvelopeSpectrumView", "MultibandEnvelopeView"]

NARROWEST = 128
"""Samples of a window for each band: its envelope has half as many."""


@dataclass(frozen=True, kw_only=True)
class EnvelopeSpectrumView(AxisView):
    """Amplitudes of the squared envelope of one band over their background.

    Attributes
    ----------
    axis, step, last
        As for `AxisView`.
    low_hz, high_hz : float
        The band.
    prewhitened : bool
        Whether a window is prewhitened in the cepstrum first.
    """

    name: ClassVar[str] = "envelope_spectrum"

    low_hz: float
    high_hz: float
    prewhitened: bool

    @classmethod
    def fit(
        cls,
        windows: NDArray[Any],
        *,
        rate_hz: float | None = None,
        axis: AxisUnit = "order",
        step: float | None = None,
        last: float | None = None,
        low_hz: float = 0.0,
        high_hz: float | None = None,
        prewhitened: bool = False,
    ) -> "EnvelopeSpectrumView":
        """Return the view for windows ``[n, channels, length]``: by default the whole band, to 20 orders."""
        n_channels, length = cls.sizes(windows)
        rate = known_rate(cls.name, rate_hz)
        high = rate / 2 if high_hz is None else high_hz
        if not (0 <= low_hz < high <= rate / 2 and (high - low_hz) / rate * length >= NARROWEST / 2):
            raise ParameterError(
                f"view {cls.name!r}: the band must rise within 0 and {rate / 2:g} Hz by at least "
                f"{NARROWEST / 2 * rate / length:.4g} Hz, got {low_hz:g} to {high:g}"
            )
        chosen = default_axis(axis, step, last, length=length, rate_hz=rate, highest_hz=high - low_hz)
        return cls(
            n_channels=n_channels,
            length=length,
            rate_hz=rate,
            axis=chosen.unit,
            step=chosen.step,
            last=chosen.last,
            low_hz=low_hz,
            high_hz=high,
            prewhitened=prewhitened,
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """Points of the axis, and channels."""
        return (Axis(self.axis, self.step, self.last).n_points, self.n_channels)

    def tensors(self, windows: NDArray[Any], speed_rpm: Speeds) -> NDArray[np.float32]:
        """Return tensors ``[..., points, channels]``."""
        slices = _slices(windows, self.rate_hz, self.prewhitened)
        squared, rate_hz = slices.band(self.low_hz, self.high_hz - self.low_hz)
        axis = Axis(self.axis, self.step, self.last)
        return channels_last(over_background(_on_axis(squared, rate_hz, axis, speed_rpm)), n_axes=1)


@dataclass(frozen=True, kw_only=True)
class MultibandEnvelopeView(AxisView):
    """The same in several equal bands, one channel each: a fault shows in the bands that it excites.

    Attributes
    ----------
    axis, step, last
        As for `AxisView`.
    n_bands : int
        From 0 to half the rate.
    prewhitened : bool
        Whether a window is prewhitened in the cepstrum first.
    """

    name: ClassVar[str] = "multiband_envelope"

    n_bands: int
    prewhitened: bool

    @classmethod
    def fit(
        cls,
        windows: NDArray[Any],
        *,
        rate_hz: float | None = None,
        axis: AxisUnit = "order",
        step: float | None = None,
        last: float | None = None,
        n_bands: int = 6,
        prewhitened: bool = False,
    ) -> "MultibandEnvelopeView":
        """Return the view for windows ``[n, channels, length]``: by default in 6 bands, to 20 orders."""
        n_channels, length = cls.sizes(windows)
        rate = known_rate(cls.name, rate_hz)
        n_bands = picked(cls.name, "n_bands", n_bands, 1, length // NARROWEST)
        highest_hz = rate / 2 / n_bands
        chosen = default_axis(axis, step, last, length=length, rate_hz=rate, highest_hz=highest_hz)
        return cls(
            n_channels=n_channels,
            length=length,
            rate_hz=rate,
            axis=chosen.unit,
            step=chosen.step,
            last=chosen.last,
            n_bands=n_bands,
            prewhitened=prewhitened,
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """Points of the axis, and the bands of every channel."""
        return (Axis(self.axis, self.step, self.last).n_points, self.n_channels * self.n_bands)

    def tensors(self, windows: NDArray[Any], speed_rpm: Speeds) -> NDArray[np.float32]:
        """Return tensors ``[..., points, channels * bands]``, the bands of the first channel first."""
        squared, rate_hz = _slices(windows, self.rate_hz, self.prewhitened, self.n_bands).level(
            self.n_bands, oversampling=2
        )
        merged = squared.reshape(*windows.shape[:-2], -1, squared.shape[-1])
        axis = Axis(self.axis, self.step, self.last)
        return channels_last(over_background(_on_axis(merged, rate_hz, axis, speed_rpm)), n_axes=1)


def _slices(windows: NDArray[Any], rate_hz: float | None, prewhitened: bool, n_bands: int = 1) -> Slices:
    x = cepstrum_prewhitened(windows) if prewhitened else windows
    return Slices.of(x, rate_hz=rate_hz or 1.0, n_parts=n_bands)


def _on_axis(
    squared: NDArray[Any], rate_hz: float, axis: Axis, speed_rpm: Speeds
) -> NDArray[np.floating[Any]]:
    """Amplitudes of squared envelopes ``[..., n]`` at the points of an axis.

    Lines are computed half as far apart as the window can tell apart; between them they are straight.
    """
    centred = squared - squared.mean(axis=-1, keepdims=True)
    weights = np.hanning(centred.shape[-1]).astype(centred.dtype)
    n = fft.next_fast_len(2 * centred.shape[-1], real=True)
    return axis.sample(np.abs(fft.rfft(centred * weights, n=n)), rate_hz / n, speed_rpm)
