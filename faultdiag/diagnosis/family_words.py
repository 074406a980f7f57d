"""What a family of lines may be, in words that a mechanic understands."""

from faultdiag.diagnosis.envelope_lines import MAINS_HZ
from faultdiag.diagnosis.shaft_speed import ShaftSpeed

__all__ = ["family_sentence"]

FOUND, SAID = 1e-3, 1e-2
"""How close to a multiple of the shaft a family must be to be its own: the speed was found, or only said."""


SLOWER = 0.5
"""Turns of the shaft below which no part of a bearing strikes, and only its cage goes round."""


def family_sentence(
    frequency_hz: float, *, n_clear: int, effect: float, step_hz: float, shaft: ShaftSpeed | None
) -> str:
    """Return how often the vibration swells, and what that is a sign of.

    Parameters
    ----------
    frequency_hz : float
        How often.
    n_clear : int
        Clear lines.
    effect : float
        By how much, 0.1 for 10 %.
    step_hz : float
        Distance of two lines of the spectrum.
    shaft : ShaftSpeed or None
        Of the shaft, where it is known.

    Examples
    --------
    >>> family_sentence(107.4, n_clear=4, effect=0.3, step_hz=0.05, shaft=ShaftSpeed(1797.0, "found", 20.0))
    'The vibration swells 107.4 times a second (3.59 times a turn) by 30 %, 4 clear lines: as no multiple \
of the speed of the shaft, this is how a rolling bearing shows.'
    """
    turns = "" if shaft is None else f" ({60 * frequency_hz / shaft.speed_rpm:.2f} times a turn)"
    lines = f"{n_clear} clear line{'' if n_clear == 1 else 's'}"
    start = f"The vibration swells {frequency_hz:.1f} times a second{turns} by {100 * effect:.0f} %, {lines}"
    return f"{start}: {_meaning(frequency_hz, step_hz, shaft)}."


def _meaning(frequency_hz: float, step_hz: float, shaft: ShaftSpeed | None) -> str:
    names = []
    if shaft is not None:
        shaft_hz = shaft.speed_rpm / 60
        turn = round(frequency_hz / shaft_hz)
        near_hz = 2 * step_hz + (SAID if shaft.source == "said" else FOUND) * frequency_hz
        is_multiple = turn > 0 and abs(frequency_hz - turn * shaft_hz) <= near_hz
        if is_multiple and near_hz <= shaft_hz / 4:  # else anything is near a multiple
            names.append("the shaft itself" if turn == 1 else f"{turn} times the speed of the shaft")
    for mains_hz in (multiple * mains_hz for multiple in (1, 2) for mains_hz in MAINS_HZ):
        if abs(frequency_hz - mains_hz) <= 2 * step_hz:
            names.append(f"the {mains_hz:g} Hz of the mains")
    if names:
        return f"this is {' or '.join(names)}"
    if shaft is None:
        return (
            "if it is no multiple of the speed of the shaft and faster, this is how a rolling bearing shows"
        )
    if frequency_hz < SLOWER * shaft.speed_rpm / 60:
        return "this may be another, slower shaft, a belt or the cage of a bearing"
    return "as no multiple of the speed of the shaft, this is how a rolling bearing shows"
