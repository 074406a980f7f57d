"""The curves of a report are those that the diagnosis judged."""

import numpy as np
import pytest

from faultdiag.diagnosis.bearing_rules import findings
from faultdiag.diagnosis.envelope_lines import envelope_lines
from faultdiag.diagnosis.families import line_families
from faultdiag.diagnosis.gear import GearFinding, GearResult
from faultdiag.diagnosis.shaft_speed import ShaftSpeed
from faultdiag.diagnosis.trace import family_traces, trace_of, turn_traces

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


TURN = 0.8 + np.random.default_rng(0).uniform(0, 0.2, 64)
TURN[5] = 9.0


def gear_finding(order, *, kind="pulse", label="tooth_local", turn=TURN, healthy_turn=None):
    return GearFinding(
        label=label,
        kind=kind,
        part=f"a gear {order}",
        shaft=f"shaft {order}",
        order=order,
        frequency_hz=30 * order,
        confidence=0.9,
        score=9.0,
        p_value=1e-9,
        effect=0.1,
        limit=0.05,
        healthy_effect=None,
        lines=(),
        turn=turn,
        healthy_turn=healthy_turn,
    )


WORN = gear_finding(0.4, kind="spread", label="tooth_distributed", turn=None)


def turns_of(*findings, claims=()):
    return turn_traces(GearResult(None, claims, findings, ShaftSpeed(1800.0, "found", 20.0)))


def test_a_turn_has_its_highest_place_in_the_middle_and_the_reference_where_it_fits():
    (trace,) = turns_of(gear_finding(1.0, healthy_turn=1 + 0.5 * np.roll(TURN, 40)))
    np.testing.assert_array_equal(trace.power, np.roll(TURN, 27))
    np.testing.assert_allclose(trace.healthy, 1 + 0.5 * trace.power)
    assert (trace.shaft, trace.frequency_hz, trace.repeats) == ("shaft 1.0", 30, False)


def test_turns_are_of_the_shafts_with_claims_or_of_the_best_finding():
    first, slow = gear_finding(1.0, kind="repeated"), gear_finding(0.4)
    assert [one.shaft for one in turns_of(first, slow)] == ["shaft 1.0"]
    assert turns_of(first, slow)[0].repeats
    # worn teeth are found beside the pulse of their shaft, which is drawn once
    assert [one.shaft for one in turns_of(WORN, slow, first)] == ["shaft 0.4"]
    assert [one.shaft for one in turns_of(WORN, slow, first, claims=(WORN, slow))] == ["shaft 0.4"]
    assert [one.shaft for one in turns_of(first, slow, claims=(first, slow))] == ["shaft 1.0", "shaft 0.4"]
    assert turns_of(first, slow)[0].healthy is None


def test_a_shaft_with_too_few_turns_has_no_curve():
    assert turns_of(WORN, gear_finding(1.0)) == ()
