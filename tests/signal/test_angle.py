import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal import angle as module
from faultdiag.signal.angle import angular_resample, turns_from_speed

RATE_HZ = 12000
SPEEDS = {
    "constant": np.full(36000, 1797.0),
    "slightly varying": 1797 * (1 + 0.02 * np.sin(np.arange(36000) / 6000)),
    "ramp": np.linspace(600, 1800, 36000),
    "run-down": np.linspace(2400, 300, 36000),
}


def inner(y, share=0.05):
    edge = max(int(share * y.shape[-1]), 40)
    return y[..., edge : y.shape[-1] - edge]


def at_order(order, turns, phase=0.3):
    return np.cos(2 * np.pi * order * turns + phase)


def resampled(x, turns, samples_per_turn=64):
    return angular_resample(x, rate_hz=RATE_HZ, turns=turns, samples_per_turn=samples_per_turn)


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize(
    ("order", "samples_per_turn"), [(1, 64), (7.3, 64), (25.5, 64), (7, 512), (60, 2000)]
)
def test_an_order_is_the_same_cosine_at_any_speed(speed, order, samples_per_turn):
    turns = turns_from_speed(SPEEDS[speed], rate_hz=RATE_HZ)
    y = resampled(at_order(order, turns), turns, samples_per_turn)
    expected = at_order(order, np.arange(y.shape[-1]) / samples_per_turn)
    np.testing.assert_allclose(inner(y), inner(expected), atol=2e-5)


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("order", [32, 33.1, 40, 70, 118])
def test_an_order_from_half_the_samples_per_turn_on_is_gone(speed, order):
    turns = turns_from_speed(SPEEDS[speed], rate_hz=RATE_HZ)
    assert np.abs(inner(resampled(at_order(order, turns), turns))).max() < 2e-5


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("samples_per_turn", [64, 128])
def test_a_tone_of_9_khz_above_the_order_limit_leaves_less_than_1e5(speed, samples_per_turn):
    speed_rpm = np.repeat(SPEEDS[speed], 4)
    turns = turns_from_speed(speed_rpm, rate_hz=48000)
    x = np.cos(2 * np.pi * 9000 * np.arange(len(turns)) / 48000)
    y = angular_resample(x, rate_hz=48000, turns=turns, samples_per_turn=samples_per_turn)
    assert np.abs(inner(y)).max() < 1e-5


def test_samples_per_turn_are_not_truncated():
    """At 1797 rpm and 12 kHz a turn is 400.67 samples: a cut to 400 would lose order 7."""
    turns = turns_from_speed(1797, rate_hz=RATE_HZ, n_samples=120_000)
    y = resampled(at_order(7, turns), turns, 400)
    mean_turn = inner(y)[: 260 * 400].reshape(260, 400).mean(axis=0)
    assert np.abs(np.fft.rfft(mean_turn))[7] / 200 == pytest.approx(1, abs=1e-5)


def test_blocks_join_without_a_seam(monkeypatch):
    x = np.random.default_rng(0).standard_normal(100_000)
    for low_rpm, samples_per_turn in ((1700, 100), (600, 100), (1700, 3000), (600, 3000)):
        turns = turns_from_speed(np.linspace(low_rpm, 1800, 100_000), rate_hz=RATE_HZ)
        monkeypatch.setattr(module, "BLOCK", 1 << 20)
        whole = resampled(x, turns, samples_per_turn)
        monkeypatch.setattr(module, "BLOCK", 1 << 12)
        np.testing.assert_allclose(resampled(x, turns, samples_per_turn), whole, atol=2e-5)


def test_the_result_starts_at_the_first_whole_turn():
    turns = turns_from_speed(1500, rate_hz=RATE_HZ, n_samples=12000)
    whole = resampled(at_order(3, turns), turns)
    assert whole.shape == (24 * 64 + 63 + 1,)
    later = resampled(at_order(3, turns), turns - 2.25)
    # from -2.25 to 22.748 turns: it starts at -2
    assert later.shape == (24 * 64 + 47 + 1,)
    expected = at_order(3, 0.25 + np.arange(len(later)) / 64)
    np.testing.assert_allclose(inner(later), inner(expected), atol=1e-5)


def test_noise_keeps_its_density_below_the_order_limit():
    x = np.random.default_rng(1).standard_normal(200_000)
    turns = turns_from_speed(np.linspace(900, 1800, 200_000), rate_hz=RATE_HZ)
    power = np.abs(np.fft.rfft(resampled(x, turns))) ** 2
    order = np.fft.rfftfreq(2 * (len(power) - 1), 1 / 64)
    passed = power[(order > 2) & (order < 25)].mean() / (2 * len(power))
    # an order is as wide as the speed: on average over the turns, the mean of its square over its mean
    speed_hz = np.diff(turns) * RATE_HZ
    assert passed == pytest.approx(np.mean(speed_hz**2) / speed_hz.mean() * 64 / RATE_HZ, rel=0.01)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_stack_is_each_signal_and_keeps_its_precision(dtype):
    x = np.random.default_rng(2).standard_normal((2, 3, 5000)).astype(dtype)
    turns = turns_from_speed(np.linspace(600, 1800, 5000), rate_hz=RATE_HZ)
    before = x.copy(), turns.copy()
    stack = resampled(x, turns)
    assert stack.dtype == dtype
    for i, j in np.ndindex(2, 3):
        np.testing.assert_allclose(stack[i, j], resampled(x[i, j], turns), atol=1e-5)
    np.testing.assert_allclose(resampled(3 * x, turns), 3 * stack, atol=1e-5)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(turns, before[1])


def test_float32_has_the_accuracy_of_float32():
    turns = turns_from_speed(SPEEDS["ramp"], rate_hz=RATE_HZ)
    x = at_order(20, turns)
    np.testing.assert_allclose(resampled(x.astype(np.float32), turns), resampled(x, turns), atol=3e-6)


def test_int16_is_its_own_value():
    x = np.random.default_rng(3).integers(-32768, 32767, 5000).astype(np.int16)
    turns = turns_from_speed(1800, rate_hz=RATE_HZ, n_samples=5000)
    expected = resampled(x.astype(np.float64), turns)
    np.testing.assert_allclose(resampled(x, turns), expected, atol=32768 * 3e-6)


def test_angle_is_the_integral_of_the_speed():
    turns = turns_from_speed(np.linspace(600, 1800, 1001), rate_hz=100)
    time_s = np.arange(1001) / 100
    np.testing.assert_allclose(turns, 10 * time_s + time_s**2, atol=1e-9)
    np.testing.assert_allclose(
        turns_from_speed(1234, rate_hz=50, n_samples=99),
        turns_from_speed(np.full(99, 1234), rate_hz=50),
        atol=1e-12,
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"speed_rpm": 0.0, "n_samples": 5}, "speed_rpm must be positive throughout, got 0"),
        ({"speed_rpm": [1800, np.nan, 1800]}, "speed_rpm must be positive throughout, got nan"),
        ({"speed_rpm": 1800}, r"got \[\] numbers for None samples"),
        ({"speed_rpm": 1800, "n_samples": -3}, r"got \[\] numbers for -3 samples"),
        ({"speed_rpm": [1800, 1800], "n_samples": 3}, r"got \[2\] numbers for 3 samples"),
        ({"speed_rpm": [[1800, 1800]]}, r"got \[1, 2\] numbers for None samples"),
        ({"speed_rpm": 1800, "n_samples": 5, "rate_hz": -1}, "rate_hz must be a positive number, got -1"),
    ],
)
def test_speeds_without_an_angle_are_refused(arguments, message):
    with pytest.raises(ParameterError, match=message):
        turns_from_speed(**{"rate_hz": 100} | arguments)


def test_arguments_out_of_range_are_named():
    x, turns = np.ones(1000), np.arange(1000) / 100
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got 0"):
        angular_resample(x, rate_hz=0, turns=turns, samples_per_turn=10)
    for wrong in (400.67, 1, -4, np.nan):
        with pytest.raises(ParameterError, match=f"samples_per_turn must be a whole .* got {wrong}"):
            resampled(x, turns, wrong)
    with pytest.raises(ParameterError, match=r"one angle for each of 1000 samples, got \(999,\)"):
        resampled(x, turns[:-1])
    with pytest.raises(ParameterError, match="takes [0-9]+ taps, more than 1048576; resample"):
        angular_resample(np.ones(50_000), rate_hz=1e6, turns=np.arange(50_000) / 4e4, samples_per_turn=2)


def test_angles_that_cannot_be_inverted_are_refused():
    turns = turns_from_speed(1800, rate_hz=RATE_HZ, n_samples=6000)
    standing = np.minimum(turns, turns[4500])
    with pytest.raises(RecordError, match=r"does not rise at sample 4501 \(0\.375083 s\).*cut that stretch"):
        resampled(np.ones(6000), standing)
    with pytest.raises(RecordError, match="does not rise at sample 10 "):
        resampled(np.ones(6000), np.where(np.arange(6000) == 10, np.nan, turns))
    with pytest.raises(RecordError, match=r"hold a whole turn of the shaft, its angle goes from 0 to 0\.9"):
        resampled(np.ones(380), turns[:380])
    with pytest.raises(RecordError, match=r"down to 1[01]\.\d rpm, under 1/100 of its highest of 1799"):
        resampled(np.ones(6000), turns_from_speed(np.linspace(10, 1800, 6000), rate_hz=RATE_HZ))


def test_samples_that_are_not_finite_are_refused():
    with pytest.raises(RecordError, match="sample 2 is nan"):
        resampled([1, 2, np.nan, 4], np.arange(4))


@pytest.mark.parametrize("speed", ["constant", "ramp"])
def test_agrees_with_rota_order(speed):
    peer = pytest.importorskip("rota.angle", reason="rota-order is not installed: make peers")
    turns = turns_from_speed(SPEEDS[speed], rate_hz=RATE_HZ)
    x = sum(at_order(order, turns) for order in (1, 7.3, 20))
    theirs = peer.angular_resample(x, RATE_HZ, SPEEDS[speed], samples_per_rev=64).x
    y = resampled(x, turns)
    assert abs(len(theirs) - len(y)) <= 1
    n = min(len(theirs), len(y))
    np.testing.assert_allclose(inner(y[:n]), inner(theirs[:n]), atol=5e-4)


@pytest.mark.data
def test_shaft_orders_of_a_real_record_stand_on_whole_orders(cwru_dir):
    from scipy.io import loadmat

    x = loadmat(cwru_dir / "105.mat")["X105_DE_time"].ravel()
    turns = turns_from_speed(1795.9, rate_hz=RATE_HZ, n_samples=len(x))
    y = resampled(x, turns, 128)
    n = len(y) // 128 * 128
    spectrum = np.abs(np.fft.rfft(y[:n] * np.hanning(n)))
    order = np.arange(len(spectrum)) * 128 / n
    # and the inner race at 5.403
    for expected in (1, 2, 3, 10, 5.403):
        near = np.abs(order - expected) < 0.2
        assert order[near][np.argmax(spectrum[near])] == pytest.approx(expected, abs=0.005)
