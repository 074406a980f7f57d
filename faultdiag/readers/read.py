"""Read signal files of any format in READERS: the one door for all that takes a path."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np

from faultdiag.errors import ParameterError, RecordError
from faultdiag.readers.base import Reader
from faultdiag.readers.table import READERS
from faultdiag.records import NanPolicy, Record, Rows

__all__ = ["read", "read_signals", "speed_conflict"]


def read(
    path: Path | str,
    *,
    rate_hz: float | None = None,
    speed_rpm: float | None = None,
    channel: str | int | Sequence[str | int] | None = None,
    variable: str | None = None,
    rows: Rows = "unknown",
    nan: NanPolicy = "refuse",
) -> Record | list[Record]:
    """Read a signal file.

    Parameters
    ----------
    path : path
        The file; its ending names the format.
    rate_hz : float, optional
        Sampling rate, where the file does not say it.
    speed_rpm : float, optional
        Shaft speed; wins over the file's.
    channel : str, int or sequence of them, optional
        Channels to keep, by name or by position from 0.
    variable : str, optional
        Which array, where the file has several with names.
    rows : {"unknown", "channels", "signals", "samples"}
        What the rows of a 2-D array are.
    nan : {"refuse", "interpolate"}
        What to do about samples that are not finite; samples left on disk are checked when they are read.

    Returns
    -------
    Record or list of Record
        A list where the file holds several signals.

    Raises
    ------
    ParameterError
        If the file does not exist or has no known ending, an option is wrong by itself or names nothing
        in the file, or `rate_hz` contradicts the file.
    RecordError
        If the file is empty, truncated, damaged or of another format, or if the choice is not clear.
    """
    records = read_signals(
        path, rate_hz=rate_hz, speed_rpm=speed_rpm, channel=channel, variable=variable, rows=rows, nan=nan
    )
    return records[0] if len(records) == 1 else records


def read_signals(
    path: Path | str,
    *,
    rate_hz: float | None = None,
    speed_rpm: float | None = None,
    channel: str | int | Sequence[str | int] | None = None,
    variable: str | None = None,
    rows: Rows = "unknown",
    nan: NanPolicy = "refuse",
) -> list[Record]:
    """Read a signal file as `read` does, and return a list even of one signal."""
    _check_positive("rate_hz", rate_hz)
    _check_positive("speed_rpm", speed_rpm)
    if nan not in get_args(NanPolicy):
        raise ParameterError(f"nan {nan!r} is none of {', '.join(get_args(NanPolicy))}")
    file = Path(path)
    try:
        reader = _reader(file)
        if file.stat().st_size == 0:
            raise RecordError(f"{path}: the file is empty; record or copy it again")
        records = reader(file, variable=variable, rows=rows)
    except OSError as error:
        raise RecordError(f"{path}: cannot be read: {error.strerror or error}") from error
    return [_finished(r, rate_hz, speed_rpm, channel, nan) for r in records]


def speed_conflict(record: Record, speed_rpm: float | None) -> str | None:
    """Return the warning that a given speed deserves, or None.

    Parameters
    ----------
    record : Record
        As the file says it, with the file's speed.
    speed_rpm : float or None
        The given speed.

    Returns
    -------
    str or None
        A sentence where the two differ by more than 1 %.

    Examples
    --------
    >>> record = Record(source=np.zeros((1, 8)), speed_rpm=1797.0, origin="97.mat")
    >>> speed_conflict(record, 1000)
    '97.mat: the file says 1797 rpm, the given 1000 rpm is used'
    """
    said = record.mean_speed_rpm
    if said is None or speed_rpm is None or abs(speed_rpm - said) <= 0.01 * said:
        return None
    return f"{record.origin}: the file says {said:g} rpm, the given {speed_rpm:g} rpm is used"


def _reader(file: Path) -> Reader:
    """The reader of an existing file, by its ending."""
    if not file.exists():
        raise ParameterError(f"file not found: {file}")
    if not file.is_file():
        what = "a folder" if file.is_dir() else "no regular file"
        raise ParameterError(f"{file} is {what}; name a file of signals")
    for ending in sorted(READERS, key=len, reverse=True):
        if file.name.lower().endswith(f".{ending}"):
            return READERS.load(ending)
    known = ", ".join(f".{ending}" for ending in READERS)
    raise ParameterError(f"{file}: the ending {file.suffix!r} names no format; there are: {known}")


def _finished(
    record: Record,
    rate_hz: float | None,
    speed_rpm: float | None,
    channel: str | int | Sequence[str | int] | None,
    nan: NanPolicy,
) -> Record:
    """Add what was given to what the file says, and look at samples that are in memory already."""
    said = record.rate_hz
    if said and rate_hz and abs(rate_hz - said) > 1e-6 * said:
        raise ParameterError(
            f"{record.origin}: the file says {said:.10g} Hz, which contradicts the given {rate_hz:.10g} Hz; "
            "leave the rate out"
        )
    record = replace(record, rate_hz=said or rate_hz, speed_rpm=speed_rpm or record.speed_rpm, nan=nan)
    if channel is not None:
        names = [channel] if isinstance(channel, str | int) else channel
        record = record.select([str(name) for name in names])
    if isinstance(record.source, np.ndarray):
        return replace(record, source=record.samples)
    return record


def _check_positive(name: str, value: float | None) -> None:
    if value is not None and not (math.isfinite(value) and value > 0):
        raise ParameterError(f"{name} must be positive and finite, got {value}")
