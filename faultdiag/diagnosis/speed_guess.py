"""The speed of a shaft of which nothing was said: a guess from the strongest comb of tones."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.families import LineFamily
from faultdiag.diagnosis.shaft_lines import FEWEST_TURNS
from faultdiag.diagnosis.shaft_speed import CLEAR_DB
from faultdiag.signal.speed import refine_speed

__all__ = ["PartSpeed", "SpeedGuess", "guess_speed", "speeds_meant"]

LOWEST_RPM, HIGHEST_RPM = 300.0, 3700.0
"""Most machines without a name turn at such speeds; a wider search finds more combs that are none."""

N_ORDERS = 10

PARTS = (2, 3)
"""A comb is that of a shaft half or a third as fast, if the lines between its own are there too."""

CLOSE = 2e-3
"""How far apart two frequencies may be and be one, relative."""

SLIP = 0.03
"""How far the speed that a part means may be from that of the tones and be the same, for parts slip."""

ABSURD_RPM = 60000.0
"""Beyond it no bearing turns but those of a few spindles."""

FAR = 10.0
"""So many times the slowest of the other readings, the cage is the least likely one."""


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


class PartSpeed(NamedTuple):
    """The speed of the shaft if one part of a bearing is what strikes.

    Attributes
    ----------
    label : str
        The part.
    speed_rpm : float
        The speed.
    shown : bool
        Whether the tones show the same.
    """

    label: str
    speed_rpm: float
    shown: bool


def guess_speed(
    x: NDArray[np.floating[Any]], *, rate_hz: float, families: Sequence[LineFamily] = ()
) -> SpeedGuess | None:
    """Return the speed at which a shaft would make the strongest comb of tones.

    None where none is clear, and where the record has fewer than 20 turns at 300 rpm or its rate is too low
    for ten orders.

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    families : sequence of LineFamily
        What swells in the same signal: a comb at such a frequency, or a multiple or a fraction of it up to
        the sixth, may be that of a damaged bearing, whose strikes make tones, too.
    """
    duration_s = len(x) / rate_hz
    slowest_rpm = max(LOWEST_RPM, 60 * FEWEST_TURNS / duration_s)
    fastest_rpm = min(HIGHEST_RPM, 0.45 * 60 * rate_hz / N_ORDERS)
    if slowest_rpm >= fastest_rpm:
        return None
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
    swelling = [one.frequency_hz for one in families if _related(speed_rpm / 60, one.frequency_hz)]
    turns = f"turns at {speed_rpm:.0f} rpm, or half, twice or three times as fast"
    text = f"If the strongest comb of tones is that of the shaft, it {turns}."
    if swelling:
        text = (
            f"The strongest comb of tones, {speed_rpm / 60:.1f} Hz apart, goes with what swells "
            f"{swelling[0]:.1f} times a second: either both come from the shaft, which then {turns}, or both "
            "from what strikes, and the speed stays open."
        )
    return SpeedGuess(speed_rpm, clear_db, bool(swelling), text)


def speeds_meant(
    frequency_hz: float, orders: Mapping[str, float], *, guess: SpeedGuess | None = None
) -> list[PartSpeed]:
    """Return the speeds at which parts of a bearing would strike so often; absurd ones are left out.

    Parameters
    ----------
    frequency_hz : float
        Strikes in a second.
    orders : mapping of str to float
        At which each part strikes.
    guess : SpeedGuess, optional
        What the tones say: the part that means the same comes first.

    Examples
    --------
    >>> [one.label for one in speeds_meant(107.7, {"inner": 5.415, "outer": 3.585, "cage": 0.398})]
    ['inner', 'outer']
    >>> [one.label for one in speeds_meant(11.9, {"inner": 5.415, "outer": 3.585, "cage": 0.398})]
    ['cage', 'inner', 'outer']
    """
    speeds_rpm = {label: 60 * frequency_hz / order for label, order in orders.items()}
    others_rpm = [speed_rpm for label, speed_rpm in speeds_rpm.items() if label != "cage"]
    highest_rpm = {}
    # where all others would mean an unusually slow shaft, the cage is no unlikely part
    if max(others_rpm, default=0.0) >= LOWEST_RPM:
        highest_rpm["cage"] = min(FAR * min(others_rpm), ABSURD_RPM)
    meant = [
        PartSpeed(label, speed_rpm, guess is not None and abs(speed_rpm / guess.speed_rpm - 1) <= SLIP)
        for label, speed_rpm in speeds_rpm.items()
    ]
    found = [one for one in meant if one.shown or one.speed_rpm <= highest_rpm.get(one.label, ABSURD_RPM)]
    return sorted(found, key=lambda one: (not one.shown, one.label))


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
