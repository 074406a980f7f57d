import numpy as np
import pytest
from scipy import signal as scipy_signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal import (
    analytic_envelope,
    line_level_db,
    log_envelope_spectrum,
    squared_envelope_spectrum,
)

RATE_HZ = 12000
T = np.arange(12000) / RATE_HZ


def am_tone(depth, modulation_hz, carrier_hz, amplitude=1.0):
    carrier = amplitude * np.cos(2 * np.pi * carrier_hz * T + 0.4)
    return (1 + depth * np.cos(2 * np.pi * modulation_hz * T)) * carrier


@pytest.mark.parametrize("n", [999, 1000])
def test_envelope_is_the_magnitude_of_the_analytic_signal(n):
    x = np.random.default_rng(1).standard_normal((2, n))
    expected = np.abs(scipy_signal.hilbert(x))
    np.testing.assert_allclose(analytic_envelope(x, rate_hz=1.0), expected, atol=1e-12)


def test_envelope_of_am_tone_is_its_modulation():
    expected = 2 * (1 + 0.5 * np.cos(2 * np.pi * 20 * T))
    np.testing.assert_allclose(
        analytic_envelope(am_tone(0.5, 20, 3000, 2), rate_hz=RATE_HZ), expected, atol=1e-9
    )


def test_a_band_lets_through_its_own_tone_only():
    x = am_tone(0.5, 20, 3000) + 5 * np.cos(2 * np.pi * 1000 * T)
    expected = 1 + 0.5 * np.cos(2 * np.pi * 20 * T)
    np.testing.assert_allclose(
        analytic_envelope(x, rate_hz=RATE_HZ, band_hz=(2500, 3500)), expected, atol=1e-9
    )


def test_the_edges_belong_to_the_band():
    x = np.cos(2 * np.pi * 1000 * T)
    np.testing.assert_allclose(analytic_envelope(x, rate_hz=RATE_HZ, band_hz=(1000, 1100)), 1, atol=1e-9)
    np.testing.assert_allclose(analytic_envelope(x, rate_hz=RATE_HZ, band_hz=(900, 1000)), 1, atol=1e-9)
    np.testing.assert_allclose(analytic_envelope(x, rate_hz=RATE_HZ, band_hz=(1001, 1100)), 0, atol=1e-9)


@pytest.mark.parametrize("window", ["hann", "boxcar", ("general_hamming", 0.6)])
def test_spectrum_of_am_tone_has_the_analytic_amplitudes(window):
    # (1 + m cos)^2 = 1 + m^2 / 2 + 2 m cos + m^2 / 2 cos 2
    freq_hz, amplitude = squared_envelope_spectrum(am_tone(0.4, 25, 3000, 3), rate_hz=RATE_HZ, window=window)
    at = dict(zip(freq_hz.tolist(), amplitude, strict=True))
    assert at[25] == pytest.approx(9 * 0.8, rel=1e-4)
    assert at[50] == pytest.approx(9 * 0.08, rel=1e-4)
    assert at[0] < 1e-9
    assert at[200] < 1e-4


def test_a_constant_added_to_the_signal_changes_nothing():
    x = am_tone(0.4, 25, 3000)
    _, amplitude = squared_envelope_spectrum(x, rate_hz=RATE_HZ)
    _, shifted = squared_envelope_spectrum(x + 100, rate_hz=RATE_HZ)
    np.testing.assert_allclose(amplitude, shifted, atol=1e-9)


def test_the_spectrum_grows_with_the_square_of_the_signal():
    x = np.random.default_rng(2).standard_normal(1001)
    freq_hz, amplitude = squared_envelope_spectrum(x, rate_hz=10)
    assert freq_hz.shape == amplitude.shape == (501,)
    np.testing.assert_allclose(
        squared_envelope_spectrum(3 * x, rate_hz=10)[1], 9 * amplitude, rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_stack_is_each_signal_and_keeps_its_precision(dtype):
    x = np.random.default_rng(3).standard_normal((2, 3, 500)).astype(dtype)
    _, stack = squared_envelope_spectrum(x, rate_hz=100, band_hz=(10, 30))
    assert stack.dtype == dtype
    assert analytic_envelope(x, rate_hz=100).dtype == dtype
    for i, j in np.ndindex(2, 3):
        _, one = squared_envelope_spectrum(x[i, j], rate_hz=100, band_hz=(10, 30))
        np.testing.assert_allclose(stack[i, j], one, rtol=1e-4, atol=1e-6)


def test_parseval_holds_for_the_squared_envelope():
    x = np.random.default_rng(4).standard_normal(1000)
    _, amplitude = squared_envelope_spectrum(x, rate_hz=1, window="boxcar")
    squared = np.abs(scipy_signal.hilbert(x - x.mean())) ** 2
    power = np.sum(amplitude[1:-1] ** 2) / 2 + amplitude[-1] ** 2 / 4
    assert power == pytest.approx(squared.var(), rel=1e-9)


def test_level_is_the_line_over_the_median_of_its_surroundings():
    freq_hz = np.arange(0, 500, 0.5)
    amplitude = np.full((2, 1000), 2.0)
    amplitude[0, 200] = 20  # 100 Hz
    amplitude[1, 202] = 200  # 101 Hz
    amplitude[:, 300] = 1e6  # 150 Hz, out of the way
    np.testing.assert_allclose(line_level_db(freq_hz, amplitude, 100, tolerance=0.001), [20, 0], atol=1e-12)
    np.testing.assert_allclose(line_level_db(freq_hz, amplitude, 100, tolerance=0.01), [20, 40], atol=1e-12)
    np.testing.assert_allclose(
        line_level_db(freq_hz, amplitude, 145, tolerance=0.01, background_hz=2), [0, 0], atol=1e-12
    )


def test_a_line_between_two_frequencies_is_found_whatever_the_tolerance():
    freq_hz = np.arange(100.0)
    amplitude = np.where(freq_hz == 51, 10.0, 1.0)
    assert line_level_db(freq_hz, amplitude, 50.4, tolerance=1e-6) == pytest.approx(20)


def test_silence_has_no_lines():
    assert line_level_db(np.arange(100.0), np.zeros(100), 50) == 0


@pytest.mark.parametrize("band_hz", [(100, 100), (200, 100), (-1, 100), (100, 501), (np.nan, 2)])
def test_a_band_must_rise_below_half_the_rate(band_hz):
    with pytest.raises(ParameterError, match=f"within 0 and 500 Hz, half the rate, got {band_hz[0]:g} to"):
        analytic_envelope(np.ones(10), rate_hz=1000, band_hz=band_hz)


def test_the_logarithm_shows_a_faint_modulation_beside_a_few_strong_impulses():
    rng = np.random.default_rng(0)
    t = np.arange(40000) / 4000
    x = np.sqrt(1 + 0.4 * np.cos(2 * np.pi * 30 * t)) * rng.standard_normal(t.size)
    freq_hz, amplitude = log_envelope_spectrum(x, rate_hz=4000)
    # of log(1 + m cos): (2 / m) (1 - sqrt(1 - m^2))
    assert amplitude[freq_hz == 30] == pytest.approx(2 / 0.4 * (1 - np.sqrt(1 - 0.4**2)), abs=0.06)
    struck = x.copy()
    struck[rng.integers(0, t.size, 30)] += 200 * rng.standard_normal(30)
    assert line_level_db(*log_envelope_spectrum(struck, rate_hz=4000), 30) > 20
    assert line_level_db(*squared_envelope_spectrum(struck, rate_hz=4000), 30) < 12


def test_the_logarithm_has_no_scale_and_of_silence_no_spectrum():
    x = np.random.default_rng(0).standard_normal((2, 3000))
    kept = x.copy()
    plain, loud = (log_envelope_spectrum(c * x, rate_hz=1000)[1] for c in (1, 1e4))
    np.testing.assert_allclose(loud, plain, atol=1e-9)
    np.testing.assert_array_equal(x, kept)
    assert log_envelope_spectrum(np.zeros(100), rate_hz=1000)[1].max() < 1e-9


def test_arguments_out_of_range_are_named():
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got -5"):
        analytic_envelope([1.0], rate_hz=-5)
    with pytest.raises(ParameterError, match="window 'round' is none of"):
        squared_envelope_spectrum([1.0], rate_hz=1, window="round")
    spectrum = (np.arange(10.0), np.ones(10))
    with pytest.raises(ParameterError, match=r"0 to 9 Hz, got 9\.5"):
        line_level_db(*spectrum, 9.5)
    with pytest.raises(ParameterError, match="tolerance must be a positive number, got 0"):
        line_level_db(*spectrum, 5, tolerance=0)
    with pytest.raises(ParameterError, match="background_hz must be a positive number, got nan"):
        line_level_db(*spectrum, 5, background_hz=np.nan)


def test_samples_that_are_not_finite_are_refused():
    with pytest.raises(RecordError, match="sample 1 is nan"):
        squared_envelope_spectrum([1, np.nan, 2], rate_hz=1)


# levels measured on these records, dB over the median within 20 Hz, Hann window, full band
MEASURED = {
    105: {161.70: 47, 323.4: 42, 485.1: 39, 646.8: 33, 101.8: 41, 221.6: 38},
    130: {107.61: 55, 215.2: 54, 322.8: 53, 430.4: 53, 29.95: 42},
    209: {161.82: 41, 323.6: 40, 485.5: 39, 647.3: 37, 29.93: 37},
}


@pytest.mark.data
@pytest.mark.parametrize("number", MEASURED)
def test_bearing_lines_of_real_records_stand_where_they_were_measured(number, cwru_dir):
    from scipy.io import loadmat

    x = loadmat(cwru_dir / f"{number}.mat")[f"X{number:03d}_DE_time"].ravel()
    freq_hz, amplitude = squared_envelope_spectrum(x, rate_hz=12000)
    for at_hz, level_db in MEASURED[number].items():
        found_db = line_level_db(freq_hz, amplitude, at_hz, tolerance=0.002)
        assert found_db == pytest.approx(level_db, abs=2), at_hz
