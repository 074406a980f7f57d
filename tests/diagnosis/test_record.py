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
    assert {one.label for one in inner.hypotheses} == {"inner", "outer", "ball"}


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
        ({"speed_rpm": None}, None, "pump.npy: the speed of the shaft is unknown; say it with --speed"),
        ({"rate_hz": 100.0}, None, "at 100 Hz no bearing can be seen; record at 1200 Hz or more"),
        ({}, 29.4, r"6 s are too short for 29.4 rpm: 20 turns take 40.8 s.*29.4 Hz would be 1764 rpm"),
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
        ParameterError, match=r"at 60000 rpm fault frequencies reach 2\.454e\+04 Hz, beyond the 6000"
    ):
        diagnose_record(record_of(x), bearing, speed_rpm=60000)
    with pytest.raises(RecordError, match="channel ch1 is constant"):
        diagnose_record(record_of(x, np.full_like(x, 2.0)), bearing)
