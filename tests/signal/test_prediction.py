import numpy as np
import pytest
from scipy import signal as scipy_signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.prediction import prediction_coefficients, prediction_order, prediction_residual

AR = np.array([1.2, -0.8, 0.1])


def noise(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def ar_process(n=100_000, seed=0):
    driving = noise(n, seed=seed)
    return scipy_signal.lfilter([1], np.append(1, -AR), driving), driving


def autocorrelation(x, lag):
    return np.mean(x[lag:] * x[: len(x) - lag]) / np.mean(x**2)


def test_coefficients_of_an_ar_process_are_found():
    x, _ = ar_process()
    np.testing.assert_allclose(prediction_coefficients(x, order=3), AR, atol=0.01)
    np.testing.assert_allclose(prediction_coefficients(x + 50, order=5), [*AR, 0, 0], atol=0.015)


def test_coefficients_solve_the_normal_equations():
    x = noise(2, 500).cumsum(axis=-1)
    found = prediction_coefficients(x, order=4)
    for row, coefficients in zip(x, found, strict=True):
        padded = np.pad(row - row.mean(), 4)
        past = np.stack([padded[4 - k : len(padded) - k] for k in range(1, 5)], axis=-1)
        expected = np.linalg.lstsq(past, padded[4:], rcond=None)[0]
        np.testing.assert_allclose(coefficients, expected, atol=1e-4)


def test_the_residual_of_an_ar_process_is_the_white_noise_that_drives_it():
    x, driving = ar_process()
    residual = prediction_residual(x, order=3)
    np.testing.assert_allclose(residual, driving, atol=0.15)
    assert np.corrcoef(residual, driving)[0, 1] > 0.999
    for lag in range(1, 10):
        assert abs(autocorrelation(residual, lag)) < 0.015
    assert abs(autocorrelation(x, 1)) > 0.6


def test_the_residual_is_the_sample_less_its_prediction():
    x = noise(200)
    a = prediction_coefficients(x, order=2)
    c = x - x.mean()
    residual = prediction_residual(x, order=2)
    assert residual.shape == x.shape
    np.testing.assert_allclose(residual[2:], c[2:] - a[0] * c[1:-1] - a[1] * c[:-2], atol=1e-12)
    np.testing.assert_allclose(residual[:2], [c[0], c[1] - a[0] * c[0]], atol=1e-12)


def test_a_tone_is_predicted_and_an_impulse_is_not():
    t = np.arange(20_000)
    x = 10 * np.sin(0.4 * t) + 0.5 * noise(20_000)
    x[7000] += 8
    residual = prediction_residual(x, order=100)
    assert np.abs(residual[100:]).argmax() + 100 == 7000
    assert residual[7000] == pytest.approx(8 + 0.5 * noise(20_000)[7000], abs=0.3)
    assert residual[100:].std() < 0.6


def test_the_order_is_the_one_with_the_most_impulsive_residual():
    x, _ = ar_process(20_000, seed=1)
    hits = (np.random.default_rng(2).random(20_000) < 0.002) * 15.0
    impulsive = scipy_signal.lfilter([1], np.append(1, -AR), hits + noise(20_000, seed=3))
    stack = np.stack([impulsive, x])
    found = prediction_order(stack, orders=(1, 3))
    assert found.shape == (2,)
    assert found[0] == 3
    kurtosis = []
    for order in (1, 3):
        residual = prediction_residual(stack, order=order)[:, 3:]
        residual = residual - residual.mean(axis=-1, keepdims=True)
        kurtosis.append(np.mean(residual**4, axis=-1) / residual.var(axis=-1) ** 2)
    np.testing.assert_array_equal(found, np.array([1, 3])[np.argmax(kurtosis, axis=0)])
    assert prediction_order(impulsive, orders=[7]) == 7
    assert prediction_order(impulsive) in (10, 20, 40, 80, 160)


@pytest.mark.parametrize(
    ("function", "factor"),
    [(lambda x: prediction_residual(x, order=8), 3), (lambda x: prediction_coefficients(x, order=8), 1)],
)
def test_channels_scale_precision_integers_and_no_change_of_the_input(function, factor):
    x = noise(2, 2, 500) + np.sin(np.arange(500))
    before = x.copy()
    y = function(x)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_allclose(function(3 * x), factor * y, atol=1e-9)
    np.testing.assert_allclose(function(x[0, 1]), y[0, 1], atol=1e-12)
    np.testing.assert_allclose(function(x.astype(np.float32)), y, atol=1e-4)
    counts = np.round(10_000 * x).astype(np.int16)
    expected = function(counts.astype(float))
    np.testing.assert_allclose(function(counts), expected, atol=1e-4 * np.abs(expected).max())


def test_coefficients_do_not_know_the_scale():
    x = noise(500)
    expected = prediction_coefficients(x, order=4)
    for factor in (1e-200, 1e200):
        np.testing.assert_allclose(prediction_coefficients(factor * x, order=4), expected, rtol=1e-9)


def test_the_residual_keeps_the_precision():
    x = noise(300).astype(np.float32)
    assert prediction_residual(x, order=4).dtype == np.float32
    assert prediction_coefficients(x, order=4).dtype == np.float64


def test_a_pure_tone_of_any_order_stays_finite():
    residual = prediction_residual(np.sin(np.arange(5000)), order=100)
    assert np.abs(residual[100:]).max() < 0.01


def test_what_cannot_be_predicted_is_refused():
    x = noise(100)
    with pytest.raises(ParameterError, match="order must be at least 1, got 0"):
        prediction_residual(x, order=0)
    with pytest.raises(
        RecordError, match="order 50 takes at least 101 samples, the signal has 100; .* lower"
    ):
        prediction_coefficients(x, order=50)
    with pytest.raises(RecordError, match="all 100 samples are 3; leave out"):
        prediction_residual(np.full(100, 3), order=2)
    with pytest.raises(RecordError, match="sample 1 is inf"):
        prediction_residual([0, np.inf, 1], order=1)
    with pytest.raises(ParameterError, match="orders is empty"):
        prediction_order(x, orders=())
    with pytest.raises(ParameterError, match="orders must be at least 1, got -2"):
        prediction_order(x, orders=(5, -2))
