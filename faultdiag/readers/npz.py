"""NumPy archives of named arrays (.npz): which of them are signals, and what the others say about them."""

import math
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import FaultdiagError, ParameterError, RecordError
from faultdiag.readers.arrays import RATE_NAMES, SPEED_NAMES, arrange, described_by, list_arrays
from faultdiag.readers.csv_column import Column
from faultdiag.readers.csv_time import MAX_UNEVENNESS, is_time, rate_of, time_unit_s
from faultdiag.readers.inflate import refuse_bomb
from faultdiag.readers.npy_header import Header, read_header, refuse_objects
from faultdiag.readers.sniff import foreign
from faultdiag.records import Record, Rows
from faultdiag.registry import near_names

__all__ = ["read"]

_DAMAGED = (
    # what zipfile lets through where an archive is not what it says
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,  # encrypted, or a way of compression that is not there
    OverflowError,
    ValueError,
)
_CHUNK_BYTES = 1 << 20


def read(path: Path, *, variable: str | None = None, rows: Rows = "unknown") -> list[Record]:
    """Return the signals of a NumPy archive.

    Parameters
    ----------
    path : Path
        The file.
    variable : str, optional
        Name of the array; by default the only one of real numbers that has an axis, or several with one
        axis and of equal length: these are channels under their names. One of them named as a time is no
        channel and gives the rate.
    rows : {"unknown", "channels", "signals", "samples"}
        What the rows of a 2-D array are.

    Returns
    -------
    list of Record
        Single numbers named as in `RATE_NAMES` and `SPEED_NAMES` give the rate and the speed. An array
        named as a speed, with a number for each sample, is the speed over time.

    Raises
    ------
    RecordError
        If the file is truncated, damaged or of another format, it is not clear which array is meant, or
        what it says of rate or speed is not positive or contradicts itself.
    ParameterError
        If `variable` is not in the file.
    """
    with _archive(path) as archive:
        headers = {name: _header(archive, name) for name in _names(archive, path)}
        names = _signals(path, headers, rows) if variable is None else [variable]
        if names[0] not in headers:
            raise ParameterError(f"{path}: no array {names[0]!r}; {near_names(names[0], list(headers))}")
        speeds = _speeds(headers, names, rows)
        rate_hz, said_rpm = described_by(_scalars(archive, headers, but=names), str(path))
        needed = [headers[name] for name in names + speeds]
        refuse_bomb(path, n_bytes=_n_bytes(needed), file_bytes=path.stat().st_size)
        arrays = {name: _load(archive, name, headers[name]) for name in names + speeds}
    speed_rpm = _speed({name: arrays.pop(name) for name in speeds}, said_rpm, str(path))
    if len(arrays) > 1:
        records = [_of_channels(arrays, rate_hz, str(path))]
    else:
        records = arrange(arrays[names[0]], rows=rows, rate_hz=rate_hz, origin=str(path))
    return [replace(record, speed_rpm=speed_rpm) for record in records]


def _of_channels(arrays: Mapping[str, NDArray[Any]], rate_hz: float | None, origin: str) -> Record:
    """A record whose channels are arrays of equal length; an array of times says the rate."""
    times = [name for name in arrays if is_time(Column(name))]
    if len(times) > 1:
        raise RecordError(f"{origin}: {' and '.join(times)} are both times; keep one beside the signals")
    for name in times:
        rate_hz = _rate_of(name, np.asarray(arrays[name], float), rate_hz, origin)
    signals = {name: array for name, array in arrays.items() if name not in times}
    samples = [arrange(array, origin=f"{origin}: {name}")[0].samples for name, array in signals.items()]
    return Record(source=np.concatenate(samples), rate_hz=rate_hz, channels=tuple(signals), origin=origin)


def _rate_of(name: str, times: NDArray[np.float64], rate_hz: float | None, origin: str) -> float | None:
    """The rate said, where the times last as long; their steps, often rounded, count where none is said."""
    if rate_hz is None:
        return rate_of(times, Column(name), origin=origin)
    n_steps = len(times) - 1
    span_s = float(times[-1] - times[0]) * time_unit_s(Column(name), origin=origin)
    if not abs(span_s * rate_hz - n_steps) <= MAX_UNEVENNESS * n_steps:  # nan is no time either
        raise RecordError(
            f"{origin}: contradicts itself: {n_steps} steps at {rate_hz:g} Hz, and {span_s:g} s by {name}; "
            "correct it in the file, or choose a signal with --variable"
        )
    return rate_hz


def _speed(
    arrays: Mapping[str, NDArray[Any]], said_rpm: float | None, origin: str
) -> float | NDArray[np.float64] | None:
    """The speed by an array or a single number, of which there may be one."""
    if len(arrays) + (said_rpm is not None) > 1:
        raise RecordError(f"{origin}: several speeds, {', '.join(arrays)} among them; keep one in the file")
    return next((_over_time(array, f"{origin}: {name}") for name, array in arrays.items()), said_rpm)


def _over_time(speed: NDArray[Any], origin: str) -> float | NDArray[np.float64]:
    """A speed over time in rpm, or one number where it does not change."""
    speed_rpm = np.asarray(speed, float).ravel()
    good = np.isfinite(speed_rpm) & (speed_rpm > 0)
    if not good.all():
        bad = int(np.argmin(good))
        raise RecordError(
            f"{origin} is {speed_rpm[bad]:g} at sample {bad}, not positive and finite; correct it in the file"
        )
    return float(speed_rpm[0]) if (speed_rpm == speed_rpm[0]).all() else speed_rpm


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive; whatever its damage raises becomes our error."""
    with open(path, "rb") as file:
        head = file.read(1024)
    if not head.startswith(b"PK"):
        raise RecordError(foreign(path, "a NumPy archive", head))
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FaultdiagError:
        raise
    except _DAMAGED as error:
        raise RecordError(f"{path}: damaged or truncated archive: {error}; get the file again") from error


def _names(archive: zipfile.ZipFile, path: Path) -> list[str]:
    """Names of the arrays, after a look whether the list at the end and the members agree on all names."""
    for info in archive.infolist():
        archive.open(info).close()
    names = [name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy")]
    if not names:
        raise RecordError(f"{path}: an archive without arrays; save it with numpy.savez")
    if len(set(names)) < len(names):
        raise RecordError(f"{path}: damaged: two of its arrays have one name: {names}; get the file again")
    return names


def _header(archive: zipfile.ZipFile, name: str) -> Header:
    """Read the header of an array; what it claims must be what the archive's list says."""
    info = archive.getinfo(f"{name}.npy")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RecordError(
            f"{archive.filename}: array {name!r} is compressed in way {info.compress_type}, and numpy never "
            "does that; save it with numpy.savez_compressed"
        )
    with archive.open(info) as member:
        header = read_header(member, f"{archive.filename}: {name}")
    if not header.dtype.hasobject and header.start + header.n_bytes != info.file_size:
        raise RecordError(
            f"{archive.filename}: damaged: array {name!r} claims {header.n_bytes} bytes in a member of "
            f"{info.file_size}; get the file again"
        )
    return header


def _signals(path: Path, headers: Mapping[str, Header], rows: Rows) -> list[str]:
    """Names of the only array of real numbers, of several of one length, or else of the only array.

    A speed for each sample of the others is none of them.
    """
    arrays = [name for name, h in headers.items() if h.shape and not _is_scalar(name, h)]
    numeric = [name for name in arrays if headers[name].dtype.kind in "iuf"]
    others = [name for name in numeric if name.lower() not in SPEED_NAMES]
    if not all(is_time(Column(name)) for name in others):
        speeds = _speeds(headers, others, rows)
        numeric = [name for name in numeric if name not in speeds]
    if len(candidates := numeric or arrays) == 1:
        return candidates
    shapes = {headers[name].shape for name in numeric}
    if len(shapes) == 1 and len(shape := shapes.pop()) == 1 and shape[0] > 1:
        return numeric
    listed = list_arrays((name, h.shape, str(h.dtype)) for name, h in headers.items())
    if not candidates:
        raise RecordError(f"{path}: no array with an axis among {listed}; save the signal as an array")
    raise RecordError(f"{path}: holds several arrays: {listed}; choose one with --variable {candidates[0]}")


def _speeds(headers: Mapping[str, Header], signals: Collection[str], rows: Rows) -> list[str]:
    """Names of the arrays that are a speed for each sample of the signals."""
    lengths = {_n_samples(headers[name].shape, rows) for name in signals}
    named = [name for name in headers if name.lower() in SPEED_NAMES and name not in signals]
    vectors = [
        name for name in named if headers[name].dtype.kind in "iuf" and _is_vector(headers[name].shape)
    ]
    return [name for name in vectors if {max(headers[name].shape)} == lengths]


def _n_samples(shape: tuple[int, ...], rows: Rows) -> int:
    if len(shape) == 0 or _is_vector(shape):
        return math.prod(shape)
    return shape[0] if rows == "samples" and len(shape) == 2 else shape[-1]


def _is_vector(shape: tuple[int, ...]) -> bool:
    return math.prod(shape) == max(shape, default=0) > 1


def _is_scalar(name: str, header: Header) -> bool:
    return math.prod(header.shape) == 1 and name.lower() in RATE_NAMES + SPEED_NAMES


def _scalars(
    archive: zipfile.ZipFile, headers: Mapping[str, Header], *, but: Collection[str]
) -> dict[str, float]:
    """Rate and speed; what has such a name and is no number is an error, not passed over."""
    said = {name: header for name, header in headers.items() if name not in but and _is_scalar(name, header)}
    for name, header in said.items():
        if header.dtype.kind not in "iuf":
            raise RecordError(f"{archive.filename}: {name} is {header.dtype}, no real number; correct it")
    return {name: float(_load(archive, name, header).item()) for name, header in said.items()}


def _n_bytes(headers: Collection[Header]) -> int:
    """Size in memory, as floats."""
    return sum(math.prod(header.shape) * max(4, header.dtype.itemsize) for header in headers)


def _load(archive: zipfile.ZipFile, name: str, header: Header) -> NDArray[Any]:
    """Load an array up to the end of its member, where its checksum is compared."""
    path = Path(str(archive.filename))
    refuse_objects(header, f"{path}: {name}")
    data = np.empty(header.n_bytes, np.uint8)
    filled = 0
    with archive.open(f"{name}.npy") as member:
        member.read(header.start)
        while part := member.read(_CHUNK_BYTES):
            data[filled : filled + len(part)] = np.frombuffer(part, np.uint8)
            filled += len(part)
    if filled != header.n_bytes:
        raise RecordError(
            f"{path}: truncated: {filled} of {header.n_bytes} bytes of array {name!r} are there; "
            "get the file again"
        )
    return data.view(header.dtype).reshape(header.shape, order=header.order)
