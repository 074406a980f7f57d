"""What keeps an answer about a bearing from being clear, in words."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from faultdiag.diagnosis.bearing_confidence import EFFECT, matters
from faultdiag.diagnosis.bearing_parts import part_name
from faultdiag.diagnosis.bearing_rules import Finding, score_of
from faultdiag.diagnosis.envelope_lines import EnvelopeLines
from faultdiag.diagnosis.shaft_speed import WIDE, ShaftSpeed

__all__ = ["CLEAR_LINE_DB", "even_only", "of_another_shaft", "other_reading", "unclaimed"]

CLEAR_LINE_DB = 9.0
"""Level of a line from which it is there: the largest of three neighbours is in noise once in 1,600."""

FAINT = 0.05
"""Effect below which lines are those of a sound bearing."""

NEAR = 0.01
FAR = 20
ALIKE = 0.5
"""How far lines may be from a multiple of another shaft, whose speed may be known no better; up to which
multiple, beyond which one and the next are closer than a bearing slips; and what share of the evidence those
beside it must have to be of its kind."""

SPEEDS = tuple(np.arange(-WIDE, WIDE + 0.01, 0.02))
BETWEEN = 1.0
"""How far off a speed may be that was only said, step by step, and what lines between two steps cost in nats
at most, the slip of one part beside that of another: up to so much less is no difference."""


def even_only(best: Finding) -> str:
    """Return why a comb may be one of twice its frequency: every second line is missing; else nothing."""
    levels_db = [level_db for _, level_db in best.lines]
    if max(levels_db[0::2]) >= CLEAR_LINE_DB or min(levels_db[1::2]) < CLEAR_LINE_DB:
        return ""
    return (
        f"of the lines at multiples of {best.found_hz:.1f} Hz only every second one is there: the speed or "
        "the sampling rate may be wrong by a factor of two"
    )


def of_another_shaft(finding: Finding, lines: EnvelopeLines, shafts_hz: Sequence[float]) -> bool:
    """Return whether lines that matter are multiples of those of another shaft.

    A damaged tooth makes very many, all alike: those beside them are there, too.
    """
    if not matters(finding):
        return False
    for shaft_hz in shafts_hz:
        multiple = round(finding.found_hz / shaft_hz)
        if not 1 <= multiple <= FAR or abs(finding.found_hz / (multiple * shaft_hz) - 1) > NEAR:
            continue
        beside = [
            score_of(lines, (multiple + off) * shaft_hz) for off in (-2, -1, 1, 2) if multiple + off > 0
        ]
        if multiple == 1 or np.median(beside) >= ALIKE * finding.score:
            return True
    return False


def other_reading(best: Finding, lines: EnvelopeLines, parts: Mapping[str, float], shaft: ShaftSpeed) -> str:
    """Return why lines may be those of another part; else nothing.

    A speed that was only said is as far off as labels are. A sideband or a multiple of that part's lines may
    lie where those of the best are expected. Then its own, at the true speed, are stronger.
    """
    if shaft.source != "said":
        return ""
    shaft_hz = shaft.speed_rpm / 60
    others = [
        (score_of(lines, order * (1 + off) * shaft_hz), label, off)
        for label, order in parts.items()
        if label != best.label
        for off in SPEEDS
    ]
    score, label, off = max(others, default=(-math.inf, "", 0.0))
    if score < best.score - BETWEEN:
        return ""
    return (
        f"the shaft cannot be seen in the vibration; at the speed that was said the lines at "
        f"{best.found_hz:.1f} Hz are those of {part_name(best.label)}, but {part_name(label)} at about "
        f"{(1 + off) * shaft.speed_rpm:.0f} rpm would show as much or more"
    )


def unclaimed(
    found: Sequence[Finding],
    old: Sequence[Finding],
    theirs: Sequence[Finding],
    cage: Sequence[Finding],
    shaft: ShaftSpeed,
    healthy: Mapping[str, float],
) -> tuple[str | None, str]:
    """Return "normal" or None for a bearing of which no fault is claimed, and why."""
    for one in old[:1]:
        return None, (
            f"there are strong lines of {part_name(one.label)}, but they change the power by "
            f"{100 * one.effect:.0f} % and did by {100 * healthy[one.label]:.0f} % in the reference"
        )
    real = [one for one in found if one.is_real]
    if any(one.effect >= EFFECT for one in real):
        return None, "there are strong lines at many orders, those of the bearing do not stand out"
    if any(one.effect >= FAINT for one in real):
        parts = " and ".join(part_name(one.label) for one in real)
        return None, f"there are lines of {parts}, too weak to mean damage for sure"
    for one in theirs[:1]:
        return None, (
            f"{part_name(one.label)} would show at {one.found_hz:.1f} Hz, where lines of another shaft are"
        )
    if any(map(matters, cage)):
        (one,) = cage
        return None, (
            f"the vibration swells by {100 * one.effect:.0f} % as the cage goes round: it, or a ball or "
            "roller, may be damaged"
        )
    if shaft.source == "said":
        return None, "the shaft cannot be seen in the vibration, so its speed is not sure"
    return "normal", ""
