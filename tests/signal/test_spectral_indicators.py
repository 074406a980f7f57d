import numpy as np
import pytest
from scipy import signal as scipy_signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.spectral_indicators import (
    hjorth_activity,
    hjorth_complexity,
    hjorth_mobility_hz,
    rms_frequency_hz,
    spectral_centroid_hz,
    spectral_entropy,
    spectral_kurtosis,
    spectral_skewness,
    spectral_spread_hz,
)

RATE_HZ = 10000
T = np.arange(100000) / RATE_HZ
WHITE = np.random.default_rng(1).standard_normal(500000)


def tones(*parts):
    return sum(a * np.sin(2 * np.pi * f * T + f) for a, f in parts)


def test_a_tone_has_its_frequency_as_centroid_and_no_spread():
    x = tones((2, 777.7))
    assert spectral_centroid_hz(x, rate_hz=RATE_HZ) == pytest.approx(777.7, abs=0.5)
    assert rms_frequency_hz(x, rate_hz=RATE_HZ) == pytest.approx(777.7, abs=0.5)
    assert spectral_spread_hz(x, rate_hz=RATE_HZ) < 10
    assert spectral_entropy(x) < 0.2


def test_two_tones_have_the_moments_of_two_points():
    x = tones((2, 1000), (1, 2000))  # shares of power 0.8 and 0.2
    assert spectral_centroid_hz(x, rate_hz=RATE_HZ) == pytest.approx(1200, rel=1e-3)
    assert spectral_spread_hz(x, rate_hz=RATE_HZ) == pytest.approx(400, rel=1e-3)
    assert spectral_skewness(x) == pytest.approx((0.8 - 0.2) / 0.4, rel=2e-3)
    assert spectral_kurtosis(x) == pytest.approx((0.8**3 + 0.2**3) / 0.16, rel=2e-3)
    assert rms_frequency_hz(x, rate_hz=RATE_HZ) == pytest.approx(
        np.sqrt(0.8 * 1000**2 + 0.2 * 2000**2), rel=1e-3
    )


def test_white_noise_has_a_flat_spectrum():
    assert spectral_centroid_hz(WHITE, rate_hz=RATE_HZ) == pytest.approx(2500, rel=0.01)
    assert spectral_spread_hz(WHITE, rate_hz=RATE_HZ) == pytest.approx(5000 / np.sqrt(12), rel=0.01)
    assert spectral_skewness(WHITE) == pytest.approx(0, abs=0.02)
    assert spectral_kurtosis(WHITE) == pytest.approx(1.8, rel=0.01)
    assert spectral_entropy(WHITE) == pytest.approx(1, abs=0.002)
    assert spectral_entropy(WHITE[:1024]) == pytest.approx(0.93, abs=0.03)


def test_an_offset_has_no_part_in_the_spectrum():
    x = tones((1, 700)) + 1000
    assert spectral_centroid_hz(x, rate_hz=RATE_HZ) == pytest.approx(700, abs=1)


def test_an_impulse_has_a_flat_spectrum_too():
    x = np.zeros(1024)
    x[512] = 1
    assert spectral_centroid_hz(x, rate_hz=RATE_HZ) == pytest.approx(2500, rel=0.01)
    assert spectral_entropy(x) == pytest.approx(1, abs=1e-3)


def test_mobility_of_a_tone_is_the_frequency_of_its_difference_quotient():
    for f in (50, 800, 3000):
        expected = RATE_HZ / np.pi * np.sin(np.pi * f / RATE_HZ)
        assert hjorth_mobility_hz(tones((3, f)), rate_hz=RATE_HZ) == pytest.approx(expected, rel=1e-4)
        assert hjorth_complexity(tones((3, f))) == pytest.approx(1, rel=1e-4)
    assert hjorth_mobility_hz(tones((3, 800)), rate_hz=RATE_HZ) == pytest.approx(800 * 0.99, rel=1e-3)


def test_mobility_is_the_rms_frequency_without_a_spectrum():
    sos = scipy_signal.butter(4, 200, fs=RATE_HZ, output="sos")
    x = scipy_signal.sosfilt(sos, WHITE)
    mobility = hjorth_mobility_hz(x, rate_hz=RATE_HZ)
    assert mobility == pytest.approx(float(rms_frequency_hz(x, rate_hz=RATE_HZ)), rel=0.01)


def test_hjorth_of_white_noise_follows_from_the_binomial_coefficients():
    # variances of the first and second difference are 2 and 6 times that of the samples
    assert hjorth_activity(3 * WHITE) == pytest.approx(9, rel=0.01)
    assert hjorth_mobility_hz(WHITE, rate_hz=1) == pytest.approx(np.sqrt(2) / (2 * np.pi), rel=0.01)
    assert hjorth_complexity(WHITE) == pytest.approx(np.sqrt(6 / 2) / np.sqrt(2), rel=0.01)


@pytest.mark.parametrize(
    "function", [spectral_centroid_hz, spectral_spread_hz, rms_frequency_hz, hjorth_mobility_hz]
)
def test_frequencies_need_a_positive_rate(function):
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got -1"):
        function(WHITE[:100], rate_hz=-1)


@pytest.mark.parametrize("function", [spectral_skewness, spectral_entropy, hjorth_complexity])
def test_a_constant_channel_has_no_spectrum(function):
    with pytest.raises(RecordError, match="is constant; check the sensor"):
        function(np.ones(100))
