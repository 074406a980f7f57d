"""The view `raw`: mean 0 and deviation 1 of every window and channel, whatever its offset and scale."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultdiag.errors import ParameterError
from faultdiag.views.raw import RawView


def windows(shape=(5, 2, 64), seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(shape) * rng.uniform(0.01, 100) + rng.uniform(-50, 50)).astype(dtype)


@pytest.fixture
def view():
    return RawView(n_channels=2, length=64)


def test_a_window_is_its_own_mean_and_deviation_away(view):
    x = windows()
    expected = np.empty((5, 64, 2))
    for i, channel in np.ndindex(5, 2):
        row = x[i, channel]
        centred = row - row.sum() / 64
        expected[i, :, channel] = centred / np.sqrt((centred**2).sum() / 64)
    tensors = view(x)
    assert tensors.dtype == np.float32
    np.testing.assert_allclose(tensors, expected, rtol=1e-5, atol=1e-6)


@given(seed=st.integers(0, 1000), dtype=st.sampled_from([np.float32, np.float64]))
def test_mean_0_and_deviation_1(seed, dtype):
    tensors = RawView(n_channels=2, length=64)(windows(seed=seed, dtype=dtype))
    np.testing.assert_allclose(tensors.mean(axis=-2), 0, atol=1e-4)
    np.testing.assert_allclose(tensors.std(axis=-2), 1, rtol=1e-4)


@given(scale=st.floats(1e-6, 1e6), offset=st.floats(-1e3, 1e3), seed=st.integers(0, 100))
def test_scale_and_offset_are_no_part_of_it(scale, offset, seed):
    x, view = np.random.default_rng(seed).standard_normal((2, 64)), RawView(n_channels=2, length=64)
    np.testing.assert_allclose(view(scale * (x + offset)), view(x), atol=1e-5)
    np.testing.assert_allclose(view(-scale * x), -view(x), atol=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("value", [0, 0.1, -1 / 3, 1e-20, 1e8, -9.80665])
def test_a_constant_channel_becomes_zeros_and_leaves_the_other_alone(view, dtype, value):
    x = windows(dtype=dtype)
    x[:, 1] = value
    tensors = view(x)
    np.testing.assert_array_equal(tensors[..., 1], 0)
    np.testing.assert_array_equal(tensors[..., 0], view(windows(dtype=dtype))[..., 0])


@pytest.mark.parametrize("value", [-32768, 32767, 0, -1])
def test_constant_integers_become_zeros(view, value):
    np.testing.assert_array_equal(view(np.full((2, 64), value, np.int16)), 0)


def test_one_click_in_silence_is_a_signal(view):
    x = np.zeros((2, 64), np.float32)
    x[:, 10] = 1e-3
    np.testing.assert_allclose(view(x).std(axis=0), 1, rtol=1e-5)


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.int64, np.uint8])
def test_integers_are_their_values(view, dtype):
    x = np.random.default_rng(1).integers(0, 255, (3, 2, 64)).astype(dtype)
    np.testing.assert_allclose(view(x), view(x.astype(np.float64)), rtol=1e-6)


def test_a_batch_is_each_window(view):
    x = windows((2, 3, 2, 64))
    tensors = view(x)
    assert tensors.shape == (2, 3, 64, 2)
    for i, j in np.ndindex(2, 3):
        np.testing.assert_array_equal(tensors[i, j], view(x[i, j]))


def test_stacked_channels_are_each_channel(view):
    x, one = windows(), RawView(n_channels=1, length=64)
    for channel in range(2):
        np.testing.assert_array_equal(view(x)[..., channel : channel + 1], one(x[:, channel : channel + 1]))


def test_rate_and_speed_change_nothing(view):
    x = windows()
    np.testing.assert_array_equal(view(x, 12_000.0, np.full(5, 1750.0)), view(x))


def test_it_is_fitted_to_the_size_of_windows_alone():
    view = RawView.fit(windows((7, 3, 50)), rate_hz=12_000)
    assert view == RawView(n_channels=3, length=50)
    assert view.shape == (50, 3)


def test_the_windows_are_left_as_they_were(view):
    x = windows()
    before = x.copy()
    view(x)
    np.testing.assert_array_equal(x, before)


def test_windows_to_fit_have_three_axes():
    with pytest.raises(ParameterError, match=r"\[n, channels, length\], got \[2, 64\]"):
        RawView.fit(np.zeros((2, 64)))


@pytest.mark.parametrize("shape", [(5, 1, 64), (5, 2, 63), (64,), (5, 64, 2)])
def test_windows_of_another_size_are_refused(view, shape):
    got = ", ".join(map(str, shape))
    with pytest.raises(ParameterError, match=rf"must be \[\.\.\., 2, 64\], got \[{got}\]"):
        view(np.zeros(shape))
