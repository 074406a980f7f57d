import numpy as np
import pytest
from scipy import signal as scipy_signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.timefrequency import log_band_map, order_map, stft

RATE_HZ = 8000
T = np.arange(4 * RATE_HZ) / RATE_HZ
NOISE = np.random.default_rng(1).standard_normal((2, 3, 4000))


def tone(amplitude, freq_hz):
    return amplitude * np.cos(2 * np.pi * freq_hz * T + 0.5)


def run_up(amplitudes, slow_rpm, fast_rpm):
    """A sum of orders while the speed rises evenly."""
    speed_rpm = np.linspace(slow_rpm, fast_rpm, len(T))
    turns = np.cumsum(speed_rpm / 60) / RATE_HZ
    return speed_rpm, sum(a * np.cos(2 * np.pi * k * turns) for k, a in amplitudes.items())


MAPS = {
    "stft": lambda x: stft(x, rate_hz=RATE_HZ, resolution_hz=20),
    "log_band_map": lambda x: log_band_map(x, rate_hz=RATE_HZ, band_hz=(400, 3000), resolution_hz=20),
    "order_map": lambda x: order_map(
        x, rate_hz=RATE_HZ, speed_rpm=3000, orders=[1, 2.5, 9], resolution_hz=20
    ),
}


def test_a_tone_on_a_line_reads_its_amplitude_in_every_frame():
    time_s, freq_hz, amplitude = stft(tone(3, 500) + 7, rate_hz=RATE_HZ, resolution_hz=20)
    assert amplitude.shape == (len(freq_hz), len(time_s))
    np.testing.assert_allclose(amplitude[freq_hz == 500], 3, rtol=1e-9)
    np.testing.assert_allclose(amplitude[0], 7, rtol=1e-9)
    np.testing.assert_allclose(amplitude[freq_hz > 600], 0, atol=1e-9)


def test_a_tone_between_lines_reads_15_percent_less():
    _, freq_hz, amplitude = stft(tone(3, 510), rate_hz=RATE_HZ, resolution_hz=20)
    np.testing.assert_allclose(amplitude[freq_hz == 500], 3 * 0.849, rtol=1e-3)


def test_a_tone_at_half_the_rate_reads_its_amplitude():
    _, _, amplitude = stft(2 * (-1.0) ** np.arange(100), rate_hz=100, resolution_hz=10)
    np.testing.assert_allclose(amplitude[-1], 2)


@pytest.mark.parametrize("resolution_hz", [20, 31, 7.3])
def test_frames_are_those_of_scipy(resolution_hz):
    x = NOISE[0, 0]
    time_s, freq_hz, amplitude = stft(x, rate_hz=RATE_HZ, resolution_hz=resolution_hz, step_s=0.01)
    length = round(RATE_HZ / resolution_hz)
    window = scipy_signal.get_window("hann", length)
    expected = [
        2 * np.abs(np.fft.rfft(x[start : start + length] * window)) / window.sum()
        for start in range(0, 4000 - length + 1, 80)
    ]
    np.testing.assert_allclose(freq_hz, np.fft.rfftfreq(length, 1 / RATE_HZ))
    np.testing.assert_allclose(amplitude[1:-1], np.transpose(expected)[1:-1], atol=1e-12)
    np.testing.assert_allclose(time_s, (np.arange(len(expected)) * 80 + (length - 1) / 2) / RATE_HZ)


def test_an_impulse_is_seen_at_its_time():
    x = np.zeros(8000)
    x[5000] = 1
    time_s, _, amplitude = stft(x, rate_hz=RATE_HZ, resolution_hz=100, step_s=0.001)
    assert time_s[amplitude[10].argmax()] == pytest.approx(5000 / RATE_HZ, abs=0.001)


@pytest.mark.parametrize("name", MAPS)
def test_a_stack_is_each_channel_and_keeps_its_precision(name):
    for dtype in (np.float32, np.float64):
        x = NOISE.astype(dtype)
        stack = MAPS[name](x)[2]
        assert stack.dtype == dtype
        assert stack.shape[:2] == (2, 3)
        for i, j in np.ndindex(2, 3):
            np.testing.assert_allclose(stack[i, j], MAPS[name](x[i, j])[2], rtol=1e-4, atol=1e-6)
        np.testing.assert_array_equal(x, NOISE.astype(dtype))


@pytest.mark.parametrize("name", MAPS)
def test_scaling_and_integers(name):
    counts = np.round(5000 * NOISE).astype(np.int16)
    exact = MAPS[name](counts.astype(np.float64))[2]
    np.testing.assert_allclose(MAPS[name](counts)[2], exact, rtol=1e-3, atol=1e-3 * exact.mean())
    factor = 9 if name == "log_band_map" else 3
    np.testing.assert_allclose(MAPS[name](3 * NOISE)[2], factor * MAPS[name](NOISE)[2], atol=1e-12)


def test_log_bands_share_the_power_of_a_tone():
    x = tone(2, 800) + tone(1, 1000) + 5
    _, centre_hz, power = log_band_map(
        x, rate_hz=RATE_HZ, band_hz=(200, 3200), resolution_hz=10, per_octave=3
    )
    np.testing.assert_allclose(centre_hz, 200 * 2 ** (np.arange(13) / 3))
    np.testing.assert_allclose(power.sum(axis=0), 2.5, rtol=1e-6)
    np.testing.assert_allclose(power[centre_hz > 1300], 0, atol=1e-9)


def test_a_tone_between_two_centres_is_shared_by_its_place_in_octaves():
    _, centre_hz, power = log_band_map(
        tone(1, 900), rate_hz=RATE_HZ, band_hz=(200, 3200), resolution_hz=2, per_octave=3
    )
    share = np.log2(900 / 800) * 3
    np.testing.assert_allclose(power[centre_hz.round() == 800], 0.5 * (1 - share), rtol=1e-3)
    np.testing.assert_allclose(power[centre_hz.round() == 1008], 0.5 * share, rtol=1e-3)


def test_log_bands_of_white_noise_grow_with_their_width():
    x = np.random.default_rng(2).standard_normal(400000)
    _, centre_hz, power = log_band_map(x, rate_hz=RATE_HZ, band_hz=(200, 3200), resolution_hz=5, per_octave=4)
    octave = np.log2(centre_hz[1] / centre_hz[0])
    width_hz = centre_hz * (2**octave + 2**-octave - 2) / (octave * np.log(2))
    np.testing.assert_allclose(power.mean(axis=-1) / (width_hz / 4000), 1, rtol=0.1)


def test_log_bands_narrower_than_lines_are_refused():
    with pytest.raises(
        ParameterError, match=r"20 Hz apart are too coarse for the band at 50 Hz.* 6\.12\d* Hz"
    ):
        log_band_map(T, rate_hz=RATE_HZ, band_hz=(50, 3000), resolution_hz=20)


@pytest.mark.parametrize("order", [1.0, 3.3, 7.77])
def test_orders_of_a_steady_shaft_read_their_amplitude_between_lines_too(order):
    x = tone(2, order * 29.95)
    orders = [order / 3, order, order * 1.7]
    _, frame_rpm, amplitude = order_map(x, rate_hz=RATE_HZ, speed_rpm=1797, orders=orders, resolution_hz=4)
    np.testing.assert_allclose(frame_rpm, 1797)
    np.testing.assert_allclose(amplitude[1], 2, rtol=1e-3)
    assert (amplitude[[0, 2]] < 0.004).all()


def test_orders_of_a_run_up_stay_on_their_rows():
    speed_rpm, x = run_up({1: 0.5, 4: 2, 9.5: 1}, 1200, 1800)
    time_s, frame_rpm, amplitude = order_map(
        x, rate_hz=RATE_HZ, speed_rpm=speed_rpm, orders=[1, 4, 9.5, 7], resolution_hz=8, step_s=0.05
    )
    np.testing.assert_allclose(frame_rpm, 1200 + 150 * time_s, rtol=1e-3)
    np.testing.assert_allclose(amplitude[1], 2, rtol=3e-3)
    np.testing.assert_allclose(amplitude[2], 1, rtol=3e-3)
    np.testing.assert_allclose(amplitude[0], 0.5, rtol=0.02)
    assert (amplitude[3] < 0.02).all()


@pytest.mark.parametrize(("lines", "loss"), [(0.5, 0.002), (1, 0.008), (2, 0.03)])
def test_a_fast_run_up_lowers_a_high_order_as_documented(lines, loss):
    # the frequency of the order rises by this many lines within a frame
    order, resolution_hz = 20, 10
    speed_rpm, x = run_up({order: 1}, 600, 600 + 60 / order * lines * resolution_hz**2 * T[-1])
    found = order_map(x, rate_hz=RATE_HZ, speed_rpm=speed_rpm, orders=[order], resolution_hz=resolution_hz)[2]
    assert 1 - found.mean() == pytest.approx(loss, rel=0.15)


def test_bad_speeds_and_orders_are_refused():
    def of(speed_rpm=1800, orders=(1, 2), resolution_hz=20):
        return order_map(T, rate_hz=RATE_HZ, speed_rpm=speed_rpm, orders=orders, resolution_hz=resolution_hz)

    with pytest.raises(
        ParameterError, match="speed_rpm must be positive numbers, got nan; orders need a speed"
    ):
        of(speed_rpm=None)
    with pytest.raises(ParameterError, match=r"speed_rpm must be positive numbers, got -3\.0"):
        of(speed_rpm=np.where(T == 1, -3, 100))
    with pytest.raises(ParameterError, match=r"one for each of the 32000 samples, got \[5\]"):
        of(speed_rpm=np.ones(5))
    with pytest.raises(ParameterError, match="orders must be a row of positive numbers"):
        of(orders=[0, 1])
    with pytest.raises(
        ParameterError, match="order 200 is at 6000 Hz at the highest speed, and must be below 4000"
    ):
        of(orders=[1, 200])


def test_bad_frames_are_refused():
    with pytest.raises(
        RecordError, match="a frame of this resolution takes at least 400 samples, .* has 399"
    ):
        stft(T[:399], rate_hz=RATE_HZ, resolution_hz=20)
    with pytest.raises(ParameterError, match="resolution_hz must be a positive number, got 0"):
        stft(T, rate_hz=RATE_HZ, resolution_hz=0)
    with pytest.raises(ParameterError, match="resolution_hz must be at most 4000, half the rate, got 5000"):
        stft(T, rate_hz=RATE_HZ, resolution_hz=5000)
    with pytest.raises(ParameterError, match="step_s must be a positive number, got -1"):
        stft(T, rate_hz=RATE_HZ, resolution_hz=20, step_s=-1)
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got nan"):
        stft(T, rate_hz=np.nan, resolution_hz=20)
    with pytest.raises(RecordError, match="sample 0 is nan"):
        stft([np.nan, 1, 2], rate_hz=10, resolution_hz=5)
