import numpy as np
import pytest

from faultdiag.errors import ParameterError
from faultdiag.views.windows import channels_last, known_rate, log_standardized, picked, standardized


@pytest.mark.parametrize("n_axes", [1, 2])
def test_standardized_values_have_mean_0_and_deviation_1(n_axes):
    values = np.random.default_rng(0).normal(3, 7, (4, 5, 60))
    axes = tuple(range(-n_axes, 0))
    done = standardized(values, n_axes=n_axes)
    np.testing.assert_allclose(done.mean(axis=axes), 0, atol=1e-12)
    np.testing.assert_allclose(done.std(axis=axes), 1)
    assert not standardized(np.full((2, 50), 1e3 + 0.1), n_axes=1).any()


def test_logarithms_do_not_see_a_factor_and_end_60_db_down():
    amplitude = np.abs(np.random.default_rng(0).standard_normal((3, 100))) + 0.1
    np.testing.assert_allclose(log_standardized(1e5 * amplitude), log_standardized(amplitude), rtol=1e-9)
    amplitude[:, 0] = 0
    deeper = np.where(amplitude == 0, 1e-9, amplitude)
    np.testing.assert_allclose(log_standardized(deeper), log_standardized(amplitude), atol=1e-4)
    assert not log_standardized(np.zeros((2, 9))).any()


def test_channels_go_last():
    values = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    moved = channels_last(values, n_axes=2)
    assert moved.shape == (2, 4, 5, 3)
    assert moved.dtype == np.float32
    np.testing.assert_array_equal(moved[1, 2, 3], values[1, :, 2, 3])


def test_options_are_checked_by_name():
    assert picked("stft", "hop", 4, 1, 9) == 4
    with pytest.raises(ParameterError, match="view 'stft': hop must lie from 1 to 9, got 10"):
        picked("stft", "hop", 10, 1, 9)
    with pytest.raises(
        ParameterError, match=r"windows are too short for it; take longer ones \(data.window\)"
    ):
        picked("kurtogram", "n_levels", 1, 1, 0)
    assert known_rate("stft", 12000) == 12000
    with pytest.raises(ParameterError, match="view 'stft' has frequencies, so the rate must be known"):
        known_rate("stft", None)
