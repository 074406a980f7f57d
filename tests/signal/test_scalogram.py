import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.scalogram import morlet_scalogram

RATE_HZ = 8000
T = np.arange(8000) / RATE_HZ
NOISE = np.random.default_rng(1).standard_normal((2, 3, 4000))


def scalogram(x, **changes):
    arguments = {"rate_hz": RATE_HZ, "band_hz": (100, 3500), "step_s": 0.01, **changes}
    return morlet_scalogram(x, **arguments)


def tone(amplitude, freq_hz):
    return amplitude * np.cos(2 * np.pi * freq_hz * T + 0.5)


@pytest.mark.parametrize("n_cycles", [None, 6])
@pytest.mark.parametrize("freq_hz", [100, 400, 3200])
def test_a_tone_reads_its_amplitude_at_its_wavelet(n_cycles, freq_hz):
    _, found_hz, amplitude = scalogram(tone(3, freq_hz) + 10, n_cycles=n_cycles)
    row = amplitude[np.isclose(found_hz, freq_hz)][0]
    np.testing.assert_allclose(row[20:-20], 3, rtol=1e-3)


def test_frequencies_are_even_in_octaves_and_stay_in_the_band():
    _, freq_hz, amplitude = scalogram(tone(1, 400), per_octave=5)
    np.testing.assert_allclose(freq_hz, 100 * 2 ** (np.arange(26) / 5))
    assert amplitude.shape == (26, 100)
    assert scalogram(tone(1, 400), band_hz=(100, 3200), per_octave=5)[1][-1] == pytest.approx(3200)


def test_neighbours_of_a_tone_follow_the_gaussian():
    _, freq_hz, amplitude = scalogram(tone(2, 800), per_octave=8, n_cycles=20)
    expected = 2 * np.exp(-0.5 * ((800 - freq_hz) / (freq_hz / 20)) ** 2)
    np.testing.assert_allclose(amplitude[:, 40:60], np.broadcast_to(expected[:, None], (42, 20)), atol=1e-3)


def test_neighbouring_wavelets_cross_at_half_power():
    _, freq_hz, amplitude = scalogram(tone(1, 800 * 2 ** (0.5 / 12)), per_octave=12)
    pair = amplitude[np.flatnonzero(np.isclose(freq_hz, 800))[0] :][:2, 50]
    np.testing.assert_allclose(pair, np.sqrt(0.5), rtol=0.02)


@pytest.mark.parametrize("step_s", [0.000125, 0.003, 0.01, 0.05])
def test_a_cell_is_the_rms_of_the_envelope_of_a_direct_convolution(step_s):
    x = np.random.default_rng(2).standard_normal(4000)
    time_s, freq_hz, amplitude = scalogram(x, band_hz=(400, 3000), per_octave=1, n_cycles=8, step_s=step_s)
    hop = round(step_s * RATE_HZ)
    for centre_hz, row in zip(freq_hz, amplitude, strict=True):
        deviation_s = 8 / (2 * np.pi * centre_hz)
        lag_s = np.arange(-300, 301) / RATE_HZ
        wavelet = np.exp(-0.5 * (lag_s / deviation_s) ** 2)
        wavelet = 2 * wavelet / wavelet.sum() * np.exp(2j * np.pi * centre_hz * lag_s)
        squares = np.abs(np.convolve(x, wavelet, "same")) ** 2
        cells = np.sqrt(squares[: len(row) * hop].reshape(-1, hop).mean(axis=-1))
        middle = (time_s > 0.1) & (time_s < 0.4)
        np.testing.assert_allclose(row[middle], cells[middle], rtol=0.02, atol=6e-3)


def test_a_burst_is_seen_in_its_cell():
    x = np.zeros(8000)
    x[5000:5040] = np.sin(2 * np.pi * 2000 * T[:40])
    time_s, freq_hz, amplitude = scalogram(x, n_cycles=6)
    row, column = np.unravel_index(amplitude.argmax(), amplitude.shape)
    assert freq_hz[row] == pytest.approx(2000, rel=0.1)
    assert time_s[column] == pytest.approx(5020 / RATE_HZ, abs=0.006)


def test_the_start_does_not_wrap_into_the_end():
    x = tone(1, 400) * (T < 0.2)
    _, freq_hz, amplitude = scalogram(x)
    row = amplitude[np.isclose(freq_hz, 400)][0]
    assert row[0] > 0.3
    assert row[-20:].max() < 1e-4


def test_time_cells_are_named_by_their_middles():
    time_s, _, amplitude = scalogram(NOISE[0, 0], step_s=0.011)
    np.testing.assert_allclose(time_s[:2], [43.5 / RATE_HZ, 131.5 / RATE_HZ])
    assert amplitude.shape[-1] == len(time_s) == 4000 // 88


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_stack_is_each_channel_and_keeps_its_precision(dtype):
    x = NOISE.astype(dtype)
    stack = scalogram(x)[2]
    assert stack.dtype == dtype
    for i, j in np.ndindex(2, 3):
        np.testing.assert_allclose(stack[i, j], scalogram(x[i, j])[2], rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(x, NOISE.astype(dtype))


def test_scaling_and_integers():
    counts = np.round(5000 * NOISE).astype(np.int16)
    exact = scalogram(counts.astype(np.float64))[2]
    np.testing.assert_allclose(scalogram(counts)[2], exact, rtol=1e-3, atol=1e-3 * exact.mean())
    np.testing.assert_allclose(scalogram(3 * NOISE)[2], 3 * scalogram(NOISE)[2])


def test_a_signal_shorter_than_the_lowest_wavelet_is_refused():
    words = r"the lowest wavelet takes at least 509\.\d+ samples, the signal has 509; .*raise the lower edge"
    assert scalogram(T[:510], n_cycles=10)[2].shape[-1] == 6
    with pytest.raises(RecordError, match=words):
        scalogram(T[:509], n_cycles=10)
    with pytest.raises(RecordError, match="takes at least 1600 samples, the signal has 1000"):
        scalogram(T[:1000], n_cycles=6, step_s=0.2)


def test_wrong_arguments_are_refused():
    with pytest.raises(ParameterError, match="band_hz must rise between 0 and 4000 Hz"):
        scalogram(T, band_hz=(100, 4000))
    with pytest.raises(ParameterError, match=r"step_s must be at least a sample, 0\.000125 s, got 5e-05"):
        scalogram(T, step_s=5e-5)
    with pytest.raises(ParameterError, match="per_octave must be at least 1, got 0"):
        scalogram(T, per_octave=0)
    with pytest.raises(ParameterError, match="n_cycles must be a positive number, got 0"):
        scalogram(T, n_cycles=0)
    with pytest.raises(ParameterError, match="step_s must be a positive number, got 0"):
        scalogram(T, step_s=0)
    with pytest.raises(RecordError, match="sample 3 is inf"):
        scalogram(np.where(np.arange(8000) == 3, np.inf, 0))
