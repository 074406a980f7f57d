"""How a text of numbers is laid out: what stands between its fields, and what its columns are called."""

import re
from collections import Counter
from csv import reader as split_quoted
from dataclasses import dataclass
from pathlib import Path

from faultdiag.errors import RecordError
from faultdiag.readers.csv_column import Column, column_of, units_of
from faultdiag.readers.csv_time import is_time

__all__ = ["Layout", "is_number", "is_row", "sniff"]

_WORD = re.compile(r"\S+(?:\s*[\[(][^\])]*[\])])?")
_BEGINS_AS_NUMBER = re.compile(r"[-+]?[.,]?\d")

_COMMENT = re.compile(r"\s*(?:#|%|//|sep=)")
"""How a line begins that is no row of a table; ``sep=;`` is what some programs write for a spreadsheet."""

_SHOWN = 40
"""Characters of a header that messages show."""


@dataclass(frozen=True)
class Layout:
    """How to take a line apart.

    Attributes
    ----------
    delimiter : str or None
        What stands between two fields; None is any white space.
    columns : tuple of Column
        One for each field; without a header they are called ch0, ch1 ...
    n_above : int
        Lines above the numbers, blank ones not counted: the header, and what stands around it.
    header : str or None
        The beginning of the line that was taken for the header.
    """

    delimiter: str | None
    columns: tuple[Column, ...]
    n_above: int = 0
    header: str | None = None

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


def is_row(line: str) -> bool:
    """Whether a line is a row of numbers, of which some but not all may be missing.

    Examples
    --------
    >>> is_row("0,1;;3"), is_row("t;DE;FE"), is_row(";;")
    (True, False, False)
    """
    fields = [field.strip() for field in line.replace('"', "").split(_delimiter(line))]
    return any(fields) and all(is_number(field.replace(",", ".")) or not field for field in fields)


def sniff(lines: list[str], path: Path) -> Layout:
    """Find out the layout from the first lines that are not blank, up to the first row of numbers.

    That row tells the delimiter, as names may contain anything. The header is the last line above it that
    has a name for each of its columns, or of several such lines together the one that names a time. A line
    of units may stand below it. What stands above the header is no part of the table.

    Parameters
    ----------
    lines : list of str
        At least one; where none is a row of numbers the first one is the header.
    path : Path
        For messages.

    Raises
    ------
    RecordError
        If two columns have one name, or a column has two units.

    Examples
    --------
    >>> sniff(["t;DE [g]", "0,0;1,5"], Path("a.csv")).columns
    (Column(name='t', unit='unknown'), Column(name='DE', unit='g'))
    >>> sniff(["t;DE", "s;g", "0,0;1,5"], Path("a.csv")).columns
    (Column(name='t', unit='s'), Column(name='DE', unit='g'))
    """
    found = is_row(lines[-1])
    row, above = (lines[-1], lines[:-1]) if found else (lines[min(1, len(lines) - 1)], lines[:1])
    delimiter = _delimiter(row)
    n_fields = len(row.split(delimiter))
    while found and above and not above[-1].strip(f'"{delimiter or ""} \r\n'):
        above.pop()  # a row whose numbers are all missing
    place, n_above = _place_of_header(above, delimiter, n_fields)
    if place is None:
        return Layout(delimiter, tuple(Column(f"ch{i}") for i in range(n_fields)), n_above)
    words = _header_words(above[place], delimiter, n_fields)
    columns = tuple(column_of(word, number=number) for number, word in enumerate(words))
    for line in above[place + 1 : n_above]:
        if len(words) == n_fields and (units := _units(line, delimiter, n_fields)):
            columns = tuple(_in_unit(*told, path) for told in zip(words, columns, units, strict=True))
    name, count = Counter(column.name for column in columns).most_common(1)[0]
    if count > 1:
        raise RecordError(f"{path}: {count} columns are named {name!r}; give each a name of its own")
    return Layout(delimiter, columns, n_above, above[place].strip()[:_SHOWN])


def _delimiter(line: str) -> str | None:
    return next((d for d in ";\t," if d in line), None)


def _place_of_header(above: list[str], delimiter: str | None, n_fields: int) -> tuple[int | None, int]:
    """Which of the lines above the numbers is the header, and how many of them are no data.

    What cannot be a row is passed over; a line that may be a damaged row is left to be parsed and refused.
    """
    words = [_header_words(line, delimiter, n_fields) for line in above]
    comments = [_COMMENT.match(line) is not None for line in above]
    units = [_units(line, delimiter, n_fields) is not None for line in above]
    beside = [comment or unit for comment, unit in zip(comments, units, strict=True)]
    if n_fields == 1:
        plain = [i for i, other in enumerate(beside) if not other] or list(range(len(above)))
        return (plain[-1] if plain else None), len(above)
    names = [i for i, own in enumerate(words) if len(own) == n_fields and _are_names(own)]
    if named := [i for i in names if not units[i]]:
        place = _lowest([i for i in named if not comments[i]] or named, words, beside)
    else:
        places = [i for i, own in enumerate(words) if len(own) > 1 and not comments[i]]
        whole = [i for i in places if len(words[i]) == n_fields]
        timed = [i for i in whole if _tell_time(words[i])]
        if not (candidates := timed + names[-1:] + whole + places):
            return None, len(above)
        place = candidates[0]
    n_above = place + 1
    while n_above < len(above) and beside[n_above]:
        n_above += 1
    return place, n_above


def _lowest(names: list[int], words: list[list[str]], beside: list[bool]) -> int:
    """Which of the last lines of names, with only comments and units between them, is the header.

    One that names a time, else the last one in which no word begins as a number: that may be a damaged row.
    """
    last = names[-1:]
    for i in reversed(names[:-1]):
        if not all(beside[i + 1 : last[-1]]):
            break
        last.append(i)
    sure = [i for i in last if not any(map(_BEGINS_AS_NUMBER.match, words[i]))]
    timed = [i for i in sure if _tell_time(words[i])]
    return (timed + sure + last[::-1])[0]


def _tell_time(words: list[str]) -> bool:
    return any(is_time(column_of(word)) for word in words)


def _are_names(words: list[str]) -> bool:
    return any(words) and not any(is_number(word.replace(",", ".")) for word in words)


def _header_words(line: str, delimiter: str | None, n_fields: int) -> list[str]:
    line = _COMMENT.sub("", line, count=1).strip("\r\n")
    if delimiter is None:
        return _WORD.findall(line) if n_fields > 1 else [line.strip()]
    return [word.strip() for word in next(split_quoted([line], delimiter=delimiter), [])]


def _units(line: str, delimiter: str | None, n_fields: int) -> tuple[str, ...] | None:
    """The units of the columns, if the line is one of units."""
    if delimiter is None:  # where a unit in brackets belongs to no name before it
        words = _COMMENT.sub("", line, count=1).split()
    else:
        words = _header_words(line, delimiter, n_fields)
    return units_of(words) if len(words) == n_fields else None


def _in_unit(word: str, column: Column, unit: str, path: Path) -> Column:
    """A column with the unit that the line of units says."""
    if unit in ("unknown", column.unit):
        return column
    if units_of([column.unit]):
        raise RecordError(f"{path}: column {word!r} is in {unit} by the line below; correct one of them")
    return Column(word or column.name, unit)  # what stands in brackets is no unit
