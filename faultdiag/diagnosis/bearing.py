"""Diagnosis of a bearing: the lines of its parts, whether they can be chance, and whether they matter."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.bearing_parts import part_name
from faultdiag.diagnosis.bearing_rules import Finding, dummy_scores, findings, score_of
from faultdiag.diagnosis.confidence import ALPHA, against_chance, against_limit
from faultdiag.diagnosis.envelope_lines import NEUTRAL, EnvelopeLines, envelope_lines
from faultdiag.diagnosis.evidence import N_HARMONICS, SLIP_LIMIT
from faultdiag.diagnosis.shaft_speed import WIDE, ShaftSpeed
from faultdiag.errors import ParameterError

__all__ = ["EFFECT", "GROWTH", "BearingResult", "damage_limit", "diagnose_bearing"]

EFFECT = 0.10
"""Modulation from which lines mean damage: sound bearings show up to 5 %, badly mounted ones up to 9 %."""

DUMMY_SHARE = 0.95
"""Of the combs at other orders that a fault must surpass."""

BELOW = 0.49
"""Confidence that the cage has at most: a damaged ball, whose own lines may be weak, goes round with it, and
balls of unequal size do in a sound bearing. So it is never claimed, only said."""

GROWTH = 2.0
"""How many times the effect of a healthy reference damage must have: load and mounting change it less."""

NO_REFERENCE: Mapping[str, float] = MappingProxyType({})

CLEAR_LINE_DB = 9.0
"""Level of a line from which it is there: the largest of three neighbours is in noise once in 1,600."""

FAINT = 0.05
"""Below it lines are those of a sound bearing."""

SHAFT_SPREAD = 2e-4
FAMILY_SPREAD = 1e-2
"""How far lines of the shaft, and of a slipping bearing, smear out, as a share of their frequency."""

SPEEDS = tuple(np.arange(-WIDE, WIDE + 0.01, 0.02))
BETWEEN = 1.0
"""How far off a speed may be that was only said, step by step, and what lines between two steps cost in nats
at most, the slip of one part beside that of another: up to so much less is no difference."""

LOBE = 4
"""Lines from the middle of a steady one to where it ends: other shafts need not be strong to mislead."""

STRONG = 10
"""Multiples of another shaft that may be strong; all those of a slow one would leave nothing to look at."""

CAGE_ORDERS = (0.15, 0.95)
"""Where a cage, and the combs it is compared with, may lie."""


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

    @property
    def effects(self) -> dict[str, float]:
        """By how much parts change the power whose lines are no chance."""
        return {one.label: one.effect for one in self.findings if one.is_real}

    @property
    def subject(self) -> str:
        """The part that the answer is about: the cage where it is the only one whose lines matter."""
        best, *others = self.findings
        cage = next((one for one in others if one.label == "cage"), best)
        return cage.label if self.label is None and not _matters(best) and _matters(cage) else best.label


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
        Orders of other shafts of the machine, whose lines count as little as those of this one.
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
    faster = WIDE if shaft.source == "said" else 0.0
    highest_hz = (1 + faster) * (1 + SLIP_LIMIT) * N_HARMONICS * max(parts.values()) * shaft_hz
    lines = envelope_lines(x, rate_hz=rate_hz, highest_hz=highest_hz * 1.01, background_hz=shaft_hz)
    lines = lines.without(shaft_hz, half_width_hz=2 * lines.step_hz, spread=SHAFT_SPREAD).without_mains()
    for order in {*other_shafts} - {1.0}:
        widths = {"half_width_hz": LOBE * lines.step_hz, "spread": SHAFT_SPREAD}
        lines = lines.without(order * shaft_hz, n_multiples=STRONG, **widths)
    options: dict[str, Any] = {
        "speed_rpm": shaft.speed_rpm,
        "duration_s": len(x) / rate_hz,
        "carriers": {"inner": 1.0, "ball": orders.get("cage", 0.0)},
    }
    found = findings(lines, parts, **options)
    cage_hz = orders.get("cage", 0.0) * shaft_hz
    old: list[Finding] = []
    while found and _is_old(found[0], healthy):  # what the healthy machine had may hide what is new
        old.append(found[0])
        lines = _without_family(lines, found[0], shaft_hz, cage_hz)
        parts = {label: order for label, order in parts.items() if label != found[0].label}
        found = findings(lines, parts, **options)
    confidence = {one.label: _confidence(one, healthy) for one in (*found, *old)}
    cage = findings(lines, {"cage": orders["cage"]}, **options) if "cage" in orders else []
    confidence |= {one.label: _cage_confidence(one, lines, orders["cage"], shaft) for one in cage}
    best, why = (found or old)[0], ""
    if confidence[best.label] >= 0.5:
        confidence[best.label] = min(confidence[best.label], _beside_dummies(best, lines, parts, shaft))
        why = _even_only(best) or _other_reading(best, lines, parts, shaft)
    if why or confidence[best.label] < 0.5:
        label, why = (None, why) if why else _unclaimed(found, old, cage, shaft, healthy)
        below = {name: min(value, BELOW) for name, value in confidence.items()}
        return BearingResult(label, below, (), [*found, *old, *cage], shaft, lines, why)
    rest = _without_family(lines, best, shaft_hz, cage_hz)
    others = {label: order for label, order in parts.items() if label != best.label}
    left = {one.label: _confidence(one, healthy) for one in findings(rest, others, **options)}
    confidence |= left
    also = tuple(sorted(label for label, value in left.items() if value >= 0.5))
    return BearingResult(best.label, confidence, also, [*found, *old, *cage], shaft, lines)


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


def _confidence(finding: Finding, healthy: Mapping[str, float] = NO_REFERENCE) -> float:
    """The smallest of three: that it is no chance in the best bands, nor in the whole one; that it matters.

    Each is one half at its limit: a probability of 1e-6, an effect of 0.1 and twice that of the reference.
    """
    limit = damage_limit(finding.label, healthy)
    return min(against_chance(finding.chance, alpha=ALPHA), against_limit(finding.effect, limit=limit))


def _matters(finding: Finding) -> bool:
    """Whether lines are no chance, and strong enough to mean damage."""
    return finding.is_real and finding.effect >= EFFECT


def _is_old(finding: Finding, healthy: Mapping[str, float]) -> bool:
    """Whether its lines would matter, had the healthy machine not had them as well."""
    return _matters(finding) and finding.effect < GROWTH * healthy.get(finding.label, 0.0)


def _cage_confidence(cage: Finding, lines: EnvelopeLines, order: float, shaft: ShaftSpeed) -> float:
    """Confidence of the cage beside other slow combs."""
    sure = _confidence(cage)
    if sure < BELOW:
        return sure
    slow = dummy_scores(lines, {"cage": order}, speed_rpm=shaft.speed_rpm, within=CAGE_ORDERS)
    return min(BELOW, _above(cage, slow))


def _beside_dummies(
    finding: Finding, lines: EnvelopeLines, parts: Mapping[str, float], shaft: ShaftSpeed
) -> float:
    """Confidence beside what the record shows where nothing strikes: lines everywhere prove nothing."""
    return _above(finding, dummy_scores(lines, parts, speed_rpm=shaft.speed_rpm))


def _above(finding: Finding, dummies: NDArray[np.float64]) -> float:
    """One half where a finding is as strong as 95 of 100 combs where nothing strikes."""
    if len(dummies) == 0:
        return 1.0
    return against_chance(math.exp(np.quantile(dummies, DUMMY_SHARE) - finding.score), alpha=1.0)


def _even_only(best: Finding) -> str:
    """Why a comb may be one of twice its frequency: every second line is missing."""
    levels_db = [level_db for _, level_db in best.lines]
    if max(levels_db[0::2]) >= CLEAR_LINE_DB or min(levels_db[1::2]) < CLEAR_LINE_DB:
        return ""
    return (
        f"of the lines at multiples of {best.found_hz:.1f} Hz only every second one is there: the speed or "
        "the sampling rate may be wrong by a factor of two"
    )


def _unclaimed(
    found: list[Finding],
    old: list[Finding],
    cage: list[Finding],
    shaft: ShaftSpeed,
    healthy: Mapping[str, float],
) -> tuple[str | None, str]:
    """Normal, or nothing; and why."""
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
    if any(map(_matters, cage)):
        (one,) = cage
        return None, (
            f"the vibration swells by {100 * one.effect:.0f} % as the cage goes round: it, or a ball or "
            "roller, may be damaged"
        )
    if shaft.source == "said":
        return None, "the shaft cannot be seen in the vibration, so its speed is not sure"
    return "normal", ""


def _other_reading(best: Finding, lines: EnvelopeLines, parts: Mapping[str, float], shaft: ShaftSpeed) -> str:
    """Why lines may be those of another part: a speed that was only said is as far off as labels are.

    A sideband or a multiple of that part's lines may lie where those of the best are expected. Then its own,
    at the true speed, are stronger.
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
