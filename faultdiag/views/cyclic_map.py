"""The cyclic map: spectral coherence over frequency and order. A weak bearing fault shows here first."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError
from faultdiag.signal.cyclic import spectral_coherence
from faultdiag.views.axis import Axis, AxisUnit, AxisView
from faultdiag.views.base import Speeds
from faultdiag.views.windows import channels_last, known_rate, picked, standardized

__all__ = ["CyclicMapView"]

BEGIN, STEP, LAST = 0.3, 0.1, 12.0
"""Default axis in orders: from where slow changes of the level end, to two harmonics of the inner race of
common bearings."""

LAST_HZ = 400.0


@dataclass(frozen=True, kw_only=True)
class CyclicMapView(AxisView):
    """Magnitude of the spectral coherence, each window and channel at mean 0 and deviation 1.

    Attributes
    ----------
    axis, step, last
        As for `AxisView`.
    begin : float
        Where the cyclic axis begins, in its unit.
    n_frequencies : int
        Spectral frequencies from above 0 to half the rate.
    """

    name: ClassVar[str] = "cyclic_map"

    begin: float
    n_frequencies: int

    @classmethod
    def fit(
        cls,
        windows: NDArray[Any],
        *,
        rate_hz: float | None = None,
        axis: AxisUnit = "order",
        begin: float | None = None,
        step: float | None = None,
        last: float | None = None,
        n_frequencies: int = 32,
    ) -> "CyclicMapView":
        """Return the view for windows ``[n, channels, length]``: by default 32 frequencies, to 12 orders."""
        n_channels, length = cls.sizes(windows)
        rate = known_rate(cls.name, rate_hz)
        # a frame of 2 n samples, moved by an eighth, must find 32 places
        n_frequencies = picked(cls.name, "n_frequencies", n_frequencies, 8, length // 10)
        if n_frequencies % 4:
            raise ParameterError(
                f"view {cls.name!r}: n_frequencies must be a multiple of 4, got {n_frequencies}"
            )
        finest_hz = rate / length
        in_hz = (2 * finest_hz, finest_hz, min(LAST_HZ, rate / 2))
        defaults = (BEGIN, STEP, LAST) if axis == "order" else in_hz
        chosen = Axis(axis, step or defaults[1], last or defaults[2], defaults[0] if begin is None else begin)
        return cls(
            n_channels=n_channels,
            length=length,
            rate_hz=rate,
            axis=chosen.unit,
            begin=chosen.begin,
            step=chosen.step,
            last=chosen.last,
            n_frequencies=n_frequencies,
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """Spectral frequencies, points of the cyclic axis, and channels."""
        return (
            self.n_frequencies,
            Axis(self.axis, self.step, self.last, self.begin).n_points,
            self.n_channels,
        )

    def tensors(self, windows: NDArray[Any], speed_rpm: Speeds) -> NDArray[np.float32]:
        """Return tensors ``[..., frequencies, points, channels]``."""
        rate_hz = self.rate_hz or 1.0
        axis = Axis(self.axis, self.step, self.last, self.begin)
        at_hz = axis.at_hz(speed_rpm, windows.shape[:-2])
        coherence = spectral_coherence(
            windows,
            rate_hz=rate_hz,
            # one line beyond the last point, to draw a straight line to it
            max_cyclic_hz=min(float(at_hz.max()) + 4 * rate_hz / self.length, rate_hz / 2),
            resolution_hz=rate_hz / (2 * self.n_frequencies),
        )
        magnitude = np.abs(coherence.value[..., 1:])  # [..., channels, cyclic, frequencies]
        upright = np.swapaxes(magnitude, -1, -2)
        lead = upright.shape[:-3]
        merged = upright.reshape(*lead, -1, upright.shape[-1])
        sampled = axis.sample(merged, float(coherence.cyclic_hz[1]), speed_rpm)
        maps = sampled.reshape(*upright.shape[:-1], -1)
        return channels_last(standardized(maps, n_axes=2), n_axes=2)
