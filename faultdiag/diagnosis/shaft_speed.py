"""The speed of the shaft: what was said of it, corrected by what the vibration shows."""

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faultdiag.diagnosis.shaft_lines import FEWEST_TURNS, shaft_lines
from faultdiag.signal.speed import refine_speed

__all__ = ["ShaftSpeed", "comb_speed", "shaft_speed"]

N_ORDERS = 20

NARROW, WIDE = 0.025, 0.10
"""How far from the speed that was said the shaft is looked for: labels are off by up to 8 %."""

CLEAR_DB = 10.0
"""Mean level of the shaft's lines from which they are believed; noise alone reaches 6 dB."""

FAR_CLEARER_DB = 6.0
"""By how much a far speed must stand out more than a near one: a comb of another shaft or of the cage is
found somewhere in a wide search."""


FEW = (1, 2, 3)
FEW_CHANCE = 1e-4
"""A smooth shaft shows no more: two of these lines that are no chance, and none of the mains, are it, too;
far from what was said it takes all three. The chance is that of noise anywhere within the search."""


SAME = 0.003
"""Up to here two speeds are one: more than the short comb errs, less than strikes near a multiple mislead."""


STRIKES = range(3, 9)
"""Whole numbers a turn close to which the parts of bearings strike."""

FEWEST_OTHERS = 3
"""Lines of a shaft that must be no chance away from such strikes and their first sidebands."""


class ShaftSpeed(NamedTuple):
    """The speed that a diagnosis works with.

    Attributes
    ----------
    speed_rpm : float
        The speed.
    source : {"found", "found far off", "said", "measured"}
        Whether the vibration shows it near the one that was said, or far from it; or nothing clear. One that
        a tachometer measured is not looked for.
    level_db : float
        Mean level of the lines of the best comb.
    """

    speed_rpm: float
    source: Literal["found", "found far off", "said", "measured"]
    level_db: float


def shaft_speed(
    x: NDArray[np.floating[Any]], *, rate_hz: float, said_rpm: float, measured: bool = False
) -> ShaftSpeed:
    """Return the speed near the one that was said at which the harmonics of the shaft stand out.

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    said_rpm : float
        The nominal speed, or that of a label.
    measured : bool
        Whether a tachometer told it: then it is not looked for.

    Raises
    ------
    RecordError
        If the record has fewer than 20 turns.
    """
    if measured:
        return ShaftSpeed(said_rpm, "measured", 0.0)
    highest = 0.45 * rate_hz / ((1 + WIDE) * said_rpm / 60)
    orders = np.arange(1, max(3, min(N_ORDERS, int(highest))) + 1)
    many = comb_speed(x, rate_hz=rate_hz, said_rpm=said_rpm, orders=orders)
    few = _by_few_lines(x, rate_hz, said_rpm)
    if few is None and many.source != "said" and not _holds_without_strikes(x, rate_hz, many.speed_rpm):
        return ShaftSpeed(said_rpm, "said", many.level_db)
    if many.source == "said":
        return few or many
    # strikes of a bearing close to a multiple of the shaft pull the long comb, not the short one
    return many if few is None or abs(many.speed_rpm / few.speed_rpm - 1) <= SAME else few


def comb_speed(
    x: NDArray[np.floating[Any]], *, rate_hz: float, said_rpm: float, orders: ArrayLike
) -> ShaftSpeed:
    """Return the speed at which lines at these orders stand out, near the one that was said if they do there.

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    said_rpm : float
        The nominal speed, or that of a label.
    orders : array_like
        Of the lines; none may lie beyond half the rate.

    Raises
    ------
    RecordError
        If the record has fewer than 20 turns.
    """
    near, far = (
        [float(v) for v in refine_speed(x, rate_hz=rate_hz, speed_rpm=said_rpm, orders=orders, tolerance=t)]
        for t in (NARROW, WIDE)
    )
    if far[1] >= max(CLEAR_DB, near[1] + FAR_CLEARER_DB):
        return ShaftSpeed(far[0], "found far off", far[1])
    if near[1] >= CLEAR_DB:
        return ShaftSpeed(near[0], "found", near[1])
    return ShaftSpeed(said_rpm, "said", near[1])


def _holds_without_strikes(x: NDArray[np.floating[Any]], rate_hz: float, speed_rpm: float) -> bool:
    """Whether a comb is more than strikes of a bearing that come nearly a whole number of times a turn."""
    if speed_rpm / 60 * len(x) / rate_hz < FEWEST_TURNS:  # slower than was said, and 20 turns no more
        return False
    lines = shaft_lines(x, rate_hz=rate_hz, shaft_hz=speed_rpm / 60, highest_hz=0, looked=WIDE)
    seen = lines.orders[(lines.p_value <= FEW_CHANCE) & (lines.orders % 1 == 0)]
    # beside every third line lie all others, so that there the sidebands are no argument
    away = [np.abs(seen - strikes * np.rint(seen / strikes)) > min(1, strikes - 3) for strikes in STRIKES]
    return min(int(others.sum()) for others in away) >= FEWEST_OTHERS


def _by_few_lines(x: NDArray[np.floating[Any]], rate_hz: float, said_rpm: float) -> ShaftSpeed | None:
    """The speed within 10 % of what was said whose first three lines stand out most, if they are enough."""
    speed_rpm, level_db = (
        float(v) for v in refine_speed(x, rate_hz=rate_hz, speed_rpm=said_rpm, orders=FEW, tolerance=WIDE)
    )
    if speed_rpm / 60 * len(x) / rate_hz < FEWEST_TURNS:  # slower than was said, and 20 turns no more
        return None
    lines = shaft_lines(x, rate_hz=rate_hz, shaft_hz=speed_rpm / 60, highest_hz=0, looked=WIDE)
    there = np.isin(lines.orders, FEW) & ~lines.at_mains & (lines.p_value <= FEW_CHANCE)
    if there.sum() == len(FEW) and abs(speed_rpm / said_rpm - 1) > NARROW:
        return ShaftSpeed(speed_rpm, "found far off", level_db)
    if there.sum() >= len(FEW) - 1 and abs(speed_rpm / said_rpm - 1) <= NARROW:
        return ShaftSpeed(speed_rpm, "found", level_db)
    return None
