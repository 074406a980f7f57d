import numpy as np
import pytest
from scipy import signal, stats

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.deconvolution import (
    cyclostationary_deconvolution,
    minimum_entropy_deconvolution,
    momeda,
)

RATE_HZ = 12000.0
PERIOD_S = 151.37 / RATE_HZ


def noise(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def struck(n=24000, *, noise_level=0.05, seed=0):
    """Impulses behind a path that rings long, with noise."""
    impulses = np.zeros(n)
    impulses[np.rint(np.arange(40, n, PERIOD_S * RATE_HZ)).astype(int)] = 1
    path = np.exp(-np.arange(120) / 25) * np.cos(2 * np.pi * 0.19 * np.arange(120) + 0.4)
    return signal.fftconvolve(impulses, path)[:n] + noise_level * noise(n, seed=seed)


def by_mode(x, mode):
    if mode == "med":
        return minimum_entropy_deconvolution(x, n_taps=60)
    if mode == "momeda":
        return momeda(x, rate_hz=RATE_HZ, period_s=PERIOD_S, n_taps=200)
    return cyclostationary_deconvolution(x, rate_hz=RATE_HZ, cyclic_hz=1 / PERIOD_S, n_taps=60)


MODES = pytest.mark.parametrize("mode", ["med", "momeda", "cyclic"])


@MODES
def test_the_output_is_the_filtered_signal_at_variance_1(mode):
    x = struck()
    found = by_mode(x, mode)
    assert found.samples.shape == (len(x) - len(found.taps) + 1,)
    plain = np.convolve(x - x.mean(), found.taps, mode="valid")
    np.testing.assert_allclose(found.samples, plain / plain.std(), rtol=1e-6, atol=1e-8)


def test_the_kurtosis_rises_to_that_of_sharp_impulses():
    x = struck()
    found = minimum_entropy_deconvolution(x, n_taps=60)
    assert found.score == pytest.approx(stats.kurtosis(found.samples, fisher=False), rel=1e-2)
    assert found.score > 2 * stats.kurtosis(x, fisher=False)


def test_no_filter_nearby_has_more_kurtosis():
    found = minimum_entropy_deconvolution(struck(), n_taps=30, tolerance=1e-9, max_iterations=500)
    x = struck() - struck().mean()

    def kurtosis(taps):
        return stats.kurtosis(np.convolve(x, taps, mode="valid"), fisher=False)

    rng = np.random.default_rng(3)
    size = np.linalg.norm(found.taps)
    for _ in range(10):
        step = rng.standard_normal(30)
        other = found.taps + 0.02 * size * step / np.linalg.norm(step)
        assert kurtosis(other) < kurtosis(found.taps) * 1.001


def test_impulses_come_out_a_period_apart():
    found = momeda(struck(noise_level=0.3), rate_hz=RATE_HZ, period_s=PERIOD_S, n_taps=200)
    peaks, _ = signal.find_peaks(found.samples, height=0.5 * found.samples.max(), distance=100)
    spacing = np.diff(peaks)
    assert len(peaks) > 100
    assert np.median(spacing) == pytest.approx(151.37, abs=0.7)
    other = momeda(struck(noise_level=0.3), rate_hz=RATE_HZ, period_s=0.77 * PERIOD_S, n_taps=200)
    assert found.score > 2 * other.score


def test_the_norm_of_impulses_alone_is_1():
    clean = momeda(struck(noise_level=0.01), rate_hz=RATE_HZ, period_s=PERIOD_S, n_taps=200)
    assert clean.score > 0.95
    n = 20000
    impulses = np.zeros(n)
    impulses[::50] = 1
    found = momeda(impulses, rate_hz=1000, period_s=0.05, n_taps=60)
    assert found.score == pytest.approx(1, abs=0.02)


def test_cyclic_power_grows_and_is_none_for_noise():
    x = struck(noise_level=0.5)
    found = by_mode(x, "cyclic")

    def cyclicity(y):
        power = y**2
        t = np.arange(len(y)) / RATE_HZ
        lines = [np.mean(power * np.exp(-2j * np.pi * k / PERIOD_S * t)) for k in range(1, 6)]
        return 2 * np.sum(np.abs(lines) ** 2) / np.mean(power) ** 2

    assert found.score == pytest.approx(cyclicity(found.samples), rel=1e-2)
    assert found.score > 2 * cyclicity(x)
    of_noise = by_mode(noise(24000), "cyclic").score
    assert found.score > 20 * of_noise


def test_the_weighted_correlation_is_that_of_its_definition():
    from faultdiag.signal.deconvolution import _cyclic_matrix

    row, n_taps, turns = noise(4000), 5, 0.0123
    n_out = len(row) - n_taps + 1
    delayed = np.stack([row[n_taps - 1 - k : n_taps - 1 - k + n_out] for k in range(n_taps)])
    direct = (delayed * np.exp(2j * np.pi * turns * np.arange(n_out))) @ delayed.T
    found = _cyclic_matrix(row, n_taps, turns)
    # the ends of the record, which the definition leaves out, are a few samples of 4000
    np.testing.assert_allclose(found, direct, atol=20)
    assert np.abs(direct).max() > 60


@MODES
def test_channels_are_one_by_one_and_the_caller_keeps_his_array(mode):
    x = np.stack([struck(6000), struck(6000, seed=5)])
    kept = x.copy()
    together = by_mode(x, mode)
    for i, row in enumerate(x):
        alone = by_mode(row, mode)
        np.testing.assert_allclose(alone.samples, together.samples[i], rtol=1e-9)
        assert alone.score == together.score[i]
    np.testing.assert_array_equal(x, kept)
    scaled = by_mode(100 * x, mode)
    np.testing.assert_allclose(scaled.samples, together.samples, rtol=1e-5, atol=1e-7)


@MODES
def test_int16_is_taken_as_numbers_and_float32_stays(mode):
    counts = np.round(10000 * struck(6000)).astype(np.int16)
    ours, truth = by_mode(counts, mode), by_mode(counts.astype(np.float64), mode)
    assert ours.samples.dtype == np.float32
    np.testing.assert_allclose(ours.samples, truth.samples, atol=1e-4)


def test_what_cannot_be_is_refused():
    x = struck(4000)
    with pytest.raises(
        ParameterError, match="n_taps must be at most 1000, a quarter of 4000 samples, got 1001"
    ):
        minimum_entropy_deconvolution(x, n_taps=1001)
    with pytest.raises(ParameterError, match="n_taps must be at least 2, got 1"):
        minimum_entropy_deconvolution(x, n_taps=1)
    with pytest.raises(ParameterError, match="max_iterations must be at least 1, got 0"):
        minimum_entropy_deconvolution(x, n_taps=20, max_iterations=0)
    with pytest.raises(RecordError, match="a channel is constant"):
        minimum_entropy_deconvolution(np.ones((2, 400)), n_taps=20)
    with pytest.raises(ParameterError, match="n_taps must be at least a period, 152 samples, got 100"):
        momeda(x, rate_hz=RATE_HZ, period_s=PERIOD_S, n_taps=100)
    with pytest.raises(ParameterError, match="period_s must be a positive number, got -1"):
        momeda(x, rate_hz=RATE_HZ, period_s=-1, n_taps=100)
    with pytest.raises(ParameterError, match="period_s must be at least two samples"):
        momeda(x, rate_hz=RATE_HZ, period_s=1e-5, n_taps=100)
    with pytest.raises(ParameterError, match="harmonic 5 of 1500 Hz below 6000 Hz, half the rate"):
        cyclostationary_deconvolution(x, rate_hz=RATE_HZ, cyclic_hz=1500, n_taps=20)
    with pytest.raises(ParameterError, match="cyclic_hz must be a positive number, got 0"):
        cyclostationary_deconvolution(x, rate_hz=RATE_HZ, cyclic_hz=0, n_taps=20)
