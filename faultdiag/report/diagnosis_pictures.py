"""The pictures of a diagnosis: lines of a fault in the best band, what all bands say, turns of gears."""

import math
from collections.abc import Sequence
from typing import Any

from faultdiag.diagnosis.bearing_doubts import CLEAR_LINE_DB
from faultdiag.diagnosis.diagnosis import Diagnosis, Evidence
from faultdiag.diagnosis.trace import Trace, TurnTrace
from faultdiag.plots.envelopes import UNNAMED, evidence_map_picture, modulation_picture
from faultdiag.plots.turns import turn_picture
from faultdiag.report.lines import line_name
from faultdiag.report.names import PARTS
from faultdiag.report.pictures import Picture

__all__ = ["bands_of", "spectrum_of", "turn_of"]

BEYOND = 1.1
"""Where a picture ends, over its last line."""


def spectrum_of(answer: Diagnosis, trace: Trace) -> Picture:
    """Draw the envelope spectrum of the best band, with the lines of a fault and those of the shaft.

    Parameters
    ----------
    answer : Diagnosis
        With evidence of the fault.
    trace : Trace
        One of its curves.
    """
    own = _own(answer, trace)
    to_hz = min(BEYOND * max(line.expected_hz for line in own), float(trace.freq_hz[-1]))
    shaft_hz = (answer.speed_rpm or math.inf) / 60
    marked = [_marked(one) for one in own]
    marked += [_dash("shaft", k * shaft_hz) for k in range(1, int(to_hz / shaft_hz) + 1)]
    low_khz, high_khz = (edge_hz / 1000 for edge_hz in trace.band_hz)
    is_part = trace.hypothesis in PARTS
    name = _name(trace, own)
    lines = f"lines of a damaged {name}" if is_part else f"multiples of {name}"
    shaft = f"; in grey: multiples of the shaft{', which do not count' if is_part else ''}"
    return Picture(
        "spectrum",
        f"Envelope spectrum, {name}",
        f"How often the vibration from {low_khz:.3g} to {high_khz:.3g} kHz swells, and by how much: the band "
        "where it is clearest, while the text counts all frequencies together. In colour: "
        f"{lines}, with a marker where one stands out{shaft if shaft_hz < to_hz else ''}.",
        modulation_picture(trace.freq_hz, trace.modulation, lines=marked, to_hz=to_hz),
    )


def bands_of(answer: Diagnosis, trace: Trace) -> Picture:
    """Draw how strongly each band speaks for a fault.

    Parameters
    ----------
    answer : Diagnosis
        With evidence of the fault.
    trace : Trace
        With the evidence of each band.
    """
    return Picture(
        "bands",
        f"Evidence by band, {_name(trace, _own(answer, trace))}",
        "How much each band of frequencies speaks for these lines: about 0 is noise, 2.3 more make "
        "chance about ten times less likely. What strikes rings in several bands. Outlined is the band of "
        "the envelope spectrum above.",
        evidence_map_picture(trace.evidence, band_hz=trace.band_hz),
    )


def turn_of(trace: TurnTrace) -> Picture:
    """Draw the power over one turn of a shaft, and that of the reference.

    Parameters
    ----------
    trace : TurnTrace
        One curve of an answer about gears.
    """
    power = f"the vibration at each angle of {trace.shaft}, in the band where a pulse is clearest"
    tooth = "A damaged tooth makes one short peak."
    if trace.repeats:
        power = f"what repeats with every turn of {trace.shaft}, at each angle"
        tooth = "Teeth that differ a little make many peaks, a damaged one a single high one."
    reference = "" if trace.healthy is None else " The reference is turned to where it fits best."
    return Picture(
        "turn",
        f"Power over a turn of {trace.shaft}",
        f"Power of {power}. It turns {trace.frequency_hz:.1f} times a second. {tooth} Where a turn begins is "
        f"not known: the highest place stands in the middle.{reference}",
        turn_picture(trace.power, healthy=trace.healthy),
    )


def _own(answer: Diagnosis, trace: Trace) -> list[Evidence]:
    return [line for line in answer.evidence if line.hypothesis == trace.hypothesis]


def _name(trace: Trace, own: Sequence[Evidence]) -> str:
    """The part; of lines without a name their frequency."""
    if trace.hypothesis in PARTS:
        return PARTS[trace.hypothesis]
    return f"{own[0].expected_hz / own[0].harmonic:.1f} Hz"


def _marked(line: Evidence) -> dict[str, Any]:
    """A line as pictures take it, with what was found there if it stands out."""
    is_part = line.hypothesis in PARTS
    marked = _dash(line.hypothesis if is_part else UNNAMED, line.expected_hz)
    if line.level_db < CLEAR_LINE_DB:
        return marked
    name = line_name(line.hypothesis, int(line.harmonic)) if is_part else f"{line.found_hz:.1f} Hz"
    return marked | {"name": name, "found_hz": line.found_hz, "level_db": line.level_db}


def _dash(fault: str, expected_hz: float) -> dict[str, Any]:
    """A place where a line is expected."""
    return {
        "fault": fault,
        "name": "",
        "sideband": 0,
        "expected_hz": expected_hz,
        "found_hz": None,
        "level_db": None,
    }
