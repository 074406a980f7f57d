"""Diagnosis of the channels of a record: what is checked, and what is asked of each."""

from dataclasses import replace

from faultdiag.diagnosis.answers import (
    bearing_answer,
    family_answer,
    gear_answer,
    joined,
    with_shaft_faults,
)
from faultdiag.diagnosis.channel import Channel, channel_of
from faultdiag.diagnosis.diagnosis import Diagnosis
from faultdiag.diagnosis.envelope_lines import NARROWEST_HZ
from faultdiag.diagnosis.evidence import N_HARMONICS, SLIP_LIMIT
from faultdiag.diagnosis.shaft_speed import WIDE
from faultdiag.errors import ParameterError, RecordError
from faultdiag.kinematics.gears import GearTrain
from faultdiag.kinematics.orders import FaultOrders
from faultdiag.records import Record

__all__ = ["FEWEST_TURNS", "diagnose_record"]

FEWEST_TURNS = 20
"""In fewer, lines of the shaft and of the bearing cannot be told apart."""

LOWEST_RATE_HZ = 4 * NARROWEST_HZ
"""The ringing of a struck bearing lies far above what a slower recording holds."""


def diagnose_record(
    record: Record,
    bearing: FaultOrders | None = None,
    *,
    gears: GearTrain | None = None,
    reference: Record | None = None,
    speed_rpm: float | None = None,
    trace: bool = False,
) -> list[Diagnosis]:
    """Return what is wrong with a machine, for each channel of a record.

    Parameters
    ----------
    record : Record
        The measurement; its samples are read as a whole.
    bearing : FaultOrders, optional
        The bearing whose housing was measured.
    gears : GearTrain, optional
        Gears, from the shaft on whose speed is said. With a reference and no bearing they are looked at
        without their numbers of teeth, too.
    reference : Record, optional
        The same channels of the healthy machine; rate, length, load and speed may differ.
    speed_rpm : float, optional
        Speed of the shaft; default: that of the record. Where it varies there by more than 0.5 %, samples
        are taken evenly over the angle of the shaft.
    trace : bool
        Whether to keep the curves that a report draws.

    Returns
    -------
    list of Diagnosis
        One for each channel. Where nothing is known of the machine, or no speed, the families of lines that
        are there, and status "undetermined".

    Raises
    ------
    RecordError
        If the rate is unknown, a record too short or too slow for what is asked, a sample is not finite, or
        the reference lacks a channel.
    ParameterError
        If the speed is not positive, or so high that the fault frequencies lie beyond the spectrum.
    """
    said_rpm = record.mean_speed_rpm if speed_rpm is None else speed_rpm
    _check(record, said_rpm)
    if bearing is not None and said_rpm is not None:
        _refuse_beyond(record, said_rpm, max(bearing.fault_orders().values()))
    found = []
    for name in record.channels:
        channel = channel_of(record, name, speed_rpm=speed_rpm, reference=reference)
        answer = _answer(channel, bearing, gears, trace)
        found.append(replace(answer, file=record.origin, channel=name))
    return found


def _answer(channel: Channel, bearing: FaultOrders | None, gears: GearTrain | None, trace: bool) -> Diagnosis:
    """The answer, without its place."""
    if channel.said_rpm is None:
        return family_answer(channel, bearing)
    answers = []
    if bearing is not None:
        answers.append(bearing_answer(channel, bearing, trace=trace))
    if gears is not None or (bearing is None and channel.reference is not None):
        answers.append(gear_answer(channel, gears))
    answer = joined(answers) if answers else family_answer(channel, None)
    return with_shaft_faults(answer, channel, may_be_label=bearing is None and gears is None)


def _check(record: Record, said_rpm: float | None) -> None:
    """Refuse what nothing can be said of."""
    where = record.origin
    if record.rate_hz is None:
        raise RecordError(f"{where}: the sampling rate is unknown; say it with --rate")
    if record.rate_hz < LOWEST_RATE_HZ:
        raise RecordError(
            f"{where}: at {record.rate_hz:g} Hz no bearing can be seen; record at {LOWEST_RATE_HZ:g} Hz or "
            "more, best above 10 kHz"
        )
    if said_rpm is None:
        return
    if not 0 < said_rpm < float("inf"):
        raise ParameterError(f"{where}: the speed must be positive, got {said_rpm:g} rpm")
    needed_s = FEWEST_TURNS * 60 / said_rpm
    duration_s = record.n_samples / record.rate_hz
    if duration_s < needed_s:
        as_hz = f" ({said_rpm:g} Hz would be {60 * said_rpm:g} rpm)" if needed_s < 60 * duration_s else ""
        raise RecordError(
            f"{where}: {duration_s:.3g} s are too short for {said_rpm:g} rpm: {FEWEST_TURNS} turns take "
            f"{needed_s:.3g} s; record longer{as_hz}"
        )


def _refuse_beyond(record: Record, said_rpm: float, highest_order: float) -> None:
    """Refuse a speed at which the lines of a bearing lie beyond the spectrum."""
    highest_hz = N_HARMONICS * highest_order * (1 + SLIP_LIMIT) * (1 + WIDE) * said_rpm / 60
    half_rate_hz = (record.rate_hz or 0) / 2
    if highest_hz > half_rate_hz:
        raise ParameterError(
            f"{record.origin}: at {said_rpm:g} rpm fault frequencies reach {highest_hz:.4g} Hz, beyond the "
            f"{half_rate_hz:g} Hz that the record holds; check speed and rate"
        )
