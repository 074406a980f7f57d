"""Bearing geometry and fault frequencies."""

from faultdiag.kinematics.bearing import Bearing
from faultdiag.kinematics.catalogue import find_bearing
from faultdiag.kinematics.orders import FaultOrders, GivenOrders

__all__ = ["Bearing", "FaultOrders", "GivenOrders", "find_bearing"]
