"""Preparation: what happens to every record before its windows are cut, in training and in use alike.

The Run's channels, its rate and its low-pass; it works in blocks, so an hour takes no more memory
than a minute.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faultdiag.errors import ParameterError, RecordError
from faultdiag.records import Record
from faultdiag.signal.resampling import BLOCK, resample_blocks, resampled_length
from faultdiag.signal.samples import as_samples

__all__ = ["Preparation"]

Samples = NDArray[np.floating[Any]]

FLOAT32_MAX = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class Preparation:
    """The common form of all records of a Run.

    Attributes
    ----------
    channels : tuple of str
        Channels by name, in the network's order.
    rate_hz : float or None
        Common rate; None leaves records as they are.
    lowpass_hz : (float, float) or None
        Pass and stop edge of a low-pass that all records go through, so that none is known by
        the filter of its recorder.

    Raises
    ------
    ParameterError
        If there is a low-pass but no rate.
    """

    channels: tuple[str, ...]
    rate_hz: float | None = None
    lowpass_hz: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.lowpass_hz is not None and self.rate_hz is None:
            edges = " to ".join(f"{edge:g}" for edge in self.lowpass_hz)
            raise ParameterError(
                f"a low-pass of {edges} Hz needs the rate of the records: say it with --rate, "
                "or leave the low-pass out"
            )

    def warnings(self, record: Record) -> list[str]:
        """Return what must be said about a record that is prepared, a sentence each."""
        said = self.rate_warnings(record.rate_hz)
        if self._by_position(record):
            taken = ", ".join(
                f"{mine} for {ours}" for mine, ours in zip(record.channels, self.channels, strict=True)
            )
            said.append(f"channels taken by position: {taken}")
        return said

    def rate_warnings(self, rate_hz: float | None) -> list[str]:
        """Return what must be said about a signal of such a rate, or of none, that is prepared."""
        if rate_hz is None and self.rate_hz is not None:
            return [f"the rate is not known and taken to be {self.rate_hz:g} Hz (say it with --rate)"]
        if self.rate_hz is None and rate_hz is not None:
            return [f"trained without a known rate; the record's {rate_hz:g} Hz are not used"]
        if self.rate_hz is not None and rate_hz is not None and rate_hz < self.rate_hz:
            return [
                f"recorded at {rate_hz:g} Hz: nothing above {rate_hz / 2:g} Hz can be seen, "
                f"the network was trained at {self.rate_hz:g} Hz"
            ]
        return []

    def select(self, record: Record) -> Record:
        """Return the record with the channels of the Run only.

        By name; a record with just as many channels under other names is taken by position.

        Raises
        ------
        RecordError
            If channels are missing.
        """
        if self._by_position(record):
            return record
        absent = [name for name in self.channels if name not in record.channels]
        if absent:
            raise RecordError(
                f"{record.origin}: has {record.n_channels} channels ({', '.join(record.channels)}), "
                f"the network takes {len(self.channels)} ({', '.join(self.channels)}); "
                "choose with --channel"
            )
        return record.select(self.channels)

    def n_samples(self, record: Record) -> int:
        """Return how many samples the prepared record has."""
        if self.rate_hz is None:
            return record.n_samples
        return resampled_length(record.n_samples, rate_hz=record.rate_hz or self.rate_hz, to_hz=self.rate_hz)

    def blocks(self, record: Record) -> Iterator[Samples]:
        """Yield the prepared samples ``[channels, k]`` of a record in consecutive blocks, float32.

        Raises
        ------
        RecordError
            If channels are missing, a sample is not finite, or (at the end) a channel was constant.
        """
        chosen = self.select(record)
        return self._prepared(chosen.blocks(BLOCK), chosen.rate_hz, chosen.channels, record.origin)

    def stream(
        self, blocks: Iterable[ArrayLike], *, rate_hz: float | None = None, origin: str = "stream"
    ) -> Iterator[Samples]:
        """Yield the prepared samples of a signal whose end is not known, as `blocks` does of a record.

        Parameters
        ----------
        blocks : iterable of array_like, shape [channels, k]
            Consecutive pieces of any size, channels in the Run's order; ``[k]`` is one channel.
        rate_hz : float, optional
            Their rate; default: the Run's.
        origin : str
            For messages.

        Raises
        ------
        RecordError
            If the channels are not as many as the Run's, a sample is not finite, or (at the end) a
            channel was constant.
        """
        return self._prepared(self._by_channel(blocks, origin), rate_hz, self.channels, origin)

    def _by_channel(self, blocks: Iterable[ArrayLike], origin: str) -> Iterator[Samples]:
        """The blocks that are not empty as floats ``[channels, k]``."""
        start = 0
        for block in blocks:
            rows = np.atleast_2d(np.asarray(block))
            if rows.ndim != 2 or len(rows) != len(self.channels):
                raise RecordError(
                    f"{origin}: a block has shape {list(np.shape(block))}, the network takes [channels, k] "
                    f"of {len(self.channels)} channels ({', '.join(self.channels)})"
                )
            if rows.size:
                yield as_samples(rows, start=start)
                start += rows.shape[-1]

    def _prepared(
        self, blocks: Iterable[Samples], rate_hz: float | None, channels: tuple[str, ...], origin: str
    ) -> Iterator[Samples]:
        rate_hz = rate_hz or self.rate_hz or 1.0
        return resample_blocks(
            _checked(blocks, channels, origin),
            rate_hz=rate_hz,
            to_hz=self.rate_hz or rate_hz,
            lowpass_hz=self.lowpass_hz,
        )

    def __call__(self, record: Record) -> Record:
        """Return the whole prepared record in memory, float32; raises as `blocks` does."""
        chosen = self.select(record)
        return replace(
            chosen,
            source=np.concatenate(list(self.blocks(record)), axis=-1),
            rate_hz=chosen.rate_hz if self.rate_hz is None else self.rate_hz,
            speed_rpm=chosen.mean_speed_rpm,
            channels=self.channels,
            nan="refuse",
        )

    def _by_position(self, record: Record) -> bool:
        return record.n_channels == len(self.channels) and set(record.channels).isdisjoint(self.channels)


def _checked(blocks: Iterable[Samples], channels: tuple[str, ...], origin: str) -> Iterator[Samples]:
    """The blocks as float32, refused where they cannot be a vibration."""
    low = np.full(len(channels), np.inf)
    high = -low
    for block in blocks:
        np.minimum(low, block.min(axis=-1), out=low)
        np.maximum(high, block.max(axis=-1), out=high)
        if max(-low.min(), high.max()) > FLOAT32_MAX:
            raise RecordError(f"{origin}: samples of {high.max():g} are no vibration; check the unit")
        yield block.astype(np.float32, copy=False)
    for name, value, top in zip(channels, low, high, strict=True):
        if value == top:
            raise RecordError(f"{origin}: channel {name} is constant ({value:g}); check the sensor")
