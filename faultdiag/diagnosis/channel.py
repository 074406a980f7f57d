"""One channel of a record, as every part of a diagnosis is asked about it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.healthy import Healthy
from faultdiag.diagnosis.shaft_speed import ShaftSpeed, shaft_speed
from faultdiag.errors import RecordError
from faultdiag.records import Record
from faultdiag.signal.angle import angular_resample, turns_from_speed

__all__ = ["Channel", "channel_of", "healthy_of"]

VARIES = 0.005
"""Range of a speed, over its mean, from which lines over time are no lines any more."""

Samples = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Channel:
    """Samples at a constant speed, and what is known of them.

    Attributes
    ----------
    x : ndarray, shape [n_samples]
        The samples.
    rate_hz : float
        Their rate, at the mean speed.
    said_rpm : float or None
        Speed of the shaft, nominal or measured.
    unit : str
        Of the samples; may be ``"unknown"``.
    reference : Healthy or None
        The same channel when the machine was healthy.
    measured : bool
        Whether a tachometer told the speed.
    """

    x: Samples
    rate_hz: float
    said_rpm: float | None
    unit: str = "unknown"
    reference: Healthy | None = None
    measured: bool = False

    @cached_property
    def shaft(self) -> ShaftSpeed:
        """The speed that was measured, or what the vibration shows of the one that was said."""
        if self.said_rpm is None:
            raise RecordError("the speed of the shaft is unknown; say it with --speed or --tacho")
        return shaft_speed(self.x, rate_hz=self.rate_hz, said_rpm=self.said_rpm, measured=self.measured)


def channel_of(record: Record, name: str, *, speed_rpm: float | None, reference: Record | None) -> Channel:
    """Return a channel of a record whose rate is known.

    Parameters
    ----------
    record : Record
        The measurement.
    name : str
        One of its channels.
    speed_rpm : float or None
        Speed of the shaft, instead of the one in the record. Where that varies by more than 0.5 %, samples
        are taken evenly over the angle of the shaft.
    reference : Record or None
        With the same channel.

    Raises
    ------
    RecordError
        If the channel is constant, or the reference lacks it or its rate.
    """
    row = record.channels.index(name)
    x, rate_hz = _even(record, row, speed_rpm)
    said_rpm = record.mean_speed_rpm if speed_rpm is None else speed_rpm
    sound = None
    if reference is not None and said_rpm is not None:
        sound = healthy_of(reference, name, of_several=record.n_channels > 1, said_rpm=said_rpm)
    measured = speed_rpm is None and isinstance(record.speed_rpm, np.ndarray)
    return Channel(x, rate_hz, said_rpm, record.units[row], sound, measured)


def healthy_of(reference: Record, name: str, *, said_rpm: float, of_several: bool = True) -> Healthy:
    """Return a channel of a reference record.

    Parameters
    ----------
    reference : Record
        Of the healthy machine.
    name : str
        Of the channel.
    said_rpm : float
        Its speed, where the reference does not say.
    of_several : bool
        Whether the record has several channels; else its only one is that of a reference with one.

    Raises
    ------
    RecordError
        If there is no such channel, or its rate is unknown.
    """
    if reference.rate_hz is None:
        raise RecordError(
            f"{reference.origin}: the sampling rate of the reference is unknown; say it with --rate"
        )
    if name in reference.channels:
        row = reference.channels.index(name)
    elif reference.n_channels == 1 and not of_several:
        row = 0
    else:
        raise RecordError(
            f"{reference.origin}: the reference must have channel {name}, it has "
            f"{', '.join(reference.channels)}; name those that both have with --channel"
        )
    x, rate_hz = _even(reference, row, None)
    measured = isinstance(reference.speed_rpm, np.ndarray)
    its_rpm = reference.mean_speed_rpm
    return Healthy(x, rate_hz, its_rpm or said_rpm, measured, assumed=its_rpm is None)


def _refuse_dead(x: Samples, where: str, name: str) -> None:
    if x.max() == x.min():
        raise RecordError(f"{where}: channel {name} is constant ({x[0]:g}); check the sensor")


def _even(record: Record, row: int, speed_rpm: float | None) -> tuple[Samples, float]:
    """Samples evenly over the angle of the shaft where its speed varies, and their rate at the mean speed."""
    x, rate_hz = record.samples[row], float(record.rate_hz or 0)
    _refuse_dead(x, record.origin, record.channels[row])
    varying = record.speed_rpm if speed_rpm is None else None
    if not isinstance(varying, np.ndarray) or np.ptp(varying) <= VARIES * np.mean(varying):
        return x, rate_hz
    mean_hz = float(np.mean(varying)) / 60
    per_turn = max(1, round(rate_hz / mean_hz))
    turns = turns_from_speed(varying, rate_hz=rate_hz)
    even = angular_resample(x, rate_hz=rate_hz, turns=turns, samples_per_turn=per_turn)
    return even, per_turn * mean_hz
