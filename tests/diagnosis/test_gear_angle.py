import numpy as np
import pytest

from faultdiag.diagnosis.gear_angle import shaft_angle
from faultdiag.errors import RecordError
from faultdiag.kinematics.gears import GearTrain
from faultdiag.signal.angle import turns_from_speed

RATE_HZ = 12800.0
TRAIN = GearTrain(((23, 61),))


def machine(orders, *, wander=0.002, mean_rpm=1500.0, seed=0):
    """Lines of amplitude 1 at orders, in noise, at a speed that wanders; with the true angle."""
    t = np.arange(51200) / RATE_HZ
    turns = turns_from_speed(mean_rpm * (1 + wander * np.sin(2 * np.pi * 0.7 * t)), rate_hz=RATE_HZ)
    noise = np.random.default_rng(seed).standard_normal(len(t))
    return sum(np.cos(2 * np.pi * k * turns + k) for k in orders) + noise, turns


def error(found, turns):
    """Largest error of the angle beside its unknown start, in turns."""
    away = found.turns - turns
    return np.abs(away - np.median(away)).max()


def test_the_mesh_tells_the_angle_of_a_wandering_shaft():
    x, turns = machine((1, 23, 46))
    found = shaft_angle(x, rate_hz=RATE_HZ, said_rpm=1480.0, train=TRAIN)
    assert found.shaft.source == "found"
    assert found.shaft.speed_rpm == pytest.approx(1500, rel=5e-4)
    assert error(found, turns) < 0.01


def test_a_comb_that_a_wandering_speed_misleads_does_not_keep_the_mesh_from_being_followed():
    t = np.arange(10 * 12800) / RATE_HZ
    turns = turns_from_speed(1770 * (1 + 0.003 * np.sin(2 * np.pi * 0.21 * t)), rate_hz=RATE_HZ)
    lines = sum(np.cos(2 * np.pi * k * turns + k) for k in (1, 23, 46, 69))
    x = lines + np.random.default_rng(2).standard_normal(len(t))
    found = shaft_angle(x, rate_hz=RATE_HZ, said_rpm=1770.0, train=TRAIN)
    assert error(found, turns) < 0.02


def test_without_teeth_any_harmonic_of_the_shaft_does():
    x, turns = machine((1, 2, 3, 4, 5, 6, 8, 29))
    found = shaft_angle(x, rate_hz=RATE_HZ, said_rpm=1480.0)
    assert found.shaft.source == "found"
    assert error(found, turns) < 0.02


def test_strikes_near_an_order_of_the_shaft_are_not_followed():
    x, turns = machine((1, 2, 3, 4, 5, 6, 8), wander=0.0005)
    strikes = sum(np.cos(2 * np.pi * k * 4.97 * 25 * np.arange(len(x)) / RATE_HZ) for k in range(1, 15))
    found = shaft_angle(x + 3 * strikes, rate_hz=RATE_HZ, said_rpm=1500.0)
    assert found.shaft.speed_rpm == pytest.approx(1500, rel=1e-3)
    assert error(found, turns) < 0.05


def test_a_speed_that_is_far_off_is_found_by_the_mesh():
    x, _ = machine((1, 2, 22, 23, 24, 46, 69, 92))
    found = shaft_angle(x, rate_hz=RATE_HZ, said_rpm=1400.0, train=TRAIN)
    assert found.shaft.source == "found far off"
    assert found.shaft.speed_rpm == pytest.approx(1500, rel=5e-4)


def test_where_the_power_alone_swells_the_turns_are_seen_in_it():
    _, turns = machine((1,), wander=0.0)
    swell = 1 + sum(np.cos(2 * np.pi * k * turns) for k in range(1, 9)) / 4
    x = np.sqrt(np.maximum(swell, 0)) * np.random.default_rng(1).standard_normal(len(turns))
    found = shaft_angle(x, rate_hz=RATE_HZ, said_rpm=1490.0)
    assert found.shaft.source == "found"
    assert error(found, turns) < 0.05


def test_noise_shows_no_shaft_and_turns_evenly():
    noise = np.random.default_rng(0).standard_normal(51200)
    for train in (None, TRAIN):
        found = shaft_angle(noise, rate_hz=RATE_HZ, said_rpm=1500.0, train=train)
        assert found.shaft.source == "said"
        assert found.turns[-1] == pytest.approx(1500 / 60 * 51199 / RATE_HZ)
        assert np.ptp(np.diff(found.turns)) < 1e-9


def test_few_turns_are_refused():
    with pytest.raises(RecordError, match="20 turns"):
        shaft_angle(machine((1,))[0][:8000], rate_hz=RATE_HZ, said_rpm=1500.0, train=TRAIN)
