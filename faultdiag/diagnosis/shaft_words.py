"""What was found on a shaft, in words that a mechanic understands."""

__all__ = ["shaft_sentence"]

SHOWS = {
    "imbalance": ("once a turn", "an unbalanced or bent rotor"),
    "misalignment": ("once and twice a turn", "a misaligned coupling"),
    "looseness": ("at several multiples or fractions of the speed", "a part that is loose and knocks"),
}
"""What shows a fault, and who shakes like this."""


def shaft_sentence(
    label: str,
    *,
    seen: bool,
    frequency_hz: float,
    velocity_mm_s: float | None,
    growth: float | None,
    at_mains: bool,
    strong: bool,
    enough: bool,
) -> str:
    """Return a sentence or two on one fault of a shaft.

    Parameters
    ----------
    label : {"imbalance", "misalignment", "looseness"}
        The fault.
    seen : bool
        Whether its lines are more than chance.
    frequency_hz : float
        Of its first line.
    velocity_mm_s : float or None
        RMS velocity of its lines, where the unit is known.
    growth : float or None
        Of their amplitude against a healthy record, where there is one.
    at_mains : bool
        Whether they cannot be told from lines of the mains.
    strong : bool
        Whether they are stronger than is tolerated.
    enough : bool
        Whether they are strong, and spread over the orders as this fault spreads them.

    Examples
    --------
    >>> shaft_sentence("imbalance", seen=True, frequency_hz=29.9, velocity_mm_s=6.2, growth=None,
    ...                at_mains=False, strong=True, enough=True)
    'It shakes once a turn (29.9 Hz) with 6.2 mm/s RMS, as an unbalanced or bent rotor does.'
    """
    when, who = SHOWS[label]
    if not seen:
        return f"{who.capitalize()} would shake the machine {when}; that is not seen."
    sizes = [] if velocity_mm_s is None else [f"with {velocity_mm_s:.2g} mm/s RMS"]
    if growth is not None:
        sizes.append(f"{growth:.1f} times as strongly as in good order")
    first = f"It shakes {when} ({frequency_hz:.1f} Hz){''.join(' ' + one for one in sizes[:1])}"
    first += "".join(f", {one}" for one in sizes[1:])
    if not sizes:
        return f"{first}; only a known unit or a record in good order at this speed shows if that is much."
    if not strong:
        return f"{first}, which is no sign of {who}."
    much = f"{first}: more than is tolerated"
    if at_mains:
        meant = f". That may be {who}, but" if enough else ", but"
        return f"{much}{meant} a line of the mains lies too near to tell."
    return (
        f"{first}, as {who} does."
        if enough
        else f"{much}, but not spread over the orders as {who} spreads it."
    )
