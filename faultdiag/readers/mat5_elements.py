"""The elements of MATLAB 5 files: a tag (type, size), then that many bytes, padded to eight."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from faultdiag.errors import RecordError
from faultdiag.readers.inflate import Inflated

__all__ = ["Part", "Tag"]


@dataclass(frozen=True)
class Tag:
    """What stands before the bytes of an element.

    Attributes
    ----------
    kind : int
        Number of its type.
    n_bytes : int
        Its size.
    room : int
        The bytes it takes up, padding included.
    """

    kind: int
    n_bytes: int
    room: int


@dataclass
class Part:
    """What is left of an element: nothing is taken from beyond its end.

    Attributes
    ----------
    source : binary file or Inflated
        Stands at `position`.
    path : Path
        For messages.
    order : {"<", ">"}
        Byte order.
    position, stop : int
        The next byte and the end, counted from the start of the source.
    """

    source: BinaryIO | Inflated
    path: Path
    order: Literal["<", ">"]
    position: int
    stop: int

    @property
    def left(self) -> int:
        """Bytes up to the end."""
        return self.stop - self.position

    def take(self, n_bytes: int, what: str) -> bytes:
        """Return the next bytes."""
        self._check(n_bytes, what)
        data = bytes(self.source.read(n_bytes))
        self.position += len(data)
        if len(data) != n_bytes:
            raise RecordError(self.damage(f"{what} ends early"))
        return data

    def skip(self, n_bytes: int, what: str) -> None:
        """Pass over the next bytes."""
        self._check(n_bytes, what)
        self.position += n_bytes
        self.source.seek(self.position)

    def numbers(self, n: int, what: str) -> tuple[int, ...]:
        """Return the next `n` unsigned numbers of 32 bits."""
        return struct.unpack(f"{self.order}{n}I", self.take(4 * n, what))

    def tag(self, what: str) -> Tag:
        """Return the tag of the next element; of a small one the bytes follow in the same eight."""
        (word,) = self.numbers(1, what)
        if word >> 16:
            tag = Tag(word & 0xFFFF, word >> 16, 4)
        else:
            (n_bytes,) = self.numbers(1, what)
            tag = Tag(word, n_bytes, -(-n_bytes // 8) * 8)
        if tag.n_bytes > tag.room:
            raise RecordError(self.damage(f"{what} claims {tag.n_bytes} bytes in a small element of 4"))
        self._check(tag.room, what)
        return tag

    def element(self, what: str, *, kinds: tuple[int, ...], at_most: int) -> tuple[bytes, bytes]:
        """Return the bytes and the padding of the next element, which must be of one of these types."""
        tag = self.tag(what)
        if tag.kind not in kinds:
            raise RecordError(self.damage(f"{what} has type {tag.kind} where {kinds[0]} belongs"))
        if tag.n_bytes > at_most:
            raise RecordError(self.damage(f"{what} claims {tag.n_bytes} bytes, more than {at_most}"))
        return self.take(tag.n_bytes, what), self.take(tag.room - tag.n_bytes, what)

    def damage(self, why: str) -> str:
        """Say that bytes here cannot be what they should, and why."""
        inside = "inflated " if isinstance(self.source, Inflated) else ""
        return f"{self.path}: damaged at {inside}byte {self.position}: {why}; get the file again"

    def _check(self, n_bytes: int, what: str) -> None:
        if n_bytes > self.left:
            raise RecordError(self.damage(f"{what} claims {n_bytes} bytes where {self.left} are left"))
