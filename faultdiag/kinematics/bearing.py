"""The geometry of a rolling element bearing, and the fault frequencies that follow from it."""

import math
from dataclasses import dataclass

from faultdiag.errors import ParameterError

__all__ = ["Bearing"]


@dataclass(frozen=True)
class Bearing:
    """A bearing whose inner race turns and whose outer race stands still.

    Fault frequencies are orders, multiples of the shaft speed, for rolling without slip. A real
    bearing is off by about 1 %: balls slide, and load changes the contact angle.

    Attributes
    ----------
    name : str
        For messages and tables.
    n_balls : int
        Number of balls or rollers in a row.
    ball_mm, pitch_mm : float
        Diameter of a ball, and of the circle through the centres of all.
    angle_deg : float
        Contact angle, from 0 for a radial to below 90 for a thrust bearing.

    Raises
    ------
    ParameterError
        If the geometry is impossible.

    Examples
    --------
    >>> drive_end = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
    >>> {fault: round(order, 3) for fault, order in drive_end.fault_orders().items()}
    {'outer': 3.585, 'inner': 5.415, 'ball': 4.713, 'cage': 0.398}
    """

    name: str
    n_balls: int
    ball_mm: float
    pitch_mm: float
    angle_deg: float = 0.0

    def __post_init__(self) -> None:
        if self.n_balls < 2:
            self._refuse("n_balls must be at least 2", self.n_balls)
        if not 0 < self.ball_mm < math.inf:
            self._refuse("ball_mm must be a positive diameter", self.ball_mm)
        if not self.ball_mm < self.pitch_mm < math.inf:
            self._refuse(f"pitch_mm must be larger than the ball's {self.ball_mm:g} mm", self.pitch_mm)
        if self.n_balls * math.asin(self.ball_mm / self.pitch_mm) > math.pi:
            self._refuse(f"the pitch circle of {self.pitch_mm:g} mm is too small for n_balls", self.n_balls)
        if not 0 <= self.angle_deg < 90:
            self._refuse("angle_deg must lie from 0 to below 90", self.angle_deg)

    @property
    def ftf(self) -> float:
        """Order of the cage (fundamental train frequency)."""
        return (1 - self._lever) / 2

    @property
    def bpfo(self) -> float:
        """Order at which balls pass a spot of the outer race."""
        return self.n_balls * self.ftf

    @property
    def bpfi(self) -> float:
        """Order at which balls pass a spot of the inner race."""
        return self.n_balls * (1 - self.ftf)

    @property
    def bsf(self) -> float:
        """Order at which a ball spins; a spot on it meets a race twice a spin."""
        return self.pitch_mm / (2 * self.ball_mm) * (1 - self._lever**2)

    def fault_orders(self) -> dict[str, float]:
        """Return the order at which a fault of each part strikes."""
        return {"outer": self.bpfo, "inner": self.bpfi, "ball": 2 * self.bsf, "cage": self.ftf}

    @property
    def _lever(self) -> float:
        return self.ball_mm / self.pitch_mm * math.cos(math.radians(self.angle_deg))

    def _refuse(self, what: str, value: float) -> None:
        raise ParameterError(f"bearing {self.name!r}: {what}, got {value:g}")
