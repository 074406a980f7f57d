import numpy as np
import pytest
from scipy import signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.cyclic import enhanced_envelope_spectrum, spectral_coherence, spectral_correlation

RATE_HZ = 4000.0
OPTIONS = {"rate_hz": RATE_HZ, "max_cyclic_hz": 200.0, "resolution_hz": 31.25}


def noise(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def modulated(depth, cyclic_hz, n=80000, seed=0):
    t = np.arange(n) / RATE_HZ
    return (1 + depth * np.cos(2 * np.pi * cyclic_hz * t + 0.7)) * noise(n, seed=seed)


def at(found, cyclic_hz):
    """Mean over frequency, away from 0 and half the rate, of the value at a cyclic frequency."""
    row = found.value[np.abs(found.cyclic_hz - cyclic_hz).argmin()]
    return row[10:-5].mean()


def test_without_a_shift_it_is_half_the_power_spectral_density():
    sos = signal.butter(2, 600, fs=RATE_HZ, output="sos")
    x = signal.sosfilt(sos, noise(80000))
    found = spectral_correlation(x, **OPTIONS)
    _, density = signal.welch(x, RATE_HZ, "hann", nperseg=128, noverlap=112, detrend=False)
    np.testing.assert_allclose(found.value[0].real[1:-1], density[1:-1] / 2, rtol=0.03)
    assert np.abs(found.value[0].imag).max() < 1e-9 * density.max()


@pytest.mark.parametrize("cyclic_hz", [7.0, 31.25, 46.0, 110.0, 171.3])
def test_modulated_noise_has_its_coherence_wherever_the_line_falls(cyclic_hz):
    found = spectral_coherence(modulated(0.5, cyclic_hz), **OPTIONS)
    nearest = np.abs(found.cyclic_hz - cyclic_hz).min()
    duration_s = 80000 / RATE_HZ
    loss = np.sinc(nearest * duration_s)  # a line between two steps
    assert abs(at(found, cyclic_hz)) == pytest.approx(0.5 / (1 + 0.5**2 / 2) * loss, abs=0.03)
    # the power has twice the modulation, too, at a quarter of the square of the depth
    twice = spectral_coherence(modulated(0.5, cyclic_hz / 2), **OPTIONS)
    assert abs(at(twice, cyclic_hz)) == pytest.approx(0.5**2 / 4 / (1 + 0.5**2 / 2), abs=0.03)


def test_the_correlation_has_the_phase_of_the_modulation():
    found = spectral_correlation(modulated(0.5, 50.0), **OPTIONS)
    assert np.angle(at(found, 50.0)) == pytest.approx(0.7, abs=0.1)
    level = spectral_correlation(modulated(0.5, 50.0), **OPTIONS)
    # 2 m cos / 2: the density of the noise is 1 / rate
    assert abs(at(level, 50.0)) * RATE_HZ == pytest.approx(0.5, abs=0.05)


def test_stationary_noise_has_little_coherence_and_less_in_a_longer_record():
    short, long = (spectral_coherence(noise(n), **OPTIONS) for n in (20000, 80000))
    levels = [np.abs(found.value[found.cyclic_hz > 100][:, 5:-5]).mean() for found in (short, long)]
    assert levels[1] < 0.1
    assert levels[0] / levels[1] == pytest.approx(2, rel=0.1)


def test_it_agrees_with_a_direct_estimate():
    x = modulated(0.8, 62.5, n=24000)
    found = spectral_correlation(x, **OPTIONS)
    # an averaged cyclic periodogram (Welch) of the signal and its shifted self
    t = np.arange(len(x)) / RATE_HZ
    centred = x - x.mean()
    up, down = (centred * np.exp(sign * 1j * np.pi * 62.5 * t) for sign in (1, -1))
    # E[down up*] at f: components at f + 31.25 and f - 31.25
    freq_hz, direct = signal.csd(
        up, down, RATE_HZ, "hann", nperseg=128, noverlap=112, detrend=False, return_onesided=False
    )
    shifted = np.interp(found.freq_hz[10:-10] - 31.25, *_sorted(freq_hz, direct))
    mine = found.value[np.abs(found.cyclic_hz - 62.5).argmin()][10:-10]
    np.testing.assert_allclose(np.abs(mine).mean(), np.abs(shifted).mean(), rtol=0.1)
    assert np.corrcoef(np.abs(mine), np.abs(shifted))[0, 1] > 0.8


def _sorted(freq_hz, value):
    order = np.argsort(freq_hz)
    return freq_hz[order], value[order]


def test_the_enhanced_envelope_spectrum_has_lines_at_the_strikes_alone():
    rng = np.random.default_rng(1)
    n = 80000
    at_s = np.cumsum((1 + 0.01 * rng.standard_normal(1000)) / 47.0)
    at_s = at_s[at_s < n / RATE_HZ - 0.1]
    x = np.zeros(n)
    x[(at_s * RATE_HZ).astype(int)] = 1
    ringing = np.exp(-np.arange(200) / 15) * np.sin(2 * np.pi * 900 * np.arange(200) / RATE_HZ)
    x = signal.fftconvolve(x, ringing)[:n] + 0.2 * noise(n)
    coherence = spectral_coherence(x, **OPTIONS)
    for band_hz in (None, (700.0, 1100.0)):
        cyclic_hz, value = enhanced_envelope_spectrum(coherence, band_hz=band_hz)
        beyond = cyclic_hz > 5
        assert abs(cyclic_hz[beyond][value[beyond].argmax()] - 47) < 0.5
    whole = enhanced_envelope_spectrum(coherence)[1]
    improved = enhanced_envelope_spectrum(coherence, band_hz=(700.0, 1100.0))[1]
    assert improved[beyond].max() > whole[beyond].max()
    inside = (coherence.freq_hz >= 700) & (coherence.freq_hz <= 1100)
    np.testing.assert_allclose(improved, np.abs(coherence.value)[:, inside].mean(axis=1))


@pytest.mark.parametrize("method", [spectral_correlation, spectral_coherence])
def test_channels_are_one_by_one_scales_hold_and_the_caller_keeps_his_array(method):
    x = np.stack([modulated(0.5, 50), modulated(0.9, 33, seed=1)])[:, :20000]
    kept = x.copy()
    together = method(x, **OPTIONS)
    for row, value in zip(x, together.value, strict=True):
        np.testing.assert_allclose(method(row, **OPTIONS).value, value, rtol=1e-9, atol=1e-12)
    factor = 9 if method is spectral_correlation else 1
    np.testing.assert_allclose(method(3 * x, **OPTIONS).value, factor * together.value, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(x, kept)
    assert method(x.astype(np.float32), **OPTIONS).value.dtype == np.complex64


def test_int16_is_taken_as_numbers():
    counts = np.round(8000 * modulated(0.5, 50, n=20000)).clip(-32768, 32767).astype(np.int16)
    ours, truth = (spectral_coherence(c, **OPTIONS).value for c in (counts, counts.astype(np.float64)))
    np.testing.assert_allclose(ours, truth, atol=1e-4)


def test_what_cannot_be_told_apart_is_refused():
    x = noise(8000)
    with pytest.raises(ParameterError, match="max_cyclic_hz must lie above 0 and not above 2000 Hz"):
        spectral_coherence(x, rate_hz=RATE_HZ, max_cyclic_hz=2500, resolution_hz=30)
    with pytest.raises(ParameterError, match="resolution_hz must lie above 0 and not above 250 Hz, got 300"):
        spectral_coherence(x, rate_hz=RATE_HZ, max_cyclic_hz=100, resolution_hz=300)
    with pytest.raises(
        RecordError, match=r"1000 samples are too few for resolution_hz 10: record at least 1950"
    ):
        spectral_coherence(x[:1000], rate_hz=RATE_HZ, max_cyclic_hz=100, resolution_hz=10)
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got -1"):
        spectral_coherence(x, rate_hz=-1, max_cyclic_hz=100, resolution_hz=10)
    coherence = spectral_coherence(x, **OPTIONS)
    with pytest.raises(ParameterError, match="band_hz must hold a frequency of the map, 0 to 2000 Hz"):
        enhanced_envelope_spectrum(coherence, band_hz=(10, 20))
