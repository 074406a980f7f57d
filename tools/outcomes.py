"""What an answer is worth where the truth is known."""

from collections import Counter
from collections.abc import Iterable

from faultdiag.diagnosis.diagnosis import Diagnosis

PARTS = frozenset({"outer", "inner", "ball", "cage"})
"""Of bearings; what is said of the shaft beside them is not judged here."""

OUTCOMES = ("right", "beside", "wrong", "undetermined", "normal")
"""Beside: the right part is named first, and a sound one beside it."""


def claims(answer: Diagnosis) -> set[str]:
    """Return the parts of the bearing that an answer says are at fault, the first and those beside it."""
    return {part for part in (answer.label, *answer.also) if part} & PARTS


def outcome(answer: Diagnosis, truth: str) -> str:
    """Return what an answer is, by the part that it names first."""
    if answer.label in PARTS:
        if answer.label != truth:
            return "wrong"
        return "beside" if claims(answer) - {truth} else "right"
    return "normal" if answer.label == "normal" else "undetermined"


def shares(found: Iterable[str]) -> dict[str, float]:
    """Return how many outcomes there are, and the share of each kind; those beside count as right, too."""
    counts = Counter(found)
    n = counts.total()
    counts["right"] += counts["beside"]
    return {"n": n, **{name: round(counts[name] / n, 4) for name in OUTCOMES}}
