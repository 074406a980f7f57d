"""What is drawn of one turn of a shaft."""

import numpy as np
import pytest

from faultdiag.plots.turns import turn_picture

POWER = np.ones(64)
POWER[[0, 32]] = 1.2, 7.0


def test_a_turn_is_closed_and_has_its_peak_in_its_place():
    (axes,) = turn_picture(POWER).axes
    (curve,) = axes.lines
    at, height = curve.get_data()
    assert (at[0], at[-1], at[height.argmax()]) == (0, 1, 0.5)
    assert height[0] == height[-1] == 1.2
    assert (axes.get_xlim(), axes.get_ylabel()) == ((0, 1), "power over its mean")
    assert axes.get_ylim() == (0, pytest.approx(1.08 * 7))


def test_a_turn_without_a_peak_looks_flat():
    (axes,) = turn_picture(1 + 0.05 * np.cos(np.arange(64))).axes
    assert axes.get_ylim() == (0, 2)


def test_a_reference_is_lighter_behind_and_named():
    figure = turn_picture(POWER, healthy=np.full(64, 1.5))
    (axes,) = figure.axes
    healthy, own = axes.lines
    np.testing.assert_array_equal(healthy.get_ydata(), 1.5)
    assert healthy.get_alpha() < 1
    assert own.get_alpha() is None
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["reference", "this record"]
    assert not turn_picture(POWER).legends
