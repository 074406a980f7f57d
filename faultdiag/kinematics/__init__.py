"""Bearing geometry and fault frequencies."""

from faultdiag.kinematics.bearing import Bearing

__all__ = ["Bearing"]
