"""Probabilities of logits, and their difference."""

import numpy as np
import pytest
from scipy.special import log_softmax

from faultdiag.runs.probabilities import largest_difference, softmax


def test_softmax_is_the_normalised_exponential():
    logits = np.random.default_rng(0).standard_normal((2, 5, 3))
    np.testing.assert_allclose(softmax(logits), np.exp(log_softmax(logits, axis=-1)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_of_large_logits_stays_finite(dtype):
    logits = np.array([[1e4, 0, -1e4], [-1e30, -1e30, 1e30], [1e30, 1e30, 0]], dtype)
    shares = softmax(logits)
    assert shares.dtype == dtype
    np.testing.assert_allclose(shares, [[1, 0, 0], [0, 0, 1], [0.5, 0.5, 0]])


def test_softmax_of_nothing_is_nothing():
    assert softmax(np.empty((0, 3))).shape == (0, 3)


def test_the_difference_is_that_of_probabilities_not_of_logits():
    logits = np.array([[0.0, np.log(3.0)], [50.0, 0.0]])
    assert largest_difference(logits, logits + 7) == pytest.approx(0, abs=1e-15)
    assert largest_difference(logits, np.array([[0.0, 0.0], [70.0, 0.0]])) == pytest.approx(0.25)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_has_no_difference(bad):
    assert np.isnan(largest_difference(np.array([[bad, 0.0]]), np.zeros((1, 2))))
