"""How sure it is that a part of a bearing is at fault.

Three things are asked: whether noise shows such lines, whether sound bearings do, and whether the record
shows them where nothing strikes.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.bearing_rules import Finding, dummy_scores
from faultdiag.diagnosis.confidence import ALPHA, against_chance, against_limit
from faultdiag.diagnosis.envelope_lines import EnvelopeLines
from faultdiag.diagnosis.shaft_speed import ShaftSpeed

__all__ = [
    "BELOW",
    "EFFECT",
    "GROWTH",
    "NO_REFERENCE",
    "beside_dummies",
    "cage_confidence",
    "confidence_of",
    "damage_limit",
    "is_old",
    "matters",
]

EFFECT = 0.10
"""Modulation from which lines mean damage: sound bearings show up to 5 %, badly mounted ones up to 9 %."""

GROWTH = 2.0
"""How many times the effect of a healthy reference damage must have: load and mounting change it less."""

NO_REFERENCE: Mapping[str, float] = MappingProxyType({})

DUMMY_SHARE = 0.95
"""Of the combs at other orders that a fault must surpass."""

BELOW = 0.49
"""Confidence at most of what is not claimed, such as the cage: a damaged ball, whose own lines may be weak,
goes round with it, and balls of unequal size do in a sound bearing. So it is never claimed, only said."""

CAGE_ORDERS = (0.15, 0.95)
"""Where a cage, and the combs it is compared with, may lie."""


def damage_limit(label: str, healthy: Mapping[str, float] = NO_REFERENCE) -> float:
    """Return the effect from which the lines of a part are damage.

    Parameters
    ----------
    label : str
        The part. The cage, which is never claimed, is not compared with the healthy machine.
    healthy : mapping of str to float
        Effect of each part when the machine was healthy, where that is known.

    Examples
    --------
    >>> damage_limit("inner"), damage_limit("inner", {"inner": 0.2})
    (0.1, 0.4)
    """
    before = 0.0 if label == "cage" else healthy.get(label, 0.0)
    return max(EFFECT, GROWTH * before)


def confidence_of(finding: Finding, healthy: Mapping[str, float] = NO_REFERENCE) -> float:
    """Return the smallest of three: no chance in the best bands, nor in the whole one; and that it matters.

    Each is one half at its limit: a probability of 1e-6, an effect of 0.1 and twice that of the reference.
    """
    limit = damage_limit(finding.label, healthy)
    return min(against_chance(finding.chance, alpha=ALPHA), against_limit(finding.effect, limit=limit))


def matters(finding: Finding) -> bool:
    """Return whether lines are no chance, and strong enough to mean damage."""
    return finding.is_real and finding.effect >= EFFECT


def is_old(finding: Finding, healthy: Mapping[str, float]) -> bool:
    """Return whether its lines would matter, had the healthy machine not had them as well."""
    return matters(finding) and finding.effect < GROWTH * healthy.get(finding.label, 0.0)


def cage_confidence(cage: Finding, lines: EnvelopeLines, order: float, shaft: ShaftSpeed) -> float:
    """Return the confidence of the cage beside other slow combs."""
    sure = confidence_of(cage)
    if sure < BELOW:
        return sure
    slow = dummy_scores(lines, {"cage": order}, speed_rpm=shaft.speed_rpm, within=CAGE_ORDERS)
    return min(BELOW, _above(cage, slow))


def beside_dummies(
    finding: Finding, lines: EnvelopeLines, parts: Mapping[str, float], shaft: ShaftSpeed
) -> float:
    """Return the confidence beside what the record shows where nothing strikes, for it may be the same."""
    return _above(finding, dummy_scores(lines, parts, speed_rpm=shaft.speed_rpm))


def _above(finding: Finding, dummies: NDArray[np.float64]) -> float:
    """One half where a finding is as strong as 95 of 100 combs where nothing strikes."""
    if len(dummies) == 0:
        return 1.0
    return against_chance(math.exp(np.quantile(dummies, DUMMY_SHARE) - finding.score), alpha=1.0)
