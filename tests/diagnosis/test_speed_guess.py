import numpy as np
import pytest

from faultdiag.diagnosis.families import line_families
from faultdiag.diagnosis.speed_guess import guess_speed
from faultdiag.errors import RecordError


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
    assert guess.text.endswith("but it may be that of what strikes as often.") is swells


def test_too_short_a_record_is_refused():
    with pytest.raises(RecordError, match=r"0\.2 s at 12000 Hz are too little to guess a speed from"):
        guess_speed(tones([1], duration_s=0.2), rate_hz=12000.0)
