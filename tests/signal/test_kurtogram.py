import numpy as np
import pytest
from scipy import signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.kurtogram import autogram, fast_kurtogram, line_map, protrugram

RATE_HZ = 12000.0


def noise(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def strikes(*, resonance_hz=3400.0, damping=0.03, every_s=0.0103, n=60000):
    """Ringing of one resonance, struck at a steady rate."""
    t = np.arange(n) / RATE_HZ
    since = t % every_s
    omega = 2 * np.pi * resonance_hz
    return np.exp(-damping * omega * since) * np.sin(omega * since)


def covers(band_hz, at_hz):
    return bool(band_hz[0] <= at_hz <= band_hz[1])


@pytest.mark.parametrize("resonance_hz", [1700.0, 3400.0, 4700.0])
def test_the_kurtogram_finds_the_resonance_that_is_struck(resonance_hz):
    x = strikes(resonance_hz=resonance_hz) + 0.3 * noise(60000)
    found = fast_kurtogram(x, rate_hz=RATE_HZ)
    best = found.best_band_hz()
    assert covers(best, resonance_hz)
    assert best[1] - best[0] < RATE_HZ / 4


def test_gaussian_noise_has_kurtosis_0_in_every_band():
    found = fast_kurtogram(noise(200_000), rate_hz=RATE_HZ, n_levels=4)
    n_samples = 200_000 / 2 * (found.high_hz - found.low_hz) / (RATE_HZ / 2)
    # the deviation of the kurtosis of n complex samples is some 4.5 / sqrt(n)
    assert np.all(np.abs(found.value) < 5 * 4.5 / np.sqrt(n_samples))


def test_a_tone_has_kurtosis_minus_1():
    tone = np.sin(2 * np.pi * 2222.2 * np.arange(24000) / RATE_HZ)
    found = fast_kurtogram(tone + 1e-6 * noise(24000), rate_hz=RATE_HZ, n_levels=3)
    covering = (found.low_hz <= 2222.2) & (found.high_hz >= 2222.2)
    np.testing.assert_allclose(found.value[covering], -1, atol=1e-3)


def test_bursts_of_narrow_noise_have_the_kurtosis_of_their_duty():
    # complex Gaussian noise that is there a share d of the time: 2 / d - 2
    on = (np.arange(400_000) % 4000) < 1000
    band = signal.sosfiltfilt(
        signal.butter(8, [1600, 2900], "bandpass", fs=RATE_HZ, output="sos"), noise(400_000)
    )
    found = fast_kurtogram(on * band, rate_hz=RATE_HZ, n_levels=2)
    inside = found.value[(found.low_hz == 1500) & (found.high_hz == 3000)]
    assert inside == pytest.approx(2 / 0.25 - 2, rel=0.05)


def test_sharp_impulses_in_a_band_do_not_win_for_the_whole_band():
    # compared as a real signal the whole band would have 3 / 2 of the kurtosis of its complex envelope
    x = strikes(resonance_hz=2200, damping=0.2, every_s=0.0503) + 0.05 * noise(60000)
    found = fast_kurtogram(x, rate_hz=RATE_HZ)
    whole = found.value[0]
    z = signal.hilbert(x - x.mean())
    power = np.abs(z[1000:-1000]) ** 2
    assert whole == pytest.approx(np.mean(power**2) / np.mean(power) ** 2 - 2, rel=0.02)
    assert np.mean(x**4) / np.mean(x**2) ** 2 - 3 > found.value.max() > whole
    assert covers(found.best_band_hz(), 2200)
    assert found.best_band_hz()[1] < RATE_HZ / 2


@pytest.mark.parametrize("method", [fast_kurtogram, autogram])
def test_the_scale_does_not_matter_and_channels_are_one_by_one(method):
    x = np.stack([strikes(), strikes(resonance_hz=1200)]) + noise(2, 60000)
    kept = x.copy()
    together = method(x, rate_hz=RATE_HZ, n_levels=3)
    for row, value in zip(x, together.value, strict=True):
        np.testing.assert_allclose(method(row, rate_hz=RATE_HZ, n_levels=3).value, value, rtol=1e-9)
    np.testing.assert_allclose(method(-7e3 * x, rate_hz=RATE_HZ, n_levels=3).value, together.value, rtol=1e-6)
    np.testing.assert_array_equal(x, kept)
    assert method(x.astype(np.float32), rate_hz=RATE_HZ, n_levels=3).value.dtype == np.float32


def test_int16_is_taken_as_numbers():
    x = strikes() + 0.1 * noise(60000)
    counts = np.round(x / np.abs(x).max() * 32767).astype(np.int16)
    as_float = fast_kurtogram(counts.astype(np.float64), rate_hz=RATE_HZ)
    np.testing.assert_allclose(
        fast_kurtogram(counts, rate_hz=RATE_HZ).value, as_float.value, rtol=1e-3, atol=1e-3
    )


def test_one_knock_wins_the_kurtogram_but_not_the_autogram():
    x = strikes(resonance_hz=1400, every_s=0.02) + 0.5 * noise(60000)
    knock = np.zeros(60000)
    knock[30000:30400] = (
        60 * np.exp(-np.arange(400) / 40) * np.sin(2 * np.pi * 4700 * np.arange(400) / RATE_HZ)
    )
    assert covers(fast_kurtogram(x + knock, rate_hz=RATE_HZ, n_levels=4).best_band_hz(), 4700)
    assert covers(autogram(x + knock, rate_hz=RATE_HZ, n_levels=4).best_band_hz(), 1400)


def test_the_line_map_finds_the_band_of_the_line_wanted():
    both = strikes(resonance_hz=1400, every_s=1 / 97) + strikes(resonance_hz=4300, every_s=1 / 61)
    x = both + 0.5 * noise(60000)
    for line_hz, resonance_hz in ((97, 1400), (61, 4300)):
        found = line_map(x, rate_hz=RATE_HZ, line_hz=line_hz * 1.004, tolerance=0.01)
        assert covers(found.best_band_hz(), resonance_hz)


def test_noise_has_no_line_in_any_band():
    of_noise = line_map(noise(120_000), rate_hz=RATE_HZ, line_hz=97).value.max()
    assert of_noise < 6
    x = strikes(every_s=1 / 97, n=120_000) + noise(120_000)
    assert line_map(x, rate_hz=RATE_HZ, line_hz=97).value.max() > 2 * of_noise


def test_the_protrugram_finds_bands_whose_envelope_has_lines():
    x = strikes(resonance_hz=3400, every_s=1 / 97) + 2 * noise(60000)
    found = protrugram(x, rate_hz=RATE_HZ, width_hz=350, step_hz=100)
    assert abs(found.best_band_hz().mean() - 3400) < 400
    np.testing.assert_allclose(found.high_hz - found.low_hz, 350)
    rayleigh = protrugram(noise(600_000), rate_hz=RATE_HZ, width_hz=400, step_hz=400).value
    assert rayleigh.mean() == pytest.approx(0.245, abs=0.1)


def test_bands_are_asked_for_within_what_there_is():
    with pytest.raises(ParameterError, match="n_levels must be at most 3 for 1024 samples, got 4"):
        fast_kurtogram(noise(1024), rate_hz=RATE_HZ, n_levels=4)
    with pytest.raises(ParameterError, match="none, before 128 samples are there, for 100 samples"):
        fast_kurtogram(noise(100), rate_hz=RATE_HZ)
    with pytest.raises(RecordError, match="sample 3 is nan"):
        fast_kurtogram([0, 1, 2, np.nan] * 100, rate_hz=RATE_HZ)
    with pytest.raises(RecordError, match=r"all 999 samples of row \[1\] are 7; leave out a channel"):
        fast_kurtogram(np.stack([noise(999), np.full(999, 7.0)]), rate_hz=RATE_HZ)
    with pytest.raises(RecordError, match="there are no samples"):
        fast_kurtogram([], rate_hz=RATE_HZ)
    with pytest.raises(
        ParameterError, match="width_hz must lie between 0 and 6000 Hz, half the rate, got 7000"
    ):
        protrugram(noise(9000), rate_hz=RATE_HZ, width_hz=7000, step_hz=10)
    with pytest.raises(ParameterError, match="step_hz must be a positive number, got 0"):
        protrugram(noise(9000), rate_hz=RATE_HZ, width_hz=500, step_hz=0)
    with pytest.raises(ParameterError, match="width_hz must be at least 853 Hz for 900 samples, got 300"):
        protrugram(noise(900), rate_hz=RATE_HZ, width_hz=300, step_hz=10)


def test_a_line_must_fit_band_and_record():
    x = noise(60000)
    with pytest.raises(ParameterError, match="line_hz must be a positive number, got nan"):
        line_map(x, rate_hz=RATE_HZ, line_hz=np.nan)
    with pytest.raises(ParameterError, match="n_harmonics must be at least 1, got 0"):
        line_map(x, rate_hz=RATE_HZ, line_hz=100, n_harmonics=0)
    with pytest.raises(ParameterError, match=r"tolerance must be below 0\.0833, or harmonic 3 .* got 0\.1"):
        line_map(x, rate_hz=RATE_HZ, line_hz=100, tolerance=0.1)
    with pytest.raises(ParameterError, match="a band of 187.5 Hz has no line at 300 Hz, 3 times line_hz"):
        line_map(x, rate_hz=RATE_HZ, line_hz=100, n_levels=5)
    with pytest.raises(ParameterError, match="a band of 6000 Hz has no line at 9000 Hz"):
        line_map(x, rate_hz=RATE_HZ, line_hz=3000)
    with pytest.raises(
        RecordError, match=r"0\.1 s hold 10 turns of a line at 100 Hz; record at least 0\.16 s"
    ):
        line_map(noise(1200), rate_hz=RATE_HZ, line_hz=100)


def test_bands_and_kurtosis_agree_with_openconmo():
    peer = pytest.importorskip("openconmo.kurtogram", reason="openconmo is not installed: make peers")
    for seed, resonance_hz in enumerate((1700.0, 3400.0, 4400.0)):
        x = strikes(resonance_hz=resonance_hz, every_s=0.0303) + 0.2 * noise(60000, seed=seed)
        values, _, _, centre_hz, _ = peer.fast_kurtogram(x.copy(), RATE_HZ, nlevel=5)
        ours = fast_kurtogram(x, rate_hz=RATE_HZ, n_levels=5)
        low_hz, high_hz = ours.best_band_hz()
        assert low_hz < centre_hz < high_hz
        assert ours.value.max() == pytest.approx(values.max(), rel=0.2)
        assert np.corrcoef(ours.grid().ravel(), values.ravel())[0, 1] > 0.9


@pytest.mark.data
def test_the_band_of_a_real_inner_race_shows_its_line(cwru_dir):
    from faultdiag.readers.read import read
    from faultdiag.signal.envelope import line_level_db, squared_envelope_spectrum

    record = read(cwru_dir / "105.mat").select(("DE",))
    x = record.samples[0]
    for found in (
        fast_kurtogram(x, rate_hz=12000, n_levels=4),
        line_map(x, rate_hz=12000, line_hz=161.7),
    ):
        low_hz, high_hz = found.best_band_hz()
        spectrum = squared_envelope_spectrum(x, rate_hz=12000, band_hz=(low_hz, high_hz))
        assert line_level_db(*spectrum, 161.7) > 40
