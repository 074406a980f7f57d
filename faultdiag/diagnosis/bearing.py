"""Diagnosis of a bearing: the lines of its parts, whether they can be chance, and whether they matter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.bearing_confidence import (
    BELOW,
    NO_REFERENCE,
    beside_dummies,
    cage_confidence,
    confidence_of,
    is_old,
    matters,
)
from faultdiag.diagnosis.bearing_doubts import even_only, of_another_shaft, other_reading, unclaimed
from faultdiag.diagnosis.bearing_lines import bearing_lines, without_family
from faultdiag.diagnosis.bearing_rules import Finding, findings
from faultdiag.diagnosis.envelope_lines import EnvelopeLines
from faultdiag.diagnosis.shaft_speed import ShaftSpeed
from faultdiag.errors import ParameterError

__all__ = ["BearingResult", "diagnose_bearing"]


@dataclass(frozen=True, eq=False)
class BearingResult:
    """What was found on one bearing.

    Attributes
    ----------
    label : str or None
        The part at fault, "normal", or None where that cannot be said.
    confidence : dict of str to float
        Of each part.
    also : tuple of str
        Other parts at fault, whose lines are not those of the first.
    findings : list of Finding
        Of all parts, best first.
    shaft : ShaftSpeed
        That was worked with.
    lines : EnvelopeLines
        In which the findings lie, without those of the shaft and the mains.
    why : str
        What keeps the answer from being clear; empty where nothing does.
    """

    label: str | None
    confidence: dict[str, float]
    also: tuple[str, ...]
    findings: list[Finding]
    shaft: ShaftSpeed
    lines: EnvelopeLines = field(repr=False)
    why: str = ""

    @property
    def effects(self) -> dict[str, float]:
        """By how much parts change the power whose lines are no chance."""
        return {one.label: one.effect for one in self.findings if one.is_real}

    @property
    def subject(self) -> str:
        """The part that the answer is about: the cage where it is the only one whose lines matter."""
        best, *others = self.findings
        cage = next((one for one in others if one.label == "cage"), best)
        return cage.label if self.label is None and not matters(best) and matters(cage) else best.label


def diagnose_bearing(
    x: NDArray[np.floating[Any]],
    *,
    rate_hz: float,
    orders: Mapping[str, float],
    shaft: ShaftSpeed,
    other_shafts: Iterable[float] = (),
    healthy: Mapping[str, float] = NO_REFERENCE,
) -> BearingResult:
    """Return which part of a bearing is at fault, if any.

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    orders : mapping of str to float
        Order at which a fault of each part strikes, and that of the cage, which is never claimed by itself.
        The answer does not depend on which comes first.
    shaft : ShaftSpeed
        Its speed.
    other_shafts : iterable of float
        Orders of other shafts of the machine: their multiples may lie where a part strikes.
    healthy : mapping of str to float
        Effect of each part when the machine was healthy, where that is known: damage must have grown.

    Raises
    ------
    ParameterError
        If there is no part but the cage.
    RecordError
        If the record has fewer than 20 turns.
    """
    shaft_hz = shaft.speed_rpm / 60
    parts = {label: order for label, order in orders.items() if label != "cage"}
    if not parts:
        raise ParameterError(f"orders must have a part that strikes, got {sorted(orders)}; give the races'")
    lines = bearing_lines(x, rate_hz=rate_hz, highest_order=max(parts.values()), shaft=shaft)
    options: dict[str, Any] = {
        "speed_rpm": shaft.speed_rpm,
        "duration_s": len(x) / rate_hz,
        "carriers": {"inner": 1.0, "ball": orders.get("cage", 0.0)},
    }
    shafts_hz = [order * shaft_hz for order in other_shafts if order != 1]
    cage_hz = orders.get("cage", 0.0) * shaft_hz
    whole, found = lines, findings(lines, parts, **options)
    foreign: list[Finding] = []
    old: list[Finding] = []
    # lines of other shafts, and those that the healthy machine had, may hide what is new
    while found and ((theirs := of_another_shaft(found[0], whole, shafts_hz)) or is_old(found[0], healthy)):
        (foreign if theirs else old).append(found[0])
        lines = without_family(lines, found[0], shaft_hz, cage_hz)
        parts = {label: order for label, order in parts.items() if label != found[0].label}
        found = findings(lines, parts, **options)
    confidence = {one.label: confidence_of(one, healthy) for one in (*found, *old)}
    confidence |= {one.label: BELOW for one in foreign}
    cage = findings(lines, {"cage": orders["cage"]}, **options) if "cage" in orders else []
    confidence |= {one.label: cage_confidence(one, lines, orders["cage"], shaft) for one in cage}
    best, why = (found or old or foreign)[0], ""
    if confidence[best.label] >= 0.5:
        confidence[best.label] = min(confidence[best.label], beside_dummies(best, lines, parts, shaft))
        why = even_only(best) or other_reading(best, lines, parts, shaft)
    if why or confidence[best.label] < 0.5:
        foreign += [one for one in cage if of_another_shaft(one, whole, shafts_hz)]
        cage = [one for one in cage if one not in foreign]
        label, why = (None, why) if why else unclaimed(found, old, foreign, cage, shaft, healthy)
        below = {name: min(value, BELOW) for name, value in confidence.items()}
        return BearingResult(label, below, (), [*found, *old, *foreign, *cage], shaft, lines, why)
    rest = without_family(lines, best, shaft_hz, cage_hz)
    others = {label: order for label, order in parts.items() if label != best.label}
    left = {
        one.label: BELOW if of_another_shaft(one, whole, shafts_hz) else confidence_of(one, healthy)
        for one in findings(rest, others, **options)
    }
    confidence |= left
    also = tuple(sorted(label for label, value in left.items() if value >= 0.5))
    return BearingResult(best.label, confidence, also, [*found, *old, *foreign, *cage], shaft, lines)
