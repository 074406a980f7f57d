"""Lines of text to numbers: fast where all is well, and exact about the place where it is not."""

import io
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import RecordError
from faultdiag.readers.csv_layout import Layout, is_number

__all__ = ["parse_lines"]


def parse_lines(text: str, layout: Layout, *, first_line: int, path: Path) -> NDArray[np.float64]:
    r"""Return the numbers of whole lines.

    Parameters
    ----------
    text : str
        Lines without a header; blank ones are passed over.
    layout : Layout
        How to take them apart.
    first_line : int
        Number of the first one in the file, counted from 1, for messages.
    path : Path
        For messages.

    Returns
    -------
    ndarray, shape [n_lines, n_columns]
        An empty field is nan.

    Raises
    ------
    RecordError
        If a field is no number, or a line has more or fewer fields than the first one of the file.

    Examples
    --------
    >>> from faultdiag.readers.csv_column import Column
    >>> layout = Layout(",", (Column("DE"), Column("FE")))
    >>> parse_lines("1,2\n3,\n", layout, first_line=1, path=Path("a.csv"))
    array([[ 1.,  2.],
           [ 3., nan]])
    """
    n_columns = len(layout.columns)
    if not text.strip():
        return np.empty((0, n_columns))
    plain = _plain(text, layout)
    for lines in (plain, _fill_empty(plain, layout.delimiter)):
        try:
            numbers = np.loadtxt(io.StringIO(lines), delimiter=layout.delimiter, comments=None, ndmin=2)
        except ValueError:
            continue
        if numbers.shape[1] == n_columns:
            return numbers
    return _parse_by_hand(text, layout, first_line, path)


def _plain(text: str, layout: Layout) -> str:
    """Text without quotes, and with decimal points."""
    text = text.replace('"', "")
    return text.replace(",", ".") if layout.decimal_comma else text


def _fill_empty(text: str, delimiter: str | None) -> str:
    """Text with nan in its empty fields; white space as delimiter leaves none."""
    if delimiter is None:
        return text
    return re.sub(rf"(?m)^ *(?={delimiter})|(?<={delimiter}) *(?={delimiter}|$)", "nan", text)


def _parse_by_hand(text: str, layout: Layout, first_line: int, path: Path) -> NDArray[np.float64]:
    """Parse line by line, slowly, to find what is wrong, and where."""
    rows: list[list[float]] = []
    n_columns = len(layout.columns)
    for number, line in enumerate(text.split("\n"), first_line):
        if not line.strip():
            continue
        fields = line.split(layout.delimiter)
        if len(fields) != n_columns:
            raise RecordError(
                f"{path}: line {number} has {len(fields)} fields where {n_columns} belong; correct it"
                f"{_or_the_header(layout, rows)}"
            )
        values = [_plain(field, layout).strip() or "nan" for field in fields]
        for column, value in zip(layout.columns, values, strict=True):
            if not is_number(value):
                raise RecordError(
                    f"{path}: line {number}, column {column.name}: {value[:40]!r} is no number; correct it"
                    f"{_or_the_header(layout, rows)}"
                )
        rows.append([float(value) for value in values])
    return np.array(rows)


def _or_the_header(layout: Layout, rows: list[list[float]]) -> str:
    """What else may be wrong where the first row is: perhaps the header is none."""
    if rows or layout.header is None:
        return ""
    return f", or the line {layout.header!r}, which was taken for the header"
