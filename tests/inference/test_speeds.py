import numpy as np
import pytest

from faultdiag.inference.speeds import WindowSpeeds, speeds_of
from faultdiag.records import Record


def record(speed_rpm, n=1000, rate_hz=100.0):
    return Record(source=np.zeros((1, n), np.float32), rate_hz=rate_hz, speed_rpm=speed_rpm)


def test_one_speed_or_none_is_handed_on():
    assert speeds_of(record(1800.0), rate_hz=None, window=10, hop=5) == 1800
    assert speeds_of(record(None), rate_hz=None, window=10, hop=5) is None


def test_each_window_has_the_mean_speed_of_its_stretch():
    speed = np.linspace(600, 1600, 1000)
    speeds = speeds_of(record(speed), rate_hz=100.0, window=64, hop=32)
    assert isinstance(speeds, WindowSpeeds)
    expected = [speed[32 * k : 32 * k + 64].mean() for k in range(5, 15)]
    np.testing.assert_allclose(speeds.of(5, 10), expected)
    np.testing.assert_allclose(np.concatenate([speeds.of(0, 7), speeds.of(7, 3)]), speeds.of(0, 10))


def test_windows_at_another_rate_lie_where_their_time_is():
    speed = np.linspace(600, 1600, 1000)  # 10 s at 100 Hz
    speeds = speeds_of(record(speed), rate_hz=250.0, window=250, hop=500)  # 1 s each, every 2 s
    expected = [speed[200 * k : 200 * k + 100].mean() for k in range(5)]
    np.testing.assert_allclose(speeds.of(0, 5), expected, rtol=1e-6)


def test_a_window_that_reaches_over_the_end_has_the_last_speed():
    speeds = speeds_of(record(np.full(1000, 900.0)), rate_hz=99.99, window=2000, hop=1000)
    np.testing.assert_allclose(speeds.of(0, 2), 900)
    assert speeds.of(0, 2)[1] == pytest.approx(900)
