"""Fault orders: how often per turn of the shaft a fault of each part of a bearing strikes."""

import math
from dataclasses import dataclass
from typing import Protocol

from faultdiag.errors import ParameterError

__all__ = ["FaultOrders", "GivenOrders"]


class FaultOrders(Protocol):
    """What is asked of a bearing: a name, and its orders. `Bearing` and `GivenOrders` have both."""

    @property
    def name(self) -> str:
        """For messages and tables."""

    def fault_orders(self) -> dict[str, float]:
        """Return the order at which a fault of each part strikes: outer, inner, ball, cage."""


@dataclass(frozen=True)
class GivenOrders:
    """Orders of a bearing whose geometry is not known, from its maker or from measurement.

    Attributes
    ----------
    name : str
        For messages and tables.
    bpfo, bpfi : float
        Order at which balls pass a spot of the outer race and of the inner race.
    bsf : float
        Order at which a ball spins; a spot on it strikes twice a spin.
    ftf : float
        Order of the cage.

    Raises
    ------
    ParameterError
        If a number is not positive, or they cannot be orders of a bearing.

    Examples
    --------
    >>> GivenOrders("pump", bpfo=3.585, bpfi=5.415, bsf=2.357, ftf=0.398).fault_orders()
    {'outer': 3.585, 'inner': 5.415, 'ball': 4.714, 'cage': 0.398}
    """

    name: str
    bpfo: float
    bpfi: float
    bsf: float
    ftf: float

    def __post_init__(self) -> None:
        for key in ("bpfo", "bpfi", "bsf", "ftf"):
            if not 0 < getattr(self, key) < math.inf:
                self._refuse(f"{key} must be a positive number", getattr(self, key))
        if self.ftf >= 1:
            self._refuse("ftf must be below 1: give orders, frequencies over that of the shaft", self.ftf)
        if self.bpfi <= self.bpfo:
            self._refuse(f"bpfi must be above the bpfo of {self.bpfo:g}", self.bpfi)

    def fault_orders(self) -> dict[str, float]:
        """Return the order at which a fault of each part strikes."""
        return {"outer": self.bpfo, "inner": self.bpfi, "ball": 2 * self.bsf, "cage": self.ftf}

    def _refuse(self, what: str, value: float) -> None:
        raise ParameterError(f"bearing {self.name!r}: {what}, got {value:g}")
