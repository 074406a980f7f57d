import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.tachometer import pulse_times, speed_from_pulses, turns_from_pulses

RATE_HZ = 10000
T = np.arange(50000) / RATE_HZ
RUN_UP = 10 * T + 2 * T**2  # turns: 10 to 30 Hz in 5 s, by a factor of 3
TRUTH_RPM = 60 * (10 + 4 * T)


def pulses(angle, share=0.1, edge=0.02):
    """Pulses that rise through half their height of 1 at whole angles, with sloping edges."""
    since = (angle + 0.5) % 1 - 0.5
    return np.clip(np.minimum(since, share - since) / edge + 0.5, 0, 1)


def noise(scale, seed=0):
    return scale * np.random.default_rng(seed).standard_normal(len(T))


@pytest.mark.parametrize("scale", [1.0, 0.02, 24.0])
@pytest.mark.parametrize("offset", [0.0, -3.0])
def test_pulses_are_found_between_samples(scale, offset):
    times_s = pulse_times(offset + scale * pulses(RUN_UP + 0.5), rate_hz=RATE_HZ)
    expected = np.interp(np.arange(1, 101) - 0.5, RUN_UP, T)
    np.testing.assert_allclose(times_s, expected, atol=2e-6)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_pulses_of_any_width_are_found_in_noise(share):
    times_s = pulse_times(pulses(RUN_UP + 0.5, share, edge=0.005) + noise(0.03), rate_hz=RATE_HZ)
    expected = np.interp(np.arange(1, 101) - 0.5, RUN_UP, T)
    np.testing.assert_allclose(times_s, expected, atol=2e-4)


def test_noise_on_a_slow_edge_makes_no_second_pulse():
    sine = np.sin(2 * np.pi * (RUN_UP + 0.1))
    x = sine + noise(0.1)
    naive = np.sum((x[:-1] <= 0) & (x[1:] > 0))
    times_s = pulse_times(x, rate_hz=RATE_HZ)
    assert naive > 150
    assert len(times_s) == 100
    np.testing.assert_allclose(times_s, np.interp(np.arange(1, 101) - 0.1, RUN_UP, T), atol=3e-3)


def test_a_single_spike_does_not_move_the_threshold():
    x = pulses(RUN_UP + 0.5)
    x[12345] = 4
    assert len(pulse_times(x, rate_hz=RATE_HZ)) == pytest.approx(100, abs=1)


def test_a_threshold_of_ones_own_is_crossed_where_it_lies():
    x = pulses(10 * T + 0.5, share=0.3, edge=0.2)
    low, high = (pulse_times(x, rate_hz=RATE_HZ, threshold=level) for level in (0.4, 0.6))
    np.testing.assert_allclose(high - low, 0.004, atol=1e-9)


def test_a_pulse_under_way_at_the_start_is_not_counted():
    assert len(pulse_times(pulses(5 * T + 0.05), rate_hz=RATE_HZ)) == 25


@pytest.mark.parametrize("pulses_per_turn", [1, 4, 60])
def test_angle_and_speed_of_a_run_up_are_the_true_ones(pulses_per_turn):
    times_s = np.interp(np.arange(1, 100 * pulses_per_turn) / pulses_per_turn, RUN_UP, T)
    arguments = {"rate_hz": RATE_HZ, "n_samples": len(T), "pulses_per_turn": pulses_per_turn}
    turns = turns_from_pulses(times_s, **arguments)
    inside = np.clip(T, times_s[0], times_s[-1]) == T
    np.testing.assert_allclose(turns[inside], RUN_UP[inside] - 1 / pulses_per_turn, atol=1e-5)
    assert np.diff(turns).min() > 0
    speed_rpm = speed_from_pulses(times_s, **arguments)
    np.testing.assert_allclose(speed_rpm[inside], TRUTH_RPM[inside], rtol=1e-3)


def test_speed_is_the_slope_of_the_angle():
    times_s = np.cumsum(0.05 * (1 + 0.2 * np.sin(np.arange(80) / 5)))
    arguments = {"rate_hz": 1000, "n_samples": 4000}
    turns, speed_rpm = (f(times_s, **arguments) for f in (turns_from_pulses, speed_from_pulses))
    np.testing.assert_allclose(np.gradient(turns, 1e-3)[1:-1] * 60, speed_rpm[1:-1], rtol=1e-3)


def test_beyond_the_pulses_the_speed_stays():
    times_s = np.arange(5) * 0.1 + 0.05
    turns = turns_from_pulses(times_s, rate_hz=1000, n_samples=500)
    np.testing.assert_allclose(turns, (np.arange(500) / 1000 - 0.05) * 10, atol=1e-9)


def test_two_pulses_are_a_constant_speed():
    speed_rpm = speed_from_pulses([0.02, 0.06], rate_hz=1000, n_samples=80)
    np.testing.assert_allclose(speed_rpm, 1500)


def test_the_way_from_channel_to_angle():
    turns = turns_from_pulses(
        pulse_times(pulses(RUN_UP - 0.3) + noise(0.01), rate_hz=RATE_HZ), rate_hz=RATE_HZ, n_samples=len(T)
    )
    np.testing.assert_allclose(turns, RUN_UP - 1.3 + 1, atol=2e-3)


@pytest.mark.parametrize("seed", range(5))
def test_uneven_pulses_and_swings_of_the_speed_are_no_fault(seed):
    rng = np.random.default_rng(seed)
    steps = 0.03 * np.exp(0.5 * np.sin(np.arange(200) / 10)) * rng.uniform(0.9, 1.1, 200)
    times_s = np.cumsum(steps)
    turns_from_pulses(times_s, rate_hz=1000, n_samples=int(times_s[-1] * 1000))


def even(n=100):
    return np.interp(np.arange(1, n), RUN_UP, T)


def refused(times_s, message):
    for function in (turns_from_pulses, speed_from_pulses):
        with pytest.raises(RecordError, match=message):
            function(times_s, rate_hz=RATE_HZ, n_samples=len(T))


def test_missing_pulses_are_counted_and_placed():
    where = rf"misses 1 pulse, the first near {even()[40]:.3f}"[:-1]
    refused(np.delete(even(), 40), where + r".* s \(98 pulses found\); set a threshold")
    refused(np.delete(even(), [40, 70, 71]), "misses 3 pulses, the first near 2")
    # also at the first and last one, and beyond
    refused(np.delete(even(), 1), r"misses 1 pulse, the first near 0\.1")
    refused(even()[:-20], r"misses \d+ pulses, the first near 4\.3")
    refused(even()[20:], r"misses \d+ pulses, the first near 0")


def test_doubled_pulses_are_counted_and_placed():
    for share in (0.05, 0.4, 0.5, 0.97):
        extra = even()[40] + share * (even()[41] - even()[40])
        refused(np.sort(np.append(even(), extra)), r"doubles 1 pulse, the first near 2\.[67]\d+ s \(100")
    extras = even()[[10, 50]] + 0.002
    refused(np.sort(np.append(even(), extras)), r"doubles 2 pulses, the first near 0\.9")


def test_missing_and_doubled_pulses_are_both_told():
    times_s = np.sort(np.append(np.delete(even(), 40), even()[70] + 0.003))
    refused(times_s, r"misses 1 pulse, the first near 2.* and doubles 1 pulse, the first near 3\.9")


def test_angles_that_would_turn_back_are_refused():
    times_s = np.cumsum([0.1, 0.91, 2.14, 0.49, 1.92])
    for function in (turns_from_pulses, speed_from_pulses):
        with pytest.raises(RecordError, match=r"so uneven near 5\.\d+ s that the angle would not rise"):
            function(times_s, rate_hz=100, n_samples=550)


def test_channels_without_pulses_are_refused():
    with pytest.raises(RecordError, match=r"constant at 2\.5: is it the right channel\?"):
        pulse_times(np.full(100, 2.5), rate_hz=RATE_HZ)
    with pytest.raises(RecordError, match="shows no pulses.*give a threshold, or another channel"):
        pulse_times(noise(1.0), rate_hz=RATE_HZ)
    with pytest.raises(RecordError, match="goes from 0 to 1 and never crosses the threshold of 2; give one"):
        pulse_times(pulses(RUN_UP), rate_hz=RATE_HZ, threshold=2)
    with pytest.raises(RecordError, match=r"never rises through 0\.5; give another threshold"):
        pulse_times([1.0, 1.0, 0.0, 0.0], rate_hz=RATE_HZ)
    with pytest.raises(RecordError, match=r"a single channel, got the shape \[2, 3\]"):
        pulse_times(np.ones((2, 3)), rate_hz=RATE_HZ)
    with pytest.raises(RecordError, match="sample 1 is nan"):
        pulse_times([0, np.nan], rate_hz=RATE_HZ)
    with pytest.raises(RecordError, match="needs two pulses of the tachometer or more, got 1"):
        turns_from_pulses([0.1], rate_hz=RATE_HZ, n_samples=100)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rate_hz": 0}, "rate_hz must be a positive number, got 0"),
        ({"n_samples": 0}, "n_samples must be a whole number of 1 or more, got 0"),
        ({"pulses_per_turn": 1.5}, r"pulses_per_turn must be a whole number of 1 or more, got 1\.5"),
        ({"pulses_per_turn": np.nan}, "pulses_per_turn must be a whole number of 1 or more, got nan"),
        ({"times_s": [0.1, 0.1]}, r"rising times of pulses, got the shape \[2\]"),
        ({"times_s": [[0.1, 0.2]]}, r"rising times of pulses, got the shape \[1, 2\]"),
    ],
)
def test_arguments_out_of_range_are_named(change, message):
    with pytest.raises(ParameterError, match=message):
        turns_from_pulses(**{"times_s": [0.01, 0.02], "rate_hz": RATE_HZ, "n_samples": 300} | change)
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got -1"):
        pulse_times([0, 1], rate_hz=-1)


def test_int16_is_its_own_value_and_stays_unchanged():
    x = np.rint(20000 * pulses(RUN_UP)).astype(np.int16)
    before = x.copy()
    expected = pulse_times(x.astype(np.float64), rate_hz=RATE_HZ)
    np.testing.assert_allclose(pulse_times(x, rate_hz=RATE_HZ), expected, atol=1e-8)
    np.testing.assert_array_equal(x, before)
