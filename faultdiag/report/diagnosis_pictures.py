"""The pictures of a diagnosis: the lines of a fault in the best band, and what all bands say."""

import math
from typing import Any

from faultdiag.diagnosis.diagnosis import Diagnosis, Evidence
from faultdiag.diagnosis.trace import Trace
from faultdiag.plots.envelopes import evidence_map_picture, modulation_picture
from faultdiag.report.lines import line_name
from faultdiag.report.names import PARTS
from faultdiag.report.pictures import Picture

__all__ = ["STANDS_OUT_DB", "bands_of", "spectrum_of"]

STANDS_OUT_DB = 9.0
"""Level from which a line stands out: noise has about one in a thousand."""

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
    part = PARTS.get(trace.hypothesis, trace.hypothesis)
    own = [line for line in answer.evidence if line.hypothesis == trace.hypothesis]
    to_hz = min(BEYOND * max(line.expected_hz for line in own), float(trace.freq_hz[-1]))
    marked = [_marked(one.hypothesis, int(one.harmonic), one.expected_hz, one) for one in own]
    shaft_hz = (answer.speed_rpm or math.inf) / 60
    marked += [_marked("shaft", k, k * shaft_hz) for k in range(1, int(to_hz / shaft_hz) + 1)]
    low_khz, high_khz = trace.evidence.best_band_hz() / 1000
    return Picture(
        "spectrum",
        f"Envelope spectrum, {part}",
        f"How often the vibration from {low_khz:.3g} to {high_khz:.3g} kHz swells, and by how much. Dashed "
        f"in colour: lines of a damaged {part}, with a marker where one stands out. Dashed in grey: "
        "multiples of the shaft, which do not count.",
        modulation_picture(trace.freq_hz, trace.modulation, lines=marked, to_hz=to_hz),
    )


def bands_of(trace: Trace) -> Picture:
    """Draw how strongly each band speaks for a fault.

    Parameters
    ----------
    trace : Trace
        With the evidence of each band.
    """
    return Picture(
        "bands",
        f"Evidence by band, {PARTS.get(trace.hypothesis, trace.hypothesis)}",
        "Damage rings in several bands. Outlined is the one whose envelope is shown.",
        evidence_map_picture(trace.evidence),
    )


def _marked(fault: str, harmonic: int, expected_hz: float, line: Evidence | None = None) -> dict[str, Any]:
    """A line as pictures take it, with what was found there if it stands out."""
    found = None if line is None or line.level_db < STANDS_OUT_DB else line
    return {
        "fault": fault,
        "name": line_name(fault, harmonic),
        "sideband": 0,
        "expected_hz": expected_hz,
        "found_hz": None if found is None else found.found_hz,
        "level_db": None if found is None else found.level_db,
    }
