import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.angle import turns_from_speed
from faultdiag.signal.orders import angular_spectrum, order_spectrum

RATE_HZ = 12000
RAMP_RPM = np.linspace(600, 1805, 60000)
ORDERS = {1: 0.7, 3: 2.0, 32: 1.0, 33: 0.25}


def vibration(turns):
    return sum(a * np.cos(2 * np.pi * k * turns + k) for k, a in ORDERS.items())


@pytest.mark.parametrize("window", ["hann", "boxcar", "flattop"])
@pytest.mark.parametrize("scale", ["peak", "rms"])
def test_orders_read_their_amplitudes(window, scale):
    x = 5 + vibration(np.arange(1000) / 100)
    order, amplitude = angular_spectrum(x, samples_per_turn=100, window=window, scale=scale)
    at = dict(zip(order.round(9).tolist(), amplitude, strict=True))
    for k, expected in ORDERS.items():
        assert at[k] == pytest.approx(expected / (1 if scale == "peak" else np.sqrt(2)), rel=1e-9)
    assert at[0] < 1e-9
    assert at[20] < 1e-9


def test_an_unfinished_turn_is_left_out():
    x = vibration(np.arange(1057) / 100)
    order, amplitude = angular_spectrum(x, samples_per_turn=100)
    assert order.shape == amplitude.shape == (501,)
    np.testing.assert_array_equal(amplitude, angular_spectrum(x[:1000], samples_per_turn=100)[1])


@pytest.mark.parametrize("n", [999, 1000])
def test_parseval_holds(n):
    x = np.random.default_rng(0).standard_normal(n)
    _, amplitude = angular_spectrum(x, samples_per_turn=n // 9, window="boxcar")
    whole = x[: n // 9 * 9]
    power = amplitude**2 / 2
    if whole.size % 2 == 0:
        power[-1] *= 2
    assert power.sum() == pytest.approx(whole.var(), rel=1e-9)


@pytest.mark.parametrize("speed_rpm", [1797.0, RAMP_RPM, RAMP_RPM[::-1].copy()])
def test_orders_keep_their_amplitude_at_a_speed_that_varies(speed_rpm):
    turns = turns_from_speed(speed_rpm, rate_hz=RATE_HZ, n_samples=60000)
    order, amplitude = order_spectrum(vibration(turns), rate_hz=RATE_HZ, speed_rpm=speed_rpm, max_order=50)
    assert order[0] == 0
    assert order[-1] == pytest.approx(50)
    for k, expected in ORDERS.items():
        nearest = np.argmin(np.abs(order - k))
        assert order[nearest] == pytest.approx(k, abs=1e-9)
        assert amplitude[nearest] == pytest.approx(expected, rel=0.001)


def test_angle_and_speed_give_the_same():
    x = vibration(turns_from_speed(RAMP_RPM, rate_hz=RATE_HZ))
    by_speed = order_spectrum(x, rate_hz=RATE_HZ, speed_rpm=RAMP_RPM, max_order=40)
    turns = turns_from_speed(RAMP_RPM, rate_hz=RATE_HZ)
    by_angle = order_spectrum(x, rate_hz=RATE_HZ, turns=turns, max_order=40)
    np.testing.assert_array_equal(by_speed, by_angle)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_stack_is_each_signal_and_keeps_its_precision(dtype):
    x = np.random.default_rng(1).standard_normal((2, 3, 6000)).astype(dtype)
    arguments = {"rate_hz": RATE_HZ, "speed_rpm": np.linspace(1000, 1800, 6000), "max_order": 30}
    _, stack = order_spectrum(x, **arguments)
    assert stack.dtype == dtype
    for i, j in np.ndindex(2, 3):
        np.testing.assert_allclose(stack[i, j], order_spectrum(x[i, j], **arguments)[1], rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(order_spectrum(3 * x, **arguments)[1], 3 * stack, rtol=1e-4, atol=1e-6)


def test_int16_is_its_own_value():
    x = np.random.default_rng(2).integers(-32768, 32767, (2, 1000)).astype(np.int16)
    before = x.copy()
    _, amplitude = angular_spectrum(x, samples_per_turn=100)
    expected = angular_spectrum(x.astype(np.float64), samples_per_turn=100)[1]
    np.testing.assert_allclose(amplitude, expected, rtol=1e-4, atol=0.1)
    np.testing.assert_array_equal(x, before)


def test_orders_without_speed_are_refused():
    x = np.ones(12000)
    with pytest.raises(ParameterError, match="needs the shaft angle or the speed: give turns or speed_rpm"):
        order_spectrum(x, rate_hz=RATE_HZ, max_order=10)
    with pytest.raises(ParameterError, match="give turns or speed_rpm"):
        order_spectrum(x, rate_hz=RATE_HZ, max_order=10, speed_rpm=1800, turns=np.arange(12000) / 400)


def test_arguments_out_of_range_are_named():
    x = np.ones(12000)
    with pytest.raises(ParameterError, match=r"max_order 200 lies above 0\.45 .* at most 180 can"):
        order_spectrum(x, rate_hz=RATE_HZ, max_order=200, speed_rpm=1800)
    for wrong in (0, -1, np.nan):
        with pytest.raises(ParameterError, match=f"max_order must be a positive number, got {wrong}"):
            order_spectrum(x, rate_hz=RATE_HZ, max_order=wrong, speed_rpm=1800)
    with pytest.raises(ParameterError, match="scale must be peak or rms, got 'power'"):
        angular_spectrum(x, samples_per_turn=100, scale="power")
    with pytest.raises(ParameterError, match=r"whole number of 2 or more, got 400\.67"):
        angular_spectrum(x, samples_per_turn=400.67)
    with pytest.raises(ParameterError, match="window 'round' is none of"):
        angular_spectrum(x, samples_per_turn=100, window="round")
    with pytest.raises(RecordError, match="needs a whole turn, 100 samples, got 99"):
        angular_spectrum(x[:99], samples_per_turn=100)
    with pytest.raises(RecordError, match="sample 1 is inf"):
        order_spectrum([1, np.inf], rate_hz=RATE_HZ, max_order=10, speed_rpm=1800)
