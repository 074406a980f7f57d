import numpy as np
import pytest
from scipy import signal

from faultdiag.diagnosis.envelope_lines import NEUTRAL, envelope_lines

RATE_HZ = 12000.0


def noise(n=60000, seed=0):
    return np.random.default_rng(seed).standard_normal(n)


def lines_of(x, *, rate_hz=RATE_HZ, highest_hz=400.0):
    return envelope_lines(x, rate_hz=rate_hz, highest_hz=highest_hz, background_hz=30.0)


def coloured(x):
    """The same noise behind a resonance and a slope of 40 dB."""
    sos = signal.iirpeak(2500, 20, fs=RATE_HZ)
    return signal.lfilter([1], [1, -0.95], signal.lfilter(*sos, x)) + 0.01 * x


@pytest.mark.parametrize("make", [lambda x: x, coloured])
def test_in_noise_of_any_spectrum_the_power_is_exponential_with_mean_1(make):
    found = np.concatenate([lines_of(make(noise(seed=s))).power[:, 200:] for s in range(4)])
    for level in (0.5, 1.0, 2.0, 4.0):
        # lines half a resolution apart depend on one another, so the scatter is larger than for single ones
        assert np.mean(found > level) == pytest.approx(np.exp(-level), rel=0.12)


def test_the_modulation_is_that_of_the_power_as_prewhitening_leaves_it():
    # random amplitudes that become 1 take with them 1 - pi / 4 of the modulation
    t = np.arange(60000) / RATE_HZ
    x = np.sqrt(1 + 0.3 * np.cos(2 * np.pi * 97 * t)) * noise()
    found = lines_of(x)
    line = found.modulation[0, np.abs(found.step_hz * np.arange(found.modulation.shape[1]) - 97) < 1].max()
    assert line == pytest.approx(0.3 * np.pi / 4, abs=0.02)
    assert (found.low_hz[0], found.high_hz[0]) == (0, 6000)


def test_tones_beat_no_more():
    t = np.arange(60000) / RATE_HZ
    x = noise() + 30 * np.sin(2 * np.pi * 2000 * t) + 30 * np.sin(2 * np.pi * 2110 * t)
    found = lines_of(x)
    at_hz = found.step_hz * np.arange(found.power.shape[1])
    assert found.power[0, np.abs(at_hz - 110) < 1].max() < 12


def test_bands_share_out_the_spectrum_and_end_before_they_are_too_narrow():
    found = lines_of(noise(8000), rate_hz=4000.0, highest_hz=200.0)
    widths = np.unique(np.round(found.high_hz - found.low_hz, 6))
    assert widths.min() == pytest.approx(2000 / 6)
    assert sum(found.high_hz - found.low_hz == 2000) == 1
    # a band of 333 Hz has no envelope at 330
    beyond = found.step_hz * np.arange(found.power.shape[1]) > 0.95 * 2000 / 6
    assert np.all(found.power[-1, beyond] == np.float32(NEUTRAL)) or not beyond.any()


def test_what_is_taken_out_says_nothing():
    found = lines_of(noise())
    cut = found.without(30.0, half_width_hz=2 * found.step_hz).without_mains()
    at_hz = found.step_hz * np.arange(found.power.shape[1])
    for frequency_hz in (30, 60, 90, 50, 100, 120):
        assert np.all(cut.power[:, np.abs(at_hz - frequency_hz) < found.step_hz / 2] == np.float32(NEUTRAL))
    kept = np.abs(at_hz - 77) < 1
    np.testing.assert_array_equal(cut.power[:, kept], found.power[:, kept])


def test_scale_and_integers_do_not_matter():
    x = np.round(8000 * noise(20000)).astype(np.int16)
    np.testing.assert_allclose(lines_of(x).power, lines_of(x / 7e5).power, rtol=2e-2, atol=1e-3)
