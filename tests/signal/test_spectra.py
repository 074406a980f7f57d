import numpy as np
import pytest
from scipy import signal as scipy_signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.spectra import amplitude_spectrum, power_spectral_density

RATE_HZ = 1000
T = np.arange(10_000) / RATE_HZ


def noise(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.mark.parametrize("window", ["hann", "flattop", ("kaiser", 8.0)])
@pytest.mark.parametrize("resolution_hz", [1.0, 1000 / 333])
def test_the_density_is_that_of_scipy(window, resolution_hz):
    x = noise(2, 5001) + 3
    freq_hz, density = power_spectral_density(x, rate_hz=RATE_HZ, resolution_hz=resolution_hz, window=window)
    n = round(RATE_HZ / resolution_hz)
    expected_hz, expected = scipy_signal.welch(x, RATE_HZ, window, nperseg=n, noverlap=n // 2)
    np.testing.assert_allclose(freq_hz, expected_hz)
    np.testing.assert_allclose(density, expected, rtol=1e-9, atol=1e-15)


def test_white_noise_has_its_variance_spread_evenly():
    _, density = power_spectral_density(2 * noise(200_000), rate_hz=RATE_HZ, resolution_hz=20)
    np.testing.assert_allclose(density[2:-1], 4 / 500, rtol=0.1)  # the mean leaks into the first two


def test_the_integral_of_the_density_is_the_variance():
    x = noise(100_000).cumsum() * 0.01
    x = x[10:] - x[:-10]
    freq_hz, density = power_spectral_density(x, rate_hz=50, resolution_hz=0.05)
    assert density.sum() * freq_hz[1] == pytest.approx(x.var(), rel=0.02)


@pytest.mark.parametrize("window", ["boxcar", "hann", "hamming", "flattop", "blackmanharris"])
@pytest.mark.parametrize("resolution_hz", [None, 1.0, 2.0])
def test_tones_at_the_frequencies_are_exact_with_any_window(window, resolution_hz):
    x = 3 * np.cos(2 * np.pi * 100 * T + 1) + 0.2 * np.sin(2 * np.pi * 250 * T) + 7
    for scale, factor in (("peak", 1), ("rms", np.sqrt(0.5))):
        freq_hz, amplitude = amplitude_spectrum(
            x, rate_hz=RATE_HZ, resolution_hz=resolution_hz, window=window, scale=scale
        )
        assert amplitude[freq_hz == 100][0] == pytest.approx(3 * factor, rel=1e-6)
        assert amplitude[freq_hz == 250][0] == pytest.approx(0.2 * factor, rel=1e-5)
        assert amplitude[0] < 1e-9


@pytest.mark.parametrize(("window", "loss"), [("boxcar", 0.36), ("hann", 0.15), ("flattop", 0.001)])
def test_a_tone_between_two_frequencies_loses_what_is_said(window, loss):
    x = np.cos(2 * np.pi * 100.05 * T)
    _, amplitude = amplitude_spectrum(x, rate_hz=RATE_HZ, window=window)
    assert 1 - loss - 0.005 < amplitude.max() < 1 - loss + 0.005


def test_half_the_rate_and_odd_lengths_are_counted_once():
    alternating = np.where(np.arange(1000) % 2, -2.0, 2.0)
    _, amplitude = amplitude_spectrum(alternating, rate_hz=RATE_HZ, window="boxcar")
    assert amplitude[-1] == pytest.approx(2)
    odd = np.cos(2 * np.pi * 499 / 999 * np.arange(999))
    freq_hz, amplitude = amplitude_spectrum(odd, rate_hz=999, window="boxcar")
    assert freq_hz[-1] == 499
    assert amplitude[-1] == pytest.approx(1)


def test_amplitude_and_density_hold_the_same_energy():
    x = noise(3, 10_000)
    weights = scipy_signal.get_window("hann", 500)
    freq_hz, rms = amplitude_spectrum(x, rate_hz=RATE_HZ, resolution_hz=2, scale="rms")
    _, density = power_spectral_density(x, rate_hz=RATE_HZ, resolution_hz=2)
    noise_width_hz = RATE_HZ * (weights @ weights) / weights.sum() ** 2
    assert noise_width_hz == pytest.approx(3, rel=0.01)
    np.testing.assert_allclose(rms**2, density * noise_width_hz, rtol=1e-9)
    np.testing.assert_allclose((rms**2).sum(axis=-1) * freq_hz[1] / noise_width_hz, x.var(axis=-1), rtol=0.05)


def test_parseval_holds_without_a_window():
    x = noise(1001)
    _, rms = amplitude_spectrum(x, rate_hz=RATE_HZ, window="boxcar", scale="rms")
    assert (rms**2).sum() == pytest.approx(x.var(), rel=1e-12)


@pytest.mark.parametrize(
    ("function", "power"),
    [
        (lambda x: amplitude_spectrum(x, rate_hz=1000)[1], 1),
        (lambda x: amplitude_spectrum(x, rate_hz=1000, resolution_hz=10, scale="rms")[1], 1),
        (lambda x: power_spectral_density(x, rate_hz=1000, resolution_hz=10)[1], 2),
    ],
)
def test_channels_scale_precision_integers_and_no_change_of_the_input(function, power):
    x = noise(2, 2, 1000)
    before = x.copy()
    y = function(x)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_allclose(function(3 * x), 3**power * y, atol=1e-12)
    np.testing.assert_allclose(function(x[1, 0]), y[1, 0], atol=1e-15)
    single = function(x.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, y, atol=1e-6)
    counts = np.round(30_000 * x / np.abs(x).max()).astype(np.int16)
    expected = function(counts.astype(float))
    np.testing.assert_allclose(function(counts), expected, atol=1e-5 * expected.max())


def test_a_resolution_takes_its_time():
    message = (
        "a resolution of 0.05 Hz at 1000 Hz takes at least 20000 samples, the signal has 10000; "
        "give a longer one or ask for 0.1 Hz"
    )
    for function in (amplitude_spectrum, power_spectral_density):
        with pytest.raises(RecordError, match=message):
            function(T, rate_hz=RATE_HZ, resolution_hz=0.05)
    assert amplitude_spectrum(T, rate_hz=RATE_HZ, resolution_hz=0.1)[0][1] == 0.1


def test_arguments_out_of_range_are_named():
    with pytest.raises(ParameterError, match="resolution_hz must be at most 250 Hz, a quarter .* got 300"):
        power_spectral_density(T, rate_hz=RATE_HZ, resolution_hz=300)
    with pytest.raises(ParameterError, match="resolution_hz must be a positive number, got 0"):
        amplitude_spectrum(T, rate_hz=RATE_HZ, resolution_hz=0)
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got -1"):
        amplitude_spectrum(T, rate_hz=-1)
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got -1"):
        power_spectral_density(T, rate_hz=-1, resolution_hz=1)
    with pytest.raises(ParameterError, match="scale must be 'peak' or 'rms', got 'db'"):
        amplitude_spectrum(T, rate_hz=RATE_HZ, scale="db")
    with pytest.raises(ParameterError, match="window 'round' is none of"):
        amplitude_spectrum(T, rate_hz=RATE_HZ, window="round")
    with pytest.raises(RecordError, match="sample 0 is nan"):
        power_spectral_density([np.nan], rate_hz=RATE_HZ, resolution_hz=1)
