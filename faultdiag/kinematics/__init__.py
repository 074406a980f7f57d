"""Geometry of bearings and gears, and the frequencies that follow from it."""

from faultdiag.kinematics.bearing import Bearing
from faultdiag.kinematics.catalogue import find_bearing
from faultdiag.kinematics.gears import GearStage, GearTrain, PlanetaryStage, parse_train
from faultdiag.kinematics.orders import FaultOrders, GivenOrders

__all__ = [
    "Bearing",
    "FaultOrders",
    "GearStage",
    "GearTrain",
    "GivenOrders",
    "PlanetaryStage",
    "find_bearing",
    "parse_train",
]
