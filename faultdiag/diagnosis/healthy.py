"""A record of the same machine in good order, to compare with."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.shaft_speed import ShaftSpeed, shaft_speed

__all__ = ["Healthy"]


@dataclass(frozen=True, eq=False)
class Healthy:
    """One channel of a reference record, the same channel as the one that is diagnosed.

    Attributes
    ----------
    x : ndarray, shape [n_samples]
        The samples. Rate, length, load and speed may differ from those of the record.
    rate_hz : float
        Their rate.
    said_rpm : float
        Speed of the shaft, nominal or measured.
    measured : bool
        Whether a tachometer told the speed.
    assumed : bool
        Whether nobody did, and it is taken to be that of the record it is compared with.
    """

    x: NDArray[np.floating[Any]]
    rate_hz: float
    said_rpm: float
    measured: bool = False
    assumed: bool = False

    @cached_property
    def shaft(self) -> ShaftSpeed:
        """The speed that was measured, or what the vibration shows of the one that was said."""
        return shaft_speed(self.x, rate_hz=self.rate_hz, said_rpm=self.said_rpm, measured=self.measured)
