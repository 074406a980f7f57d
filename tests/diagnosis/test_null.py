from functools import partial

import numpy as np
import pytest

from faultdiag.diagnosis.bearing_rules import findings
from faultdiag.diagnosis.envelope_lines import envelope_lines
from faultdiag.diagnosis.null import bands_p_value, places, whole_band_p_value

ORDERS = {"outer": 3.585, "inner": 5.415, "ball": 4.713}


@pytest.fixture(scope="module")
def of_noise():
    """What is found in 60 pieces of noise of another rate, speed and length than the constants come from."""
    found = []
    for seed in range(60):
        x = np.random.default_rng(1000 + seed).standard_normal(32000)
        lines = envelope_lines(x, rate_hz=8000.0, highest_hz=4 * 5.6 * 20, background_hz=20.0)
        found += findings(lines, ORDERS, speed_rpm=1200.0, duration_s=4.0)
    return found


@pytest.mark.parametrize("which", ["p_value", "whole_band_p_value"])
def test_p_values_of_noise_are_small_no_oftener_than_they_say(of_noise, which):
    values = np.sort([getattr(one, which) for one in of_noise])
    uniform = (np.arange(len(values)) + 0.5) / len(values)
    assert np.abs(values - uniform).max() < 0.22  # too careful in the body, where nothing is decided
    for share in (0.02, 0.05, 0.1, 0.2, 0.3):
        chance = 2 * np.sqrt(share * (1 - share) / len(values))
        assert np.mean(values <= share) <= 1.2 * share + chance
    assert np.mean(values <= 0.3) > 0.12  # nor so careful that they say nothing


def test_a_longer_record_and_a_higher_frequency_have_more_places():
    assert places(200, 10) == pytest.approx(2 * places(100, 10))
    assert places(100, 20) == pytest.approx(2 * places(100, 10))
    for p_value in (partial(bands_p_value, n_bands=52), whole_band_p_value):
        assert p_value(15, frequency_hz=200, duration_s=10) > p_value(15, frequency_hz=100, duration_s=10)


def test_probabilities_stay_probabilities():
    for p_value in (partial(bands_p_value, n_bands=52), whole_band_p_value):
        values = [p_value(nats, frequency_hz=107, duration_s=10) for nats in (-50, 0, 5, 10, 20, 200)]
        assert values == sorted(values, reverse=True)
        assert 0 <= values[-1] < 1e-80
        assert values[0] == 1
    few, many = (bands_p_value(12, n_bands=n, frequency_hz=107, duration_s=10) for n in (10, 52))
    assert few < many
