import numpy as np
import pytest

from faultdiag.datasets.impacts import impacts, load_zone
from faultdiag.kinematics.bearing import Bearing

BEARING = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
QUIET = {"extent": 0.7, "slip": 0.0, "race_ratio": 1.0}


def strikes(fault, *, n_turns=1000, seed=0, **changes):
    return impacts(BEARING, fault, n_turns=n_turns, rng=np.random.default_rng(seed), **QUIET | changes)


def component(turns, strength, order):
    """Mean strength that varies with an order of the shaft, over the mean strength."""
    return abs(np.sum(strength * np.exp(-2j * np.pi * order * turns))) / np.sum(strength)


@pytest.mark.parametrize(
    ("extent", "half_angle_rad"), [(0.25, np.arccos(0.5)), (0.5, np.pi / 2), (1.0, np.pi)]
)
def test_the_load_zone_is_as_wide_as_its_extent_says(extent, half_angle_rad):
    angle_rad = np.linspace(-np.pi, np.pi, 2001)
    load = load_zone(angle_rad, extent=extent)
    np.testing.assert_array_equal(load > 1e-12, np.abs(angle_rad) < half_angle_rad - 1e-3)
    assert load.max() == load[1000] == 1
    np.testing.assert_allclose(load, load[::-1], atol=1e-12)


def test_a_ring_that_is_loaded_all_round_carries_everywhere():
    # q = (1 - (1 - cos) / (2 eps)) ** 1.5: at eps = 2 the far side carries half, to the power 1.5
    assert load_zone(np.array([np.pi]), extent=2.0)[0] == pytest.approx(0.5**1.5)


@pytest.mark.parametrize("fault", ["outer", "inner", "ball"])
def test_strikes_come_at_the_fault_order(fault):
    turns, strength = strikes(fault)
    order = BEARING.fault_orders()[fault]
    np.testing.assert_allclose(np.diff(turns), 1 / order)
    assert 0 <= turns[0] < 1 / order
    assert 1000 - 1 / order <= turns[-1] < 1000
    assert strength.shape == turns.shape
    assert strength.min() >= 0


@pytest.mark.parametrize("slip", [0.0, 0.01, 0.05])
def test_deviations_add_up_to_a_random_walk(slip):
    n, order = 400, BEARING.bpfo
    walks = np.array([strikes("outer", n_turns=130, slip=slip, seed=seed)[0][:n] for seed in range(300)])
    steps = np.diff(walks) * order
    assert steps.mean() == pytest.approx(1, abs=1e-3)
    assert steps.std() == pytest.approx(slip, rel=0.02, abs=1e-9)
    # variance of the way over k steps is k times that of one
    ways = (walks[:, 101:201] - walks[:, 1:101]) * order
    assert ways.std() == pytest.approx(10 * slip, rel=0.15, abs=1e-9)


def test_a_walk_covers_all_turns_however_it_runs():
    for seed in range(200):
        turns, _ = strikes("outer", n_turns=12, slip=0.05, seed=seed)
        assert turns[-1] > 11.5


def test_a_fault_of_the_inner_race_passes_the_load_zone_once_a_turn():
    turns, strength = strikes("inner")
    assert component(turns, strength, 1) > 0.5
    assert component(turns, strength, BEARING.ftf) < 0.05


def test_a_fault_of_a_ball_passes_the_load_zone_with_the_cage():
    turns, strength = strikes("ball")
    assert component(turns, strength, BEARING.ftf) > 0.5
    assert component(turns, strength, 1) < 0.05


def test_a_fault_of_the_outer_race_stays_in_the_load_zone():
    turns, strength = strikes("outer")
    assert component(turns, strength, 1) == pytest.approx(0.05, abs=0.02)  # half of the modulation of 0.1
    assert strength.min() > 0.4


def test_a_ball_strikes_the_races_in_turn():
    turns, strength = strikes("ball", race_ratio=0.25, extent=1e9)
    assert strength[::2].mean() / strength[1::2].mean() == pytest.approx(0.25, rel=0.02)
    assert component(turns, strength, BEARING.bsf) == pytest.approx(0.75 / 1.25, rel=0.02)
