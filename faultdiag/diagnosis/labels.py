"""Labels checked by physics: whether the lines of a bearing contradict what a data set says of a record."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from faultdiag.diagnosis.diagnosis import Diagnosis
from faultdiag.diagnosis.record import diagnose_record
from faultdiag.errors import ParameterError, RecordError
from faultdiag.kinematics.orders import FaultOrders
from faultdiag.records import Record

__all__ = ["LabelCheck", "LabelTally", "Outcome", "check_label", "meant_part", "tallies"]

Outcome = Literal["agrees", "contradicts", "shows nothing", "not judged"]

STEMS = {
    "inner": "inner",
    "outer": "outer",
    "ball": "ball",
    "roller": "ball",
    "normal": "normal",
    "healthy": "normal",
}
"""How a word of a label starts, and what it means."""

SHORT = {"ir|bpfi": "inner", "or|bpfo": "outer", r"b(?=\d)|bsf": "ball"}
"""Abbreviations a label may begin with, as patterns: "B007" is a ball, "B" may be anything."""


@dataclass(frozen=True)
class LabelCheck:
    """What the physics says of one label.

    Attributes
    ----------
    file, channel : str
        Which signal.
    group : str
        The physical bearing, as the data set tells it.
    label : str
        What the data set says.
    outcome : {"agrees", "contradicts", "shows nothing", "not judged"}
        The label was claimed; another part was, or any fault though a healthy bearing is labelled; none was
        though a fault is labelled; nothing could be said.
    found : str or None
        What was claimed: a part, "normal", or nothing.
    also : tuple of str
        Other parts that are significant.
    confidence : float or None
        Of what was claimed.
    text : str
        The diagnosis in a sentence, or why there is none.
    """

    file: str
    channel: str
    group: str
    label: str
    outcome: Outcome
    found: str | None = None
    also: tuple[str, ...] = ()
    confidence: float | None = None
    text: str = ""

    def to_row(self) -> dict[str, Any]:
        """Return one flat row."""
        return asdict(self) | {"also": "; ".join(self.also)}


@dataclass(frozen=True)
class LabelTally:
    """How many records of a label had which outcome."""

    label: str
    n: int
    agrees: int
    contradicts: int
    shows_nothing: int
    not_judged: int


def check_label(record: Record, bearing: FaultOrders) -> LabelCheck:
    """Compare the label of a record with what its spectrum shows.

    Parameters
    ----------
    record : Record
        Of one channel, labelled.
    bearing : FaultOrders
        The bearing that the label speaks of.

    Returns
    -------
    LabelCheck
        An error of the record is no exception here but the outcome "not judged".
    """
    label = str(record.label)
    unjudged = LabelCheck(record.origin, record.channels[0], record.group or "", label, "not judged")
    part = meant_part(label)
    if part is None:
        reason = f"label {label!r} names no inner race, outer race or ball alone, nor a healthy bearing"
        return replace(unjudged, text=reason)
    if record.speed_rpm is None:
        return replace(unjudged, text="the speed of the shaft is unknown; say it with --speed")
    try:
        (answer,) = diagnose_record(record, bearing)
    except (RecordError, ParameterError) as error:
        return replace(unjudged, text=str(error))
    return replace(
        unjudged,
        outcome=_outcome(part, answer),
        found=answer.label,
        also=answer.also,
        confidence=answer.confidence,
        text=answer.text,
    )


def meant_part(label: str) -> str | None:
    """Return which part of a bearing a label says is at fault, "normal", or None where it says neither.

    Examples
    --------
    >>> [meant_part(label) for label in ("inner-7", "OuterRace_0.3", "B007", "Healthy")]
    ['inner', 'outer', 'ball', 'normal']
    >>> [meant_part(label) for label in ("inner+ball", "unbalance", "bearing B")]
    [None, None, None]
    """
    text = label.lower()
    meant = {part for stem, part in STEMS.items() if re.search(rf"(?<![a-z]){stem}", text)}
    meant |= {part for short, part in SHORT.items() if re.match(rf"({short})(?![a-z])", text)}
    return meant.pop() if len(meant) == 1 else None


def tallies(checks: Iterable[LabelCheck]) -> list[LabelTally]:
    """Return how the records of each label came out, labels in the order in which they come."""
    counts: dict[str, Counter[str]] = {}
    for check in checks:
        counts.setdefault(check.label, Counter())[check.outcome] += 1
    return [
        LabelTally(
            label,
            n=own.total(),
            agrees=own["agrees"],
            contradicts=own["contradicts"],
            shows_nothing=own["shows nothing"],
            not_judged=own["not judged"],
        )
        for label, own in counts.items()
    ]


def _outcome(part: str, answer: Diagnosis) -> Outcome:
    """What a diagnosis makes of a label; a claim speaks against it, silence does not."""
    if part == answer.label or part in answer.also:
        return "agrees"
    if answer.label not in (None, "normal"):
        return "contradicts"
    return "not judged" if part == "normal" else "shows nothing"  # undetermined is no "sound"
