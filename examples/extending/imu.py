"""Reader of a small data logger: IMU1, rate in Hz (float32), channels (uint32), then int16 counts."""

import struct
from pathlib import Path

import numpy as np

from faultdiag.errors import ParameterError, RecordError
from faultdiag.records import Record, Rows

__all__ = ["read"]

HEADER = struct.Struct("<4sfI")


def read(path: Path, *, variable: str | None = None, rows: Rows = "unknown") -> list[Record]:
    """Return the one signal of a file; the format knows what its rows are, and has no variables."""
    if variable is not None:
        raise ParameterError(f"{path}: the format has no variables, so there is no {variable!r}")
    data = path.read_bytes()
    if data[:4] != b"IMU1" or len(data) < HEADER.size:
        raise RecordError(f"{path}: not a file of the logger: it begins with {data[:4]!r} instead of b'IMU1'")
    _, rate_hz, n_channels = HEADER.unpack_from(data)
    counts = np.frombuffer(data, "<i2", offset=HEADER.size)
    if n_channels == 0 or counts.size % n_channels:
        raise RecordError(f"{path}: {counts.size} samples are no whole number for {n_channels} channels")
    samples = counts.reshape(-1, n_channels).T.astype(np.float32)
    return [Record(source=samples, rate_hz=rate_hz, origin=str(path))]
