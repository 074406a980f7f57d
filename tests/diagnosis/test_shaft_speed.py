import numpy as np
import pytest

from faultdiag.diagnosis.shaft_speed import shaft_speed
from faultdiag.errors import RecordError

RATE_HZ, N = 12000.0, 96000


def machine(speed_rpm, *, level=1.0, seed=0):
    rng = np.random.default_rng(seed)
    turns = speed_rpm / 60 * np.arange(N) / RATE_HZ
    shaft = sum(
        a * np.cos(2 * np.pi * (k * turns + rng.uniform())) for k, a in enumerate((1, 0.5, 0.4, 0.2, 0.2), 1)
    )
    return level * shaft + rng.standard_normal(N)


def test_near_the_speed_that_was_said_it_is_found():
    found = shaft_speed(machine(1763.2), rate_hz=RATE_HZ, said_rpm=1750)
    assert found.source == "found"
    assert found.speed_rpm == pytest.approx(1763.2, rel=3e-4)


@pytest.mark.parametrize("off", [-0.08, -0.05, 0.05, 0.08])
def test_far_from_it_it_is_found_and_said_to_be_far_off(off):
    found = shaft_speed(machine(1763.2, level=3), rate_hz=RATE_HZ, said_rpm=1763.2 * (1 + off))
    assert found.source == "found far off"
    assert found.speed_rpm == pytest.approx(1763.2, rel=3e-4)


def smooth(orders, speed_rpm=1763.2, *, base_hz=None, seed=0):
    t = np.arange(N) / RATE_HZ
    base_hz = speed_rpm / 60 if base_hz is None else base_hz
    lines = sum(0.2 * np.cos(2 * np.pi * k * base_hz * t + k) for k in orders)
    return lines + np.random.default_rng(seed).standard_normal(N)


@pytest.mark.parametrize("orders", [(1, 2), (1, 3), (2, 3), (1, 2, 3)])
def test_two_lines_of_a_smooth_shaft_are_enough(orders):
    found = shaft_speed(smooth(orders), rate_hz=RATE_HZ, said_rpm=1750)
    assert found.source == "found"
    assert found.speed_rpm == pytest.approx(1763.2, rel=5e-4)


def test_far_from_what_was_said_all_three_are_needed():
    far = shaft_speed(smooth((1, 2, 3)), rate_hz=RATE_HZ, said_rpm=1763.2 * 1.06)
    assert far.source == "found far off"
    assert far.speed_rpm == pytest.approx(1763.2, rel=5e-4)
    assert shaft_speed(smooth((1, 2)), rate_hz=RATE_HZ, said_rpm=1763.2 * 1.06).source == "said"


def test_one_line_or_those_of_the_mains_are_no_shaft():
    for x in (smooth((1,)), smooth((2,)), smooth((1, 2), base_hz=60.0), smooth((1, 2, 3), base_hz=50.0)):
        for said_rpm in (1770, 3600, 3000):
            assert shaft_speed(x, rate_hz=RATE_HZ, said_rpm=said_rpm).source == "said"


def test_where_nothing_is_seen_what_was_said_stands():
    for seed in range(8):
        x = np.random.default_rng(seed).standard_normal(N)
        assert shaft_speed(x, rate_hz=RATE_HZ, said_rpm=1750)[:2] == (1750, "said")


def test_a_record_of_few_turns_is_refused():
    with pytest.raises(RecordError, match="20 turns or more"):
        shaft_speed(np.random.default_rng(0).standard_normal(2000), rate_hz=RATE_HZ, said_rpm=1000)


def test_strikes_close_to_a_whole_number_a_turn_are_no_shaft():
    t = np.arange(N) / RATE_HZ
    strikes_hz, shaft_hz = 4.95 * 1763.2 / 60, 1763.2 / 60
    carriers = [k * strikes_hz + side * shaft_hz for k in range(1, 5) for side in (-1, 0, 1)]
    x = sum(np.cos(2 * np.pi * f * t + f) for f in carriers) + np.random.default_rng(0).standard_normal(N)
    found = shaft_speed(x, rate_hz=RATE_HZ, said_rpm=1750)
    assert (found.source, found.speed_rpm) == ("said", 1750)
    high = shaft_speed(smooth(range(4, 21)), rate_hz=RATE_HZ, said_rpm=1750)
    assert high.source == "found"
    assert high.speed_rpm == pytest.approx(1763.2, rel=3e-4)
