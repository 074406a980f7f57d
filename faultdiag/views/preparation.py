"""Preparation: what happens to every record before its windows are cut, in training and in use alike.

The Run's channels, its rate and its low-pass; it works in blocks, so an hour takes no more memory
than a minute.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError, RecordError
from faultdiag.records import Record
from faultdiag.signal.resampling import resample_blocks, resampled_length

__all__ = ["Preparation"]

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
        said = []
        if record.rate_hz is None and self.rate_hz is not None:
            said.append(f"the rate is not known and taken to be {self.rate_hz:g} Hz (say it with --rate)")
        elif self.rate_hz is None and record.rate_hz is not None:
            said.append(f"trained without a known rate; the record's {record.rate_hz:g} Hz are not used")
        elif self.rate_hz is not None and record.rate_hz is not None and record.rate_hz < self.rate_hz:
            said.append(
                f"recorded at {record.rate_hz:g} Hz: nothing above {record.rate_hz / 2:g} Hz can be seen, "
                f"the network was trained at {self.rate_hz:g} Hz"
            )
        if self._by_position(record):
            taken = ", ".join(
                f"{mine} for {ours}" for mine, ours in zip(record.channels, self.channels, strict=True)
            )
            said.append(f"channels taken by position: {taken}")
        return said

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

    def blocks(self, record: Record) -> Iterator[NDArray[np.floating[Any]]]:
        """Yield the prepared samples ``[channels, k]`` in consecutive blocks, float32.

        Raises
        ------
        RecordError
            If channels are missing, a sample is not finite, or (at the end) a channel was constant.
        """
        chosen = self.select(record)
        low = np.full(chosen.n_channels, np.inf)
        high = -low

        def read(start: int, stop: int) -> NDArray[np.floating[Any]]:
            block = chosen.read(start, stop)
            np.minimum(low, block.min(axis=-1), out=low)
            np.maximum(high, block.max(axis=-1), out=high)
            if max(-low.min(), high.max()) > FLOAT32_MAX:
                raise RecordError(
                    f"{record.origin}: samples of {high.max():g} are no vibration; check the unit"
                )
            return block.astype(np.float32, copy=False)

        rate_hz = chosen.rate_hz or self.rate_hz or 1.0
        yield from resample_blocks(
            read,
            chosen.n_samples,
            rate_hz=rate_hz,
            to_hz=self.rate_hz or rate_hz,
            lowpass_hz=self.lowpass_hz,
        )
        for name, value, top in zip(chosen.channels, low, high, strict=True):
            if value == top:
                raise RecordError(
                    f"{record.origin}: channel {name} is constant ({value:g}); check the sensor"
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
