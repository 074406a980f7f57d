import numpy as np
import pytest

from faultdiag.diagnosis.families import best_family_score
from faultdiag.diagnosis.family_null import family_p_value


@pytest.mark.parametrize(("rate_hz", "n_samples"), [(9000.0, 27000), (20000.0, 40000)])
def test_p_values_of_noise_are_uniform(rate_hz, n_samples):
    """At rates and lengths that the constants do not come from."""
    values = []
    for seed in range(40):
        x = np.random.default_rng(500 + seed).standard_normal(n_samples)
        score, places, n_bands = best_family_score(x, rate_hz=rate_hz)
        values.append(float(family_p_value(score, n_bands=n_bands, places=places)))
    values = np.sort(values)
    assert np.abs(values - (np.arange(40) + 0.5) / 40).max() < 0.25
    assert values[0] > 1e-4


def test_more_places_and_more_bands_make_chance_larger():
    few = family_p_value(14, n_bands=52, places=100)
    assert few < family_p_value(14, n_bands=52, places=1000)
    assert family_p_value(14, n_bands=16, places=100) < few


def test_probabilities_stay_probabilities():
    values = family_p_value([-100, 0, 8, 12, 20, 300], n_bands=52, places=2000)
    assert list(values) == sorted(values, reverse=True)
    assert values[0] == 1
    assert 0 <= values[-1] < 1e-100
