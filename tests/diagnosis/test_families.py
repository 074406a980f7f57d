import numpy as np
import pytest
from scipy.signal import lfilter

from faultdiag.datasets.rig import Assembly, simulate_bearing
from faultdiag.diagnosis import families
from faultdiag.diagnosis.families import line_families
from faultdiag.diagnosis.shaft_speed import shaft_speed
from faultdiag.errors import RecordError
from faultdiag.kinematics.bearing import Bearing

BEARING = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
ORDERS = BEARING.fault_orders()


def families_of(x, *, rate_hz, speed_rpm):
    """The families beside a shaft whose speed is said."""
    return line_families(x, rate_hz=rate_hz, shaft=shaft_speed(x, rate_hz=rate_hz, said_rpm=speed_rpm))


def machine(fault, *, seed=0, rate_hz=12000.0, duration_s=6.0, speed_rpm=1763.0):
    rng = np.random.default_rng(seed)
    x = simulate_bearing(
        bearing=BEARING,
        fault=fault,
        rate_hz=rate_hz,
        duration_s=duration_s,
        speed_rpm=speed_rpm,
        snr_db=6.0,
        assembly=Assembly.draw(rng),
        rng=rng,
    )
    return x / x.std()


def modulated(frequency_hz, depths, *, rate_hz=12000.0, duration_s=6.0, seed=0):
    """Noise whose power swells with a frequency and its harmonics."""
    t = np.arange(int(rate_hz * duration_s)) / rate_hz
    swell = sum(depth * np.cos(2 * np.pi * k * frequency_hz * t) for k, depth in enumerate(depths, start=1))
    return np.sqrt(1 + swell) * np.random.default_rng(seed).standard_normal(t.size)


@pytest.mark.parametrize("fault", ["outer", "inner"])
@pytest.mark.parametrize(
    ("rate_hz", "duration_s", "speed_rpm"),
    [(12000.0, 6.0, 1763.0), (51200.0, 4.0, 600.0), (16000.0, 3.0, 2900.0)],
)
def test_a_damaged_race_is_the_first_family(fault, rate_hz, duration_s, speed_rpm):
    for seed in (1, 2):
        x = machine(fault, seed=seed, rate_hz=rate_hz, duration_s=duration_s, speed_rpm=speed_rpm)
        first, *_ = line_families(x, rate_hz=rate_hz)
        assert first.frequency_hz == pytest.approx(ORDERS[fault] * speed_rpm / 60, rel=0.01)
        assert first.n_harmonics >= 3
        assert first.p_value < 1e-12
        assert first.order is None
        assert "if it is no multiple of the speed of the shaft" in first.text


def test_a_damaged_ball_shows_its_spin():
    for seed in (1, 2):
        first, *_ = families_of(machine("ball", seed=seed), rate_hz=12000.0, speed_rpm=1750.0)
        assert first.order in (
            pytest.approx(ORDERS["ball"], rel=0.01),
            pytest.approx(ORDERS["ball"] / 2, rel=0.01),
        )


def test_a_slow_rate_is_enough_for_strikes_that_ring_low():
    x = lfilter([1.0], [1, -1.2, 0.9], modulated(87.3, (0.8, 0.4), rate_hz=8000.0))
    (only,) = families_of(x, rate_hz=8000.0, speed_rpm=1440.0)
    assert only.frequency_hz == pytest.approx(87.3, abs=0.1)
    assert only.order == pytest.approx(87.3 / 24, rel=2e-3)


def test_two_faults_at_once_are_two_families():
    x = machine("inner", seed=1) + machine("outer", seed=12)
    orders = sorted(one.order for one in families_of(x, rate_hz=12000.0, speed_rpm=1763.0)[:2])
    assert orders == pytest.approx([ORDERS["outer"], ORDERS["inner"]], rel=0.01)


def three_sources(bases_hz=(41.3, 73.7, 107.9)):
    """Noise in three bands, each of which swells with a frequency of its own."""
    x = np.zeros(96000)
    for number, hz in enumerate(bases_hz):
        spectrum = np.fft.rfft(modulated(hz, (0.8, 0.3), duration_s=8.0, seed=number))
        edges = np.array([number, number + 1]) * len(spectrum) // len(bases_hz)
        spectrum[: edges[0]] = spectrum[edges[1] :] = 0
        x += np.fft.irfft(spectrum, n=len(x))
    return x, bases_hz


def test_families_come_strongest_first_and_each_once():
    x, bases_hz = three_sources()
    found = line_families(x, rate_hz=12000.0)
    assert sorted(one.frequency_hz for one in found) == pytest.approx(bases_hz, abs=0.1)
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)


def test_no_more_families_are_told_than_can_be_looked_into(monkeypatch):
    assert families.MOST == 5
    x, _ = three_sources()
    monkeypatch.setattr(families, "MOST", 2)
    assert len(line_families(x, rate_hz=12000.0)) == 2


@pytest.mark.parametrize(
    ("frequency_hz", "speed_rpm", "words"),
    [
        (29.7, 1782.0, "this is the shaft itself"),
        (59.4, 1782.0, "this is 2 times the speed of the shaft"),
        (100.0, 1782.0, "this is the 100 Hz of the mains"),
        (60.0, 1800.0, "this is 2 times the speed of the shaft or the 60 Hz of the mains"),
        (98.0, 1782.0, "as no multiple of the speed of the shaft, this is how a rolling bearing shows"),
    ],
)
def test_what_swells_with_the_shaft_or_the_mains_is_named(frequency_hz, speed_rpm, words):
    t = np.arange(72000) / 12000
    x = modulated(frequency_hz, (0.5, 0.3))
    x = x + sum(np.cos(2 * np.pi * k * speed_rpm / 60 * t) for k in (1, 2, 3, 4))
    (only,) = families_of(x, rate_hz=12000.0, speed_rpm=speed_rpm)
    assert only.frequency_hz == pytest.approx(frequency_hz, abs=0.1)
    assert words in only.text


def test_the_effect_is_the_depth_of_the_swelling():
    shallow, deep = (line_families(modulated(71.3, (depth, depth)), rate_hz=12000.0) for depth in (0.08, 0.3))
    assert shallow == []
    assert deep[0].effect == pytest.approx(0.3, rel=0.25)  # prewhitening takes a little
    numbers, found_hz, levels_db = zip(*deep[0].lines, strict=True)
    assert numbers == (1, 2, 3, 4)
    assert found_hz[:2] == pytest.approx((71.3, 142.6), abs=0.2)
    assert min(levels_db[:2]) > 15


def test_the_level_of_the_signal_does_not_matter():
    x = machine("outer", seed=1)
    for gain in (1e-4, 1e4):
        first, same = (line_families(k * x, rate_hz=12000.0)[0] for k in (1, gain))
        assert same.frequency_hz == first.frequency_hz
        assert same.score == pytest.approx(first.score, rel=1e-3)


def test_noise_and_a_sound_bearing_have_no_family():
    rng = np.random.default_rng(0)
    for kind in range(12):
        rate_hz = (8000.0, 12000.0, 25600.0)[kind % 3]
        x = rng.standard_normal(int((2, 4)[kind % 2] * rate_hz))
        x = (x, np.cumsum(x), lfilter([1.0], [1, -1.9, 0.97], x))[kind % 3 - kind // 4]
        assert line_families(x, rate_hz=rate_hz) == []
    assert families_of(machine("normal", seed=3), rate_hz=12000.0, speed_rpm=1763.0) == []


def test_too_short_a_record_is_refused():
    with pytest.raises(RecordError, match=r"0\.01 s at 12000 Hz are too short for 20 strikes; record longer"):
        line_families(np.random.default_rng(0).standard_normal(120), rate_hz=12000.0)


@pytest.mark.data
def test_a_real_outer_race_is_found_without_bearing_and_speed(hitsm_dir):
    from faultdiag.readers import read_signals

    (record,) = read_signals(hitsm_dir / "OR2_900.mat", rate_hz=51200.0)
    first, *_ = line_families(record.samples[0], rate_hz=51200.0)
    assert first.frequency_hz == pytest.approx(3.585 * 15, rel=0.02)


def test_of_a_slow_shaft_twenty_turns_are_looked_at():
    """At 27 rpm they take 44 s; of a fast shaft 30 s are enough, whatever comes behind them."""
    t = np.arange(60 * 4000) / 4000
    x = modulated(9.7, (0.8, 0.4), rate_hz=4000.0, duration_s=60.0)
    x += 3 * sum(np.cos(2 * np.pi * k * 27 / 60 * t) for k in range(1, 6))
    found = families_of(x, rate_hz=4000.0, speed_rpm=27.0)
    assert any(one.frequency_hz == pytest.approx(9.7, abs=0.02) for one in found)
    assert families_of(x, rate_hz=4000.0, speed_rpm=582.0) == families_of(
        x[: 30 * 4000], rate_hz=4000.0, speed_rpm=582.0
    )
