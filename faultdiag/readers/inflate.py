"""Bounded decompression: never more than was asked for, and a limit for what may come out of a file."""

import zlib
from pathlib import Path
from typing import BinaryIO

from faultdiag.errors import RecordError

__all__ = ["Inflated", "refuse_bomb"]

_CHUNK_BYTES = 1 << 16
_FREE_BYTES = 96 << 20
_LIKELY_RATIO = 20


class Inflated:
    """A stretch of a file that zlib compressed, read forward like a file.

    Parameters
    ----------
    file : binary file
        Stays open as long as this is used, and is moved by it alone.
    path : Path
        Its name, for messages.
    start, n_bytes : int
        Where the compressed bytes stand.
    """

    def __init__(self, file: BinaryIO, path: Path, start: int, n_bytes: int) -> None:
        self._file = file
        self._path = path
        self._start = start
        self._left = n_bytes
        self._position = 0
        self._zlib = zlib.decompressobj()
        file.seek(start)

    def read(self, n_bytes: int) -> bytearray:
        """Return the next bytes; fewer only at the end.

        Raises
        ------
        RecordError
            If the compressed bytes are damaged.
        """
        data = bytearray(n_bytes)
        filled = 0
        while filled < n_bytes and (part := self._some(min(n_bytes - filled, _CHUNK_BYTES))):
            data[filled : filled + len(part)] = part
            filled += len(part)
        return data if filled == n_bytes else data[:filled]

    def seek(self, position: int) -> None:
        """Pass over bytes up to a position further on, or to the end."""
        while self._position < position and self._some(min(position - self._position, _CHUNK_BYTES)):
            pass

    def finish(self, n_bytes: int) -> None:
        """Check that exactly this much came out, and that its checksum is right.

        Raises
        ------
        RecordError
            If it was less, more comes out, the checksum differs, or compressed bytes are left over.
        """
        if self._some(1):
            raise RecordError(self._damage(f"more than {n_bytes} bytes come out"))
        if not self._zlib.eof or self._position != n_bytes:
            raise RecordError(self._damage(f"it ends after {self._position} of {n_bytes} bytes"))
        if self._left or self._zlib.unused_data:
            raise RecordError(self._damage("bytes are left over behind it"))

    def _some(self, n_bytes: int) -> bytes:
        """At most `n_bytes` and, but at the end, at least one."""
        while not self._zlib.eof:
            packed = self._zlib.unconsumed_tail or self._packed()
            try:
                part = self._zlib.decompress(packed, n_bytes)
            except zlib.error as error:
                raise RecordError(self._damage(str(error))) from error
            self._position += len(part)
            if part or not packed:
                return part
        return b""

    def _packed(self) -> bytes:
        packed = self._file.read(min(self._left, _CHUNK_BYTES))
        self._left -= len(packed)
        return packed

    def _damage(self, why: str) -> str:
        return (
            f"{self._path}: the compressed part at byte {self._start} is damaged: {why}; get the file again"
        )


def refuse_bomb(path: Path, *, n_bytes: int, file_bytes: int) -> None:
    """Refuse what would become very large from very little.

    Samples of a sensor seldom shrink to less than a tenth, so 96 MB may come out of a file of any size,
    and beyond that at most 20 times the file.

    Parameters
    ----------
    path : Path
        The file, for the message.
    n_bytes, file_bytes : int
        Size in memory, and of the file.

    Raises
    ------
    RecordError
        If it is too much.
    """
    if n_bytes > max(_FREE_BYTES, _LIKELY_RATIO * file_bytes):
        raise RecordError(
            f"{path}: {file_bytes} compressed bytes would become {n_bytes}, over {_LIKELY_RATIO} times "
            "as many; save it uncompressed if that is what it holds"
        )
