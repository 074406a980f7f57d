import numpy as np
import pytest

from faultdiag.datasets.rig import Assembly, simulate_bearing
from faultdiag.diagnosis.record import diagnose_record
from faultdiag.errors import ParameterError, RecordError
from faultdiag.kinematics import find_bearing
from faultdiag.kinematics.bearing import Bearing
from faultdiag.records import Record

RATE_HZ = 12000.0


def samples_of(fault, *, seed=1, duration_s=6.0):
    rng = np.random.default_rng(seed)
    return simulate_bearing(
        bearing=Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04),
        fault=fault,
        rate_hz=RATE_HZ,
        duration_s=duration_s,
        speed_rpm=1763.0,
        snr_db=3.0,
        assembly=Assembly.draw(rng),
        rng=rng,
    )


def record_of(*rows, rate_hz=RATE_HZ, speed_rpm=1763.0):
    return Record(source=np.stack(rows), rate_hz=rate_hz, speed_rpm=speed_rpm, origin="pump.npy")


def test_every_channel_has_its_own_answer():
    bearing = find_bearing("6205")
    inner, sound = diagnose_record(record_of(samples_of("inner"), samples_of("normal")), bearing)
    assert (inner.file, inner.channel, sound.channel) == ("pump.npy", "ch0", "ch1")
    assert (inner.status, inner.label) == ("ok", "inner")
    assert inner.confidence > 0.8
    assert "The inner race is damaged: the vibration swells" in inner.text
    assert sound.label in ("normal", None)
    assert inner.hypotheses[0].label == "inner"
    assert {one.label for one in inner.hypotheses} == {"inner", "outer", "ball", "cage"}


def test_evidence_is_the_lines_where_they_were_found():
    (said,) = diagnose_record(record_of(samples_of("outer")), find_bearing("6205"))
    assert [line.harmonic for line in said.evidence] == [1, 2, 3, 4]
    for line in said.evidence:
        assert line.hypothesis == "outer"
        assert line.expected_hz == pytest.approx(line.harmonic * 3.585 * said.speed_rpm / 60, rel=1e-3)
        assert line.found_hz == pytest.approx(line.expected_hz, rel=0.03)
        assert f"{line.found_hz:.1f} Hz" in line.text


def test_orders_may_be_given_and_a_given_speed_wins():
    bearing = find_bearing("bpfo=3.585,bpfi=5.415,bsf=2.357,ftf=0.398")
    record = record_of(samples_of("outer"), speed_rpm=900.0)
    (said,) = diagnose_record(record, bearing, speed_rpm=1750)
    assert said.label == "outer"


@pytest.mark.parametrize(
    ("options", "speed_rpm", "words"),
    [
        ({"rate_hz": None}, None, "pump.npy: the sampling rate is unknown; say it with --rate"),
        ({"rate_hz": 100.0}, None, "at 100 Hz no bearing can be seen; record at 1200 Hz or more"),
        ({"rate_hz": 12.0}, None, "best above 10 kHz; if 12 kHz was meant, say 12000$"),
        ({"rate_hz": 600.0}, None, "best above 10 kHz$"),
        (
            {},
            29.4,
            r"6 s are too short for 29.4 rpm: 20 turns take 40.8 s; .*if 29.4 was meant in Hz, say 1764 rpm$",
        ),
        ({}, 190.0, r"20 turns take 6.32 s; record longer$"),
        ({}, 3.0, r"20 turns take 400 s; record longer$"),
    ],
)
def test_what_cannot_be_seen_is_said(options, speed_rpm, words):
    with pytest.raises(RecordError, match=words):
        diagnose_record(record_of(samples_of("outer"), **options), find_bearing("6205"), speed_rpm=speed_rpm)


def test_absurd_speeds_and_dead_channels_are_refused():
    bearing, x = find_bearing("6205"), samples_of("outer")
    with pytest.raises(ParameterError, match="the speed must be positive, got 0 rpm"):
        diagnose_record(record_of(x), bearing, speed_rpm=0)
    with pytest.raises(
        ParameterError, match=r"at 60000 rpm fault frequencies reach 24542 Hz, beyond the 6000"
    ):
        diagnose_record(record_of(x), bearing, speed_rpm=60000)
    with pytest.raises(RecordError, match="channel ch1 is constant"):
        diagnose_record(record_of(x, np.full_like(x, 2.0)), bearing)


def test_without_a_speed_the_lines_are_told_and_what_they_would_mean():
    record = record_of(samples_of("outer"), speed_rpm=None)
    (said,) = diagnose_record(record, find_bearing("6205"))
    assert (said.status, said.label, said.speed_rpm) == ("undetermined", None, None)
    strikes_hz = 3.585 * 1763 / 60
    assert said.evidence[0].hypothesis == "family 1"
    assert said.evidence[0].found_hz == pytest.approx(strikes_hz, rel=0.02)
    assert "Without the speed of the shaft it cannot be named" in said.text
    means_rpm = float(said.text.split(" rpm if it is the outer race")[0].split()[-1])
    assert means_rpm == pytest.approx(1763, rel=0.02)


def test_without_a_bearing_the_lines_are_told_in_turns_of_the_shaft():
    (said,) = diagnose_record(record_of(samples_of("inner")))
    assert (said.status, said.label) == ("undetermined", None)
    assert said.speed_rpm == pytest.approx(1763, rel=0.003)
    assert "times a turn)" in said.text
    assert said.text.endswith("Without the bearing or gears it cannot be named.")


def test_faults_of_the_shaft_are_said_beside_those_of_the_bearing():
    t = np.arange(int(6 * RATE_HZ)) / RATE_HZ
    whirl_mm_s = 12.0 * np.sin(2 * np.pi * 1763 / 60 * t)  # far beyond what any machine may do
    x = 0.5 * samples_of("inner") / samples_of("inner").std() + whirl_mm_s
    record = Record(source=x[None], rate_hz=RATE_HZ, speed_rpm=1763.0, origin="pump.npy", units=("mm/s",))
    (said,) = diagnose_record(record, find_bearing("6205"))
    assert (said.label, said.also) == ("inner", ("imbalance",))
    assert {one.label for one in said.hypotheses} == {"inner", "outer", "ball", "cage", "imbalance"}
    assert any(line.hypothesis == "imbalance" for line in said.evidence)
    (alone,) = diagnose_record(record)
    assert (alone.status, alone.label) == ("ok", "imbalance")
    assert "Without the bearing or gears" in alone.text


def test_what_goes_round_with_the_cage_is_said_and_not_claimed():
    rng = np.random.default_rng(2)
    t = np.arange(int(8 * RATE_HZ)) / RATE_HZ
    turns = 1763 / 60 * t
    cage = 0.398 * 2 * np.pi * turns
    power = 1 + 0.6 * np.cos(cage) + 0.3 * np.cos(2 * cage)
    shaft = sum(np.cos(2 * np.pi * k * turns) for k in (1, 2, 3))
    x = np.sqrt(np.maximum(power, 0)) * rng.standard_normal(t.size) + shaft
    (said,) = diagnose_record(record_of(x), find_bearing("6205"))
    assert said.label is None
    assert "as the cage goes round: it, or a ball or roller, may be damaged" in said.text


def test_a_reference_must_have_the_channel_and_its_rate():
    x, bearing = samples_of("outer"), find_bearing("6205")
    two = record_of(x, x)
    with pytest.raises(RecordError, match="the reference must have channel ch1, it has ch0"):
        diagnose_record(two, bearing, reference=record_of(x))
    with pytest.raises(RecordError, match="the sampling rate of the reference is unknown"):
        diagnose_record(record_of(x), bearing, reference=record_of(x, rate_hz=None))


def test_what_the_healthy_machine_shows_too_is_no_damage():
    bearing = find_bearing("6205")
    bad, sound = samples_of("outer"), samples_of("normal", seed=2)
    (grown,) = diagnose_record(record_of(bad), bearing, reference=record_of(sound))
    assert grown.label == "outer"
    (same,) = diagnose_record(record_of(bad), bearing, reference=record_of(samples_of("outer", seed=1)))
    assert same.label is None
    assert "did by" in same.text


def test_without_bearing_or_gears_a_reference_leaves_what_is_new():
    bad, sound = samples_of("outer"), samples_of("normal", seed=2)
    (new,) = diagnose_record(record_of(bad), reference=record_of(sound))
    assert new.label is None
    assert "this is how a rolling bearing shows" in new.text
    (old,) = diagnose_record(record_of(bad), reference=record_of(bad))
    assert "this is how a rolling bearing shows" not in old.text
    assert "times a second does so in the reference, too" in old.text
    assert old.label == "normal"
    assert {line.hypothesis for line in old.evidence} == {"tooth_local"}


def test_gears_and_a_reference_need_a_speed():
    unsaid = record_of(samples_of("outer"), speed_rpm=None)
    (answer,) = diagnose_record(unsaid, reference=record_of(samples_of("normal")))
    assert any("without the speed of the shaft" in note for note in answer.warnings)


def test_columns_that_were_taken_for_rows_are_suspected():
    tall = Record(source=np.ones((6000, 2)), rate_hz=RATE_HZ, origin="tall.npy", rows="unknown")
    with pytest.raises(
        RecordError, match="its 6000 rows are taken for channels of 2 samples; .* --rows samples"
    ):
        diagnose_record(tall, speed_rpm=1763.0)


HZ_MEANT = "if 29.4 was meant in Hz, say 1764 rpm"


def test_a_speed_that_may_be_in_hz_is_suspected_where_nothing_is_found_at_it():
    x = samples_of("outer", duration_s=42.0)
    (said,) = diagnose_record(record_of(x), find_bearing("6205"), speed_rpm=29.4)
    assert said.label is None
    assert HZ_MEANT in said.warnings
    (right,) = diagnose_record(record_of(x), find_bearing("6205"), speed_rpm=1764.0)
    assert not any("in Hz" in warning for warning in right.warnings)


def test_a_slow_shaft_that_is_seen_is_no_speed_in_hz():
    t = np.arange(int(60 * RATE_HZ)) / RATE_HZ
    x = sum(np.cos(2 * np.pi * k * 29.4 / 60 * t) for k in range(1, 6))
    x += 0.1 * np.random.default_rng(0).standard_normal(t.size)
    (said,) = diagnose_record(record_of(x), speed_rpm=29.4)
    assert said.speed_rpm == pytest.approx(29.4, rel=2e-3)
    assert HZ_MEANT not in said.warnings


def test_a_reference_that_is_of_no_use_is_named():
    x, bearing = samples_of("outer"), find_bearing("6205")
    for bad, words in (
        (x[:3000], "too short for 1763 rpm"),
        (0 * x, "is constant"),
        (np.nan * x, "is nan at sample 0"),
    ):
        reference = Record(source=bad[None], rate_hz=RATE_HZ, speed_rpm=1763.0, origin="new.npy")
        with pytest.raises(RecordError, match=f"^new.npy: .*{words}"):
            diagnose_record(record_of(x), bearing, reference=reference)


def test_a_record_of_just_twenty_turns_is_enough():
    for seed in range(6):
        noise = np.random.default_rng(seed).standard_normal(int(20.15 * 60 / 1763.0 * RATE_HZ))
        (answer,) = diagnose_record(record_of(noise), find_bearing("6205"))
        assert answer.label in ("normal", None)


def test_unnamed_lines_are_told_in_turns_of_a_measured_shaft():
    x = samples_of("outer")
    other = sum(np.cos(2 * np.pi * k * 1.06 * 1763 / 60 * np.arange(len(x)) / RATE_HZ) for k in range(1, 9))
    (answer,) = diagnose_record(record_of(x + other, speed_rpm=np.full(len(x), 1763.0)))
    assert answer.speed_rpm == pytest.approx(1763.0)
    assert "(3.5" in answer.text or "(3.6" in answer.text
