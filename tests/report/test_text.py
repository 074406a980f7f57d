"""What a terminal shows of an inspection."""

import numpy as np
import pytest

from faultdiag.kinematics.catalogue import find_bearing
from faultdiag.records import Record
from faultdiag.report.inspection import inspect
from faultdiag.report.text import facts, inspection_text
from faultdiag.signal.severity_zones import IndustrialMachine


@pytest.fixture(scope="module")
def found(inner):
    return inspect(inner, bearing="6205")


def test_each_channel_has_its_indicators_band_and_strongest_lines(found):
    head, *lines = inspection_text(found).splitlines()
    assert head == "data/inner & outer.mat: 4 s at 12000 Hz, 1800 rpm"
    assert lines[0].startswith(f"  DE: rms {found.channels[0].indicators['rms']:.4g} g, peak ")
    assert "kurtosis" in lines[0]
    low_hz, high_hz = found.channels[0].band_hz
    assert lines[1].startswith(f"    band: {low_hz:g} to {high_hz:g} Hz, by the kurtogram, kurtosis ")
    best = found.channels[0].found()[0]
    assert f"{best.found_hz:.2f} Hz {best.level_db:.0f} dB" in lines[2]
    assert lines[2].count(" dB") == 5
    assert "BPFO or" in lines[2] or "or 3×BPFO" in lines[2]
    assert lines[3].startswith("  <b>far</b> end: rms ")
    assert " g," not in lines[3]


def test_notes_can_be_left_out(inner):
    given = inspect(inner, speed_rpm=1700)
    assert "  note: data/inner & outer.mat: the file says 1800 rpm" in inspection_text(given)
    assert "note" not in inspection_text(given, notes=False)


def test_noise_without_lines_says_so():
    noise = np.random.default_rng(3).standard_normal((1, 48000))
    found = inspect(Record(source=noise, rate_hz=12000.0), bearing="6205", speed_rpm=1800)
    assert inspection_text(found).splitlines()[-1] == "    lines: none stands out"


def test_an_unknown_speed_and_a_band_of_ones_own_are_said(inner):
    noise = np.random.default_rng(3).standard_normal((1, 48000))
    text = inspection_text(inspect(Record(source=noise, rate_hz=12000.0), band_hz=(1000, 2000)))
    assert text.splitlines()[0] == "memory: 4 s at 12000 Hz, speed unknown"
    assert "    band: 1000 to 2000 Hz, given" in text
    assert "lines:" not in text


def test_a_speed_that_varies_is_a_range(run_up):
    found = inspect(run_up, tacho="key", pulses_per_turn=2)
    low, high = found.speed_range_rpm
    said = f"{low:.5g} to {high:.5g} rpm, mean {found.speed_rpm:.5g}"
    assert said in inspection_text(found).splitlines()[0]
    assert dict(facts(found))["speed"] == said


def test_a_zone_is_said(inner):
    motor = IndustrialMachine(power_kw=55, speed_rpm=1800, support="rigid")
    found = inspect(inner.select(["DE"]), machine=motor)
    assert f"mm/s RMS, zone {found.channels[0].severity.zone}" in inspection_text(found)


def test_the_facts_name_the_bearing_with_its_orders(found):
    told = dict(facts(found))
    assert list(told) == ["file", "length", "speed", "bearing"]
    assert told["bearing"] == "6205, in orders of the shaft BPFO 3.585, BPFI 5.415, 2×BSF 4.713, FTF 0.3983"
    assert find_bearing("6205").fault_orders()["ball"] == pytest.approx(4.713, abs=1e-3)
