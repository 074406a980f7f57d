"""The curves of a report are those that the diagnosis judged."""

import numpy as np
import pytest

from faultdiag.diagnosis.bearing_rules import findings
from faultdiag.diagnosis.envelope_lines import envelope_lines
from faultdiag.diagnosis.families import line_families
from faultdiag.diagnosis.trace import family_traces, trace_of

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
    assert tuple(trace.evidence.best_band_hz()) == trace.band_hz == finding.band_hz
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


@pytest.fixture(scope="module")
def struck():
    """Noise that swells 61 times a second below 3 kHz, and 97 times above."""
    n = 120000
    turns = np.arange(n) / RATE_HZ
    rng = np.random.default_rng(2)
    is_low = np.fft.rfftfreq(n, 1 / RATE_HZ) < 3000
    x = np.zeros(n)
    for strikes_hz, kept, depth in ((61.0, is_low, 0.5), (97.0, ~is_low, 0.7)):
        swell = (
            1
            + depth * np.cos(2 * np.pi * strikes_hz * turns)
            + depth / 2 * np.cos(4 * np.pi * strikes_hz * turns)
        )
        x += np.fft.irfft(np.fft.rfft(rng.standard_normal(n)) * kept, n) * np.sqrt(np.maximum(swell, 0))
    return x


def test_the_curves_of_families_are_those_of_their_lines(struck):
    families = line_families(struck, rate_hz=RATE_HZ)
    traces = family_traces(struck, rate_hz=RATE_HZ, families=families)
    assert [trace.hypothesis for trace in traces] == [f"family {k}" for k in range(1, len(families) + 1)]
    assert {round(one.frequency_hz) for one in families} >= {61, 97}
    for family, trace in zip(families, traces, strict=True):
        assert trace.band_hz == family.band_hz
        edges_hz = zip(trace.evidence.low_hz, trace.evidence.high_hz, strict=True)
        assert trace.band_hz in [(low_hz, high_hz) for low_hz, high_hz in edges_hz]
        assert trace.freq_hz[-1] > 4 * family.frequency_hz  # every line of it is to be seen
        background = np.median(trace.modulation[trace.freq_hz < 5 * family.frequency_hz])
        for _, found_hz, level_db in family.lines:
            at = int(np.argmin(np.abs(trace.freq_hz - found_hz)))
            if level_db > 15:
                assert trace.modulation[at] > 2 * background


def test_the_evidence_of_a_family_is_that_of_its_score(struck):
    """The strongest family was found before anything was taken out."""
    first, *_ = line_families(struck, rate_hz=RATE_HZ)
    (trace,) = family_traces(struck, rate_hz=RATE_HZ, families=[first])
    assert np.sort(trace.evidence.value)[-5:].mean() == pytest.approx(first.score, rel=0.02)
    assert tuple(trace.evidence.best_band_hz()) == trace.band_hz


def test_nothing_found_is_nothing_drawn(struck):
    assert family_traces(struck, rate_hz=RATE_HZ, families=[]) == ()
