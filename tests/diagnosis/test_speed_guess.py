import numpy as np
import pytest

from faultdiag.diagnosis.families import line_families
from faultdiag.diagnosis.speed_guess import SpeedGuess, guess_speed, speeds_meant
from faultdiag.kinematics.bearing import Bearing

ORDERS = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04).fault_orders()


def tones(orders, *, rpm=1473.0, rate_hz=12000.0, duration_s=6.0, seed=0):
    rng = np.random.default_rng(seed)
    t = np.arange(int(rate_hz * duration_s)) / rate_hz
    x = rng.standard_normal(t.size)
    for order in orders:
        x += 0.5 * np.cos(2 * np.pi * (order * rpm / 60 * t + rng.uniform()))
    return x


@pytest.mark.parametrize("rate_hz", [8000.0, 51200.0])
@pytest.mark.parametrize("rpm", [610.0, 1473.0, 2985.0])
def test_the_comb_of_a_shaft_shows_its_speed(rpm, rate_hz):
    guess = guess_speed(tones(range(1, 9), rpm=rpm, rate_hz=rate_hz, duration_s=4.0), rate_hz=rate_hz)
    assert guess.speed_rpm == pytest.approx(rpm, rel=1e-3)
    assert f"it turns at {guess.speed_rpm:.0f} rpm, or half, twice or three times as fast." in guess.text
    assert guess.level_db > 15
    assert not guess.swells


@pytest.mark.parametrize("part", [2, 3, 6])
def test_faint_lines_between_strong_ones_show_a_slower_shaft(part):
    x = 5 * tones(range(part, 61, part), rpm=520.0) + tones(range(1, 20), rpm=520.0, seed=1)
    assert guess_speed(x, rate_hz=12000.0).speed_rpm == pytest.approx(520.0, rel=1e-3)


def test_noise_shows_no_speed():
    rng = np.random.default_rng(0)
    for _ in range(5):
        x = rng.standard_normal(48000)
        assert guess_speed(x, rate_hz=12000.0) is None
        assert guess_speed(np.cumsum(x), rate_hz=12000.0) is None


@pytest.mark.parametrize(("swells_hz", "swells"), [(41.7, True), (2 * 41.7, True), (1.5 * 41.7, False)])
def test_a_comb_that_the_power_swells_with_may_be_a_bearing(swells_hz, swells):
    t = np.arange(72000) / 12000
    noise = np.random.default_rng(0).standard_normal(t.size)
    families = line_families((1 + 0.5 * np.cos(2 * np.pi * swells_hz * t)) * noise, rate_hz=12000.0)
    assert families[0].frequency_hz == pytest.approx(swells_hz, abs=0.1)
    guess = guess_speed(tones(range(1, 9), rpm=60 * 41.7), rate_hz=12000.0, families=families)
    assert guess.speed_rpm == pytest.approx(60 * 41.7, rel=1e-3)
    assert guess.swells is swells
    told = f"41.7 Hz apart, goes with what swells {families[0].frequency_hz:.1f} times a second: either both"
    assert (told in guess.text) is swells
    assert f"it turns at {guess.speed_rpm:.0f} rpm" in guess.text or swells
    assert f"which then turns at {guess.speed_rpm:.0f} rpm" in guess.text or not swells


def test_of_too_short_or_slow_a_record_no_speed_is_guessed():
    clear = tones([1, 2, 3, 4, 5, 6], duration_s=4.0)
    assert guess_speed(clear, rate_hz=12000.0) is not None
    assert guess_speed(clear[:2400], rate_hz=12000.0) is None
    assert guess_speed(clear, rate_hz=90.0) is None


@pytest.mark.parametrize("part", ORDERS)
def test_the_part_at_the_speed_of_the_tones_comes_first(part):
    frequency_hz = ORDERS[part] * 1500 / 60
    for off, shown in ((1.025, True), (0.975, True), (1.04, False)):
        meant = speeds_meant(frequency_hz, ORDERS, guess=SpeedGuess(off * 1500, 20.0, False, ""))
        assert [one.label for one in meant if one.shown] == [part] * shown
        assert meant[0].label == part or not shown
        assert next(one.speed_rpm for one in meant if one.label == part) == pytest.approx(1500)


def test_speeds_that_no_shaft_has_are_left_out():
    labels = [one.label for one in speeds_meant(ORDERS["outer"] * 30, ORDERS)]
    assert labels == ["ball", "inner", "outer"]  # the cage would go round at 16200 rpm
    slow = {one.label: one.speed_rpm for one in speeds_meant(ORDERS["cage"] * 30, ORDERS)}
    assert set(slow) == set(ORDERS)  # all others would mean 200 rpm or less
    assert slow["cage"] == pytest.approx(1800)
    fast = SpeedGuess(3500.0, 20.0, False, "")
    assert speeds_meant(ORDERS["cage"] * 3500 / 60, ORDERS, guess=fast)[0].label == "cage"
    assert speeds_meant(1000.0, {"outer": 0.9}) == []
