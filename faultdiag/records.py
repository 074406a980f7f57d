"""A Record: the samples of one measurement with what is known about them.

Samples lie in memory or stay on disk; `Record.read` gives any stretch of either, checked to be finite.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from faultdiag.choices import NanPolicy, Rows
from faultdiag.errors import ParameterError, RecordError
from faultdiag.registry import near_names

__all__ = ["MAX_GAP_SAMPLES", "UNIT_FACTORS", "NanPolicy", "Record", "Rows", "SampleSource"]

Samples = NDArray[np.floating[Any]]

MAX_GAP_SAMPLES = 64
"""Longest run of missing samples that ``nan="interpolate"`` fills."""

UNIT_FACTORS: dict[str, tuple[str, float]] = {
    # unit -> (quantity, factor to its SI unit); standard gravity by ISO 80000-3
    "m/s2": ("acceleration", 1.0),
    "g": ("acceleration", 9.80665),
    "m/s": ("velocity", 1.0),
    "mm/s": ("velocity", 1e-3),
    "in/s": ("velocity", 0.0254),
    "m": ("displacement", 1.0),
    "um": ("displacement", 1e-6),
    "mil": ("displacement", 2.54e-5),
}


@runtime_checkable
class SampleSource(Protocol):
    """Samples that stay where they are until a stretch is asked for."""

    @property
    def shape(self) -> tuple[int, int]:
        """Number of channels and number of samples."""

    def read(self, start: int, stop: int) -> Samples:
        """Return the samples ``[channels, stop - start]`` as float32 or float64."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Record:
    """One measurement.

    Attributes
    ----------
    source : ndarray, shape [channels, n_samples], or SampleSource
        The samples, in memory or on disk.
    rate_hz : float or None
        Sampling rate; None where neither the file nor the caller says it.
    speed_rpm : float, ndarray or None
        Shaft speed: one number, one number per sample, or unknown.
    channels, units : tuple of str
        Name and unit of each channel; a unit may be ``"unknown"``.
    label : str or None
        The state of the machine, if known.
    group : str or None
        The physical bearing or gear: what a split must not cut.
    conditions : mapping
        Load, fault size and the like.
    origin : str
        Where it came from, for messages.
    rows : {"channels", "unknown"}
        "unknown" when a 2-D array does not say whether its rows are channels or signals.
    nan : {"refuse", "interpolate"}
        What `read` does about samples that are not finite.
    """

    source: Samples | SampleSource
    rate_hz: float | None = None
    speed_rpm: float | Samples | None = None
    channels: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    label: str | None = None
    group: str | None = None
    conditions: Mapping[str, float | str] = field(default_factory=dict)
    origin: str = "memory"
    rows: Rows = "channels"
    nan: NanPolicy = "refuse"

    def __post_init__(self) -> None:
        if len(self.source.shape) != 2:
            raise RecordError(
                f"{self.origin}: samples must have shape [channels, n], got {list(self.source.shape)}"
            )
        if isinstance(self.source, np.ndarray) and self.source.dtype not in (np.float32, np.float64):
            raise RecordError(
                f"{self.origin}: samples are {self.source.dtype}, not float32 or float64; convert them first"
            )
        n = self.source.shape[0]
        if not self.channels:
            object.__setattr__(self, "channels", tuple(f"ch{i}" for i in range(n)))
        if not self.units:
            object.__setattr__(self, "units", ("unknown",) * n)
        if len(self.channels) != n or len(self.units) != n:
            raise RecordError(
                f"{self.origin}: {n} channels of samples but {len(self.channels)} names "
                f"and {len(self.units)} units"
            )
        if self.rate_hz is not None and not (np.isfinite(self.rate_hz) and self.rate_hz > 0):
            raise ParameterError(f"{self.origin}: rate_hz must be positive, got {self.rate_hz}")
        if isinstance(self.speed_rpm, np.ndarray) and self.speed_rpm.shape != (self.n_samples,):
            raise RecordError(
                f"{self.origin}: speed_rpm has shape {list(self.speed_rpm.shape)} "
                f"beside {self.n_samples} samples"
            )

    @property
    def n_channels(self) -> int:
        """Number of channels."""
        return int(self.source.shape[0])

    @property
    def n_samples(self) -> int:
        """Number of samples of each channel."""
        return int(self.source.shape[1])

    @property
    def duration_s(self) -> float | None:
        """Length in seconds, or None without a rate."""
        return None if self.rate_hz is None else self.n_samples / self.rate_hz

    @property
    def samples(self) -> Samples:
        """All samples, shape [channels, n_samples]."""
        return self.read(0, self.n_samples)

    @property
    def mean_speed_rpm(self) -> float | None:
        """The speed as one number, or None where it is unknown."""
        return None if self.speed_rpm is None else float(np.mean(self.speed_rpm))

    def read(self, start: int, stop: int) -> Samples:
        """Return the samples of a stretch.

        Parameters
        ----------
        start, stop : int
            Sample numbers; the stretch is cut at the ends of the record.

        Returns
        -------
        ndarray, shape [channels, stop - start]
            float32 or float64, all finite.

        Raises
        ------
        RecordError
            If a sample is not finite and may not be filled; the message says which.
        """
        start = min(max(0, start), self.n_samples)
        stop = max(start, min(stop, self.n_samples))
        block = self._raw(start, stop)
        if np.isfinite(block).all():
            return block
        if self.nan == "refuse":
            raise RecordError(f"{self._where_not_finite(block, start)}; --nan interpolate fills short gaps")
        # gaps may reach over the ends of this stretch: fill in a wider one, then cut it back
        left, right = max(0, start - MAX_GAP_SAMPLES - 1), min(self.n_samples, stop + MAX_GAP_SAMPLES + 1)
        wide = np.array(self._raw(left, right))
        for row, name in zip(wide, self.channels, strict=True):
            _fill_gaps(row, left, (start - left, stop - left), f"{self.origin}, channel {name}")
        return wide[:, start - left : stop - left]

    def blocks(self, n_samples: int) -> Iterator[Samples]:
        """Yield the record in consecutive stretches of at most `n_samples` samples.

        Raises
        ------
        ParameterError
            If `n_samples` is not positive.
        RecordError
            As in `read`.
        """
        if n_samples < 1:
            raise ParameterError(f"a block must have at least 1 sample, got {n_samples}")
        for start in range(0, self.n_samples, n_samples):
            yield self.read(start, start + n_samples)

    def select(self, names: tuple[str, ...] | list[str]) -> "Record":
        """Return the record with the named channels only, in that order.

        A number is the position of a channel, counted from 0, unless a channel has that name.

        Raises
        ------
        ParameterError
            If a channel is not there; the message lists those that are.
        """
        rows = [self._channel_row(name) for name in names]
        if rows == list(range(self.n_channels)):
            return self
        source = (
            self.source[rows] if isinstance(self.source, np.ndarray) else _RowsOf(self.source, tuple(rows))
        )
        return replace(
            self,
            source=source,
            channels=tuple(self.channels[r] for r in rows),
            units=tuple(self.units[r] for r in rows),
        )

    def to(self, unit: str) -> "Record":
        """Return the record in memory with every channel converted to `unit`.

        Raises
        ------
        ParameterError
            If `unit` is no unit we know.
        RecordError
            If the unit of a channel is unknown or of another quantity.
        """
        if unit not in UNIT_FACTORS:
            raise ParameterError(f"unknown unit {unit!r}; {near_names(unit, list(UNIT_FACTORS))}")
        quantity, factor = UNIT_FACTORS[unit]
        factors = []
        for name, have in zip(self.channels, self.units, strict=True):
            other, other_factor = UNIT_FACTORS.get(have, (None, np.nan))
            if other != quantity:
                raise RecordError(
                    f"{self.origin}: channel {name} is in {have!r}, which cannot become {unit!r} ({quantity})"
                )
            factors.append(other_factor / factor)
        converted = self.samples * np.array(factors)[:, None]
        return replace(self, source=converted, units=(unit,) * self.n_channels)

    def _raw(self, start: int, stop: int) -> Samples:
        if isinstance(self.source, np.ndarray):
            return self.source[:, start:stop]
        return self.source.read(start, stop)

    def _channel_row(self, name: str) -> int:
        if name in self.channels:
            return self.channels.index(name)
        if name.isdecimal() and int(name) < self.n_channels:
            return int(name)
        raise ParameterError(f"{self.origin}: no channel {name!r}; {near_names(name, self.channels)}")

    def _where_not_finite(self, block: Samples, start: int) -> str:
        row, column = (int(i[0]) for i in np.nonzero(~np.isfinite(block)))
        value = block[row, column]
        return f"{self.origin}: channel {self.channels[row]} is {value} at sample {start + column}"


@dataclass(frozen=True)
class _RowsOf:
    """Some channels of a source that stays on disk."""

    source: SampleSource
    rows: tuple[int, ...]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), self.source.shape[1]

    def read(self, start: int, stop: int) -> Samples:
        return self.source.read(start, stop)[list(self.rows)]


def _fill_gaps(row: Samples, offset: int, stretch: tuple[int, int], where: str) -> None:
    """Fill gaps by straight lines, in place; at the ends of a record its nearest sample is held.

    `row` starts at sample `offset` and reaches further than the longest gap beyond both ends of
    `stretch`: a gap that is too long raises if it reaches into the stretch, and only then.
    """
    bad = ~np.isfinite(row)
    edges = np.flatnonzero(np.diff(bad, prepend=False, append=False))
    for first, after in zip(edges[::2], edges[1::2], strict=True):
        if after - first > MAX_GAP_SAMPLES and first < stretch[1] and after > stretch[0]:
            raise RecordError(
                f"{where}: more than {MAX_GAP_SAMPLES} samples in a row, too many to fill, are not finite "
                f"around sample {offset + max(first, stretch[0])}; cut the file there"
            )
    if bad.all():
        raise RecordError(f"{where}: none of its {len(row)} samples is finite")
    known = np.flatnonzero(~bad)
    row[bad] = np.interp(np.flatnonzero(bad), known, row[known])
