"""Uniform values look uniform, others do not."""

import numpy as np
import p_values
import pytest


def test_uniform_quantiles_lie_on_the_diagonal():
    expected, found = p_values.quantiles(np.arange(1, 1000) / 1000)
    assert found == pytest.approx(expected)
    assert expected[0] == pytest.approx(1e-3)
    assert np.ptp(np.diff(np.log(expected[-8:]))) < 0.02


def test_the_largest_of_all_kinds_counts():
    uniform = np.arange(1, 1000) / 1000
    found = {
        ("best bands", "outer", "all"): uniform,
        ("best bands", "inner", "all"): uniform**2,
        ("best bands", "inner", "white"): uniform**8,
    }
    counts = p_values.summary(found)
    assert counts["distance"] == pytest.approx(0.25, abs=2e-3)
    assert counts["small"] == pytest.approx(10, rel=0.02)
    assert counts["table"]["best bands | outer | all"]["distance"] < 2e-3
