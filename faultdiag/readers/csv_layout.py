"""How a text of numbers is laid out: what stands between its fields, and what its columns are called."""

import re
from collections import Counter
from csv import reader as split_quoted
from dataclasses import dataclass
from pathlib import Path

from faultdiag.errors import RecordError

__all__ = ["Column", "Layout", "is_number", "sniff"]

_WORD = re.compile(r"\S+(?:\s*[\[(][^\])]*[\])])?")
_NAME_AND_UNIT = re.compile(r"(?P<name>.*\S)\s*[\[(](?P<unit>[^\])]*[^\W\d][^\])]*)[\])]")
_SPELLINGS = {"m/s^2": "m/s2", "m/s²": "m/s2", "m/s**2": "m/s2", "µm": "um", "μm": "um"}
"""Other ways to write our units."""


@dataclass(frozen=True)
class Column:
    """What the header says of a column: ``DE [g]`` and ``DE (g)`` are DE in g."""

    name: str
    unit: str = "unknown"


@dataclass(frozen=True)
class Layout:
    """How to take a line apart.

    Attributes
    ----------
    delimiter : str or None
        What stands between two fields; None is any white space.
    columns : tuple of Column
        One for each field; without a header they are called ch0, ch1 ...
    has_header : bool
        Whether the first line is one.
    """

    delimiter: str | None
    columns: tuple[Column, ...]
    has_header: bool

    @property
    def decimal_comma(self) -> bool:
        """Whether a comma stands for the decimal point: only where it separates no fields."""
        return self.delimiter in (";", "\t")


def is_number(field: str) -> bool:
    """Whether a field is a number; nan and inf are.

    Examples
    --------
    >>> is_number(" -1.5e3 "), is_number("1_000"), is_number("DE")
    (True, False, False)
    """
    if not field.isascii() or "_" in field:
        return False
    try:
        float(field)
    except ValueError:
        return False
    return True


def sniff(lines: list[str], path: Path) -> Layout:
    """Find out the layout from the first lines that are not blank.

    Parameters
    ----------
    lines : list of str
        At least one. Below a header the second tells the delimiter, as names may contain anything.
    path : Path
        For messages.

    Raises
    ------
    RecordError
        If two columns have one name.

    Examples
    --------
    >>> sniff(["t;DE [g]", "0,0;1,5"], Path("a.csv")).columns
    (Column(name='t', unit='unknown'), Column(name='DE', unit='g'))
    """
    delimiter = _delimiter(lines[0])
    first = lines[0].replace('"', "").split(delimiter)
    if all(is_number(field.replace(",", ".")) or not field.strip() for field in first):
        return Layout(delimiter, tuple(Column(f"ch{i}") for i in range(len(first))), has_header=False)
    data = lines[min(1, len(lines) - 1)]
    delimiter = _delimiter(data)
    words = _header_words(lines[0].removeprefix("#").strip("\n"), delimiter, len(data.split(delimiter)))
    columns = tuple(_column(word.strip(), number) for number, word in enumerate(words))
    name, count = Counter(column.name for column in columns).most_common(1)[0]
    if count > 1:
        raise RecordError(f"{path}: {count} columns are named {name!r}; give each a name of its own")
    return Layout(delimiter, columns, has_header=True)


def _delimiter(line: str) -> str | None:
    return next((d for d in ";\t," if d in line), None)


def _header_words(line: str, delimiter: str | None, n_fields: int) -> list[str]:
    if delimiter is not None:
        return next(split_quoted([line], delimiter=delimiter))
    return _WORD.findall(line) if n_fields > 1 else [line]


def _column(word: str, number: int) -> Column:
    match = _NAME_AND_UNIT.fullmatch(word)
    if match is None:
        return Column(word or f"ch{number}")
    return Column(match["name"], _SPELLINGS.get(match["unit"].strip(), match["unit"].strip()))
