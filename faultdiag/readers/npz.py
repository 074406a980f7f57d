"""NumPy archives of named arrays (.npz): which of them is the signal, and what the others say about it."""

import math
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import FaultdiagError, ParameterError, RecordError
from faultdiag.readers.arrays import RATE_NAMES, SPEED_NAMES, arrange, described_by, list_arrays
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
        Name of the array; by default the only one of real numbers that has an axis.
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
        name = _only_array(path, headers) if variable is None else variable
        if name not in headers:
            raise ParameterError(f"{path}: no array {name!r}; {near_names(name, list(headers))}")
        rate_hz, speed_rpm = described_by(_scalars(archive, headers, but=name), str(path))
        array = _load(archive, name, headers[name])
    return arrange(array, rows=rows, rate_hz=rate_hz, speed_rpm=speed_rpm, origin=str(path))


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


def _only_array(path: Path, headers: Mapping[str, Header]) -> str:
    """Return the name of the only array of real numbers, or else of the only array."""
    arrays = [name for name, h in headers.items() if h.shape and not _is_scalar(name, h)]
    numeric = [name for name in arrays if headers[name].dtype.kind in "iuf"]
    if len(candidates := numeric or arrays) == 1:
        return candidates[0]
    listed = list_arrays((name, h.shape, str(h.dtype)) for name, h in headers.items())
    if not candidates:
        raise RecordError(f"{path}: no array with an axis among {listed}; save the signal as an array")
    raise RecordError(f"{path}: holds several arrays: {listed}; choose one with --variable {candidates[0]}")


def _is_scalar(name: str, header: Header) -> bool:
    return math.prod(header.shape) == 1 and name.lower() in RATE_NAMES + SPEED_NAMES


def _scalars(archive: zipfile.ZipFile, headers: Mapping[str, Header], *, but: str) -> dict[str, float]:
    """Rate and speed; what has such a name and is no number is an error, not passed over."""
    said = {name: header for name, header in headers.items() if name != but and _is_scalar(name, header)}
    for name, header in said.items():
        if header.dtype.kind not in "iuf":
            raise RecordError(f"{archive.filename}: {name} is {header.dtype}, no real number; correct it")
    return {name: float(_load(archive, name, header).item()) for name, header in said.items()}


def _load(archive: zipfile.ZipFile, name: str, header: Header) -> NDArray[Any]:
    """Load an array up to the end of its member, where its checksum is compared."""
    path = Path(str(archive.filename))
    refuse_objects(header, f"{path}: {name}")
    n_floats = math.prod(header.shape) * max(4, header.dtype.itemsize)
    refuse_bomb(path, n_bytes=n_floats, file_bytes=path.stat().st_size)
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
