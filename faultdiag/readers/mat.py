"""MATLAB 5 files: which of their variables are the signals, and what they say about rate and speed.

Variables ``X<n>_<CH>_time`` are the channels CH of record n, and ``X<n>RPM`` is its speed, as in the files
of Case Western Reserve University. Elsewhere the signal is the only numeric array, or the one named.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from faultdiag.errors import ParameterError, RecordError
from faultdiag.readers.arrays import RATE_NAMES, SPEED_NAMES, arrange, described_by, list_arrays
from faultdiag.readers.disk import DiskArray, stack
from faultdiag.readers.mat5 import load, scan
from faultdiag.readers.mat5_variable import Variable
from faultdiag.records import Record, Rows
from faultdiag.registry import near_names

__all__ = ["contents", "read", "read_variables"]

_CHANNEL = re.compile(r"(X(\d+))_(\w+)_time")


def contents(path: Path) -> list[tuple[str, str, tuple[int, ...]]]:
    """Return name, class and shape of each variable, in the order of the file.

    Raises
    ------
    RecordError
        If the file is no MATLAB 5 file, or is truncated or damaged.
    """
    return [(v.name, v.class_name, v.shape) for v in scan(path)]


def read_variables(path: Path) -> Mapping[str, NDArray[Any]]:
    """Return the real numeric variables of a file by name; each is loaded when it is asked for.

    Raises
    ------
    RecordError
        If the file is no MATLAB 5 file, or is truncated or damaged.
    """
    return _Variables(path)


def read(path: Path, *, variable: str | None = None, rows: Rows = "unknown") -> list[Record]:
    """Return the signals of a MATLAB 5 file.

    Parameters
    ----------
    path : Path
        The file. Arrays in it that are not compressed stay on disk.
    variable : str, optional
        Name of an array, or of a record: ``"X097"`` for its channels ``X097_DE_time`` ... and its speed
        ``X097RPM``. By default the record whose number is in the file's name or is the only one,
        else the only numeric array of more than one number.
    rows : {"unknown", "channels", "signals", "samples"}
        What the rows of a 2-D array are.

    Returns
    -------
    list of Record
        Scalars named as in `RATE_NAMES` and `SPEED_NAMES` give the rate and speed of a plain array.

    Raises
    ------
    RecordError
        If the file is truncated, damaged or of another format, if the choice is not clear, or if what
        was chosen is not real and numeric.
    ParameterError
        If `variable` is not in the file.
    """
    variables = {v.name: v for v in scan(path)}
    groups = _groups(variables)
    if variable is None and groups:
        return [_record(path, variables, groups[_own_group(path, variables, groups)])]
    if variable in groups and variable not in variables:
        return [_record(path, variables, groups[variable])]
    name = _only_array(path, variables) if variable is None else variable
    if name not in variables:
        raise ParameterError(f"{path}: no variable {name!r}; {near_names(name, [*variables, *groups])}")
    if _CHANNEL.fullmatch(name):
        return [_record(path, variables, [name])]
    rate_hz, speed_rpm = described_by(_scalars(path, variables, but=name), str(path))
    array = _array(path, variables[name])
    return arrange(array, rows=rows, rate_hz=rate_hz, speed_rpm=speed_rpm, origin=str(path))


class _Variables(Mapping[str, NDArray[Any]]):
    """The real numeric variables of a file, loaded when asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found = {v.name: v for v in scan(path) if v.stored is not None}

    def __getitem__(self, name: str) -> NDArray[Any]:
        return load(self._path, self._found[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _groups(variables: Mapping[str, Variable]) -> dict[str, list[str]]:
    """Names of the channels of each record, by what they begin with: ``X097``."""
    groups: dict[str, list[str]] = {}
    for name in variables:
        if match := _CHANNEL.fullmatch(name):
            groups.setdefault(match[1], []).append(name)
    return groups


def _own_group(path: Path, variables: Mapping[str, Variable], groups: Mapping[str, list[str]]) -> str:
    """Return the only record, or the one whose number is in the file's name."""
    numbers = {int(digits) for digits in re.findall(r"\d+", path.stem)}
    own = [group for group in groups if len(groups) == 1 or int(group[1:]) in numbers]
    if len(own) != 1:
        raise RecordError(
            f"{path}: holds the records {', '.join(groups)} ({_listed(variables.values())}); "
            f"choose one with --variable {next(iter(groups))}"
        )
    return own[0]


def _record(path: Path, variables: Mapping[str, Variable], names: list[str]) -> Record:
    """Put the channels of a record together."""
    for name in names:
        if variables[name].n_numbers != max(variables[name].shape):
            raise RecordError(
                f"{path}: channel {name} has shape {list(variables[name].shape)}, which is no signal; "
                "choose another with --variable"
            )
    if len({variables[name].n_numbers for name in names}) > 1:
        raise RecordError(
            f"{path}: channels of unequal length: {_listed(variables[name] for name in names)}; "
            f"choose one with --variable {names[0]}"
        )
    matches = [match for name in names if (match := _CHANNEL.fullmatch(name))]
    signals = [arrange(_array(path, variables[name]), origin=f"{path}: {name}")[0] for name in names]
    return Record(
        source=stack([signal.source for signal in signals]),
        speed_rpm=_speed(path, variables, f"{matches[0][1]}RPM"),
        channels=tuple(match[3] for match in matches),
        origin=str(path),
    )


def _speed(path: Path, variables: Mapping[str, Variable], name: str) -> float | None:
    if name not in variables:
        return None
    speed = load(path, variables[name])
    if speed.size != 1:
        raise RecordError(f"{path}: {name} has shape {list(speed.shape)}, not [1, 1]; correct it in the file")
    return described_by({"rpm": float(speed.item())}, f"{path}: {name}")[1]


def _only_array(path: Path, variables: Mapping[str, Variable]) -> str:
    arrays = [v for v in variables.values() if v.is_numeric and v.n_numbers > 1]
    if len(arrays) == 1:
        return arrays[0].name
    if not arrays:
        raise RecordError(
            f"{path}: no numeric array of more than one number; "
            f"there are: {_listed(variables.values()) or 'no variables'}"
        )
    raise RecordError(
        f"{path}: holds several arrays: {_listed(arrays)}; choose one with --variable {arrays[0].name}"
    )


def _scalars(path: Path, variables: Mapping[str, Variable], *, but: str) -> dict[str, float]:
    """Rate and speed; what has such a name and cannot be read is an error, not passed over."""
    said = [v for v in variables.values() if v.name.lower() in RATE_NAMES + SPEED_NAMES and v.name != but]
    return {v.name: float(load(path, v).item()) for v in said if v.n_numbers == 1}


def _array(path: Path, variable: Variable) -> NDArray[Any] | DiskArray:
    if variable.stored is None or variable.packed:
        return load(path, variable)
    return DiskArray(path, variable.start, variable.stored, variable.shape, "F")


def _listed(variables: Iterable[Variable]) -> str:
    return list_arrays((v.name, v.shape, v.class_name) for v in variables)
