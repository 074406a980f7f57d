"""One variable of a MATLAB 5 file: its name, class and shape, and where its numbers stand.

Flags with the class, dimensions, a name and, for numeric classes, the numbers by columns, in a type that
may be narrower than the class. What is not numeric is not looked into.
"""

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from faultdiag.errors import RecordError
from faultdiag.readers.mat5_elements import Part

__all__ = ["Variable", "read_variable"]

_NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")
_INT8, _INT32, _UINT32, _MATRIX, _UTF8 = 1, 5, 6, 14, 16  # types of elements
_STORED = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_NUMERIC = {
    # class: its name, to MATLAB and to NumPy
    6: "double",
    7: "single",
    8: "int8",
    9: "uint8",
    10: "int16",
    11: "uint16",
    12: "int32",
    13: "uint32",
    14: "int64",
    15: "uint64",
}
_OTHER = {
    # class: its name, and the types that the element after the variable's name may have
    1: ("cell", (_MATRIX,)),
    2: ("struct", (_INT32,)),
    3: ("object", (_INT8,)),
    4: ("char", (_INT8, 2, 4, 16, 17, 18)),
    5: ("sparse", (_INT32,)),
    16: ("function", (_MATRIX,)),
}
_OPAQUE = 17  # an object of a newer kind: it has no dimensions
_COMPLEX, _LOGICAL = 0x800, 0x200  # flags


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One variable of a file, not loaded.

    Attributes
    ----------
    name : str
        Its name.
    class_name : str
        MATLAB's class: ``"double"``, ``"uint8"``, ``"logical"``, ``"struct"`` ...; complex ones are
        ``"complex double"``.
    shape : tuple of int
        Dimensions, at least two.
    dtype, stored : numpy.dtype or None
        Type of the class, and of the numbers as they are stored; None unless it is real and numeric.
    start : int
        The first number: its byte in the file or in what its compressed element becomes.
    packed : (int, int) or None
        Where the compressed element stands in the file, and its size.
    """

    name: str
    class_name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any] | None = None
    stored: np.dtype[Any] | None = None
    start: int = 0
    packed: tuple[int, int] | None = None

    @property
    def n_numbers(self) -> int:
        """Product of the dimensions."""
        return math.prod(self.shape)

    @property
    def is_numeric(self) -> bool:
        """Whether it holds numbers, real or complex."""
        return self.class_name.removeprefix("complex ") in _NUMERIC.values()


def read_variable(part: Part, packed: tuple[int, int] | None = None) -> Variable:
    """Read a variable up to its end, without its numbers.

    Parameters
    ----------
    part : Part
        All that is inside the variable's element.
    packed : (int, int), optional
        Where the compressed element stands in the file, and its size.

    Raises
    ------
    RecordError
        If a size, type or name in it cannot be right, or bytes are left over.
    """
    flags = part.element("the flags of a variable", kinds=(_UINT32,), at_most=8)[0]
    if len(flags) != 8:
        raise RecordError(part.damage(f"the flags of a variable have {len(flags)} bytes where 8 belong"))
    word = int(np.frombuffer(flags, f"{part.order}u4")[0])
    number = word & 0xFF  # of the class
    shape = _dimensions(part) if number != _OPAQUE else ()
    name = _name(part)
    if number in _NUMERIC:
        return _numeric(part, name, shape, word, packed)
    if number in _OTHER:
        class_name, kinds = _OTHER[number]
        if part.left and (kind := part.tag(f"variable {name!r}").kind) not in kinds:
            raise RecordError(
                part.damage(f"variable {name!r} is {class_name}, which cannot begin with type {kind}")
            )
    elif number == _OPAQUE:
        class_name = "opaque"
    else:
        raise RecordError(part.damage(f"variable {name!r} has class {number}, which does not exist"))
    part.skip(part.left, f"variable {name!r}")
    return Variable(name=name, class_name=class_name, shape=shape)


def _dimensions(part: Part) -> tuple[int, ...]:
    """Sizes of the axes; some programs write them as unsigned."""
    data = part.element("the dimensions of a variable", kinds=(_INT32, _UINT32), at_most=4 * 32)[0]
    sizes = tuple(int(i) for i in np.frombuffer(data[: len(data) // 4 * 4], f"{part.order}i4"))
    if len(data) % 4 or len(sizes) < 2 or min(sizes) < 0:
        raise RecordError(part.damage(f"the dimensions of a variable are {list(sizes)} in {len(data)} bytes"))
    return sizes


def _name(part: Part) -> str:
    """Name of a variable; MATLAB leaves it empty for what it keeps for itself."""
    name, padding = part.element("the name of a variable", kinds=(_INT8, _UTF8), at_most=1024)
    if name and not _NAME.fullmatch(name):
        raise RecordError(part.damage(f"a variable is named {name!r}"))
    text = name.decode("ascii")
    if re.match(rb"\w", padding):  # then its size is wrong
        raise RecordError(part.damage(f"the name of variable {text!r} goes on behind its end"))
    return text


def _numeric(
    part: Part, name: str, shape: tuple[int, ...], flags: int, packed: tuple[int, int] | None
) -> Variable:
    class_name = _NUMERIC[flags & 0xFF]
    dtype = np.dtype(class_name)
    stored, start = _numbers(part, name, shape, dtype)
    if flags & _COMPLEX:
        _numbers(part, name, shape, dtype)
        class_name = f"complex {class_name}"
    if part.left:
        raise RecordError(part.damage(f"{part.left} bytes are left over in variable {name!r}"))
    if flags & _LOGICAL:
        class_name = "logical"
    if flags & (_COMPLEX | _LOGICAL):
        return Variable(name=name, class_name=class_name, shape=shape)
    return Variable(
        name=name, class_name=class_name, shape=shape, dtype=dtype, stored=stored, start=start, packed=packed
    )


def _numbers(
    part: Part, name: str, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> tuple[np.dtype[Any], int]:
    """Pass over the numbers of a variable; return how they are stored, and where."""
    tag = part.tag(f"variable {name!r}")
    stored = np.dtype(part.order + _STORED[tag.kind]) if tag.kind in _STORED else None
    if stored is None or not _may_hold(stored, dtype):
        raise RecordError(part.damage(f"variable {name!r} of {dtype} has numbers of type {tag.kind}"))
    n_bytes = math.prod(shape) * stored.itemsize
    if n_bytes != tag.n_bytes:
        raise RecordError(
            part.damage(f"variable {name!r} is {list(shape)} of {stored}, but has {tag.n_bytes} bytes")
        )
    start = part.position
    part.skip(tag.room, f"variable {name!r}")
    return stored, start


def _may_hold(stored: np.dtype[Any], dtype: np.dtype[Any]) -> bool:
    """Whether numbers of a class are stored so: as they are, or in a narrower type that loses nothing."""
    if stored.itemsize == dtype.itemsize:
        return stored.kind == dtype.kind
    return stored.itemsize < dtype.itemsize and np.can_cast(stored, dtype, "safe")
