"""Diagnosis of a bearing: the lines of its parts, whether they can be chance, and whether they matter."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.bearing_rules import Finding, dummy_scores, findings
from faultdiag.diagnosis.envelope_lines import NEUTRAL, EnvelopeLines, envelope_lines
from faultdiag.diagnosis.evidence import N_HARMONICS, SLIP_LIMIT
from faultdiag.diagnosis.shaft_speed import ShaftSpeed, shaft_speed

__all__ = ["ALPHA", "EFFECT", "BearingResult", "diagnose_bearing"]

ALPHA = 1e-6
"""Chance that noise makes a claim. It is small because machines are no noise: what decides on them is the
effect."""

EFFECT = 0.10
"""Modulation from which lines mean damage: sound bearings show up to 5 %, badly mounted ones up to 9 %."""

DUMMY_SHARE = 0.95
"""Of the combs at other orders that a fault must surpass."""

FAINT = 0.05
"""Below it lines are those of a sound bearing."""

SHAFT_SPREAD = 2e-4
FAMILY_SPREAD = 4e-3
"""How far lines of the shaft, and of a slipping bearing, smear out, as a share of their frequency."""


class Family(NamedTuple):
    """Lines that belong to a fault of one part beside its harmonics."""

    shaft_sidebands: int
    cage_sidebands: int
    halves: bool = False


FAMILIES = {
    "outer": Family(2, 0),  # the load on a spot that stands still changes a little with the unbalance
    "inner": Family(10, 0),  # so narrow is the load zone, and so far do the sidebands reach
    "ball": Family(
        2, 8, halves=True
    ),  # it strikes one race harder than the other, and goes round with the cage
}
OTHER = Family(2, 0)


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


def diagnose_bearing(
    x: NDArray[np.floating[Any]], *, rate_hz: float, orders: Mapping[str, float], said_rpm: float
) -> BearingResult:
    """Return which part of a bearing is at fault, if any.

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    orders : mapping of str to float
        Order at which a fault of each part strikes, and that of the cage, which is no part to be at fault by
        itself here. The answer does not depend on which comes first.
    said_rpm : float
        Speed of the shaft, nominal or measured.

    Raises
    ------
    RecordError
        If the record has fewer than 20 turns.
    """
    speed = shaft_speed(x, rate_hz=rate_hz, said_rpm=said_rpm)
    shaft_hz = speed.speed_rpm / 60
    parts = {label: order for label, order in orders.items() if label != "cage"}
    highest_hz = (1 + SLIP_LIMIT) * N_HARMONICS * max(parts.values()) * shaft_hz
    lines = envelope_lines(x, rate_hz=rate_hz, highest_hz=highest_hz * 1.01, background_hz=shaft_hz)
    lines = lines.without(shaft_hz, half_width_hz=2 * lines.step_hz, spread=SHAFT_SPREAD).without_mains()
    options = {"speed_rpm": speed.speed_rpm, "duration_s": len(x) / rate_hz}
    found = findings(lines, parts, **options)
    best = found[0]
    confidence = {one.label: _confidence(one) for one in found}
    if confidence[best.label] >= 0.5:
        confidence[best.label] = _beside_dummies(best, lines, parts, speed)
    if confidence[best.label] < 0.5:
        label, why = _unclaimed(found, speed)
        return BearingResult(label, confidence, (), found, speed, lines, why)
    rest = _without_family(lines, best, shaft_hz, orders.get("cage", 0.0) * shaft_hz)
    others = {label: order for label, order in parts.items() if label != best.label}
    left = {one.label: _confidence(one) for one in findings(rest, others, **options)} if others else {}
    confidence |= left
    also = tuple(sorted(label for label, value in left.items() if value >= 0.5))
    return BearingResult(best.label, confidence, also, found, speed, lines)


def _confidence(finding: Finding) -> float:
    """The smallest of three: that it is no chance in the best bands, nor in the whole one; that it matters.

    Each is one half at its limit: a probability of 1e-6, an effect of 0.1.
    """
    chance = max(finding.p_value, finding.whole_band_p_value, 1e-300)
    return float(
        min(_logistic(0.5 * np.log(ALPHA / chance)), _logistic(3 * np.log2(finding.effect / EFFECT)))
    )


def _beside_dummies(
    finding: Finding, lines: EnvelopeLines, parts: Mapping[str, float], speed: ShaftSpeed
) -> float:
    """Confidence beside what the record shows where nothing strikes: lines everywhere prove nothing."""
    dummies = dummy_scores(lines, parts, speed_rpm=speed.speed_rpm)
    if len(dummies) == 0:
        return _confidence(finding)
    return min(_confidence(finding), _logistic(0.5 * (finding.score - np.quantile(dummies, DUMMY_SHARE))))


def _logistic(z: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(z, -50, 50))))


def _unclaimed(found: list[Finding], speed: ShaftSpeed) -> tuple[str | None, str]:
    """Normal, or nothing; and why."""
    real = [one for one in found if max(one.p_value, one.whole_band_p_value) <= ALPHA]
    if any(one.effect >= EFFECT for one in real):
        return None, "there are strong lines at many orders, those of the bearing do not stand out"
    if any(one.effect >= FAINT for one in real):
        parts = " and ".join(one.label for one in real)
        return None, f"there are lines of {parts}, too weak to mean damage for sure"
    if speed.source == "said":
        return None, "the shaft cannot be seen in the vibration, so its speed is not sure"
    return "normal", ""


def _without_family(lines: EnvelopeLines, finding: Finding, shaft_hz: float, cage_hz: float) -> EnvelopeLines:
    """The lines without the harmonics of a fault, and the sidebands of shaft and cage beside them."""
    at_hz = lines.step_hz * np.arange(lines.power.shape[-1])
    family = FAMILIES.get(finding.label, OTHER)
    base_hz = finding.found_hz / (2 if family.halves else 1)
    sidebands_hz = {k * shaft_hz for k in range(-family.shaft_sidebands, family.shaft_sidebands + 1)}
    sidebands_hz |= {k * cage_hz for k in range(-family.cage_sidebands, family.cage_sidebands + 1)}
    near = np.zeros(len(at_hz), np.bool_)
    for multiple in range(1, int(at_hz[-1] / base_hz) + 2):
        for sideband_hz in sidebands_hz:
            centre_hz = abs(multiple * base_hz + sideband_hz)
            near |= np.abs(at_hz - centre_hz) <= 3 * lines.step_hz + FAMILY_SPREAD * centre_hz
    return replace(
        lines,
        power=np.where(near, np.float32(NEUTRAL), lines.power),
        modulation=np.where(near, np.float32(0), lines.modulation),
    )
