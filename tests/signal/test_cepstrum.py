import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.cepstrum import (
    cepstrum_prewhitened,
    comb_liftered,
    real_cepstrum,
    short_pass_liftered,
)
from faultdiag.signal.envelope import line_level_db, squared_envelope_spectrum

RATE_HZ = 1000


def noise(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def with_echo(x, delay, strength):
    return x + strength * np.roll(x, delay)


def line_at(x, bin_number):
    return 2 / len(x) * np.abs(np.fft.rfft(x)[bin_number])


@pytest.mark.parametrize("n", [999, 1000])
def test_the_cepstrum_is_half_of_the_inverse_transform_of_the_log_magnitude(n):
    x = noise(2, n)
    expected = np.fft.ifft(np.log(np.abs(np.fft.fft(x)))).real
    quefrency_s, cepstrum = real_cepstrum(x, rate_hz=RATE_HZ)
    assert quefrency_s.shape == (n // 2 + 1,)
    np.testing.assert_allclose(np.diff(quefrency_s), 1 / RATE_HZ)
    np.testing.assert_allclose(cepstrum, expected[:, : n // 2 + 1], atol=1e-12)


def test_an_echo_is_a_series_of_peaks_of_known_height():
    # ln |1 + a exp(-j w d)| = a cos(w d) - a^2 / 2 cos(2 w d) + a^3 / 3 cos(3 w d) ...
    x = noise(4000)
    _, plain = real_cepstrum(x, rate_hz=RATE_HZ)
    _, cepstrum = real_cepstrum(with_echo(x, 70, 0.6), rate_hz=RATE_HZ)
    rise = cepstrum - plain
    np.testing.assert_allclose(rise[[70, 140, 210]], [0.3, -0.09, 0.036], atol=1e-4)
    assert np.abs(np.delete(rise, np.arange(70, 2000, 70))).max() < 1e-6


def test_a_gain_only_moves_quefrency_zero():
    x = noise(1000)
    _, one = real_cepstrum(x, rate_hz=RATE_HZ)
    _, ten = real_cepstrum(10 * x, rate_hz=RATE_HZ)
    np.testing.assert_allclose(ten - one, np.log(10) * (np.arange(501) == 0), atol=1e-12)


def test_the_comb_takes_an_echo_out():
    x = noise(6000)
    clean = comb_liftered(with_echo(x, 100, 0.9), rate_hz=RATE_HZ, period_s=0.1)
    _, before = real_cepstrum(with_echo(x, 100, 0.9), rate_hz=RATE_HZ)
    _, after = real_cepstrum(clean, rate_hz=RATE_HZ)
    comb = np.zeros(3001, bool)
    for multiple in range(100, 3001, 100):
        comb[multiple - 1 : multiple + 2] = True
    np.testing.assert_allclose(after[comb], 0, atol=1e-9)
    np.testing.assert_allclose(after[~comb], before[~comb], atol=1e-9)


def test_the_comb_takes_harmonics_out_of_noise_and_leaves_another_tone():
    t = np.arange(20_000)
    harmonics = sum(np.cos(2 * np.pi * k * t / 200 + k) for k in range(1, 100))
    other = 2 * np.cos(2 * np.pi * 1234 * t / 20_000)
    x = harmonics + other + 0.5 * noise(20_000)
    y = comb_liftered(x, rate_hz=RATE_HZ, period_s=0.2)
    for k in (1, 7, 80):
        assert line_at(y, 100 * k) < 0.1 * line_at(x, 100 * k)
    assert line_at(y, 1234) == pytest.approx(2, rel=0.2)


def test_keeping_the_comb_keeps_nothing_else():
    _, before = real_cepstrum(noise(2000), rate_hz=RATE_HZ)
    kept = comb_liftered(noise(2000), rate_hz=RATE_HZ, period_s=0.2, half_width_s=0.003, keep=True)
    _, after = real_cepstrum(kept, rate_hz=RATE_HZ)
    index = np.arange(1001)
    on_comb = (np.abs(index - 200 * np.round(index / 200)) <= 3) & (index > 100) | (index == 0)
    np.testing.assert_allclose(after, np.where(on_comb, before, 0), atol=1e-9)


def test_the_short_pass_and_its_complement_split_the_cepstrum():
    x = noise(1500)
    _, before = real_cepstrum(x, rate_hz=RATE_HZ)
    for keep in (True, False):
        y = short_pass_liftered(x, rate_hz=RATE_HZ, cutoff_s=0.04, keep=keep)
        _, after = real_cepstrum(y, rate_hz=RATE_HZ)
        kept = (np.arange(751) <= 40) == keep
        kept[0] = True
        np.testing.assert_allclose(after, np.where(kept, before, 0), atol=1e-9)


def test_liftering_keeps_the_phases():
    x = noise(999)
    for y in (
        comb_liftered(x, rate_hz=RATE_HZ, period_s=0.1),
        short_pass_liftered(x, rate_hz=RATE_HZ, cutoff_s=0.1),
    ):
        ratio = np.fft.rfft(y) / np.fft.rfft(x)
        assert np.abs(ratio.imag).max() < 1e-9
        assert ratio.real.min() > 0


@pytest.mark.parametrize("n", [1000, 1001])
def test_prewhitening_leaves_unit_variance_and_only_phases(n):
    t = np.arange(n)
    x = noise(2, n) + 100 * np.sin(t) + 5
    y = cepstrum_prewhitened(x)
    np.testing.assert_allclose(y.mean(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=-1), 1)
    before, after = np.fft.rfft(x)[:, 1:], np.fft.rfft(y)[:, 1:]
    np.testing.assert_allclose(np.abs(after), np.abs(after[0, 0]))
    np.testing.assert_allclose(after / np.abs(after), before / np.abs(before), atol=1e-9)


def test_prewhitening_is_the_edit_that_empties_the_cepstrum():
    x = noise(800)
    emptied = short_pass_liftered(x - x.mean(), rate_hz=RATE_HZ, cutoff_s=0.0001)
    spectrum = np.fft.rfft(emptied)
    spectrum[0] = 0
    emptied = np.fft.irfft(spectrum)
    np.testing.assert_allclose(cepstrum_prewhitened(x), emptied / emptied.std(), atol=1e-9)


def test_prewhitening_does_not_know_the_scale():
    x = noise(1000)
    expected = cepstrum_prewhitened(x)
    for factor in (3, 1e-150, 1e150):
        np.testing.assert_allclose(cepstrum_prewhitened(factor * x), expected, atol=1e-9)
    np.testing.assert_allclose(cepstrum_prewhitened(x.astype(np.float32)), expected, atol=1e-4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_prewhitening_leaves_empty_frequencies_empty(dtype):
    t = np.arange(1000)
    x = np.tile(np.cos(0.2 * np.pi * t[:10]) + 0.01 * np.cos(0.6 * np.pi * t[:10]), 100).astype(dtype)
    y = cepstrum_prewhitened(x)
    assert y.var() == pytest.approx(1, rel=1e-4)
    magnitude = np.abs(np.fft.rfft(y))
    assert np.flatnonzero(magnitude > 1e-3 * magnitude.max()).tolist() == [100, 300]
    assert magnitude[100] == pytest.approx(magnitude[300], rel=1e-4)
    alternating = np.where(t % 2, -1, 1).astype(dtype)
    np.testing.assert_allclose(cepstrum_prewhitened(alternating), alternating, atol=1e-4)


def test_impulses_under_a_tone_stand_out_after_prewhitening():
    n = 20_000
    hits = np.zeros(n)
    hits[np.arange(40, n, 200) + np.random.default_rng(1).integers(-2, 3, 100)] = 3
    x = 20 * np.sin(2 * np.pi * 0.0123 * np.arange(n)) + hits + 0.1 * noise(n)
    freq_hz, raw = squared_envelope_spectrum(x, rate_hz=n)
    _, white = squared_envelope_spectrum(cepstrum_prewhitened(x), rate_hz=n)
    assert line_level_db(freq_hz, white, 100) > line_level_db(freq_hz, raw, 100) + 6


@pytest.mark.parametrize(
    ("function", "factor"),
    [
        (lambda x: real_cepstrum(x, rate_hz=1000)[1][..., 1:], 1),
        (lambda x: comb_liftered(x, rate_hz=1000, period_s=0.05), 3),
        (lambda x: short_pass_liftered(x, rate_hz=1000, cutoff_s=0.1), 3),
        (cepstrum_prewhitened, 1),
    ],
)
def test_channels_scale_precision_integers_and_no_change_of_the_input(function, factor):
    x = noise(2, 2, 500, seed=3)
    before = x.copy()
    y = function(x)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_allclose(function(3 * x), factor * y, atol=1e-9)
    np.testing.assert_allclose(function(x[0, 1]), y[0, 1], atol=1e-12)
    single = function(x.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, y, atol=1e-3)
    counts = np.round(30_000 * x / np.abs(x).max()).astype(np.int16)
    expected = function(counts.astype(float))
    np.testing.assert_allclose(function(counts), expected, atol=1e-3 * np.abs(expected).max())


@pytest.mark.parametrize(
    "function",
    [
        lambda x: real_cepstrum(x, rate_hz=1000),
        lambda x: comb_liftered(x, rate_hz=1000, period_s=0.05),
        lambda x: short_pass_liftered(x, rate_hz=1000, cutoff_s=0.1),
        cepstrum_prewhitened,
    ],
)
def test_a_channel_that_does_not_vary_is_refused(function):
    x = noise(2, 500)
    x[1] = 4
    with pytest.raises(RecordError, match=r"all 500 samples of row \[1\] are 4; leave out"):
        function(x)
    x[1, 2] = np.nan
    with pytest.raises(RecordError, match=r"sample 2 of row \[1\] is nan"):
        function(x)


def test_arguments_out_of_range_are_named():
    x = noise(1000)
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got 0"):
        real_cepstrum(x, rate_hz=0)
    with pytest.raises(ParameterError, match=r"twice half_width_s, 0\.001 s, and at most 0\.5 s.* got 0\.6"):
        comb_liftered(x, rate_hz=RATE_HZ, period_s=0.6)
    with pytest.raises(ParameterError, match=r"twice half_width_s, 0\.03 s, .* got 0\.06"):
        comb_liftered(x, rate_hz=RATE_HZ, period_s=0.06, half_width_s=0.03)
    with pytest.raises(ParameterError, match="period_s must be a positive number, got -1"):
        comb_liftered(x, rate_hz=RATE_HZ, period_s=-1)
    with pytest.raises(ParameterError, match="half_width_s must be a positive number, got 0"):
        comb_liftered(x, rate_hz=RATE_HZ, period_s=0.1, half_width_s=0)
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got -2"):
        comb_liftered(x, rate_hz=-2, period_s=0.1)
    with pytest.raises(ParameterError, match=r"cutoff_s must be under 0\.5 s, half the signal, got 0\.5"):
        short_pass_liftered(x, rate_hz=RATE_HZ, cutoff_s=0.5)
    with pytest.raises(ParameterError, match="cutoff_s must be a positive number, got 0"):
        short_pass_liftered(x, rate_hz=RATE_HZ, cutoff_s=0)
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got inf"):
        short_pass_liftered(x, rate_hz=np.inf, cutoff_s=0.1)


@pytest.mark.parametrize("n", [6000, 6001])
def test_prewhitening_agrees_with_openconmo(n):
    peer = pytest.importorskip("openconmo.benchmark_methods", reason="openconmo is not installed: make peers")
    x = noise(n) + 10 * np.sin(np.arange(n)) + 0.3
    _, whitened = peer.cepstrum_prewhitening(x.copy(), RATE_HZ)
    # it keeps a mean, and the size of the signal
    expected = (whitened - whitened.mean()) / whitened.std()
    np.testing.assert_allclose(cepstrum_prewhitened(x), expected, atol=1e-9)


@pytest.mark.data
def test_prewhitening_brings_out_the_ball_fault_of_record_222(cwru_dir):
    from scipy.io import loadmat

    x = loadmat(cwru_dir / "222.mat")["X222_DE_time"].ravel()
    freq_hz, amplitude = squared_envelope_spectrum(cepstrum_prewhitened(x), rate_hz=12000)
    assert line_level_db(freq_hz, amplitude, 139.8, tolerance=0.002) == pytest.approx(18, abs=1.5)
    assert line_level_db(freq_hz, amplitude, 161.9, tolerance=0.002) < 12  # stronger in the raw signal
