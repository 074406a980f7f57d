from dataclasses import replace

import pytest

from faultdiag.errors import ParameterError
from faultdiag.kinematics.bearing import Bearing
from faultdiag.kinematics.orders import GivenOrders

DRIVE_END = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
GIVEN = GivenOrders("6205", bpfo=DRIVE_END.bpfo, bpfi=DRIVE_END.bpfi, bsf=DRIVE_END.bsf, ftf=DRIVE_END.ftf)


def test_given_orders_are_those_of_the_geometry_they_came_from():
    assert GIVEN.fault_orders() == DRIVE_END.fault_orders()
    assert GIVEN.name == DRIVE_END.name


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bpfo": 0.0}, "bpfo must be a positive number, got 0"),
        ({"bpfi": float("nan")}, "bpfi must be a positive number, got nan"),
        ({"bsf": -2.0}, "bsf must be a positive number, got -2"),
        ({"ftf": float("inf")}, "ftf must be a positive number, got inf"),
        ({"ftf": 11.9}, "ftf must be below 1: give orders.*got 11.9"),
        ({"bpfi": 3.0}, "bpfi must be above the bpfo of 3.58.*, got 3"),
    ],
)
def test_what_cannot_be_orders_of_a_bearing_is_refused(change, message):
    with pytest.raises(ParameterError, match=f"bearing '6205': {message}"):
        replace(GIVEN, **change)
