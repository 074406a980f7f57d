import numpy as np
import pytest

from faultdiag.diagnosis.shaft_lines import shaft_lines
from faultdiag.errors import RecordError

RATE_HZ = 8000.0
SHAFT_HZ = 24.63
PLAIN = {"rate_hz": RATE_HZ, "shaft_hz": SHAFT_HZ, "highest_hz": 3000.0}


def tones(amplitudes, *, duration_s=8.0, noise=1.0, seed=0, rate_hz=RATE_HZ, shaft_hz=SHAFT_HZ):
    rng = np.random.default_rng(seed)
    t = np.arange(int(duration_s * rate_hz)) / rate_hz
    x = noise * rng.standard_normal(t.size)
    for order, amplitude in amplitudes.items():
        x += amplitude * np.cos(2 * np.pi * (order * shaft_hz * t + rng.uniform()))
    return x


def of(lines, order):
    return int(np.argmin(np.abs(lines.orders - order)))


def test_the_power_of_a_line_is_half_the_square_of_its_amplitude():
    amplitudes = {1: 0.8, 2: 0.4, 0.5: 0.2, 1 / 3: 0.3, 7: 0.1}
    lines = shaft_lines(tones(amplitudes, noise=0.05), **PLAIN)
    for order, amplitude in amplitudes.items():
        place = of(lines, order)
        assert lines.power[place] == pytest.approx(amplitude**2 / 2, rel=0.03)
        assert lines.found_hz[place] == pytest.approx(order * SHAFT_HZ, abs=0.07)
        assert lines.p_value[place] < 1e-100
    assert lines.power[of(lines, 5)] < 1e-5


def test_noise_and_rest_are_those_of_the_noise():
    lines = shaft_lines(tones({1: 3.0}, noise=2.0), **PLAIN)
    assert lines.rest == pytest.approx(2.0**2 * 3000 / (RATE_HZ / 2), rel=0.03)
    widths_hz = 2 * (2 / 8.0 + 1e-3 * lines.expected_hz)
    density = lines.noise / widths_hz
    assert np.median(density) == pytest.approx(2.0**2 / (RATE_HZ / 2), rel=0.25)


def test_a_wandering_speed_costs_a_line_nothing():
    t = np.arange(int(8 * RATE_HZ)) / RATE_HZ
    turns = SHAFT_HZ * (t + 0.0003 * np.sin(2 * np.pi * 0.2 * t))
    x = 0.01 * np.random.default_rng(0).standard_normal(t.size) + np.cos(2 * np.pi * 6 * turns)
    lines = shaft_lines(x, **PLAIN)
    assert lines.power[of(lines, 6)] == pytest.approx(0.5, rel=0.05)


@pytest.mark.parametrize("slope", [0, 1, 2])
def test_chance_in_noise_is_uniform_or_less_however_steep(slope):
    values = []
    for seed in range(60):
        x = tones({}, seed=seed)
        for _ in range(slope):
            x = np.cumsum(x)
        values.append(shaft_lines(x, **PLAIN).p_value[2:])
    values = np.sort(np.concatenate(values))
    uniform = (np.arange(len(values)) + 0.5) / len(values)
    assert np.max(uniform - values) < 0.12  # too many small ones would be false alarms
    assert values[0] > 1e-6


def test_a_wide_look_makes_chance_larger():
    x = tones({1: 0.1})
    near = shaft_lines(x, **PLAIN)
    wide = shaft_lines(x, **PLAIN, looked=0.025)
    assert np.all(wide.p_value >= near.p_value)


def test_lines_of_the_mains_are_known_if_the_record_is_too_short_to_tell_them():
    for duration_s, at_mains in ((3.0, True), (20.0, False)):
        x = tones({2: 1.0}, duration_s=duration_s, shaft_hz=24.7)
        lines = shaft_lines(x, rate_hz=RATE_HZ, shaft_hz=24.7, highest_hz=3000.0)
        assert bool(lines.at_mains[of(lines, 2)]) is at_mains  # 49.4 Hz
        assert not lines.at_mains[of(lines, 1)]


def test_orders_beyond_half_the_rate_are_left_out():
    lines = shaft_lines(
        tones({}, rate_hz=200.0, duration_s=20.0), rate_hz=200.0, shaft_hz=SHAFT_HZ, highest_hz=90.0
    )
    assert lines.orders.max() == 3.5


def test_a_short_record_is_refused_with_the_length_it_takes():
    with pytest.raises(RecordError, match=r"20 turns, 0\.812 s at 1477\.8 rpm; got 0\.5 s, record longer"):
        shaft_lines(tones({}, duration_s=0.5), **PLAIN)
