"""Zones of a channel: the same motion in any unit is the same velocity."""

import numpy as np
import pytest

from faultdiag.errors import RecordError
from faultdiag.report.severity import severity
from faultdiag.signal.severity_zones import IndustrialMachine

MOTOR = IndustrialMachine(power_kw=55, speed_rpm=1480, support="rigid")
T = np.arange(48000) / 12000
OMEGA = 2 * np.pi * 25.0

# 4 mm/s at 25 Hz
MOTIONS = {
    "mm/s": 4 * np.sin(OMEGA * T),
    "m/s": 4e-3 * np.sin(OMEGA * T),
    "in/s": 4 / 25.4 * np.sin(OMEGA * T),
    "m/s2": 4e-3 * OMEGA * np.cos(OMEGA * T),
    "g": 4e-3 * OMEGA / 9.80665 * np.cos(OMEGA * T),
}


@pytest.mark.parametrize("unit", MOTIONS)
def test_the_unit_does_not_change_the_zone(unit):
    found = severity(MOTIONS[unit], unit, rate_hz=12000, machine=MOTOR)
    assert found.rms_mm_s == pytest.approx(4 / np.sqrt(2), rel=0.01)
    assert found.zone == "C"


@pytest.mark.parametrize("unit", ["unknown", "um", "V"])
def test_other_units_have_no_zone(unit):
    with pytest.raises(RecordError, match=f"needs an acceleration or a velocity, the unit is '{unit}'; give"):
        severity(MOTIONS["mm/s"], unit, rate_hz=12000, machine=MOTOR)


def test_without_a_machine_there_is_none():
    assert severity(MOTIONS["mm/s"], "unknown", rate_hz=12000, machine=None) is None
