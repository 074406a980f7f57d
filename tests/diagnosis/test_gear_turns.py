import numpy as np
import pytest

from faultdiag.diagnosis.gear_turns import by_turn, mean_turn, whole_turns


def test_samples_at_even_steps_fall_into_a_bin_each_whatever_the_rounding():
    turns = 0.7 + np.arange(1001) / 10
    x = np.arange(1001.0)
    assert by_turn(x[None], turns=turns, n_bins=10).ravel().tolist() == x[:1000].tolist()


def test_bins_hold_means_and_an_unfinished_turn_is_left_out():
    turns = np.arange(2750) / 1000
    rows = np.stack([np.cos(2 * np.pi * turns), np.ones(2750)])
    binned = by_turn(rows, turns=turns, n_bins=20)
    assert binned.shape == (2, 2, 20)
    assert whole_turns(turns) == 2
    assert binned[0, 1] == pytest.approx(np.cos(2 * np.pi * np.arange(20) / 20) * np.sinc(1 / 20), abs=1e-2)
    assert binned[1] == pytest.approx(1)


def test_the_error_of_the_mean_is_what_means_scatter_by():
    rng = np.random.default_rng(0)
    spectra = 5 + rng.standard_normal((4000, 16, 1)) + 1j * rng.standard_normal((4000, 16, 1))
    mean, error = mean_turn(spectra)
    assert mean.real.std() == pytest.approx(1 / 4, rel=0.05)
    assert np.sqrt(np.mean(error**2)) == pytest.approx(1 / 4, rel=0.05)
