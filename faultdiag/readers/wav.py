"""Sound files (.wav) of measurement systems and recorders: their samples stay on disk."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError, RecordError
from faultdiag.readers.sniff import foreign
from faultdiag.records import Record, Rows

__all__ = ["WavSignal", "read"]

Samples = NDArray[np.floating[Any]]

_INTEGER, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
"""Numbers of the codings that hold plain samples; the last one says further on which of the two it is."""

_CODING_AT = 24
"""Byte of the chunk "fmt " where the extensible form names its coding."""

_WIDTHS = {_INTEGER: (1, 2, 3, 4), _FLOAT: (4, 8)}
"""Bytes of a sample."""


def read(path: Path, *, variable: str | None = None, rows: Rows = "unknown") -> list[Record]:
    """Return the signal of a WAV file, which says its channels and its rate; only the headers are read.

    Parameters
    ----------
    path : Path
        The file: integers of 8, 16, 24 or 32 bits, or floats of 32 or 64.
    variable : None
        There are no names in such a file.
    rows : {"unknown", "channels", "signals", "samples"}
        Of no effect: the file says what its channels are.

    Returns
    -------
    list of Record
        One. Integers are divided by their full scale, so that they lie from -1 to 1; the unit is unknown,
        as the file does not say what full scale means.

    Raises
    ------
    RecordError
        If the file is truncated, damaged, of another format, or compressed.
    ParameterError
        If a variable is named.
    """
    if variable is not None:
        raise ParameterError(f"{path}: a .wav file has channels, no variables; take --channel {variable}")
    with open(path, "rb") as file:
        head = file.read(1024)
        if head[:4] != b"RIFF" or head[8:12] not in (b"WAVE", b""):
            raise RecordError(foreign(path, "a WAV file", head))
        form, start, n_bytes = _form_and_samples(file, path)
    frame_bytes = form.n_channels * form.width
    there = min(n_bytes, path.stat().st_size - start)
    if there < n_bytes or n_bytes % frame_bytes:
        raise RecordError(
            f"{path}: truncated or damaged: {there} of {n_bytes} bytes of samples are there, {frame_bytes} "
            "for each instant; get the file again"
        )
    if n_bytes == 0:
        raise RecordError(f"{path}: a WAV file without samples; measure again")
    source = WavSignal(path, start, form.coding, form.width, (form.n_channels, n_bytes // frame_bytes))
    return [Record(source=source, rate_hz=float(form.rate_hz), origin=str(path))]


@dataclass(frozen=True)
class WavSignal:
    """Samples in a WAV file; a `SampleSource`.

    Attributes
    ----------
    path : Path
        The file.
    start : int
        Byte of the first sample.
    coding : int
        1 for integers, 3 for floats.
    width : int
        Bytes of a sample.
    shape : (int, int)
        Number of channels and number of samples.
    """

    path: Path
    start: int
    coding: int
    width: int
    shape: tuple[int, int]

    def read(self, start: int, stop: int) -> Samples:
        """Return the samples ``[channels, stop - start]``, as float32 where that holds them exactly.

        Raises
        ------
        RecordError
            If the file has gone or has become shorter.
        """
        frame_bytes = self.shape[0] * self.width
        n_bytes = max(0, min(stop, self.shape[1]) - start) * frame_bytes
        try:
            with open(self.path, "rb") as file:
                file.seek(self.start + start * frame_bytes)
                data = file.read(n_bytes)
        except OSError as error:
            raise RecordError(f"{self.path}: cannot be read any more: {error.strerror}") from error
        if len(data) < n_bytes:
            raise RecordError(f"{self.path}: has become shorter since it was opened; read it again")
        numbers = _floats(data, self.width) if self.coding == _FLOAT else _scaled(data, self.width)
        return numbers.reshape(-1, self.shape[0]).T


class _Form(NamedTuple):
    """What the chunk "fmt " says."""

    coding: int
    n_channels: int
    rate_hz: int
    width: int


def _form_and_samples(file: BinaryIO, path: Path) -> tuple[_Form, int, int]:
    """How the samples are written, where they start, and how many bytes they are said to take."""
    form = None
    for name, start, n_bytes in _chunks(file, path):
        if name == b"fmt ":
            form = _form(file.read(min(n_bytes, _CODING_AT + 2)), path)
        elif name == b"data" and form is not None:
            return form, start, n_bytes
    missing = "samples" if form else "description of its samples"
    raise RecordError(f"{path}: truncated or damaged: a RIFF file without {missing}; get the file again")


def _chunks(file: BinaryIO, path: Path) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and length of the chunks, with the file at the start of each."""
    place, n_file = 12, path.stat().st_size
    while place + 8 <= n_file:
        file.seek(place)
        name, n_bytes = struct.unpack("<4sI", file.read(8))
        yield name, place + 8, n_bytes
        place += 8 + n_bytes + n_bytes % 2


def _form(data: bytes, path: Path) -> _Form:
    if len(data) < 16:
        raise RecordError(f"{path}: truncated or damaged: the WAV header is too short; get the file again")
    coding, n_channels, rate_hz, _, frame_bytes, n_bits = struct.unpack("<HHIIHH", data[:16])
    if coding == _EXTENSIBLE and len(data) == _CODING_AT + 2:
        (coding,) = struct.unpack("<H", data[_CODING_AT:])
    if coding not in _WIDTHS:
        raise RecordError(f"{path}: compressed samples (coding {coding}); save them as PCM or float")
    width = -(-n_bits // 8)
    if width not in _WIDTHS[coding] or not n_channels or not rate_hz or frame_bytes != n_channels * width:
        raise RecordError(
            f"{path}: a WAV header that cannot be: {n_channels} channels of {n_bits} bits in {frame_bytes} "
            f"bytes at {rate_hz} Hz; get the file again"
        )
    return _Form(coding, n_channels, rate_hz, width)


def _floats(data: bytes, width: int) -> Samples:
    return np.frombuffer(data, f"<f{width}").astype(f"f{width}")


def _scaled(data: bytes, width: int) -> Samples:
    """Integers over their full scale; 32 bits take a float64."""
    if width == 1:  # the only ones without a sign
        return (np.frombuffer(data, np.uint8).astype(np.float32) - 128) / 128
    if width == 3:  # as the upper bytes of four
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        return wide.view("<i4")[:, 0].astype(np.float32) / np.float32(1 << 31)
    numbers = np.frombuffer(data, f"<i{width}")
    return numbers.astype(np.float32) / np.float32(1 << 15) if width == 2 else numbers / float(1 << 31)
