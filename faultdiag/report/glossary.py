"""How the page of diagnoses is read: what its terms mean."""

import math
from collections.abc import Collection

from faultdiag.diagnosis.bearing_confidence import EFFECT
from faultdiag.diagnosis.bearing_confidence import GROWTH as BEARING_GROWTH
from faultdiag.diagnosis.confidence import ALPHA
from faultdiag.diagnosis.gear import LIMITS
from faultdiag.diagnosis.shaft_faults import GROWTH as SHAFT_GROWTH
from faultdiag.diagnosis.shaft_faults import GROWTH_ALONE, LIMIT_MM_S, NEW_MM_S
from faultdiag.report.names import Kind

__all__ = ["glossary"]

TENFOLD = math.log(10)
"""Nats of a factor of ten."""


def glossary(kinds: Collection[Kind], *, stands_out_db: float) -> list[tuple[str, str]]:
    """Return the terms of a page, each with what it means.

    Parameters
    ----------
    kinds : collection of {"bearing", "gear", "shaft"}
        Of the faults in its tables.
    stands_out_db : float
        Level from which a line is not grey.
    """
    effects: list[tuple[Kind, str, str]] = [
        ("bearing", "effect, bearing", _bearing_effect()),
        ("gear", "effect, gears", _gear_effect()),
        ("shaft", "effect, shaft", _shaft_effect()),
    ]
    table = [
        (
            "confidence",
            "Of damage: the weakest of what chance, effect and comparisons leave; a claim begins at 50 %.",
        ),
        (
            "chance",
            f"How often noise alone would show as much. A claim needs less than once in {1 / ALPHA:,.0f}.",
        ),
        *((term, says) for kind, term, says in effects if kind in kinds),
        ("damage from", _damage_from(kinds)),
        ("score", f"Evidence against chance: {TENFOLD:.1f} more make it about ten times less likely."),
    ]
    lines = [
        (
            "level",
            "Power of a line over the noise around it. Noise alone reaches "
            f"{stands_out_db:.0f} dB in about one line of a thousand; weaker ones are grey.",
        ),
        (
            "undetermined",
            "An answer, too: something is there that cannot be named for sure, or the shaft cannot be seen.",
        ),
    ]
    return [*table, *lines] if kinds else lines


def _bearing_effect() -> str:
    return (
        "By how much the vibration of all frequencies together swells with the strikes. Sound bearings show "
        f"less than {100 * EFFECT / 2:g} %. The cage is never claimed by itself."
    )


def _gear_effect() -> str:
    return (
        "One tooth: share of the power, or of that of what repeats with every turn, that comes in one short "
        "pulse each turn. Many teeth: by how much the mesh goes up and down from tooth to tooth. Sound gears "
        "may show as much, so that it is damage only against a reference. One broken tooth makes teeth "
        "differ, too, and is named alone."
    )


def _shaft_effect() -> str:
    return (
        f"How strong its lines are over what is tolerated: {LIMIT_MM_S:g} mm/s RMS; with a reference "
        f"{SHAFT_GROWTH:g} times its amplitude and {NEW_MM_S:g} mm/s, or {GROWTH_ALONE:g} times where the "
        "unit is not known. With neither unit nor reference it says only how typical of the fault they are, "
        "and nothing is claimed."
    )


def _damage_from(kinds: Collection[Kind]) -> str:
    """What the column of limits is, and what a reference does to them."""
    raised: list[tuple[Kind, str]] = [
        ("bearing", f"{BEARING_GROWTH:g} times in a bearing"),
        ("gear", f"{LIMITS['pulse'].growth:g} times for one tooth, {LIMITS['spread'].growth:g} for many"),
    ]
    times = ", ".join(says for kind, says in raised if kind in kinds)
    compared = f" It is at least a multiple of the effect in a reference: {times}." if times else ""
    return f"The effect from which on it is damage.{compared}"
