"""An inspection finds what was put into a record, and refuses what it cannot look at."""

from dataclasses import replace

import numpy as np
import pytest

import faultdiag
from faultdiag.errors import ParameterError, RecordError
from faultdiag.kinematics.bearing import Bearing
from faultdiag.records import Record
from faultdiag.report import inspection
from faultdiag.report.inspection import inspect
from faultdiag.signal.envelope import line_level_db
from faultdiag.signal.indicators import INDICATORS, indicator_table
from faultdiag.signal.severity_zones import IndustrialMachine

DRIVE_END = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)


@pytest.fixture(scope="module")
def found(inner):
    return inspect(inner, bearing="6205")


def lines_of(channel):
    return {line.name: line for line in channel.lines}


def test_the_lines_of_the_fault_are_found_where_they_are(found):
    lines = lines_of(found.channels[0])
    for k, name in enumerate(("BPFI", "2×BPFI", "3×BPFI"), start=1):
        assert lines[name].found_hz == pytest.approx(k * 5.415 * 0.997 * 30, abs=0.25)
        assert lines[name].level_db > 25
    assert lines["BPFI−shaft"].found_hz == pytest.approx((5.415 * 0.997 - 1) * 30, abs=0.25)
    assert found.channels[0].found()[0].fault == "inner"


def test_the_level_is_that_of_the_envelope_spectrum_kept(found):
    channel = found.channels[0]
    line = lines_of(channel)["BPFI"]
    level_db = line_level_db(*channel.envelope, line.expected_hz, tolerance=0.01)
    assert line.level_db == pytest.approx(float(level_db), abs=0.2)


def test_noise_has_no_lines(found):
    assert len(found.channels[1].found()) <= 1


def test_the_band_is_the_best_of_the_kurtogram_and_holds_the_resonance(found):
    low_hz, high_hz = found.channels[0].band_hz
    assert low_hz <= 3000 <= high_hz
    assert (low_hz, high_hz) == tuple(found.channels[0].kurtogram.best_band_hz())


def test_a_band_is_wide_enough_for_three_harmonics(found):
    widths_hz = found.channels[0].kurtogram.high_hz - found.channels[0].kurtogram.low_hz
    assert widths_hz.min() >= 3 * DRIVE_END.bpfi * 30
    assert widths_hz.min() < 2 * 3 * DRIVE_END.bpfi * 30


def test_a_given_band_is_taken(inner):
    given = inspect(inner, bearing="6205", band_hz=(2500, 3500))
    assert all(channel.band_hz == (2500, 3500) for channel in given.channels)
    assert given.to_dict()["band_from"] == "given"
    assert lines_of(given.channels[0])["BPFI"].level_db > 25


def test_channels_are_inspected_one_by_one(inner, found):
    (alone,) = inspect(inner.select(["DE"]), bearing="6205").channels
    assert alone.to_dict() == found.channels[0].to_dict()


def test_indicators_are_those_of_the_signal_room(inner, found):
    expected = indicator_table(inner.samples, rate_hz=12000)
    for row, channel in enumerate(found.channels):
        assert list(channel.indicators) == list(INDICATORS)
        assert channel.indicators == pytest.approx({k: float(v[row]) for k, v in expected.items()}, rel=1e-6)


def test_a_scaled_record_has_the_same_lines(inner, found):
    scaled = inspect(replace(inner, source=3 * inner.samples), bearing="6205")
    assert scaled.channels[0].indicators["rms"] == pytest.approx(3 * found.channels[0].indicators["rms"])
    for one, other in zip(scaled.channels[0].lines, found.channels[0].lines, strict=True):
        assert one.level_db == pytest.approx(other.level_db, abs=1e-6)


def test_float32_finds_the_same_and_is_not_changed(inner, found):
    samples = inner.samples.astype(np.float32)
    before = samples.copy()
    single = inspect(replace(inner, source=samples), bearing="6205")
    np.testing.assert_array_equal(samples, before)
    for one, other in zip(single.channels[0].lines, found.channels[0].lines, strict=True):
        assert one.found_hz == pytest.approx(other.found_hz)


def test_a_bearing_may_be_given_as_itself(inner, found):
    assert inspect(inner, bearing=DRIVE_END).channels[0].lines == found.channels[0].lines


def test_extremes_keep_the_largest_sample(inner, found):
    for row, channel in enumerate(found.channels):
        assert channel.extremes.shape == (2, 1500)
        assert channel.extremes[0].min() == inner.samples[row].min()
        assert channel.extremes[1].max() == inner.samples[row].max()


def test_without_a_speed_nothing_is_marked_and_that_is_said(inner):
    blind = inspect(replace(inner, speed_rpm=None))
    assert blind.channels[0].lines == ()
    assert blind.warnings == ("no speed is known: lines of the shaft and of a bearing are not marked",)
    assert (blind.speed_rpm, blind.speed_range_rpm, blind.bearing) == (None, None, None)


def test_with_a_speed_alone_the_shaft_is_marked(inner):
    assert {line.fault for line in inspect(inner).channels[0].lines} == {"shaft"}


def test_a_given_speed_wins_with_a_warning(inner):
    given = inspect(inner, speed_rpm=1700)
    assert given.speed_rpm == 1700
    assert given.warnings == ("data/inner & outer.mat: the file says 1800 rpm, the given 1700 rpm is used",)
    assert inspect(inner, speed_rpm=1810).warnings == ()


def test_a_speed_that_varies_is_followed_over_the_angle(run_up):
    tracked = inspect(run_up, bearing="6205", tacho="key", pulses_per_turn=2)
    (channel,) = tracked.channels
    assert channel.channel == "housing"
    assert tracked.speed_rpm == pytest.approx(1450, rel=2e-3)
    assert tracked.speed_range_rpm == pytest.approx((1000, 1900), rel=0.03)
    lines = lines_of(channel)
    for k, name in enumerate(("BPFO", "2×BPFO", "3×BPFO"), start=1):
        assert lines[name].found_hz / (tracked.speed_rpm / 60) == pytest.approx(k * 3.585, rel=2e-3)
        assert lines[name].level_db > 25
    assert tracked.warnings == ("the speed varies: frequencies of lines are those at its mean",)


def test_over_time_the_same_lines_are_blurred(run_up):
    blurred = inspect(run_up.select(["housing"]), bearing="6205", speed_rpm=1450)
    assert lines_of(blurred.channels[0])["2×BPFO"].level_db < 15


def test_speeds_of_the_record_itself_are_followed(run_up):
    record = replace(run_up.select(["housing"]), speed_rpm=np.linspace(1000, 1900, 72000))
    tracked = inspect(record, bearing="6205")
    assert lines_of(tracked.channels[0])["BPFO"].level_db > 25


def test_a_steady_tachometer_needs_no_resampling(inner):
    turns = np.arange(48000) / 12000 * 30
    tacho = np.clip(5 * np.cos(2 * np.pi * turns), -1, 1)
    steady = inspect(replace(inner, source=np.stack([inner.samples[0], tacho])), tacho="1")
    assert steady.speeds_rpm is None
    assert steady.speed_rpm == pytest.approx(1800, rel=1e-3)


def test_of_a_long_record_the_middle_is_inspected_and_all_is_shown(monkeypatch, inner):
    monkeypatch.setattr(inspection, "MOST_SAMPLES", 24000)
    samples = inner.samples.copy()
    samples[0, 100] = 50.0
    part = inspect(replace(inner, source=samples, speed_rpm=np.full(48000, 1800.0)), bearing="6205")
    assert part.stretch_s == (1.0, 3.0)
    assert part.duration_s == 4.0
    np.testing.assert_array_equal(part.channels[0].samples, samples[0, 12000:36000])
    assert part.channels[0].extremes.max() == 50.0
    assert "the record is long: indicators and spectra are of 2 s in its middle, from 1 s on" in part.warnings


def test_lines_without_room_are_named(inner):
    short = inspect(replace(inner, source=inner.samples[:, :4096]), bearing="6205")
    (note, _) = short.warnings
    assert note.startswith("channel DE: no room for FTF")
    assert "in 0.341 s and a band of" in note
    narrow = inspect(inner, bearing="6205", band_hz=(2900, 3100))
    assert "2×BPFI" in narrow.warnings[0]


def test_a_zone_is_given_where_it_is_asked_for(inner):
    motor = IndustrialMachine(power_kw=55, speed_rpm=1800, support="rigid")
    (channel,) = inspect(inner.select(["DE"]), machine=motor).channels
    assert channel.severity.zone in "ABCD"
    assert channel.to_dict()["severity"]["zone"] == channel.severity.zone
    with pytest.raises(RecordError, match=r"channel <b>far</b> end: a severity zone needs an acceleration"):
        inspect(inner, machine=motor)


@pytest.mark.parametrize(
    ("changes", "options", "error", "message"),
    [
        ({"rate_hz": None}, {}, RecordError, "the sampling rate is unknown; say it with --rate"),
        (
            {"speed_rpm": None},
            {"bearing": "6205"},
            RecordError,
            "need the speed of the shaft, which is unknown",
        ),
        ({}, {"bearing": "6025"}, ParameterError, "unknown bearing '6025'; did you mean 6205"),
        (
            {},
            {"band_hz": (2000, 6000)},
            ParameterError,
            "between 0 and 6000 Hz, half the rate, got 2000 to 6000",
        ),
        ({}, {"band_hz": (0, 3000)}, ParameterError, "0 and 6000 Hz, half the rate, got 0 to 3000"),
        ({}, {"band_hz": (3000, 2000)}, ParameterError, "must rise .* got 3000 to 2000 Hz"),
        ({}, {"speed_rpm": -5.0}, ParameterError, "speed_rpm must be a positive number, got -5"),
        ({}, {"tacho": "key"}, ParameterError, "no channel 'key'"),
    ],
)
def test_what_cannot_be_looked_at_is_one_line_with_the_remedy(inner, changes, options, error, message):
    with pytest.raises(error, match=message) as caught:
        inspect(replace(inner, **changes), **options)
    assert "\n" not in str(caught.value)


def bad(change):
    samples = np.random.default_rng(0).standard_normal((1, 4096))
    return Record(source=change(samples), rate_hz=12000.0, channels=("DE",), origin="bad.npy")


def with_nan(samples):
    samples[0, 1000] = np.nan
    return samples


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x: x[:, :500], "bad.npy: an inspection takes at least 1024 samples, the record has 500"),
        (with_nan, "bad.npy: channel DE is nan at sample 1000; --nan interpolate"),
        (np.ones_like, "bad.npy, channel DE: the signal is constant; check the sensor, or leave it out"),
    ],
)
def test_samples_that_cannot_be_used_are_said_with_file_and_channel(change, message):
    with pytest.raises(RecordError, match=message):
        inspect(bad(change))


def test_rows_that_could_be_anything_are_refused():
    record = Record(source=np.zeros((4000, 2)), rate_hz=12000.0, rows="unknown", origin="rows.npy")
    with pytest.raises(RecordError, match="rows.npy: 4000 rows of 2 samples; say what rows are with --rows"):
        inspect(record)


@pytest.mark.data
@pytest.mark.parametrize(
    ("number", "name", "found_hz", "level_db"),
    [
        (105, "BPFI", 161.70, 40),
        (130, "BPFO", 107.61, 35),
        (209, "BPFI", 161.82, 30),
        (222, "2×BSF", 139.8, 12),
    ],
)
def test_real_records_show_the_lines_that_experts_know(cwru_dir, number, name, found_hz, level_db):
    record = faultdiag.read(cwru_dir / f"{number}.mat", channel="DE", rate_hz=12000.0)
    (channel,) = inspect(record, bearing="6205-2RS JEM").channels
    line = lines_of(channel)[name]
    assert line.found_hz == pytest.approx(found_hz, abs=0.3)
    assert line.level_db > level_db


@pytest.mark.data
def test_a_healthy_record_shows_no_line_of_a_fault(cwru_dir):
    record = faultdiag.read(cwru_dir / "97.mat", channel="DE", rate_hz=48000.0)
    (channel,) = inspect(record, bearing="6205-2RS JEM").channels
    of_faults = [line for line in channel.found() if line.fault != "shaft"]
    assert all("×shaft" in name for line in of_faults for name in line.also[-1:])
    assert all(line.also for line in of_faults)
