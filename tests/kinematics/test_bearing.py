from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultdiag.errors import ParameterError
from faultdiag.kinematics.bearing import Bearing

DRIVE_END = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
FAN_END = Bearing("6203", n_balls=8, ball_mm=6.746, pitch_mm=28.5)

bearings = st.builds(
    Bearing,
    name=st.just("any"),
    n_balls=st.integers(2, 8),
    ball_mm=st.floats(1, 10),
    pitch_mm=st.floats(30, 500),
    angle_deg=st.floats(0, 60),
)


@pytest.mark.parametrize(
    ("bearing", "bpfi", "bpfo", "ftf", "bsf"),
    [(DRIVE_END, 5.415, 3.585, 0.3983, 2.357), (FAN_END, 4.947, 3.053, 0.3816, 1.994)],
    ids=["drive end", "fan end"],
)
def test_orders_of_the_cwru_bearings_are_those_published(bearing, bpfi, bpfo, ftf, bsf):
    assert bearing.bpfi == pytest.approx(bpfi, abs=5e-4)
    assert bearing.bpfo == pytest.approx(bpfo, abs=5e-4)
    assert bearing.ftf == pytest.approx(ftf, abs=5e-5)
    assert bearing.bsf == pytest.approx(bsf, abs=5e-4)


def test_a_ball_strikes_twice_a_spin():
    orders = DRIVE_END.fault_orders()
    assert list(orders) == ["outer", "inner", "ball", "cage"]
    assert orders["ball"] == 2 * DRIVE_END.bsf


@given(bearings)
def test_every_ball_passes_the_outer_or_the_inner_race(bearing):
    assert bearing.bpfo + bearing.bpfi == pytest.approx(bearing.n_balls)
    assert bearing.ftf < 0.5 < bearing.bpfi / bearing.n_balls


@given(bearings)
def test_a_contact_angle_brings_the_races_together(bearing):
    radial, thrust = replace(bearing, angle_deg=0.0), replace(bearing, angle_deg=80.0)
    assert radial.bpfo < thrust.bpfo < thrust.bpfi < radial.bpfi
    assert radial.bsf < thrust.bsf < bearing.pitch_mm / (2 * bearing.ball_mm)


def test_a_scaled_bearing_has_the_same_orders():
    scaled = replace(DRIVE_END, ball_mm=79.4, pitch_mm=390.4)
    assert scaled.fault_orders() == pytest.approx(DRIVE_END.fault_orders())


def test_a_bearing_does_not_change():
    with pytest.raises(FrozenInstanceError):
        DRIVE_END.n_balls = 10


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_balls": 1}, "n_balls must be at least 2, got 1"),
        ({"ball_mm": 0.0}, "ball_mm must be a positive diameter, got 0"),
        ({"ball_mm": float("nan")}, "ball_mm must be a positive diameter, got nan"),
        ({"pitch_mm": 7.0}, "pitch_mm must be larger than the ball's 7.94 mm, got 7"),
        ({"pitch_mm": float("inf")}, "pitch_mm must be larger than the ball's 7.94 mm, got inf"),
        ({"n_balls": 16}, "pitch circle of 39.04 mm is too small for n_balls, got 16"),
        ({"angle_deg": 90.0}, "angle_deg must lie from 0 to below 90, got 90"),
        ({"angle_deg": -1.0}, "angle_deg must lie from 0 to below 90, got -1"),
    ],
)
def test_an_impossible_geometry_is_refused(change, message):
    with pytest.raises(ParameterError, match=f"bearing '6205': .*{message}"):
        replace(DRIVE_END, **change)
