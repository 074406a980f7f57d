"""The header of NumPy arrays: type, order and shape, of plain numbers only.

NumPy's own parser leaves several kinds of exceptions, and warns where it repairs: here a header is what
`numpy.save` and its like write, or an error.

References
----------
NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays".
"""

import ast
import math
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from faultdiag.errors import RecordError
from faultdiag.readers.sniff import foreign

__all__ = ["Header", "read_header", "refuse_objects"]

_MAGIC = b"\x93NUMPY"
_SIZE_BYTES = {b"\x01\x00": 2, b"\x02\x00": 4, b"\x03\x00": 4}
"""Bytes of the number that says how long the header is, by version."""

_MAX_HEADER_BYTES = 10_000


class _Stream(Protocol):
    def read(self, n_bytes: int, /) -> bytes: ...


@dataclass(frozen=True)
class Header:
    """What an array is, before any of its numbers.

    Attributes
    ----------
    dtype : numpy.dtype
        Type of its numbers; object for Python objects and records, which are not looked into.
    shape : tuple of int
        Its shape.
    order : {"C", "F"}
        Whether the last or the first axis runs fastest.
    start : int
        Byte of the first number.
    """

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    order: Literal["C", "F"]
    start: int

    @property
    def n_bytes(self) -> int:
        """Bytes of all numbers."""
        return math.prod(self.shape) * self.dtype.itemsize


def refuse_objects(header: Header, where: Path | str) -> None:
    """Refuse an array that is not of plain values, before its size is asked for.

    Raises
    ------
    RecordError
        If it holds Python objects or records.
    """
    if header.dtype.hasobject:
        raise RecordError(
            f"{where}: holds Python objects or records, which are not read; save an array of real numbers"
        )


def read_header(stream: _Stream, where: Path | str) -> Header:
    """Read the header of an array.

    Parameters
    ----------
    stream : binary file
        Stands at the start of the array, and afterwards at its first number.
    where : path or str
        What it is, for messages.

    Raises
    ------
    RecordError
        If this is no NumPy array, or its header is damaged.
    """
    head = stream.read(8)
    if head[:6] != _MAGIC:
        raise RecordError(foreign(where, "a NumPy array", head + stream.read(1024)))
    size_bytes = _SIZE_BYTES.get(head[6:])
    if size_bytes is None:
        raise RecordError(f"{where}: NumPy format version {[*head[6:]]} is unknown; save it with numpy.save")
    n_bytes = int.from_bytes(stream.read(size_bytes), "little")
    if n_bytes > _MAX_HEADER_BYTES:
        raise RecordError(f"{where}: damaged: the header claims {n_bytes} bytes; get the file again")
    text = stream.read(n_bytes)
    if len(text) != n_bytes:
        raise RecordError(
            f"{where}: truncated: {len(text)} of the {n_bytes} bytes of the header are there; "
            "get the file again"
        )
    descr, is_fortran, shape = _fields(text, where)
    order: Literal["C", "F"] = "F" if is_fortran else "C"
    return Header(dtype=_dtype(descr, where), shape=shape, order=order, start=8 + size_bytes + n_bytes)


def _fields(text: bytes, where: Path | str) -> tuple[Any, bool, tuple[int, ...]]:
    """The three values of a header, a Python literal that is read as one and never run."""
    damage = f"{where}: damaged: the header is {text[:80]!r}; get the file again"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the compiler, about odd literals
            fields = ast.literal_eval(text.decode("latin-1").strip())
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError) as error:
        raise RecordError(damage) from error
    if not isinstance(fields, dict) or fields.keys() != {"descr", "fortran_order", "shape"}:
        raise RecordError(damage)
    is_fortran, shape = fields["fortran_order"], fields["shape"]
    is_shape = isinstance(shape, tuple) and all(type(n) is int and n >= 0 for n in shape)
    if not is_shape or not isinstance(is_fortran, bool):
        raise RecordError(damage)
    return fields["descr"], is_fortran, shape


def _dtype(descr: object, where: Path | str) -> np.dtype[Any]:
    """Type by its code; records have a list instead, and Python objects the code O."""
    if not isinstance(descr, str) or descr == "|O":
        return np.dtype(object)
    try:
        if re.fullmatch(r"[<>|=][biufcmMSUV]\d+(\[\w+\])?", descr):
            return np.dtype(descr)
    except (TypeError, ValueError) as error:
        raise RecordError(f"{where}: damaged: there is no type {descr!r}; get the file again") from error
    raise RecordError(f"{where}: damaged: there is no type {descr!r}; get the file again")
