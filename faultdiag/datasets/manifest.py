"""``manifest.csv``: which files a folder's data set has, and what is known of each."""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from faultdiag.errors import DatasetError
from faultdiag.readers.folders import MANIFEST

__all__ = ["MANIFEST", "Entry", "read_manifest"]

_NEEDED = ("path", "label")
_NUMBERS = ("rate_hz", "speed_rpm")
_KNOWN = (*_NEEDED, *_NUMBERS, "group")


@dataclass(frozen=True)
class Entry:
    """One file with what its owner says of it.

    Attributes
    ----------
    path : Path
        The file.
    label : str
        The state of the machine.
    group : str
        The physical bearing or gear; the file where nothing is said.
    rate_hz, speed_rpm : float or None
        Sampling rate and shaft speed, if said.
    conditions : dict
        Whatever else is said.
    where : str
        Where that is said, for messages.
    """

    path: Path
    label: str
    group: str
    rate_hz: float | None = None
    speed_rpm: float | None = None
    conditions: dict[str, float | str] = field(default_factory=dict)
    where: str = ""


def read_manifest(folder: Path) -> list[Entry]:
    """Read the manifest of a folder.

    Parameters
    ----------
    folder : Path
        Folder with a ``manifest.csv``: columns path (from the folder on), label, and as wanted
        rate_hz, speed_rpm and group; every other column becomes a condition.

    Raises
    ------
    DatasetError
        If a column is missing or a value is unusable; the message names line and value.
    """
    manifest = folder / MANIFEST
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as stream:
            return list(_entries(manifest, csv.DictReader(stream)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{manifest}: not a CSV file in UTF-8: {error}") from error


def _entries(manifest: Path, rows: "csv.DictReader[str]") -> Iterator[Entry]:
    columns = list(rows.fieldnames or ())
    for name in _NEEDED:
        if name not in columns:
            raise DatasetError(f"{manifest}: no column {name!r}; there are: {', '.join(columns) or 'none'}")
    lines: dict[Path, int] = {}
    for row in rows:
        where = f"{manifest}, line {rows.line_num}"
        if len(row) != len(columns) or None in row.values():
            raise DatasetError(f"{where}: needs {len(columns)} values, one for each column")
        entry = _entry(manifest.parent, {key: value.strip() for key, value in row.items()}, where)
        if entry.path in lines:
            raise DatasetError(f"{where}: {row['path']!r} is already in line {lines[entry.path]}")
        lines[entry.path] = rows.line_num
        yield entry


def _entry(folder: Path, row: dict[str, str], where: str) -> Entry:
    path = folder / row["path"]
    if not row["path"] or not path.is_file():
        raise DatasetError(f"{where}: there is no file {row['path']!r} in {folder}")
    if not row["label"]:
        raise DatasetError(f"{where}: the label of {row['path']!r} is empty")
    rate_hz, speed_rpm = (_number(row.get(name, ""), name, where) for name in _NUMBERS)
    return Entry(
        path=path,
        label=row["label"],
        group=row.get("group") or row["path"],
        rate_hz=rate_hz,
        speed_rpm=speed_rpm,
        conditions={key: _value(text) for key, text in row.items() if key not in _KNOWN and text},
        where=where,
    )


def _number(text: str, name: str, where: str) -> float | None:
    """A positive number, or None where nothing is said."""
    if not text:
        return None
    value = _value(text)
    if not isinstance(value, float) or value <= 0:
        raise DatasetError(f"{where}: {name} must be a positive number, got {text!r}")
    return value


def _value(text: str) -> float | str:
    """The text as a number if it is a finite one."""
    try:
        value = float(text)
    except ValueError:
        return text
    return value if math.isfinite(value) else text
