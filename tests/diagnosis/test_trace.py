"""The curves of a report are those that the diagnosis judged."""

import numpy as np
import pytest

from faultdiag.diagnosis.bearing_rules import findings
from faultdiag.diagnosis.envelope_lines import envelope_lines
from faultdiag.diagnosis.trace import trace_of

RATE_HZ = 12000.0


@pytest.fixture(scope="module")
def lines():
    """Noise that swells a hundred times a second by 30 %, and twice as often by 20 %."""
    turns = 100 * np.arange(120000) / RATE_HZ
    swell = 1 + 0.3 * np.cos(2 * np.pi * turns) + 0.2 * np.cos(4 * np.pi * turns)
    x = np.sqrt(swell) * np.random.default_rng(0).standard_normal(turns.size)
    return envelope_lines(x, rate_hz=RATE_HZ, highest_hz=450.0, background_hz=30.0)


@pytest.fixture(scope="module")
def finding(lines):
    (found,) = findings(lines, {"outer": 4.0}, speed_rpm=1500.0, duration_s=10.0)
    return found


def test_the_best_band_is_that_of_the_finding(lines, finding):
    trace = trace_of(lines, finding)
    assert trace.hypothesis == "outer"
    assert tuple(trace.evidence.best_band_hz()) == finding.band_hz
    assert np.sort(trace.evidence.value)[::-1][:5].mean() == pytest.approx(finding.score)
    assert trace.evidence.value[0] == pytest.approx(finding.whole_band_score)


def test_the_curve_has_its_peaks_at_the_lines_of_the_finding(lines, finding):
    trace = trace_of(lines, finding)
    beyond = trace.freq_hz > 50
    assert trace.freq_hz[beyond][trace.modulation[beyond].argmax()] == pytest.approx(100.0, abs=0.1)
    assert trace.modulation[beyond].max() == pytest.approx(0.3 * np.pi / 4, rel=0.2)  # prewhitened
    for found_hz, _ in finding.lines[:2]:
        at = int(np.argmin(np.abs(trace.freq_hz - found_hz)))
        assert trace.modulation[at] > 5 * np.median(trace.modulation)


def test_it_keeps_no_more_than_its_own_curve(lines, finding):
    trace = trace_of(lines, finding)
    assert trace.modulation.base is None
    assert len(trace.modulation) == len(trace.freq_hz) == lines.modulation.shape[-1]
    assert trace.evidence.value.shape == lines.low_hz.shape
