"""Answers about the parts of a machine as one, with the faults of its shaft."""

from collections.abc import Sequence
from dataclasses import replace

from faultdiag.diagnosis.channel import Channel
from faultdiag.diagnosis.diagnosis import Diagnosis, Evidence, Hypothesis
from faultdiag.diagnosis.shaft_faults import ShaftFinding, shaft_faults

__all__ = ["joined", "with_shaft_faults"]

CLAIMED = 0.5
"""Confidence from which a fault is said to be there."""


def joined(answers: Sequence[Diagnosis]) -> Diagnosis:
    """Return answers about parts of one machine as one: the surest fault first, the others in `also`.

    Parameters
    ----------
    answers : sequence of Diagnosis
        One or more. Their order does not matter for what is said to be wrong.
    """
    if len(answers) == 1:
        return answers[0]
    ranked = sorted(answers, key=lambda one: (-_claim(one), one.label or ""))
    claims = [one for one in ranked if _claim(one) > 0]
    if claims:
        label, confidence = claims[0].label, claims[0].confidence
        others = [*claims[0].also, *(name for one in claims[1:] for name in (one.label or "", *one.also))]
        also = tuple(name for name in dict.fromkeys(others) if name != label)
    else:
        also = ()
        sound = all(one.label == "normal" for one in ranked)
        label = "normal" if sound else None
        confidence = min(one.confidence or 0.0 for one in ranked) if sound else None
    hypotheses = [guess for one in ranked for guess in one.hypotheses]
    return replace(
        ranked[0],
        status="undetermined" if label is None else "ok",
        label=label,
        confidence=confidence,
        also=also,
        hypotheses=tuple(sorted(hypotheses, key=lambda one: (-one.confidence, one.label, one.part))),
        evidence=tuple(line for one in ranked for line in one.evidence),
        text=" ".join(one.text for one in ranked),
        warnings=tuple(dict.fromkeys(warning for one in ranked for warning in one.warnings)),
        traces=tuple(trace for one in ranked for trace in one.traces),
        turn_traces=tuple(trace for one in ranked for trace in one.turn_traces),
    )


def with_shaft_faults(answer: Diagnosis, channel: Channel, *, unnamed: bool) -> Diagnosis:
    """Return an answer with imbalance, misalignment and looseness that are there.

    Where none is, the likeliest one that is too strong to be passed over is told, and claims nothing.

    Parameters
    ----------
    answer : Diagnosis
        About bearing, gears or unnamed lines.
    channel : Channel
        With a speed.
    unnamed : bool
        Whether neither bearing nor gears were named. Then one of them is the answer where nothing else is at
        fault, as it is where the parts are sound; else they are in `also`.

    Raises
    ------
    RecordError
        If a record has fewer than 20 turns.
    """
    found = shaft_faults(
        channel.x,
        rate_hz=channel.rate_hz,
        shaft=channel.shaft,
        unit=channel.unit,
        reference=channel.reference,
    )
    there = [one for one in found if one.confidence >= CLAIMED]
    hypotheses = (*answer.hypotheses, *map(_shaft_hypothesis, found if unnamed else there))
    strong = sorted((one for one in found if one.strong), key=lambda one: not one.at_mains)
    shown = there or strong[:1]
    evidence = (*answer.evidence, *(line for one in shown for line in _shaft_evidence(one)))
    text = " ".join([answer.text, *(one.text for one in shown)])
    told = replace(answer, hypotheses=hypotheses, evidence=evidence, text=text)
    names = [one.label for one in there]
    if names and _claim(answer) == 0 and (unnamed or answer.label == "normal"):
        return replace(
            told, status="ok", label=names[0], confidence=there[0].confidence, also=(*answer.also, *names[1:])
        )
    return replace(told, also=(*answer.also, *names))


def _claim(answer: Diagnosis) -> float:
    """Confidence of a fault; 0 where none is claimed."""
    return 0.0 if answer.label in (None, "normal") else answer.confidence or 0.0


def _shaft_hypothesis(finding: ShaftFinding) -> Hypothesis:
    return Hypothesis(
        label=finding.label,
        confidence=finding.confidence,
        score=finding.score,
        frequency_hz=finding.frequency_hz,
        p_value=finding.p_value,
        effect=finding.effect,
        limit=finding.limit,
        part="the shaft",
    )


def _shaft_evidence(finding: ShaftFinding) -> list[Evidence]:
    return [
        Evidence(
            hypothesis=finding.label,
            harmonic=order,
            expected_hz=expected_hz,
            found_hz=found_hz,
            level_db=level_db,
            text=f"{order:g} x the shaft: expected at {expected_hz:.1f} Hz, found at {found_hz:.1f} Hz, "
            f"{level_db:.0f} dB above the noise",
        )
        for order, expected_hz, found_hz, level_db in finding.lines
    ]
