"""Diagnosis of the channels of a record: what is checked, and what is asked of each."""

from dataclasses import replace

from faultdiag.diagnosis.answers import bearing_answer, family_answer, gear_answer
from faultdiag.diagnosis.channel import Channel, channel_of
from faultdiag.diagnosis.diagnosis import Diagnosis
from faultdiag.diagnosis.envelope_lines import NARROWEST_HZ
from faultdiag.diagnosis.evidence import N_HARMONICS, SLIP_LIMIT
from faultdiag.diagnosis.joined import joined, with_shaft_faults
from faultdiag.diagnosis.shaft_lines import FEWEST_TURNS
from faultdiag.diagnosis.shaft_speed import WIDE
from faultdiag.errors import ParameterError, RecordError
from faultdiag.kinematics.gears import GearTrain
from faultdiag.kinematics.orders import FaultOrders
from faultdiag.records import Record

__all__ = ["diagnose_record"]

NEEDS_SPEED = "without the speed of the shaft neither gears nor a reference can be used; say it with --speed"

LOWEST_RATE_HZ = 4 * NARROWEST_HZ
"""The ringing of a struck bearing lies far above what a slower recording holds."""

LIKELY_KHZ = (2.0, 250.0)
"""Rates of usual recorders: where so many Hz are said, kHz may have been meant."""

LIKELY_HZ = (5.0, 100.0)
"""Turns a second of usual machines: where so many rpm are said, Hz may have been meant."""


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
    if reference is not None and reference.rate_hz is not None:  # else the channel says what is missing
        _check(reference, reference.mean_speed_rpm or said_rpm)
    if bearing is not None and said_rpm is not None:
        _refuse_beyond(record, said_rpm, max(bearing.fault_orders().values()))
    found = []
    for name in record.channels:
        channel = channel_of(record, name, speed_rpm=speed_rpm, reference=reference)
        answer = _answer(channel, bearing, gears, trace)
        if said_rpm is None and (gears is not None or reference is not None):
            answer = replace(answer, warnings=(*answer.warnings, NEEDS_SPEED))
        if hint := _meant_in_hz(channel, answer):
            answer = replace(answer, warnings=(*answer.warnings, hint))
        found.append(replace(answer, file=record.origin, channel=name))
    return found


def _answer(channel: Channel, bearing: FaultOrders | None, gears: GearTrain | None, trace: bool) -> Diagnosis:
    """The answer, without its place."""
    if channel.said_rpm is None:
        return family_answer(channel, bearing, trace=trace)
    answers = []
    if bearing is not None:
        answers.append(bearing_answer(channel, bearing, gears=gears, trace=trace))
    if gears is not None:
        answers.append(gear_answer(channel, gears, trace=trace))
    answer = joined(answers) if answers else _answer_without_parts(channel, trace)
    return with_shaft_faults(answer, channel, unnamed=bearing is None and gears is None)


def _answer_without_parts(channel: Channel, trace: bool) -> Diagnosis:
    """The lines that are there; with a reference those that are new, and pulses of a tooth, too."""
    family = family_answer(channel, None, trace=trace)
    if channel.reference is None:
        return family
    gear = gear_answer(channel, None, trace=trace)
    return joined([gear, family]) if family.evidence else replace(gear, text=f"{gear.text} {family.text}")


def _check(record: Record, said_rpm: float | None) -> None:
    """Refuse what nothing can be said of."""
    where = record.origin
    if record.rate_hz is None:
        raise RecordError(f"{where}: the sampling rate is unknown; say it with --rate")
    if record.rate_hz < LOWEST_RATE_HZ:
        raise RecordError(
            f"{where}: at {record.rate_hz:g} Hz no bearing can be seen; record at {LOWEST_RATE_HZ:g} Hz or "
            f"more, best above 10 kHz{_if_in_khz(record.rate_hz)}"
        )
    if record.rows == "unknown" and record.n_channels > record.n_samples:
        raise RecordError(
            f"{where}: its {record.n_channels} rows are taken for channels of {record.n_samples} samples; if "
            "its columns are the channels say --rows samples"
        )
    if said_rpm is None:
        return
    if not 0 < said_rpm < float("inf"):
        raise ParameterError(f"{where}: the speed must be positive, got {said_rpm:g} rpm")
    needed_s = FEWEST_TURNS * 60 / said_rpm
    duration_s = record.n_samples / record.rate_hz
    if duration_s < needed_s:
        hint = _if_in_hz(said_rpm) if needed_s <= 60 * duration_s else ""
        raise RecordError(
            f"{where}: {duration_s:.3g} s are too short for {said_rpm:g} rpm: {FEWEST_TURNS} turns take "
            f"{needed_s:.3g} s; record longer{hint and f', or {hint}'}"
        )


def _if_in_khz(rate_hz: float) -> str:
    if not LIKELY_KHZ[0] <= rate_hz <= LIKELY_KHZ[1]:
        return ""
    return f"; if {rate_hz:g} kHz was meant, say {1000 * rate_hz:.10g}"


def _if_in_hz(said_rpm: float) -> str:
    if not LIKELY_HZ[0] <= said_rpm < LIKELY_HZ[1]:
        return ""
    return f"if {said_rpm:g} was meant in Hz, say {60 * said_rpm:.10g} rpm"


def _meant_in_hz(channel: Channel, answer: Diagnosis) -> str:
    """A hint, where neither the shaft nor a fault is found at a speed that may have been said in Hz."""
    if channel.said_rpm is None or channel.shaft.source != "said" or answer.label not in (None, "normal"):
        return ""
    return _if_in_hz(channel.said_rpm)


def _refuse_beyond(record: Record, said_rpm: float, highest_order: float) -> None:
    """Refuse a speed at which the lines of a bearing lie beyond the spectrum."""
    highest_hz = N_HARMONICS * highest_order * (1 + SLIP_LIMIT) * (1 + WIDE) * said_rpm / 60
    half_rate_hz = (record.rate_hz or 0) / 2
    if highest_hz > half_rate_hz:
        raise ParameterError(
            f"{record.origin}: at {said_rpm:g} rpm fault frequencies reach {highest_hz:.0f} Hz, beyond the "
            f"{half_rate_hz:g} Hz that the record holds; check speed and rate"
        )
