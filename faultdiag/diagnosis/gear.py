"""Diagnosis of gears: a damaged tooth strikes once a turn, worn teeth all differ from one another.

Neither is judged by level: a sound machine may shake more or less than a broken one, with its load and with
how it was built. What is judged is a share of the record's own power: whether it can be chance, and by how
much it surpasses what sound machines show.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faultdiag.diagnosis.confidence import ALPHA, against_chance, against_limit
from faultdiag.diagnosis.gear_angle import HIGHEST
from faultdiag.diagnosis.gear_measures import GearMeasures, Measure, gear_measures
from faultdiag.diagnosis.healthy import Healthy
from faultdiag.diagnosis.shaft_speed import ShaftSpeed
from faultdiag.kinematics.gears import GearTrain

__all__ = ["GearFinding", "GearLine", "GearResult", "diagnose_gear"]

FAINT = 0.7
"""Share of the limit from which an effect is neither damage for sure nor nothing."""

SLOWER = 0.75
"""A pulse of a slow shaft shows on one that turns a whole number of times as fast, too, but not the reverse:
of those with such a share of the largest effect, over its limit, the slowest is meant."""

BELOW = 0.49
"""Confidence that teeth which are unlike have at most without a reference: sound gears that rattle look the
same, so that wear is never claimed then, only named as possible."""


class Limits(NamedTuple):
    """Effects that sound gears do not reach.

    Attributes
    ----------
    alone : float
        Without a reference.
    compared : float
        With one.
    growth : float
        And how many times that of the reference.
    """

    alone: float
    compared: float
    growth: float


LIMITS = {
    # simulated sound gearboxes, with couplings, rattle and rough teeth, reach 0.03, and a real one that
    # rattles without load 0.04, with a factor of two between its sensors
    "pulse": Limits(0.05, 0.05, 2.0),
    # 0.08, and 0.055
    "repeated": Limits(0.10, 0.10, 2.0),
    # simulated ones reach 0.095; put together anew, up to twice what they had before
    "spread": Limits(0.11, 0.07, 2.5),
}


class GearLine(NamedTuple):
    """One harmonic.

    Attributes
    ----------
    harmonic : int
        Its number, from 1.
    expected_hz, found_hz : float
        Where it should be by the speed that was said, and where it is.
    level_db : float
        Power over the noise.
    """

    harmonic: int
    expected_hz: float
    found_hz: float
    level_db: float


@dataclass(frozen=True, eq=False)
class GearFinding:
    """What speaks for one fault.

    Attributes
    ----------
    label : {"tooth_local", "tooth_distributed"}
        A tooth that is cracked, broken or chipped; or wear and pitting of many.
    kind : {"pulse", "repeated", "spread"}
        What `effect` is.
    part, shaft : str
        The gear, as far as it is known, and its shaft, in words.
    order, frequency_hz : float
        Speed of that shaft, in turns per turn of the input shaft and per second.
    confidence : float
        The smaller of two: that it is no chance, and that it matters; one half at the limit of either.
    score : float
        Evidence in nats, minus the logarithm of `p_value`.
    p_value : float
        Chance that vibration which does not repeat with the turns shows this.
    effect : float
        Share of the power that comes in one pulse each turn; the same of the part of the vibration that
        repeats with every turn; or by how much the mesh changes from tooth to tooth.
    limit : float
        The effect from which it is damage.
    healthy_effect : float or None
        Effect in the reference.
    lines : tuple of GearLine
        Harmonics of the pulse, or of the mesh.
    turn, healthy_turn : ndarray, shape [64], or None
        Of a pulse the power over the turn, over its mean, and the same in the reference.
    """

    label: str
    kind: str
    part: str
    shaft: str
    order: float
    frequency_hz: float
    confidence: float
    score: float
    p_value: float
    effect: float
    limit: float
    healthy_effect: float | None
    lines: tuple[GearLine, ...]
    turn: NDArray[np.float64] | None = None
    healthy_turn: NDArray[np.float64] | None = None


@dataclass(frozen=True, eq=False)
class GearResult:
    """What was found on the gears.

    Attributes
    ----------
    label : str or None
        "tooth_local", "tooth_distributed", "normal", or None where that cannot be said.
    claims : tuple of GearFinding
        What is damaged, best first, shaft by shaft.
    findings : tuple of GearFinding
        All that was looked for, best first.
    shaft : ShaftSpeed
        Of the input shaft.
    why : str
        What keeps the answer from being clear; empty where nothing does.
    unseen : tuple of str
        What this record cannot show.
    """

    label: str | None
    claims: tuple[GearFinding, ...]
    findings: tuple[GearFinding, ...]
    shaft: ShaftSpeed
    why: str = ""
    unseen: tuple[str, ...] = ()

    @property
    def also(self) -> tuple[str, ...]:
        """Labels of the claims after the first that are another."""
        return tuple(dict.fromkeys(one.label for one in self.claims if one.label != self.label))

    @property
    def confidence(self) -> float | None:
        """Of the label: of the fault; of sound gears, what the strongest finding leaves."""
        if self.label is None:
            return None
        if self.label == "normal":
            return 1 - max(one.confidence for one in self.findings)
        return self.findings[0].confidence


def diagnose_gear(
    x: ArrayLike,
    *,
    rate_hz: float,
    said_rpm: float,
    measured: bool = False,
    train: GearTrain | None = None,
    reference: Healthy | None = None,
) -> GearResult:
    """Return which gear has a damaged tooth, or teeth that are worn, if any.

    Parameters
    ----------
    x : array_like, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    said_rpm : float
        Speed of the input shaft, nominal or measured.
    measured : bool
        Whether a tachometer told it: then it is not looked for.
    train : GearTrain, optional
        The gears. Without them only a damaged tooth on the shaft of this speed is looked for.
    reference : Healthy, optional
        With it a fault must have grown; without it, it must surpass what sound gearboxes show.

    Raises
    ------
    ParameterError
        If a rate or a speed is not positive.
    RecordError
        If a signal has not one channel, has fewer than 20 turns or 64 samples a turn, does not vary, or a
        sample is not finite.

    Notes
    -----
    Only a tooth that shows as one short event in every turn is found. In a public set of a gearbox with a
    broken tooth (SpectraQuest, loads from 0 to 90 %) none of the ten records has more of that than its sound
    twin, and none is claimed.
    """
    seen = gear_measures(x, rate_hz=rate_hz, said_rpm=said_rpm, measured=measured, train=train)
    before = None
    if reference is not None:
        before = gear_measures(
            reference.x,
            rate_hz=reference.rate_hz,
            said_rpm=reference.said_rpm,
            measured=reference.measured,
            train=train,
            who="the reference",
        )
    found, unseen = _judged(seen, before, said_rpm)
    findings = _best_first(found)
    best = findings[0]
    if best.confidence < 0.5:
        label, why = _unclaimed(findings, seen, before)
        if label == "normal" and train is not None and not any(one.kind == "spread" for one in seen.found):
            label, why = None, _why_unseen(train, rate_hz, said_rpm)
        return GearResult(label, (), findings, seen.shaft, why, unseen)
    others = [one for one in findings[1:] if one.confidence >= 0.5 and _apart(one, best)]
    return GearResult(best.label, (best, *others), findings, seen.shaft, "", unseen)


def _judged(
    seen: GearMeasures, before: GearMeasures | None, said_rpm: float
) -> tuple[list[GearFinding], tuple[str, ...]]:
    """The surest finding of each fault, and what cannot be seen, be it in the reference alone."""
    old = {(one.kind, one.part): one for one in before.found} if before is not None else {}
    surest: dict[tuple[str, str], GearFinding] = {}
    unseen = list(seen.unseen)
    for measure in seen.found:
        healthy = old.get((measure.kind, measure.part))
        if before is not None and healthy is None:
            fault = "a damaged tooth of" if measure.label == "tooth_local" else "wear of"
            unseen.append(f"{fault} {measure.part}, for want of a reference that shows it")
            continue
        finding = _finding(measure, seen.shaft, said_rpm, healthy)
        key = (measure.label, measure.part)
        surest[key] = max(surest.get(key, finding), finding, key=lambda one: one.confidence)
    return list(surest.values()), tuple(dict.fromkeys(unseen))


def _finding(measure: Measure, shaft: ShaftSpeed, said_rpm: float, healthy: Measure | None) -> GearFinding:
    limits = LIMITS[measure.kind]
    limit = limits.alone
    if healthy is not None:
        limit = max(limits.compared, limits.growth * healthy.effect)
    real = against_chance(measure.p_value, alpha=ALPHA)
    matters = against_limit(measure.effect, limit=limit)
    most = BELOW if measure.kind == "spread" and healthy is None else 1.0
    return GearFinding(
        label=measure.label,
        kind=measure.kind,
        part=measure.part,
        shaft=measure.shaft,
        order=measure.order,
        frequency_hz=measure.order * shaft.speed_rpm / 60,
        confidence=min(real, matters, most),
        score=-math.log(max(measure.p_value, 1e-300)),
        p_value=measure.p_value,
        effect=measure.effect,
        limit=limit,
        healthy_effect=None if healthy is None else healthy.effect,
        lines=tuple(
            GearLine(number, order * said_rpm / 60, order * shaft.speed_rpm / 60, level_db)
            for number, order, level_db in measure.lines
        ),
        turn=measure.turn,
        healthy_turn=None if healthy is None else healthy.turn,
    )


def _best_first(findings: list[GearFinding]) -> tuple[GearFinding, ...]:
    """A damaged tooth before wear, for it makes teeth differ, too; else by confidence."""
    ranked = sorted(findings, key=lambda one: (-one.confidence, -one.effect / one.limit, one.label, one.part))
    struck = [one for one in ranked if one.label == "tooth_local" and one.confidence >= 0.5]
    if struck:
        least = SLOWER * max(one.effect / one.limit for one in struck)
        first = min((one for one in struck if one.effect / one.limit >= least), key=lambda one: one.order)
        ranked.remove(first)
        ranked.insert(0, first)
    return tuple(ranked)


def _apart(finding: GearFinding, best: GearFinding) -> bool:
    """Whether the best finding does not explain this one, too."""
    if "tooth_local" in (finding.label, best.label):
        multiple = finding.order / best.order
        return finding.label == best.label and abs(multiple - round(multiple)) > 1e-6
    return True


def _unclaimed(
    findings: tuple[GearFinding, ...], seen: GearMeasures, before: GearMeasures | None
) -> tuple[str | None, str]:
    """Normal, or nothing; and why."""
    for one in findings:
        if one.p_value <= ALPHA and one.effect >= FAINT * one.limit:
            return None, _doubt(one)
    if seen.shaft.source == "said":
        return None, "the shaft cannot be seen in the vibration, so its speed is not sure"
    if before is not None and before.shaft.source == "said":
        return None, "the shaft cannot be seen in the reference, so its speed there is not sure"
    return "normal", ""


def _why_unseen(train: GearTrain, rate_hz: float, said_rpm: float) -> str:
    lowest_hz = min(train.mesh_orders) * said_rpm / 60
    if lowest_hz > HIGHEST * rate_hz:
        return f"the teeth mesh {lowest_hz:.0f} times a second, beyond what {rate_hz:g} samples a second show"
    return "no mesh stands out: the numbers of teeth, their order or the speed may be wrong"


def _doubt(finding: GearFinding) -> str:
    if finding.label == "tooth_local":
        return f"there is a pulse in every turn of {finding.shaft}, too weak to mean damage for sure"
    change = f"the mesh of {finding.part} changes by {100 * finding.effect:.0f} % from tooth to tooth"
    if finding.healthy_effect is None:
        return f"{change}, and only a record of the sound machine tells whether by wear"
    return f"{change}, too little to mean damage for sure"
