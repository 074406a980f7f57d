"""Faults of a shaft: imbalance, misalignment and looseness, from the lines at its orders.

A claim rests on three things: the lines are no chance; they are spread over the orders as the fault spreads
them; and they are strong, either by the velocity of the housing, where the unit of the signal is known, or
against a healthy record. Without a unit and a healthy record no claim is made.

One sensor cannot tell imbalance from a bent shaft, nor see the axial vibration of an angular misalignment;
a second shaft at half the speed looks like half orders. A sentence says "as", not "is".
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.confidence import ALPHA, against_chance, against_limit
from faultdiag.diagnosis.healthy import Healthy
from faultdiag.diagnosis.shaft_lines import FEWEST_TURNS, ShaftLines, shaft_lines
from faultdiag.diagnosis.shaft_signs import SEEN, Sign, shaft_signs, to_velocity
from faultdiag.diagnosis.shaft_speed import NARROW, ShaftSpeed
from faultdiag.diagnosis.shaft_words import shaft_sentence
from faultdiag.errors import ParameterError
from faultdiag.records import UNIT_FACTORS
from faultdiag.signal.speed import refine_speed

__all__ = ["GROWTH", "LIMIT_MM_S", "ShaftFinding", "shaft_faults"]

LIMIT_MM_S = 4.5
"""RMS velocity of the lines of a fault from which it is one, where the machine is not known: where zone C of
ISO 20816-3, "for a limited time only", begins for large machines on rigid and medium-sized ones on flexible
supports. The whole vibration, which the standard judges, is no less than its lines."""

NEW_MM_S = 1.4
"""The least limit of zone A of the standard: what shakes less is as good as new, whatever its growth."""

GROWTH = 2.0
"""Growth of the amplitude against a healthy record (6 dB) from which it is no matter of mounting."""

GROWTH_ALONE = 4.0
"""The same where no unit says how much it is: load alone made a line of one motor grow to 3.4 times."""

SPEEDS = 0.1
"""How far the speeds of two records may be apart: imbalance alone grows with the square of the speed."""

HIGHEST = 0.45
"""Share of the lower of two rates up to which all the rest of two records is compared."""

UNSUPPORTED = 0.4
"""Share of its confidence that a finding keeps which, whatever it looks like, is no claim: less than half."""


@dataclass(frozen=True)
class ShaftFinding:
    """What speaks for one fault of the shaft.

    Attributes
    ----------
    label : {"imbalance", "misalignment", "looseness"}
        The fault.
    confidence : float
        The smallest of three: that it is no chance, that the lines are spread as this fault spreads them,
        that they are strong. Below one half where the unit is unknown and there is no healthy record, or
        where its line cannot be told from one of the mains.
    frequency_hz : float
        Of its first line.
    score : float
        Evidence of its lines in nats.
    p_value : float
        Chance that noise shows them.
    effect : float
        How strong it is over what is tolerated, 1 at the limit: the growth against the healthy record, or
        the velocity; where there is neither, how typical the spread over the orders is.
    limit : float or None
        Effect from which it is too strong, 1; None where there is neither.
    strong : bool
        Whether its lines are no chance and stronger than is tolerated: to be told, be it claimed or not.
    at_mains : bool
        Whether it would be claimed if a line of the mains were not too near.
    text : str
        A sentence for a mechanic.
    lines : tuple of (float, float, float, float)
        Order, where it should be, where it is, and level in dB over the noise of each of its lines.
    """

    label: str
    confidence: float
    frequency_hz: float
    score: float
    p_value: float
    effect: float
    limit: float | None
    strong: bool
    at_mains: bool
    text: str
    lines: tuple[tuple[float, float, float, float], ...]


def shaft_faults(
    x: NDArray[np.floating[Any]],
    *,
    rate_hz: float,
    shaft: ShaftSpeed,
    unit: str = "unknown",
    reference: Healthy | None = None,
) -> list[ShaftFinding]:
    """Return what speaks for each fault of a shaft, best first.

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    shaft : ShaftSpeed
        Of the shaft.
    unit : str
        Of the signal, as in `faultdiag.records.Record.units`; an unknown one, or one of no vibration, is
        taken to be that of an acceleration, and judged by no limit.
    reference : Healthy, optional
        The same channel of the machine in good order, left aside if its speed differs by more than 10 % or
        is neither known nor seen. A line has grown by what its amplitude gained, less what all the rest
        gained: a changed amplification claims nothing.

    Raises
    ------
    ParameterError
        If the shaft turns too fast for the rate.
    RecordError
        If the record or the reference has fewer than 20 turns.
    """
    healthy = None
    highest_hz = HIGHEST * rate_hz
    if reference is not None:
        highest_hz = min(highest_hz, HIGHEST * reference.rate_hz)
        its_speed = reference.shaft
        known = not reference.assumed or its_speed.source != "said"
        if known and abs(its_speed.speed_rpm / shaft.speed_rpm - 1) <= SPEEDS:
            healthy = _lines(reference.x, reference.rate_hz, its_speed, highest_hz)
    lines = _lines(x, rate_hz, shaft, highest_hz)
    found = [_finding(sign, lines, healthy, unit) for sign in shaft_signs(lines, healthy, unit=unit)]
    return sorted(found, key=lambda one: (-one.confidence, -one.score, one.label))


def _lines(x: NDArray[np.floating[Any]], rate_hz: float, shaft: ShaftSpeed, highest_hz: float) -> ShaftLines:
    """Lines of the shaft; where its many harmonics do not show the speed, its first three may."""
    if 3 * (1 + NARROW) * shaft.speed_rpm / 60 >= rate_hz / 2:
        raise ParameterError(
            f"at {shaft.speed_rpm:g} rpm the third harmonic of the shaft lies beyond the {rate_hz / 2:g} Hz "
            "that the record holds; check speed and rate"
        )
    options = {"rate_hz": rate_hz, "highest_hz": highest_hz}
    if shaft.source != "said":
        return shaft_lines(x, shaft_hz=shaft.speed_rpm / 60, **options)
    found_rpm, _ = refine_speed(
        x, rate_hz=rate_hz, speed_rpm=shaft.speed_rpm, orders=(1, 2, 3), tolerance=NARROW
    )
    slowest_rpm = 60 * FEWEST_TURNS * rate_hz / len(x)  # of a short record what was said is not undercut
    return shaft_lines(x, shaft_hz=max(float(found_rpm), slowest_rpm) / 60, looked=NARROW, **options)


def _finding(sign: Sign, lines: ShaftLines, healthy: ShaftLines | None, unit: str) -> ShaftFinding:
    velocity_mm_s = _velocity_mm_s(sign, lines, unit)
    growth = None if healthy is None else _growth(sign, lines, healthy, unit)
    strength = _strength(velocity_mm_s, growth)
    confidence = min(
        against_chance(sign.p_value, alpha=ALPHA),
        against_limit(sign.typical, limit=1),
        0.5 if strength is None else against_limit(strength, limit=1),
    )
    seen = sign.p_value <= ALPHA
    strong = seen and strength is not None and strength >= 1
    enough = strength is not None and confidence >= 0.5
    at_mains = bool(np.any(lines.at_mains & sign.marks))
    if at_mains or strength is None:
        confidence *= UNSUPPORTED
    shown = sign.judged & (lines.p_value <= SEEN)
    table = np.stack([lines.orders, lines.expected_hz, lines.found_hz, lines.level_db], axis=-1)[shown]
    place = lines.orders == (2 if sign.label == "misalignment" else 1)
    frequency_hz = float(lines.found_hz[place][0])
    return ShaftFinding(
        label=sign.label,
        confidence=confidence,
        frequency_hz=frequency_hz,
        score=-float(np.log(max(sign.p_value, 1e-300))),
        p_value=sign.p_value,
        effect=sign.typical if strength is None else strength,
        limit=None if strength is None else 1.0,
        strong=strong,
        at_mains=at_mains and enough,
        text=shaft_sentence(
            sign.label,
            seen=seen,
            frequency_hz=frequency_hz,
            velocity_mm_s=velocity_mm_s,
            growth=growth,
            at_mains=at_mains,
            strong=strong,
            enough=enough,
        ),
        lines=tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in table),
    )


def _velocity_mm_s(sign: Sign, lines: ShaftLines, unit: str) -> float | None:
    """RMS velocity of the lines of a fault; None where the unit does not say what it is of a housing."""
    if UNIT_FACTORS.get(unit, ("unknown", 1))[0] not in ("acceleration", "velocity"):
        return None
    velocity = np.sqrt(lines.power) * to_velocity(lines, unit)
    return float(np.sqrt(np.sum(velocity[sign.judged & (lines.p_value <= SEEN)] ** 2)))


def _growth(sign: Sign, lines: ShaftLines, healthy: ShaftLines, unit: str) -> float:
    """By how much the amplitude of the marks has grown, itself or more than the rest has: the smaller."""
    n = min(len(lines.orders), len(healthy.orders))
    marks = np.flatnonzero(sign.marks[:n])
    if len(marks) == 0:
        return 0.0
    weights = to_velocity(lines, unit)[marks] ** 2
    now = lines.power[marks]
    # what is not seen in the healthy record may be as large as its noise
    before = np.maximum(healthy.power, healthy.noise)[marks]
    itself = float(np.sum(weights * now) / np.sum(weights * before))
    return float(np.sqrt(itself / max(lines.rest / healthy.rest, 1)))


def _strength(velocity_mm_s: float | None, growth: float | None) -> float | None:
    """How strong it is over what is tolerated; None where there is nothing to compare with."""
    if growth is None:
        return None if velocity_mm_s is None else velocity_mm_s / LIMIT_MM_S
    if velocity_mm_s is None:
        return growth / GROWTH_ALONE
    return min(growth / GROWTH, velocity_mm_s / NEW_MM_S)
