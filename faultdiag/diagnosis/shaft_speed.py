"""The speed of the shaft: what was said of it, corrected by what the vibration shows."""

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faultdiag.signal.speed import refine_speed

__all__ = ["ShaftSpeed", "shaft_speed"]

N_ORDERS = 20

NARROW, WIDE = 0.025, 0.10
"""How far from the speed that was said the shaft is looked for: labels are off by up to 8 %."""

CLEAR_DB = 10.0
"""Mean level of the shaft's lines from which they are believed; noise alone reaches 6 dB."""

FAR_CLEARER_DB = 6.0
"""By how much a far speed must stand out more than a near one: a comb of another shaft or of the cage is
found somewhere in a wide search."""


class ShaftSpeed(NamedTuple):
    """The speed that a diagnosis works with.

    Attributes
    ----------
    speed_rpm : float
        The speed.
    source : {"found", "found far off", "said"}
        Whether the vibration shows it near the one that was said, or far from it; or nothing clear.
    level_db : float
        Mean level of the shaft's lines there.
    """

    speed_rpm: float
    source: Literal["found", "found far off", "said"]
    level_db: float


def shaft_speed(x: NDArray[np.floating[Any]], *, rate_hz: float, said_rpm: float) -> ShaftSpeed:
    """Return the speed near the one that was said at which the harmonics of the shaft stand out.

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    said_rpm : float
        The nominal speed, or that of a label.

    Raises
    ------
    RecordError
        If the record has fewer than 20 turns.
    """
    highest = 0.45 * rate_hz / ((1 + WIDE) * said_rpm / 60)
    orders = np.arange(1, max(3, min(N_ORDERS, int(highest))) + 1)
    near, far = (
        [float(v) for v in refine_speed(x, rate_hz=rate_hz, speed_rpm=said_rpm, orders=orders, tolerance=t)]
        for t in (NARROW, WIDE)
    )
    if far[1] >= max(CLEAR_DB, near[1] + FAR_CLEARER_DB):
        return ShaftSpeed(far[0], "found far off", far[1])
    if near[1] >= CLEAR_DB:
        return ShaftSpeed(near[0], "found", near[1])
    return ShaftSpeed(said_rpm, "said", near[1])
