"""How the page of diagnoses is read: its terms, and from where on an effect is damage."""

import math
from collections.abc import Collection

from faultdiag.diagnosis.bearing import EFFECT
from faultdiag.diagnosis.bearing import GROWTH as BEARING_GROWTH
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
        "By how much the vibration of all frequencies together swells with the strikes. Damage from "
        f"{_percent(EFFECT)} on, and from {BEARING_GROWTH:g} times that of a reference; sound bearings show "
        "less than half of it. The cage is never claimed by itself."
    )


def _gear_effect() -> str:
    pulse, repeated, spread = LIMITS["pulse"], LIMITS["repeated"], LIMITS["spread"]
    return (
        "One tooth: share of the power that comes in one short pulse each turn. Damage from "
        f"{_percent(pulse.alone)} on, or {_percent(repeated.alone)} of the power of what repeats with every "
        f"turn, and from {pulse.growth:g} times that of a reference. Many teeth: by how much the mesh goes "
        "up and down from tooth to tooth. Sound gears may show as much, so that it is damage only against a "
        f"reference, from {_percent(spread.compared)} and {spread.growth:g} times that of the reference on. "
        "One broken tooth makes teeth differ, too, and is named alone."
    )


def _shaft_effect() -> str:
    return (
        f"How strong its lines are over what is tolerated: {LIMIT_MM_S:g} mm/s RMS; with a reference "
        f"{SHAFT_GROWTH:g} times its amplitude and {NEW_MM_S:g} mm/s, or {GROWTH_ALONE:g} times where the "
        "unit is not known. With neither unit nor reference it says only how typical of the fault they are, "
        "and nothing is claimed."
    )


def _percent(share: float) -> str:
    return f"{100 * share:g} %"
