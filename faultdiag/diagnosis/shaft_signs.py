"""How the lines of a shaft are spread over its orders, and which fault spreads them so."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc

from faultdiag.diagnosis.shaft_lines import HIGH, ShaftLines
from faultdiag.records import UNIT_FACTORS

__all__ = ["SEEN", "Sign", "shaft_signs", "to_velocity"]

Numbers = NDArray[np.float64]

DOMINANT = 2.0
"""Imbalance: the line at 1 x is so much stronger than all others together."""

SECOND = 0.5
"""Misalignment: the line at 2 x has this share of the one at 1 x; below it a coupling counts as sound."""

POINTS = 3.5
"""Looseness: lines beyond the third harmonic, a half or third order counts for two. Two broken orders are
enough, or one and two high harmonics, or four of these."""

GOES_ON = 0.15
"""Velocity of the far harmonics over that of the fourth to tenth from which something strikes once a turn, a
broken tooth maybe: the harmonics of short strikes have 0.3, those of a loose part fall off faster."""

COUNTS = 0.1
"""Share of the strongest line that a line must have to count for looseness."""

FAINTEST = 0.05
"""Share of the strongest line as which all weaker ones count in a ratio, so that it says something."""

SEEN = 1e-3
"""Chance below which a line is there; the others are 0."""

CAPPED = 14.0
"""Nats that a single line can give to looseness, about a millionth: it takes several."""

TO_VELOCITY = {"acceleration": -1, "velocity": 0, "displacement": 1}
"""Powers of the angular frequency that make a quantity a velocity."""


class Sign(NamedTuple):
    """How the lines would look if this were the fault: all masks over the orders.

    Attributes
    ----------
    label : str
        The fault.
    typical : float
        How much the spread over the orders is that of the fault, 1 at the limit.
    marks : ndarray of bool
        Lines without which it is not there.
    judged : ndarray of bool
        Lines whose velocity it is judged by.
    p_value : float
        Chance that noise shows the marks.
    """

    label: str
    typical: float
    marks: NDArray[np.bool_]
    judged: NDArray[np.bool_]
    p_value: float


def shaft_signs(lines: ShaftLines, healthy: ShaftLines | None, *, unit: str) -> list[Sign]:
    """Return how the lines would look for each fault.

    Parameters
    ----------
    lines : ShaftLines
        Of the signal.
    healthy : ShaftLines or None
        Of the machine in good order: only what has been added to it counts.
    unit : str
        Of the signal.

    Returns
    -------
    list of Sign
        Of imbalance, misalignment and looseness.
    """
    velocity = np.sqrt(_added(lines, healthy)) * to_velocity(lines, unit)
    near = lines.orders <= HIGH
    strongest = float(velocity[near].max())
    least = FAINTEST * strongest + 1e-300
    first, second, third = (lines.orders == k for k in (1, 2, 3))
    v_first, v_second = float(velocity[first][0]), float(velocity[second][0])
    v_rest = float(np.linalg.norm(velocity[near & ~first]))
    broken = lines.orders != np.rint(lines.orders)
    others = near & ((lines.orders > 3) | broken)
    counted = others & ~lines.at_mains & (velocity > 0) & (velocity >= COUNTS * strongest)
    points = float(np.sum(np.where(broken, 2, 1)[counted]))
    few = POINTS / max(points, 1)  # a part that knocks shakes at 2 x, too
    if _goes_on(velocity[~near], velocity[others & ~broken]):
        counted &= broken
        points = 2.0 * float(counted.sum())
    once, twice = float(lines.p_value[first][0]), float(lines.p_value[second][0])
    misaligned = min(v_second / max(v_first, least) / SECOND, few)
    return [
        Sign("imbalance", v_first / max(v_rest, least) / DOMINANT, first, first, once),
        Sign("misalignment", misaligned, second, first | second | third, twice),
        Sign("looseness", points / POINTS, counted, near & (velocity > 0), _together(lines.p_value[others])),
    ]


def _goes_on(far: Numbers, high: Numbers) -> bool:
    return len(far) > 0 and float(np.median(far)) >= GOES_ON * float(np.median(high)) > 0


def _together(p_values: Numbers) -> float:
    """Chance of several lines together, of which none can decide alone."""
    nats = np.minimum(-np.log(np.maximum(p_values, 1e-300)), CAPPED)
    return float(gammaincc(len(nats), nats.sum()))


def _added(lines: ShaftLines, healthy: ShaftLines | None) -> Numbers:
    """Power of the lines that are there, less what a healthy record has; far ones are judged together."""
    seen = np.where((lines.p_value <= SEEN) | (lines.orders > HIGH), lines.power, 0)
    if healthy is not None:
        n = min(len(seen), len(healthy.power))
        seen[:n] -= healthy.power[:n]
    return np.maximum(seen, 0)


def to_velocity(lines: ShaftLines, unit: str) -> Numbers:
    """Return the factors that make amplitudes velocities in mm/s.

    Parameters
    ----------
    lines : ShaftLines
        Whose amplitudes.
    unit : str
        Of the signal; one that is unknown, or of no vibration, is taken to be that of an acceleration.
    """
    quantity, factor = UNIT_FACTORS.get(unit, UNIT_FACTORS["m/s2"])
    omega = 2 * np.pi * lines.expected_hz
    return np.asarray(1000 * factor * omega ** TO_VELOCITY[quantity])
