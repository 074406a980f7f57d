import numpy as np
import pytest
from scipy import signal as scipy_signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.conditioning import bandpass, detrend

RATE_HZ = 1000
T = np.arange(4000) / RATE_HZ
INSIDE = slice(500, -500)


def tone(frequency_hz, phase=0.3):
    return np.cos(2 * np.pi * frequency_hz * T + phase)


@pytest.mark.parametrize("degree", [0, 1, 2, 5])
def test_a_polynomial_is_taken_off_whole(degree):
    coefficients = np.arange(1, degree + 2) * 7.0
    x = np.polynomial.polynomial.polyval(np.linspace(-2, 3, 500), coefficients)
    np.testing.assert_allclose(detrend(x, degree=degree), 0, atol=1e-9 * np.abs(x).max())


def test_what_is_left_has_no_trend_of_a_lower_degree():
    x = np.random.default_rng(0).standard_normal((2, 1001)).cumsum(axis=-1)
    t = np.linspace(-1, 1, 1001)
    left = detrend(x, degree=3)
    for power in range(4):
        np.testing.assert_allclose(left @ t**power, 0, atol=1e-8)


def test_a_line_is_the_default_and_agrees_with_scipy():
    x = np.random.default_rng(1).standard_normal((3, 700)) + np.arange(700)
    np.testing.assert_allclose(detrend(x), scipy_signal.detrend(x), atol=1e-9)


def test_a_small_signal_on_a_large_offset_survives_single_precision():
    x = (np.sin(np.arange(1000)) + 10_000).astype(np.float32)
    left = detrend(x, degree=0)
    assert left.dtype == np.float32
    expected = x.astype(float) - x.astype(float).mean()
    np.testing.assert_allclose(left, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("band_hz", "formula"),
    [
        ((50, 200), lambda f: (f**2 - 1e4) / (150 * f)),
        ((0, 100), lambda f: f / 100),
        ((100, 500), lambda f: 100 / f),
    ],
)
@pytest.mark.parametrize("order", [2, 4])
def test_a_tone_meets_the_squared_gain_of_the_analog_filter_and_no_delay(band_hz, formula, order):
    for frequency_hz in (40, 50, 90, 100, 180, 230):
        y = bandpass(tone(frequency_hz), rate_hz=RATE_HZ, band_hz=band_hz, order=order)
        expected = tone(frequency_hz) / (1 + formula(frequency_hz) ** (2 * order))
        np.testing.assert_allclose(y[INSIDE], expected[INSIDE], atol=2e-3)


def test_the_edges_pass_one_half():
    for edge_hz in (50, 200):
        y = bandpass(tone(edge_hz), rate_hz=RATE_HZ, band_hz=(50, 200))
        np.testing.assert_allclose(y[INSIDE], tone(edge_hz)[INSIDE] / 2, atol=1e-3)


@pytest.mark.parametrize("n", [3999, 4000])
def test_a_high_pass_is_one_whatever_the_length(n):
    y = bandpass(tone(400)[:n] + tone(20)[:n], rate_hz=RATE_HZ, band_hz=(100, 500), order=8)
    np.testing.assert_allclose(y[INSIDE], tone(400)[:n][INSIDE], atol=1e-3)


def test_it_agrees_with_a_recursive_filter_run_both_ways():
    x = np.random.default_rng(2).standard_normal(4000)
    rate_hz = 20_000  # the band is far below half the rate, where a digital filter bends frequencies
    sos = scipy_signal.butter(3, (500, 1500), "bandpass", fs=rate_hz, output="sos")
    expected = scipy_signal.sosfiltfilt(sos, x)
    y = bandpass(x, rate_hz=rate_hz, band_hz=(500, 1500), order=3)
    assert np.abs(y - expected)[INSIDE].max() < 0.03 * expected.std()


def test_a_drifting_offset_leaves_no_step_at_the_ends():
    x = 1000 + 50 * T
    assert np.abs(bandpass(x, rate_hz=RATE_HZ, band_hz=(10, 100))).max() < 0.02
    np.testing.assert_allclose(bandpass(x, rate_hz=RATE_HZ, band_hz=(0, 10)), x, atol=0.01)


def test_a_very_low_edge_and_a_high_order_stay_finite():
    y = bandpass(tone(2), rate_hz=RATE_HZ, band_hz=(4, 5), order=1)
    assert np.abs(y).max() < 0.2
    steep = bandpass(tone(90) + tone(110), rate_hz=RATE_HZ, band_hz=(0, 100), order=60)
    np.testing.assert_allclose(steep[1000:-1000], tone(90)[1000:-1000], atol=0.01)


def test_low_pass_and_high_pass_add_up_to_the_signal():
    # their squared gains are complements
    x = np.random.default_rng(3).standard_normal(4000)
    low = bandpass(x, rate_hz=RATE_HZ, band_hz=(0, 120))
    high = bandpass(x, rate_hz=RATE_HZ, band_hz=(120, 500))
    np.testing.assert_allclose((low + high)[INSIDE], x[INSIDE], atol=5e-3)


@pytest.mark.parametrize(
    "function", [lambda x: detrend(x, degree=2), lambda x: bandpass(x, rate_hz=1000, band_hz=(50, 200))]
)
def test_channels_scale_precision_integers_and_no_change_of_the_input(function):
    x = np.random.default_rng(4).standard_normal((2, 2, 999))
    before = x.copy()
    y = function(x)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_allclose(function(3 * x), 3 * y, atol=1e-12)
    np.testing.assert_allclose(function(x[1, 0]), y[1, 0], atol=1e-12)
    single = function(x.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, y, atol=1e-5)
    counts = np.round(30_000 * x / np.abs(x).max()).astype(np.int16)
    np.testing.assert_allclose(function(counts), function(counts.astype(float)), atol=0.05)


@pytest.mark.parametrize("band_hz", [(100, 100), (-1, 100), (100, 501), (np.nan, 2)])
def test_a_band_must_rise_within_half_the_rate(band_hz):
    with pytest.raises(ParameterError, match=f"within 0 and 500 Hz, half the rate, got {band_hz[0]:g} to"):
        bandpass(T, rate_hz=RATE_HZ, band_hz=band_hz)


def test_other_arguments_are_checked():
    with pytest.raises(ParameterError, match="from 0 to 500 Hz is the whole signal"):
        bandpass(T, rate_hz=RATE_HZ, band_hz=(0, 500))
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got 0"):
        bandpass(T, rate_hz=0, band_hz=(1, 2))
    with pytest.raises(ParameterError, match="order must be at least 1, got 0"):
        bandpass(T, rate_hz=RATE_HZ, band_hz=(10, 100), order=0)
    with pytest.raises(ParameterError, match="degree must be at least 0, got -1"):
        detrend(T, degree=-1)


def test_a_signal_that_is_too_short_is_refused_with_the_length_it_takes():
    with pytest.raises(RecordError, match="order 4 from 10 to 100 Hz takes at least 401 samples, .* has 400"):
        bandpass(T[:400], rate_hz=RATE_HZ, band_hz=(10, 100))
    bandpass(T[:401], rate_hz=RATE_HZ, band_hz=(10, 100))
    with pytest.raises(RecordError, match="give a longer one or a wider band"):
        bandpass(T, rate_hz=RATE_HZ, band_hz=(1e-300, 100))
    with pytest.raises(RecordError, match="a trend of degree 3 takes at least 4 samples, the signal has 3"):
        detrend([1, 2, 3], degree=3)
    with pytest.raises(RecordError, match="sample 1 is nan"):
        detrend([1, np.nan])
