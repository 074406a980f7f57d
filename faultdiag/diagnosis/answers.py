"""The answers about bearing, gears and unnamed lines, each as a diagnosis."""

from collections.abc import Sequence
from typing import Any

from faultdiag.diagnosis.bearing import BearingResult, diagnose_bearing
from faultdiag.diagnosis.bearing_confidence import GROWTH, damage_limit
from faultdiag.diagnosis.channel import Channel
from faultdiag.diagnosis.diagnosis import Diagnosis, Evidence, Hypothesis
from faultdiag.diagnosis.families import LineFamily, line_families
from faultdiag.diagnosis.gear import diagnose_gear
from faultdiag.diagnosis.gear_words import gear_evidence, gear_sentence
from faultdiag.diagnosis.healthy import Healthy
from faultdiag.diagnosis.shaft_speed import ShaftSpeed
from faultdiag.diagnosis.speed_guess import SpeedGuess, guess_speed
from faultdiag.diagnosis.trace import family_traces, trace_of, turn_traces
from faultdiag.diagnosis.words import evidence_lines, families_sentence, sentence, speed_note
from faultdiag.kinematics.gears import GearTrain
from faultdiag.kinematics.orders import FaultOrders

__all__ = ["bearing_answer", "family_answer", "gear_answer"]

SAME_ORDER = 0.02
"""How far apart lines are still the same: a bearing slips more or less with its load."""


def bearing_answer(
    channel: Channel, bearing: FaultOrders, *, gears: GearTrain | None = None, trace: bool = False
) -> Diagnosis:
    """Return what is wrong with a bearing.

    Parameters
    ----------
    channel : Channel
        With a speed.
    bearing : FaultOrders
        The bearing.
    gears : GearTrain, optional
        Of the same machine: the lines of its other shafts say nothing of the bearing.
    trace : bool
        Whether to keep the curves that a report draws.

    Raises
    ------
    RecordError
        If the record has fewer than 20 turns.
    """
    options: dict[str, Any] = {
        "orders": bearing.fault_orders(),
        "other_shafts": () if gears is None else gears.shaft_orders,
    }
    healthy = _healthy_effects(channel.reference, options)
    result = diagnose_bearing(
        channel.x, rate_hz=channel.rate_hz, shaft=channel.shaft, healthy=healthy, **options
    )
    shown = [one for one in result.findings if one.label in (result.subject, *result.also)]
    return Diagnosis(
        file="",
        status="undetermined" if result.label is None else "ok",
        label=result.label,
        confidence=_bearing_confidence(result),
        also=result.also,
        hypotheses=tuple(
            Hypothesis(
                label=one.label,
                confidence=result.confidence[one.label],
                score=one.score,
                frequency_hz=one.found_hz,
                p_value=one.chance,
                effect=one.effect,
                limit=damage_limit(one.label, healthy),
            )
            for one in result.findings
        ),
        speed_rpm=channel.shaft.speed_rpm,
        evidence=tuple(line for one in shown for line in evidence_lines(one)),
        text=sentence(result),
        warnings=_speed_warnings(channel.shaft, channel),
        traces=tuple(trace_of(result.lines, one) for one in shown) if trace else (),
    )


def gear_answer(channel: Channel, gears: GearTrain | None, *, trace: bool = False) -> Diagnosis:
    """Return what is wrong with gears.

    Parameters
    ----------
    channel : Channel
        With a speed, and a reference or not.
    gears : GearTrain or None
        The gears, if their teeth are known.
    trace : bool
        Whether to keep the curves that a report draws.

    Raises
    ------
    RecordError, ParameterError
        As for `faultdiag.diagnosis.gear.diagnose_gear`.
    """
    result = diagnose_gear(
        channel.x,
        rate_hz=channel.rate_hz,
        said_rpm=channel.said_rpm or 0.0,
        measured=channel.measured,
        train=gears,
        reference=channel.reference,
    )
    return Diagnosis(
        file="",
        status="undetermined" if result.label is None else "ok",
        label=result.label,
        confidence=result.confidence,
        also=result.also,
        hypotheses=tuple(
            Hypothesis(
                label=one.label,
                confidence=one.confidence,
                score=one.score,
                frequency_hz=one.frequency_hz,
                p_value=one.p_value,
                effect=one.effect,
                limit=one.limit,
                part=one.part,
            )
            for one in result.findings
        ),
        speed_rpm=result.shaft.speed_rpm,
        evidence=tuple(line for one in result.claims or result.findings[:1] for line in gear_evidence(one)),
        text=gear_sentence(result),
        warnings=_speed_warnings(result.shaft, channel),
        turn_traces=turn_traces(result) if trace else (),
    )


def family_answer(channel: Channel, bearing: FaultOrders | None, *, trace: bool = False) -> Diagnosis:
    """Return what comes back in the vibration of a machine of which too little is known to name it.

    Parameters
    ----------
    channel : Channel
        With a speed or without. With a reference as well, what it shows is told apart from what is new.
    bearing : FaultOrders or None
        A bearing whose speed is not known.
    trace : bool
        Whether to keep the curves that a report draws.

    Raises
    ------
    RecordError
        If the record is too short.
    """
    shaft = None if channel.said_rpm is None else channel.shaft
    families = line_families(channel.x, rate_hz=channel.rate_hz, shaft=shaft)
    new = families if channel.reference is None else _grown(families, channel.reference)
    old = [one for one in families if one not in new]
    guess = _guess(channel, families)
    text = families_sentence(new, bearing, old=old, speed_is_known=shaft is not None, guess=guess)
    evidence = [
        Evidence(
            hypothesis=f"family {number}",
            harmonic=harmonic,
            expected_hz=harmonic * family.frequency_hz,
            found_hz=found_hz,
            level_db=level_db,
            text=f"line {harmonic} of what comes {family.frequency_hz:.1f} times a second: "
            f"{found_hz:.1f} Hz, {level_db:.0f} dB above the noise",
        )
        for number, family in enumerate(new, start=1)
        for harmonic, found_hz, level_db in family.lines
    ]
    return Diagnosis(
        file="",
        status="undetermined",
        speed_rpm=None if shaft is None else shaft.speed_rpm,
        evidence=tuple(evidence),
        text=text,
        warnings=() if shaft is None else _speed_warnings(channel.shaft, channel),
        traces=family_traces(channel.x, rate_hz=channel.rate_hz, families=new) if trace else (),
    )


def _bearing_confidence(result: BearingResult) -> float | None:
    """Of the fault; of a sound bearing, what the strongest hypothesis leaves."""
    if result.label is None:
        return None
    if result.label == "normal":
        return 1 - max(result.confidence.values())
    return result.confidence[result.label]


def _healthy_effects(reference: Healthy | None, options: dict[str, Any]) -> dict[str, float]:
    """By how much parts changed the power when the machine was healthy."""
    if reference is None:
        return {}
    return diagnose_bearing(reference.x, rate_hz=reference.rate_hz, shaft=reference.shaft, **options).effects


def _grown(families: Sequence[LineFamily], reference: Healthy) -> list[LineFamily]:
    """Families that the healthy machine did not have, or less than half as strong."""
    before = line_families(reference.x, rate_hz=reference.rate_hz, shaft=reference.shaft)
    return [
        one
        for one in families
        if not any(
            abs((one.order or 0.0) / (old.order or 1.0) - 1) <= SAME_ORDER
            and one.effect < GROWTH * old.effect
            for old in before
        )
    ]


def _guess(channel: Channel, families: Sequence[LineFamily]) -> SpeedGuess | None:
    """What the speed may be, where nobody said it."""
    if channel.said_rpm is not None:
        return None
    return guess_speed(channel.x, rate_hz=channel.rate_hz, families=families)


def _speed_warnings(shaft: ShaftSpeed, channel: Channel) -> tuple[str, ...]:
    note = speed_note(shaft, channel.said_rpm or 0.0)
    return (note,) if note else ()
