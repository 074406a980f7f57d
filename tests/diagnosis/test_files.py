import numpy as np
import pytest

from faultdiag.datasets.rig import Assembly, simulate_bearing
from faultdiag.diagnosis.files import diagnose
from faultdiag.errors import ParameterError, RecordError
from faultdiag.kinematics.bearing import Bearing
from faultdiag.records import Record

RATE_HZ = 12000.0
BEARING = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)


def samples_of(fault, *, seed=1):
    rng = np.random.default_rng(seed)
    return simulate_bearing(
        bearing=BEARING,
        fault=fault,
        rate_hz=RATE_HZ,
        duration_s=6.0,
        speed_rpm=1763.0,
        snr_db=3.0,
        assembly=Assembly.draw(rng),
        rng=rng,
    )


def run_up(n=96000):
    """Strikes at the outer race's order of a shaft that runs up from 1200 to 2400 rpm, and its tachometer."""
    turns = np.cumsum(np.linspace(20, 40, n)) / RATE_HZ
    strikes = np.zeros(n)
    strikes[np.searchsorted(turns, np.arange(0.2, turns[-1], 1 / BEARING.bpfo))] = 1
    ring = np.exp(-np.arange(150) / 20) * np.sin(2 * np.pi * 0.27 * np.arange(150))
    noise = np.random.default_rng(0).standard_normal(n)
    vibration = 4 * np.convolve(strikes, ring)[:n] + noise
    return np.stack([vibration, (turns % 1 < 0.2).astype(float)]).astype(np.float32)


def test_files_are_read_and_answered_in_order(tmp_path):
    np.save(tmp_path / "outer.npy", samples_of("outer").astype(np.float32))
    np.save(tmp_path / "inner.npy", samples_of("inner").astype(np.float32))
    (tmp_path / "text.npy").write_text("no array")
    files = [tmp_path / name for name in ("outer.npy", "text.npy", "inner.npy")]
    found = diagnose(files, bearing="6205", rate_hz=RATE_HZ, speed_rpm=1750)
    assert [one.label for one in found] == ["outer", None, "inner"]
    assert [one.status for one in found] == ["ok", "error", "ok"]
    assert "text.npy" in found[1].error


def test_a_tachometer_makes_a_run_up_as_clear_as_an_even_speed():
    both = run_up()
    record = Record(source=both, rate_hz=RATE_HZ, channels=("x", "key"), origin="run-up")
    (found,) = diagnose(record, bearing=BEARING, tacho="key")
    assert (found.label, found.channel) == ("outer", "x")
    assert found.speed_rpm == pytest.approx(1800, rel=0.01)
    (blind,) = diagnose(record.select(["x"]), bearing=BEARING, speed_rpm=1800)
    assert blind.hypotheses[0].score < found.hypotheses[0].score / 2


def test_a_speed_beside_that_of_the_record_is_noted_and_beside_a_tachometer_refused():
    record = Record(source=samples_of("outer")[None], rate_hz=RATE_HZ, speed_rpm=1600.0, origin="pump")
    (found,) = diagnose(record, bearing=BEARING, speed_rpm=1750)
    assert found.label == "outer"
    assert "1600" in found.warnings[0]
    with pytest.raises(ParameterError, match="speed_rpm 1750: the tachometer tells the speed"):
        diagnose(record, bearing=BEARING, speed_rpm=1750, tacho="0")


def test_an_unknown_bearing_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(ParameterError, match="6206"):
        diagnose(tmp_path / "absent.npy", bearing="6206x")


def test_curves_are_kept_where_they_are_asked_for():
    record = Record(source=samples_of("outer")[None], rate_hz=RATE_HZ, speed_rpm=1750.0, origin="pump")
    (with_curves,) = diagnose(record, bearing=BEARING, trace=True)
    (without,) = diagnose(record, bearing=BEARING)
    assert with_curves == without
    assert [trace.hypothesis for trace in with_curves.traces] == ["outer"]
    assert without.traces == ()


def test_a_folder_is_every_signal_in_it(tmp_path):
    for name in ("b.npy", "a.npy"):
        np.save(tmp_path / name, samples_of("outer"))
    (tmp_path / "notes.txt").write_text("none")
    found = diagnose(tmp_path, bearing=BEARING, rate_hz=RATE_HZ, speed_rpm=1750)
    assert [(one.file, one.label) for one in found] == [
        (str(tmp_path / n), "outer") for n in ("a.npy", "b.npy")
    ]
    (tmp_path / "empty").mkdir()
    with pytest.raises(RecordError, match="empty: no signal file"):
        diagnose([tmp_path, tmp_path / "empty"], rate_hz=RATE_HZ)


def test_every_error_names_the_file():
    record = Record(
        source=np.random.default_rng(0).standard_normal((1, 24000)), rate_hz=1300.0, origin="pump"
    )
    (found,) = diagnose(record, speed_rpm=14000)
    assert found.status == "error"
    assert found.error.startswith("pump: ")
    assert "order 3 at 14350 rpm is not below 650 Hz" in found.error


def test_a_unit_of_no_vibration_is_an_unknown_one():
    x = samples_of("outer")
    record = Record(source=np.stack([x, x]), rate_hz=RATE_HZ, origin="pump", units=("Nm", "unknown"))
    torque, unknown = diagnose(record, bearing=BEARING, speed_rpm=1750)
    assert torque.label == unknown.label == "outer"
    assert torque.text == unknown.text
