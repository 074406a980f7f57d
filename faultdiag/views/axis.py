"""The frequency axis of a view: in Hz, or in orders of the shaft, the same for every window."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError
from faultdiag.signal.background import local_median
from faultdiag.views.base import Speeds
from faultdiag.views.windows import SignalView

__all__ = ["Axis", "AxisUnit", "AxisView", "default_axis", "over_background"]

AxisUnit = Literal["order", "hz"]

FEWEST_POINTS = 16

STEP, LAST = 0.05, 20.0
"""Default axis in orders: three harmonics of the inner race of common bearings."""

LAST_HZ = 600.0

BACKGROUND = 40
"""Points over which the background is taken: two orders of the default axis."""


@dataclass(frozen=True)
class Axis:
    """Evenly spaced points, the first one step beyond where the axis begins.

    Attributes
    ----------
    unit : {"order", "hz"}
        What the points count: turns of the shaft, or Hz.
    step, last : float
        In that unit.
    begin : float
        Where it begins, in that unit.

    Raises
    ------
    ParameterError
        If the unit is neither, or there would be fewer than 16 points.
    """

    unit: AxisUnit
    step: float
    last: float
    begin: float = 0.0

    def __post_init__(self) -> None:
        if self.unit not in ("order", "hz"):
            raise ParameterError(f"axis must be 'order' or 'hz', got {self.unit!r}")
        if not (self.step > 0 and (self.last - self.begin) / self.step >= FEWEST_POINTS - 0.5):
            raise ParameterError(
                f"an axis needs at least {FEWEST_POINTS} steps, got a step of {self.step:g} "
                f"up to {self.last:g}"
            )

    @property
    def n_points(self) -> int:
        """How many there are."""
        return round((self.last - self.begin) / self.step)

    @property
    def points(self) -> NDArray[np.float64]:
        """The points, in the axis' unit."""
        points: NDArray[np.float64] = self.begin + self.step * np.arange(
            1, self.n_points + 1, dtype=np.float64
        )
        return points

    def at_hz(self, speed_rpm: Speeds, shape: tuple[int, ...]) -> NDArray[np.float64]:
        """Return where the points of each window lie, shape ``[*shape, n_points]`` or broadcast to it.

        Raises
        ------
        ParameterError
            If the axis is in orders and a speed is unknown.
        """
        if self.unit == "hz":
            return np.broadcast_to(self.points, (*shape, self.n_points))
        speeds = np.broadcast_to(np.asarray(np.nan if speed_rpm is None else speed_rpm, np.float64), shape)
        if not np.all(speeds > 0):  # NaN is an unknown one
            raise ParameterError("a view in orders needs the speed of every window; say it with --speed")
        return speeds[..., None] / 60 * self.points

    def sample(self, values: NDArray[Any], step_hz: float, speed_rpm: Speeds) -> NDArray[np.floating[Any]]:
        """Return a spectrum at the points of the axis.

        Parameters
        ----------
        values : ndarray, shape [..., channels, n]
            Spectra from 0 Hz on.
        step_hz : float
            Distance of two of their values.
        speed_rpm : float or ndarray of shape [...]
            Needed for orders.

        Returns
        -------
        ndarray, shape [..., channels, n_points]
            Straight lines between values; 0 beyond the last one.
        """
        at = self.at_hz(speed_rpm, values.shape[:-2])[..., None, :] / step_hz
        below = np.minimum(at.astype(np.int64), values.shape[-1] - 2)
        weight = (at - below).astype(values.dtype)
        if self.unit == "hz":  # the same places in every window
            place = below.reshape(-1, below.shape[-1])[0]
            low, high = values[..., place], values[..., place + 1]
        else:
            place = np.broadcast_to(below, (*values.shape[:-1], below.shape[-1]))
            low, high = (np.take_along_axis(values, place + i, axis=-1) for i in (0, 1))
        sampled: NDArray[np.floating[Any]] = np.where(weight <= 1, low + weight * (high - low), 0)
        return sampled


@dataclass(frozen=True, kw_only=True)
class AxisView(SignalView):
    """A view that is read along an axis.

    Attributes
    ----------
    axis : {"order", "hz"}
        Unit of the axis; orders need the speed of every window.
    step, last : float
        Of the axis, in its unit.
    """

    axis: AxisUnit
    step: float
    last: float

    @property
    def needs_speed(self) -> bool:
        """Whether a window without a speed has no tensor."""
        return self.axis == "order"


def default_axis(
    unit: AxisUnit,
    step: float | None,
    last: float | None,
    *,
    length: int,
    rate_hz: float,
    highest_hz: float,
) -> Axis:
    """Return the axis that was asked for; what was not suits envelope spectra of windows of such a length.

    In orders: steps of 0.05 to 20. In Hz: half of what the window can tell apart, to 600 Hz or the highest
    there is.
    """
    if unit == "order":
        return Axis(unit, step or STEP, last or LAST)
    return Axis(unit, step or 0.5 * rate_hz / length, last or min(LAST_HZ, highest_hz))


def over_background(values: NDArray[Any]) -> NDArray[Any]:
    """Return how far amplitudes stand out of the median around them: ``log((1 + v / median) / 2)``.

    Parameters
    ----------
    values : ndarray, shape [..., n]
        Amplitudes. The median is that of blocks of some 40 of them, joined by straight lines.
    """
    background = local_median(values, width=BACKGROUND)
    there = background > np.finfo(values.dtype).tiny
    ratio = np.divide(values, background, out=np.ones_like(values), where=there)
    above: NDArray[Any] = np.log1p(ratio) - np.log(2).astype(values.dtype)
    return above
