"""NumPy archives of named arrays (.npz): which of them are signals, and what the others say about them."""

import math
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import FaultdiagError, ParameterError, RecordError
from faultdiag.readers.arrays import RATE_NAMES, SPEED_NAMES, arrange, described_by, list_arrays
from faultdiag.readers.csv_layout import Column
from faultdiag.readers.csv_time import is_time, rate_of
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
        Single numbers named as in `RATE_NAMES` and `SPEED_NAMES` give the rate and the speed.

    Raises
    ------
    RecordError
        If the file is truncated, damaged or of another format, or it is not clear which array is meant.
    ParameterError
        If `variable` is not in the file.
    """
    with _archive(path) as archive:
        headers = {name: _header(archive, name) for name in _names(archive, path)}
        names = _signals(path, headers) if variable is None else [variable]
        if names[0] not in headers:
            raise ParameterError(f"{path}: no array {names[0]!r}; {near_names(names[0], list(headers))}")
        rate_hz, speed_rpm = described_by(_scalars(archive, headers, but=names), str(path))
        refuse_bomb(path, n_bytes=_n_bytes([headers[name] for name in names]), file_bytes=path.stat().st_size)
        arrays = {name: _load(archive, name, headers[name]) for name in names}
    if len(arrays) == 1:
        return arrange(arrays[names[0]], rows=rows, rate_hz=rate_hz, speed_rpm=speed_rpm, origin=str(path))
    return [_of_channels(arrays, rate_hz, speed_rpm, str(path))]


def _of_channels(
    arrays: dict[str, NDArray[Any]], rate_hz: float | None, speed_rpm: float | None, origin: str
) -> Record:
    """A record whose channels are arrays of equal length; an array of times says the rate."""
    times = [name for name in arrays if is_time(Column(name))]
    if len(times) > 1:
        raise RecordError(f"{origin}: {' and '.join(times)} are both times; keep one beside the signals")
    for name in times:
        rate_hz = rate_hz or rate_of(np.asarray(arrays.pop(name), float), Column(name), origin=origin)
    samples = [arrange(array, origin=f"{origin}: {name}")[0].samples for name, array in arrays.items()]
    return Record(
        source=np.concatenate(samples),
        rate_hz=rate_hz,
        speed_rpm=speed_rpm,
        channels=tuple(arrays),
        origin=origin,
    )


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


def _signals(path: Path, headers: Mapping[str, Header]) -> list[str]:
    """Names of the only array of real numbers, of several of one length, or else of the only array."""
    arrays = [name for name, h in headers.items() if h.shape and not _is_scalar(name, h)]
    numeric = [name for name in arrays if headers[name].dtype.kind in "iuf"]
    if len(candidates := numeric or arrays) == 1:
        return candidates
    shapes = {headers[name].shape for name in numeric}
    if len(shapes) == 1 and len(shape := shapes.pop()) == 1 and shape[0] > 1:
        return numeric
    listed = list_arrays((name, h.shape, str(h.dtype)) for name, h in headers.items())
    if not candidates:
        raise RecordError(f"{path}: no array with an axis among {listed}; save the signal as an array")
    raise RecordError(f"{path}: holds several arrays: {listed}; choose one with --variable {candidates[0]}")


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
