"""MATLAB 5 files byte by byte, so that each byte can be wrong."""

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

CLASSES = {"f8": 6, "f4": 7, "i1": 8, "u1": 9, "i2": 10, "u2": 11, "i4": 12, "u4": 13, "i8": 14, "u8": 15}
TYPES = {"i1": 1, "u1": 2, "i2": 3, "u2": 4, "i4": 5, "u4": 6, "f4": 7, "f8": 9, "i8": 12, "u8": 13}


@dataclass(frozen=True)
class Mat5Writer:
    """Writes the elements of the format, as told, right or wrong."""

    order: Literal["<", ">"] = "<"

    def header(self, text: bytes = b"MATLAB 5.0 MAT-file, made by a test") -> bytes:
        mark = b"\x00\x01IM" if self.order == "<" else b"\x01\x00MI"
        return text.ljust(124) + mark

    def element(self, kind: int, data: bytes, *, n_bytes: int | None = None) -> bytes:
        """An element in its long form; `n_bytes` is what its tag claims."""
        claimed = len(data) if n_bytes is None else n_bytes
        return struct.pack(f"{self.order}2I", kind, claimed) + data + bytes(-len(data) % 8)

    def small(self, kind: int, data: bytes, *, n_bytes: int | None = None) -> bytes:
        claimed = len(data) if n_bytes is None else n_bytes
        return struct.pack(f"{self.order}I", claimed << 16 | kind) + data.ljust(4, b"\0")

    def flags(self, number: int, flags: int = 0) -> bytes:
        return self.element(6, struct.pack(f"{self.order}2I", flags | number, 0))

    def dimensions(self, *shape: int) -> bytes:
        return self.element(5, struct.pack(f"{self.order}{len(shape)}i", *shape))

    def name(self, name: str) -> bytes:
        return self.element(1, name.encode())

    def numbers(self, array: Any, stored: str) -> bytes:
        values = np.asarray(array).ravel(order="F").astype(self.order + stored)
        return self.element(TYPES[stored], values.tobytes())

    def array(self, name: str, array: Any, *, stored: str | None = None, flags: int = 0) -> bytes:
        """A whole numeric variable."""
        array = np.atleast_2d(array)
        code = array.dtype.str[1:]
        return self.element(
            14,
            self.flags(CLASSES[code], flags)
            + self.dimensions(*array.shape)
            + self.name(name)
            + self.numbers(array, stored or code),
        )

    def packed(self, variable: bytes) -> bytes:
        """A variable as its compressed element, which is not padded."""
        data = zlib.compress(variable)
        return struct.pack(f"{self.order}2I", 15, len(data)) + data

    def write(self, path: Path, *variables: bytes) -> Path:
        path.write_bytes(self.header() + b"".join(variables))
        return path


@pytest.fixture
def mat5() -> Mat5Writer:
    return Mat5Writer()


@pytest.fixture
def big_endian_mat5() -> Mat5Writer:
    return Mat5Writer(">")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)
