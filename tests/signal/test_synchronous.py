import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.angle import angular_resample, turns_from_speed
from faultdiag.signal.synchronous import remove_synchronous, synchronous_average

TURN = np.random.default_rng(0).standard_normal(50)


def test_what_repeats_is_the_average_and_leaves_nothing():
    x = np.tile(TURN, 7)[:-13]
    average, n_turns = synchronous_average(x, samples_per_turn=50)
    assert n_turns == 6
    np.testing.assert_allclose(average, TURN, atol=1e-12)
    np.testing.assert_allclose(remove_synchronous(x, samples_per_turn=50), 0, atol=1e-12)


@pytest.mark.parametrize("n_turns", [16, 400])
def test_noise_falls_with_the_root_of_the_turns(n_turns):
    noise = np.random.default_rng(1).standard_normal((40, n_turns * 50))
    average, counted = synchronous_average(np.tile(TURN, n_turns) + noise, samples_per_turn=50)
    assert counted == n_turns
    assert (average - TURN).std() == pytest.approx(1 / np.sqrt(n_turns), rel=0.05)


def test_what_is_not_locked_to_the_shaft_stays_in_the_rest():
    k = np.arange(100 * 50) / 50
    bearing = np.cos(2 * np.pi * 3.61 * k)
    rest = remove_synchronous(np.tile(TURN, 100) + bearing, samples_per_turn=50)
    assert (rest - bearing).std() < 0.01
    # the two parts have the power of the whole
    x = np.random.default_rng(2).standard_normal(5000)
    average, _ = synchronous_average(x, samples_per_turn=50)
    power = np.mean(average**2) + np.mean(remove_synchronous(x, samples_per_turn=50) ** 2)
    assert power == pytest.approx(np.mean(x**2), rel=1e-12)


@pytest.mark.parametrize("speed_rpm", [1797.0, np.linspace(1200, 1797, 120_000)])
def test_order_7_keeps_its_amplitude_where_a_turn_is_no_whole_number_of_samples(speed_rpm):
    turns = turns_from_speed(speed_rpm, rate_hz=12000, n_samples=120_000)
    x = np.cos(2 * np.pi * 7 * turns + 0.5)
    y = angular_resample(x, rate_hz=12000, turns=turns, samples_per_turn=256)
    average, n_turns = synchronous_average(y, samples_per_turn=256)
    assert n_turns == int(turns[-1])
    np.testing.assert_allclose(average, np.cos(2 * np.pi * 7 * np.arange(256) / 256 + 0.5), atol=0.003)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_stack_is_each_signal_and_keeps_its_precision(dtype):
    x = np.random.default_rng(3).standard_normal((2, 3, 520)).astype(dtype)
    before = x.copy()
    average, _ = synchronous_average(x, samples_per_turn=50)
    rest = remove_synchronous(x, samples_per_turn=50)
    assert average.dtype == rest.dtype == dtype
    assert (average.shape, rest.shape) == ((2, 3, 50), x.shape)
    for i, j in np.ndindex(2, 3):
        np.testing.assert_array_equal(average[i, j], synchronous_average(x[i, j], samples_per_turn=50)[0])
        np.testing.assert_array_equal(rest[i, j], remove_synchronous(x[i, j], samples_per_turn=50))
    np.testing.assert_allclose(synchronous_average(3 * x, samples_per_turn=50)[0], 3 * average, rtol=1e-5)
    np.testing.assert_array_equal(x, before)


def test_many_turns_in_float32_lose_no_digits():
    x = np.full(50 * 200_000, 0.1, np.float32)
    np.testing.assert_allclose(synchronous_average(x, samples_per_turn=50)[0], np.float32(0.1), rtol=1e-7)


def test_int16_is_its_own_value():
    x = np.full(300, 32767, np.int16)
    np.testing.assert_array_equal(synchronous_average(x, samples_per_turn=3)[0], 32767)


def test_arguments_out_of_range_are_named():
    for function in (synchronous_average, remove_synchronous):
        for wrong in (400.67, 1, np.nan):
            with pytest.raises(ParameterError, match=f"whole number of 2 or more, got {wrong}; angular_res"):
                function(np.ones(1000), samples_per_turn=wrong)
        with pytest.raises(RecordError, match="needs two turns, 1200 samples at 600 per turn; got 1000"):
            function(np.ones(1000), samples_per_turn=600)
        with pytest.raises(RecordError, match="sample 0 is nan"):
            function([np.nan, 1], samples_per_turn=2)
