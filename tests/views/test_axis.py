import numpy as np
import pytest

from faultdiag.errors import ParameterError
from faultdiag.views.axis import Axis, default_axis, over_background


def test_points_are_steps_from_one_on():
    axis = Axis("hz", 2.5, 50)
    assert axis.n_points == 20
    np.testing.assert_allclose(axis.points, np.arange(2.5, 51, 2.5))


def test_a_spectrum_is_read_in_straight_lines_and_is_0_beyond_its_end():
    values = np.stack([3 * np.arange(40.0), 100 - np.arange(40.0)])  # a line each, 4 Hz apart
    read = Axis("hz", 9.0, 180).sample(values, 4.0, None)
    at = np.arange(9, 181, 9) / 4
    np.testing.assert_allclose(read[0], np.where(at <= 39, 3 * at, 0))
    np.testing.assert_allclose(read[1], np.where(at <= 39, 100 - at, 0))


def test_in_orders_every_window_is_read_at_its_own_speed():
    values = np.broadcast_to(np.arange(200.0), (2, 3, 1, 200))  # 1 Hz apart: the value is the frequency
    speeds = np.array([[60.0, 120, 600], [1200, 1800, 240]])
    read = Axis("order", 0.25, 5).sample(values, 1.0, speeds)
    np.testing.assert_allclose(read[:, :, 0], speeds[..., None] / 60 * np.arange(0.25, 5.1, 0.25))


@pytest.mark.parametrize("speed_rpm", [None, np.nan, 0.0, -5.0])
def test_orders_without_a_speed_are_refused(speed_rpm):
    with pytest.raises(ParameterError, match="a view in orders needs the speed of every window"):
        Axis("order", 0.1, 10).at_hz(speed_rpm, (3,))


def test_an_axis_must_make_sense():
    with pytest.raises(ParameterError, match="axis must be 'order' or 'hz', got 'rpm'"):
        Axis("rpm", 1, 100)
    with pytest.raises(ParameterError, match="at least 16 steps, got a step of 10 up to 100"):
        Axis("hz", 10, 100)


def test_defaults_suit_the_window():
    options = {"length": 2048, "rate_hz": 12000.0, "highest_hz": 6000.0}
    assert default_axis("order", None, None, **options) == Axis("order", 0.05, 20)
    assert default_axis("order", 0.1, None, **options) == Axis("order", 0.1, 20)
    hz = default_axis("hz", None, None, **options)
    assert (hz.step, hz.last) == (12000 / 2048 / 2, 600)
    assert default_axis("hz", None, None, **(options | {"highest_hz": 200.0})).last == 200


def test_over_the_background_only_lines_stand_out():
    amplitude = np.linspace(1, 50, 400) * np.ones((2, 1))
    amplitude[0, 123] *= 9
    above = over_background(amplitude)
    assert above[0, 123] == pytest.approx(np.log(10 / 2), abs=0.05)
    rest = np.delete(above, 123, axis=1)
    assert np.abs(rest[:, 20:-20]).max() < 0.01
    np.testing.assert_allclose(over_background(7 * amplitude), above, atol=1e-12)
    assert not over_background(np.zeros((3, 100))).any()
