import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.kinematics.bearing import Bearing
from faultdiag.signal.band_measures import band_metrics, bearing_bands, gear_bands

RATE_HZ = 12000
T = np.arange(12000) / RATE_HZ
DRIVE_END = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)


def tone(amplitude, freq_hz, t=T):
    return amplitude * np.cos(2 * np.pi * freq_hz * t + 0.7)


@pytest.mark.parametrize("freq_hz", [500, 500.25, 500.5, 500.6, 501.99])
@pytest.mark.parametrize("n", [11999, 12000])
def test_a_tone_reads_its_amplitude_frequency_and_power_wherever_it_lies(freq_hz, n):
    x = tone(3, freq_hz)[:n] + 100
    found = band_metrics(x, rate_hz=RATE_HZ, bands_hz=[[480, 520], [600, 700]])
    assert found.peak_amplitude[0] == pytest.approx(3, rel=1e-3)
    assert found.peak_hz[0] == pytest.approx(freq_hz, abs=0.01)
    assert found.power[0] == pytest.approx(4.5, rel=1e-3)
    assert found.peak_amplitude[1] < 1e-5
    assert found.power[1] < 1e-9


def test_each_band_has_its_own_tone_and_bands_may_overlap():
    x = tone(3, 500) + tone(1, 900) + tone(2, 4000)
    bands_hz = [[800, 1000], [3000, 5999.5], [400, 5000]]
    found = band_metrics(x, rate_hz=RATE_HZ, bands_hz=bands_hz)
    np.testing.assert_allclose(found.peak_amplitude, [1, 2, 3], rtol=1e-6)
    np.testing.assert_allclose(found.peak_hz, [900, 4000, 500], atol=1e-6)
    np.testing.assert_allclose(found.power, [0.5, 2, 7], rtol=1e-6)


def test_the_power_of_noise_is_that_share_of_its_variance():
    x = np.random.default_rng(1).standard_normal((50, 12000))
    found = band_metrics(x, rate_hz=RATE_HZ, bands_hz=[[0.5, 5999.5], [1000, 2200]])
    np.testing.assert_allclose(found.power.mean(axis=0), [1, 0.2], rtol=0.02)


def test_an_edge_on_a_line_belongs_to_the_band():
    found = band_metrics(tone(2, 500), rate_hz=RATE_HZ, bands_hz=[[500, 510], [490, 500], [500, 500.5]])
    np.testing.assert_allclose(found.peak_amplitude, 2, rtol=1e-6)
    # a line of a Hann window has 2/3 of the power of its tone, its neighbours 1/6 each
    np.testing.assert_allclose(found.power / 2, [5 / 6, 5 / 6, 2 / 3], rtol=1e-6)


def test_a_tone_beside_the_band_does_not_pull_the_peak_out_of_it():
    found = band_metrics(tone(2, 500), rate_hz=RATE_HZ, bands_hz=[[501, 510]])
    assert 501 <= found.peak_hz[0] <= 501.5


def test_scaling_and_channels():
    x = np.random.default_rng(2).standard_normal((2, 3, 4000))
    bands_hz = [[100, 200], [1000, 3000]]
    stack = band_metrics(x, rate_hz=RATE_HZ, bands_hz=bands_hz)
    thrice = band_metrics(3 * x, rate_hz=RATE_HZ, bands_hz=bands_hz)
    for value, scaled, factor in zip(stack, thrice, (3, 1, 9), strict=True):
        assert value.shape == (2, 3, 2)
        np.testing.assert_allclose(scaled, factor * value)
    for i, j in np.ndindex(2, 3):
        for value, one in zip(stack, band_metrics(x[i, j], rate_hz=RATE_HZ, bands_hz=bands_hz), strict=True):
            np.testing.assert_allclose(value[i, j], one)


def test_integers_and_float32_give_the_values_of_float64():
    counts = np.round(1000 * (tone(3, 500.3) + tone(1, 900))).astype(np.int16)
    before = counts.copy()
    exact = band_metrics(counts.astype(np.float64), rate_hz=RATE_HZ, bands_hz=[[400, 600], [800, 1000]])
    found = band_metrics(counts, rate_hz=RATE_HZ, bands_hz=[[400, 600], [800, 1000]])
    for value, wanted in zip(found, exact, strict=True):
        assert value.dtype == np.float32
        np.testing.assert_allclose(value, wanted, rtol=1e-4)
    np.testing.assert_array_equal(counts, before)


def test_silence_has_no_peak_and_no_power():
    found = band_metrics(np.zeros(1000), rate_hz=1000, bands_hz=[[100, 200]])
    assert (found.peak_amplitude[0], found.power[0]) == (0, 0)


@pytest.mark.parametrize("band_hz", [(0, 100), (200, 100), (100, 6000), (np.nan, 5)])
def test_a_band_must_rise_within_the_spectrum(band_hz):
    with pytest.raises(ParameterError, match=r"band 1 of bands_hz must rise between 0 and 6000 Hz"):
        band_metrics(T, rate_hz=RATE_HZ, bands_hz=[(1, 2), band_hz])


def test_wrong_arguments_are_refused():
    with pytest.raises(ParameterError, match=r"shape \[n_bands, 2\], got \[2\]"):
        band_metrics(T, rate_hz=RATE_HZ, bands_hz=[100, 200])
    with pytest.raises(ParameterError, match=r"shape \[n_bands, 2\], got \[0, 2\]"):
        band_metrics(T, rate_hz=RATE_HZ, bands_hz=np.empty((0, 2)))
    with pytest.raises(
        ParameterError, match=r"10\.2 to 10\.6 Hz holds no .* 1 Hz apart; .*give 30000 samples"
    ):
        band_metrics(T, rate_hz=RATE_HZ, bands_hz=[[10.2, 10.6]])
    with pytest.raises(RecordError, match="there are no samples"):
        band_metrics([], rate_hz=RATE_HZ, bands_hz=[[10, 20]])


def test_bands_of_a_bearing_lie_around_its_harmonics():
    bands_hz = bearing_bands(DRIVE_END, speed_rpm=1797, n_harmonics=2, tolerance=0.02)
    assert list(bands_hz) == ["outer", "inner", "ball", "cage"]
    np.testing.assert_allclose(bands_hz["outer"].mean(axis=1), [107.36, 214.73], atol=0.01)
    np.testing.assert_allclose(np.diff(bands_hz["outer"])[:, 0], [0.04 * 107.36, 0.04 * 214.73], rtol=1e-3)
    np.testing.assert_allclose(bands_hz["inner"][0].mean(), 5.415 * 1797 / 60, rtol=1e-3)


def test_bands_of_a_gear_lie_around_mesh_and_sidebands():
    bands_hz = gear_bands(20, speed_rpm=600, n_harmonics=2, n_sidebands=2, half_width=0.1)
    np.testing.assert_allclose(bands_hz["mesh"], [[199, 201], [399, 401]])
    centres = [180, 190, 210, 220, 380, 390, 410, 420]
    np.testing.assert_allclose(bands_hz["sidebands"].mean(axis=1), centres)
    np.testing.assert_allclose(np.diff(bands_hz["sidebands"]), 2)
    assert gear_bands(20, speed_rpm=600, n_sidebands=0)["sidebands"].shape == (0, 2)


def test_bands_that_cannot_be_are_refused():
    with pytest.raises(ParameterError, match="speed_rpm must be a positive number, got 0"):
        bearing_bands(DRIVE_END, speed_rpm=0)
    with pytest.raises(ParameterError, match="n_harmonics must be at least 1, got 0"):
        bearing_bands(DRIVE_END, speed_rpm=1797, n_harmonics=0)
    with pytest.raises(ParameterError, match="tolerance must lie between 0 and 1, got 1"):
        bearing_bands(DRIVE_END, speed_rpm=1797, tolerance=1)
    with pytest.raises(ParameterError, match="speed_rpm must be a positive number, got -1"):
        gear_bands(20, speed_rpm=-1)
    with pytest.raises(ParameterError, match="n_teeth must be at least 1, got 0"):
        gear_bands(0, speed_rpm=600)
    with pytest.raises(ParameterError, match="n_harmonics must be at least 1, got 0"):
        gear_bands(20, speed_rpm=600, n_harmonics=0)
    with pytest.raises(ParameterError, match="n_sidebands must be at most 9, before the sidebands"):
        gear_bands(20, speed_rpm=600, n_sidebands=10)
    with pytest.raises(ParameterError, match=r"half_width must be above 0 and up to 0\.5, got 0\.6"):
        gear_bands(20, speed_rpm=600, half_width=0.6)


@pytest.mark.data
def test_the_outer_race_line_of_a_real_record_is_in_its_band(cwru_dir):
    from scipy.io import loadmat

    from faultdiag.signal import analytic_envelope

    x = loadmat(cwru_dir / "130.mat")["X130_DE_time"].ravel()
    squared = analytic_envelope(x, rate_hz=12000) ** 2
    bands_hz = bearing_bands(DRIVE_END, speed_rpm=1797, n_harmonics=2)
    outer = band_metrics(squared, rate_hz=12000, bands_hz=bands_hz["outer"])
    # the second harmonic of the inner race is near the third of the outer race
    inner = band_metrics(squared, rate_hz=12000, bands_hz=bands_hz["inner"][:1])
    np.testing.assert_allclose(outer.peak_hz, [107.61, 215.2], atol=0.1)
    assert (outer.peak_amplitude > 10 * inner.peak_amplitude).all()
