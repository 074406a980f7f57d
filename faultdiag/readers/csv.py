"""Text with a column for each channel (.csv, .csv.gz): comma, semicolon, tab or spaces between the fields.

A file is gone through twice, in chunks: once to check and count its lines, once to parse them into one
array of that size. So its text is never in memory as a whole.
"""

import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError, RecordError
from faultdiag.readers.arrays import arrange
from faultdiag.readers.csv_layout import Layout, is_row, sniff
from faultdiag.readers.csv_numbers import parse_lines
from faultdiag.readers.csv_time import is_time, rate_of
from faultdiag.readers.inflate import refuse_bomb
from faultdiag.readers.sniff import foreign, looks_like
from faultdiag.records import Record, Rows

__all__ = ["read"]

_CHUNK_CHARACTERS = 1 << 20
_HEAD_BYTES = 1024
_MOST_ABOVE = 200
"""Lines above the first row of numbers: the notes of a measurement system take fewer."""

_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


def read(path: Path, *, variable: str | None = None, rows: Rows = "unknown") -> list[Record]:
    """Return the signals of a text of numbers.

    Parameters
    ----------
    path : Path
        The file. A line of names above the numbers is the header; ``DE [g]`` is channel DE in g, and so is
        DE above a line of units. Comments and text above it are passed over.
        A column named ``time`` or ``t``, or time in another language, is no channel, and gives the sampling
        rate. Behind semicolons and tabs a comma may be the decimal point. Empty fields are missing samples.
    variable : None
        Columns are chosen as channels.
    rows : {"unknown", "channels", "signals", "samples"}
        With "channels" or "signals" each line is a channel or a signal; else columns are channels.

    Raises
    ------
    RecordError
        If the file is truncated or no text, a field is no number, lines have different lengths, or times
        are not evenly spaced; the message names the line.
    ParameterError
        If a variable is named.
    """
    if variable is not None:
        raise ParameterError(
            f"{path}: columns of a text are channels, not variables; take --channel {variable}"
        )
    n_lines, n_characters = _measure(path)
    layout = sniff(_first_lines(path), path)
    if rows not in ("unknown", "samples"):
        lines = _parse(path, layout, range(len(layout.columns)), n_lines, n_characters).T
        return arrange(lines, rows=rows, origin=str(path))
    times = [i for i, column in enumerate(layout.columns) if is_time(column)]
    signals = [i for i, column in enumerate(layout.columns) if not is_time(column)]
    if len(times) > 1 or not signals:
        raise RecordError(
            f"{path}: {len(times)} of its {len(layout.columns)} columns are times; "
            "keep one at most, beside the signals"
        )
    table = _parse(path, layout, signals + times, n_lines, n_characters)
    origin = str(path)
    return [
        Record(
            source=table[: len(signals)],
            rate_hz=rate_of(table[-1], layout.columns[times[0]], origin=origin) if times else None,
            channels=tuple(layout.columns[i].name for i in signals),
            units=tuple(layout.columns[i].unit for i in signals),
            origin=origin,
        )
    ]


@contextmanager
def _open(path: Path) -> Iterator[TextIO]:
    """Open a text, compressed or not; every byte is a character, and every line ends in a line feed."""
    packed = path.name.lower().endswith(".gz")
    with open(path, "rb") as file:
        head = file.read(_HEAD_BYTES)
    if packed and not head.startswith(_GZIP):
        raise RecordError(foreign(path, "gzip", head))
    try:
        with gzip.open(path) if packed else open(path, "rb") as binary:
            head = binary.read(_HEAD_BYTES)
            if looks_like(head) != "text":
                raise RecordError(foreign(path, "text", head))
            binary.seek(len(_BOM) if head.startswith(_BOM) else 0)
            yield io.TextIOWrapper(binary, encoding="latin-1")
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise RecordError(f"{path}: damaged or truncated: {error}; get the file again") from error


def _measure(path: Path) -> tuple[int, int]:
    """Numbers of lines and of characters."""
    n_lines = n_characters = 0
    with _open(path) as text:
        while chunk := text.read(_CHUNK_CHARACTERS):
            n_lines += chunk.count("\n")
            n_characters += len(chunk)
            _refuse_bomb(path, n_characters)
    return n_lines + 1, n_characters  # the last line may have no end


def _refuse_bomb(path: Path, n_bytes: int) -> None:
    if path.name.lower().endswith(".gz"):
        refuse_bomb(path, n_bytes=n_bytes, file_bytes=path.stat().st_size)


def _first_lines(path: Path) -> list[str]:
    """The lines that are not blank, up to the first row of numbers, as UTF-8 if they are that."""
    found: list[str] = []
    n_characters = 0
    with _open(path) as text:
        for line in filter(str.strip, text):
            found.append(_as_utf8(line))
            n_characters += len(line)
            if is_row(line) or len(found) > _MOST_ABOVE or n_characters > _CHUNK_CHARACTERS:
                break
    if not found:
        raise RecordError(f"{path}: all lines are blank; record it again")
    return found


def _as_utf8(line: str) -> str:
    try:
        return line.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return line


def _parse(
    path: Path, layout: Layout, order: Sequence[int], n_lines: int, n_characters: int
) -> NDArray[np.float64]:
    """Parse all lines into an array ``[n_columns, n]``, with the columns in this order."""
    # a line has as many characters as fields at least, its end included
    n_rows = min(n_lines, n_characters // len(order) + 1)
    _refuse_bomb(path, n_rows * len(order) * 8)
    table = np.empty((len(order), n_rows))
    filled = 0
    for first_line, text in _chunks(path, layout):
        block = parse_lines(text, layout, first_line=first_line, path=path)
        if filled + len(block) > n_rows:
            raise RecordError(f"{path}: has become longer while it was read; wait until it is whole")
        table[:, filled : filled + len(block)] = block.T[list(order)]
        filled += len(block)
    if filled == 0:
        raise RecordError(f"{path}: no numbers below the header; record it again")
    return table[:, :filled]


def _chunks(path: Path, layout: Layout) -> Iterator[tuple[int, str]]:
    """Yield whole lines below the header, with the number of the first."""
    with _open(path) as text:
        number, left = 1, layout.n_above
        while left and (line := text.readline()):
            number += 1
            left -= bool(line.strip())
        while chunk := text.read(_CHUNK_CHARACTERS):
            chunk += text.readline()
            yield number, chunk
            number += chunk.count("\n")
