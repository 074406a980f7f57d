"""What a header says of a column: its name, and its unit behind the name or in a line below."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from faultdiag.records import UNIT_FACTORS

__all__ = ["SECONDS", "Column", "column_of", "units_of"]

SECONDS = {"s": 1.0, "sec": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6}
"""Units of time, in seconds."""

_OTHER = {"mm", "V", "mV", "A", "N", "Nm", "rpm", "1/min", "U/min", "Hz", "°C", "K", "bar", "Pa", "deg"}
"""In what the channels beside vibration are measured: voltage, current, load, speed, temperature, angle."""

_SPELLINGS = {"m/s^2": "m/s2", "m/s²": "m/s2", "m/s**2": "m/s2", "µm": "um", "μm": "um"}
"""Other ways to write our units."""

_NAME_AND_UNIT = re.compile(r"(?P<name>.*\S)\s*[\[(](?P<unit>[^\])]*[^\W\d][^\])]*)[\])]")
_IN_BRACKETS = re.compile(r"^[\[(](.*)[\])]$")
_NONE = ("", "-")
"""What stands in a line of units below a column that has none."""


@dataclass(frozen=True)
class Column:
    """What the header says of a column: ``DE [g]`` and ``DE (g)`` are DE in g."""

    name: str
    unit: str = "unknown"


def column_of(word: str, *, number: int = 0) -> Column:
    """Return the column that a word of the header means.

    Parameters
    ----------
    word : str
        A name, perhaps with a unit in brackets.
    number : int
        Position of the column from 0, for the name of one without a name.

    Examples
    --------
    >>> column_of("DE (m/s^2)")
    Column(name='DE', unit='m/s2')
    """
    match = _NAME_AND_UNIT.fullmatch(word)
    if match is None:
        return Column(word or f"ch{number}")
    return Column(match["name"], _spelled(match["unit"]))


def units_of(words: Sequence[str]) -> tuple[str, ...] | None:
    """Return the units that words are, in brackets or not, or None if they are no line of units.

    Parameters
    ----------
    words : sequence of str
        One for each column. Nothing or ``-`` is a column without a unit, and is "unknown".

    Examples
    --------
    >>> units_of(["[s]", "m/s²", ""])
    ('s', 'm/s2', 'unknown')
    >>> units_of(["time", "g"]) is None
    True
    """
    units = [_spelled(_IN_BRACKETS.sub(r"\1", word)) for word in words]
    known = [unit in UNIT_FACTORS or unit in SECONDS or unit in _OTHER for unit in units]
    if not any(known) or not all(k or unit in _NONE for k, unit in zip(known, units, strict=True)):
        return None
    return tuple(unit if k else "unknown" for k, unit in zip(known, units, strict=True))


def _spelled(unit: str) -> str:
    return _SPELLINGS.get(unit.strip(), unit.strip())
