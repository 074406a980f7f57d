"""The container of MATLAB 5 files: which variables there are, and where their numbers stand.

After a header of 128 bytes each element is a variable, perhaps compressed by zlib. Every size is checked
against what encloses it before it is used, and nothing may be left over: a damaged file is an error, and
never other numbers.

References
----------
The MathWorks, "MAT-File Format", level 5, published with MATLAB.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import RecordError
from faultdiag.readers.inflate import Inflated, refuse_bomb
from faultdiag.readers.mat5_elements import Part
from faultdiag.readers.mat5_variable import Variable, read_variable
from faultdiag.readers.sniff import foreign

__all__ = ["load", "scan"]

_HEADER_BYTES = 128
_TAG_BYTES = 8
_MATRIX, _COMPRESSED = 14, 15  # types of elements


def scan(path: Path) -> list[Variable]:
    """Return the variables of a file, in its order, after a check of the whole structure.

    Raises
    ------
    RecordError
        If it is no MATLAB 5 file, or is truncated or damaged.
    """
    n_bytes = os.path.getsize(path)
    with open(path, "rb") as file:
        order = _byte_order(path, file.read(_HEADER_BYTES + 1024))
        file.seek(_HEADER_BYTES)
        whole = Part(file, path, order, _HEADER_BYTES, n_bytes)
        found = [variable for variable in _variables(file, whole) if variable.name]
    for name, count in Counter(variable.name for variable in found).items():
        if count > 1:
            raise RecordError(f"{path}: damaged: {count} variables are named {name!r}; get the file again")
    return found


def load(path: Path, variable: Variable) -> NDArray[Any]:
    """Return the numbers of a real numeric variable, in the type of its class.

    Raises
    ------
    RecordError
        If the variable is of another class, or the file has changed since it was scanned.
    """
    if variable.stored is None:
        raise RecordError(
            f"{path}: variable {variable.name!r} is {variable.class_name}; only real numbers can be read"
        )
    n_numbers, stored = variable.n_numbers, variable.stored
    if variable.packed:
        with open(path, "rb") as file:
            inflated = Inflated(file, path, *variable.packed)
            inflated.seek(variable.start)
            data = inflated.read(n_numbers * stored.itemsize)
        numbers = np.frombuffer(data, stored, len(data) // stored.itemsize)
    else:
        numbers = np.fromfile(path, stored, n_numbers, offset=variable.start)
    if len(numbers) != n_numbers:
        raise RecordError(f"{path}: variable {variable.name!r} has become shorter; read the file again")
    return numbers.reshape(variable.shape, order="F").astype(variable.dtype, copy=False)


def _byte_order(path: Path, head: bytes) -> Literal["<", ">"]:
    """Byte order by the header; another kind of file is an error that says which."""
    if head[:10] == b"MATLAB 7.3" or b"\x89HDF\r\n\x1a\n" in (head[:8], head[512:520]):
        raise RecordError(
            f"{path}: HDF5, the format of MATLAB 7.3, cannot be read yet; save it in MATLAB with -v7"
        )
    if head[124:128] == b"\x00\x01IM":
        return "<"
    if head[124:128] == b"\x01\x00MI":
        return ">"
    if _is_version_4(head):
        raise RecordError(f"{path}: MATLAB 4 files cannot be read; save it in MATLAB with -v7")
    raise RecordError(foreign(path, "a MATLAB 5 file", head))


def _is_version_4(head: bytes) -> bool:
    """Whether this begins like a version 4 matrix: type, rows, columns, imaginary, length of the name."""
    if len(head) < 20:
        return False
    for order in ("<", ">"):
        kind, _, _, imaginary, n_name = (int(i) for i in np.frombuffer(head[:20], f"{order}i4"))
        if (
            0 <= kind < 5000
            and kind % 1000 < 60
            and kind % 10 < 3
            and imaginary in (0, 1)
            and 1 < n_name < 99
        ):
            return True
    return False


def _variables(file: BinaryIO, whole: Part) -> Iterator[Variable]:
    in_memory = 0  # bytes that all compressed variables need together
    while whole.left:
        kind, n_bytes = whole.numbers(2, "the tag of a variable")
        start, stop = whole.position, whole.position + n_bytes
        if n_bytes > whole.left:
            raise RecordError(
                whole.damage(f"a variable claims {n_bytes} bytes where the file has {whole.left} left")
            )
        if kind == _MATRIX:
            variable = read_variable(Part(file, whole.path, whole.order, start, stop))
        elif kind == _COMPRESSED:
            variable, needed = _compressed(file, whole, n_bytes, in_memory)
            in_memory += needed
        else:
            raise RecordError(whole.damage(f"an element of type {kind} stands where a variable belongs"))
        yield variable
        file.seek(stop)
        whole.position = stop


def _compressed(file: BinaryIO, whole: Part, n_packed: int, in_memory: int) -> tuple[Variable, int]:
    """Read a compressed variable to its end, so that its checksum vouches for its name too.

    Returns it with the memory it needs once it is loaded; `in_memory` is what others need.
    """
    packed = whole.position, n_packed
    inflated = Inflated(file, whole.path, *packed)
    part = Part(inflated, whole.path, whole.order, 0, _TAG_BYTES)
    kind, n_bytes = part.numbers(2, "the tag of a compressed variable")
    if kind != _MATRIX:
        raise RecordError(part.damage(f"an element of type {kind} stands where a variable belongs"))
    refuse_bomb(whole.path, n_bytes=in_memory + n_bytes, file_bytes=whole.stop)
    part.stop = _TAG_BYTES + n_bytes
    variable = read_variable(part, packed)
    inflated.finish(part.stop)
    # samples become floats of 4 bytes at least, however narrow they are stored
    needed = max(n_bytes, variable.n_numbers * max(4, variable.dtype.itemsize if variable.dtype else 0))
    refuse_bomb(whole.path, n_bytes=in_memory + needed, file_bytes=whole.stop)
    return variable, needed
