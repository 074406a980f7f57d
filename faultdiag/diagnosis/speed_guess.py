"""The speed of a shaft of which nothing was said: a guess from the strongest comb of tones."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.families import LineFamily
from faultdiag.diagnosis.shaft_speed import CLEAR_DB
from faultdiag.errors import RecordError
from faultdiag.signal.speed import refine_speed

__all__ = ["SpeedGuess", "guess_speed"]

LOWEST_RPM, HIGHEST_RPM = 300.0, 3700.0
"""Most machines without a name turn at such speeds; a wider search finds more combs that are none."""

N_ORDERS = 10

FEWEST_TURNS = 20

PARTS = (2, 3)
"""A comb is that of a shaft half or a third as fast, if the lines between its own are there too."""

CLOSE = 2e-3
"""How far apart two frequencies may be and be one, relative."""


class SpeedGuess(NamedTuple):
    """What the tones say of the speed.

    Attributes
    ----------
    speed_rpm : float
        The guess.
    level_db : float
        Mean level of its first ten lines over the median of their surroundings.
    swells : bool
        Whether the power swells at this rate, too: then it may be that of the strikes of a damaged bearing.
    text : str
        A sentence for a mechanic.
    """

    speed_rpm: float
    level_db: float
    swells: bool
    text: str


def guess_speed(
    x: NDArray[np.floating[Any]], *, rate_hz: float, families: Sequence[LineFamily] = ()
) -> SpeedGuess | None:
    """Return the speed at which a shaft would make the strongest comb of tones; None where none is clear.

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    families : sequence of LineFamily
        What swells in the same signal: a comb at such a frequency, or a multiple or a fraction of it up to
        the sixth, may be that of a damaged bearing, whose strikes make tones, too.

    Raises
    ------
    RecordError
        If the record has fewer than 20 turns at 300 rpm, or its rate is too low for ten orders.
    """
    duration_s = len(x) / rate_hz
    slowest_rpm = max(LOWEST_RPM, 60 * FEWEST_TURNS / duration_s)
    fastest_rpm = min(HIGHEST_RPM, 0.45 * 60 * rate_hz / N_ORDERS)
    if slowest_rpm >= fastest_rpm:
        raise RecordError(
            f"{duration_s:.3g} s at {rate_hz:g} Hz are too little to guess a speed from; record longer"
        )
    middle_rpm = (slowest_rpm + fastest_rpm) / 2
    found_rpm, level_db = refine_speed(
        x,
        rate_hz=rate_hz,
        speed_rpm=middle_rpm,
        orders=np.arange(1, N_ORDERS + 1),
        tolerance=fastest_rpm / middle_rpm - 1,
    )
    speed_rpm, clear_db = float(found_rpm), float(level_db)
    if clear_db < CLEAR_DB:
        return None
    speed_rpm = _slowest(x, rate_hz, speed_rpm, slowest_rpm)
    swells = any(_related(speed_rpm / 60, one.frequency_hz) for one in families)
    doubt = "; but it may be that of what strikes as often" if swells else ""
    text = (
        f"If the strongest comb of tones is that of the shaft, it turns at {speed_rpm:.0f} rpm, or half, "
        f"twice or three times as fast{doubt}."
    )
    return SpeedGuess(speed_rpm, clear_db, swells, text)


def _slowest(x: NDArray[np.floating[Any]], rate_hz: float, speed_rpm: float, slowest_rpm: float) -> float:
    """The speed divided by 2 and 3 as long as lines between those of the comb show that it is slower."""
    for part in PARTS:
        slower_rpm = speed_rpm / part
        if slower_rpm < slowest_rpm:
            continue
        between = [order for order in range(1, 3 * part + 2) if order % part]
        found_rpm, level_db = refine_speed(
            x, rate_hz=rate_hz, speed_rpm=slower_rpm, orders=between, tolerance=CLOSE
        )
        if level_db >= CLEAR_DB:
            return _slowest(x, rate_hz, float(found_rpm), slowest_rpm)
    return speed_rpm


def _related(one_hz: float, other_hz: float) -> bool:
    ratio = max(one_hz, other_hz) / min(one_hz, other_hz)
    return round(ratio) <= PARTS[0] * PARTS[1] and abs(ratio / round(ratio) - 1) <= CLOSE
