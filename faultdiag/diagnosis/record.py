"""Diagnosis of the channels of a record: what is checked, what is said."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.bearing import BearingResult, diagnose_bearing
from faultdiag.diagnosis.bearing_rules import Finding
from faultdiag.diagnosis.diagnosis import Diagnosis, Hypothesis
from faultdiag.diagnosis.envelope_lines import NARROWEST_HZ
from faultdiag.diagnosis.evidence import N_HARMONICS, SLIP_LIMIT
from faultdiag.diagnosis.shaft_speed import WIDE
from faultdiag.diagnosis.trace import trace_of
from faultdiag.diagnosis.words import evidence_lines, sentence, speed_note
from faultdiag.errors import ParameterError, RecordError
from faultdiag.kinematics.orders import FaultOrders
from faultdiag.records import Record
from faultdiag.signal.angle import angular_resample, turns_from_speed

__all__ = ["FEWEST_TURNS", "diagnose_record"]

FEWEST_TURNS = 20
"""In fewer, lines of the shaft and of the bearing cannot be told apart."""

VARIES = 0.005
"""Range of a speed, over its mean, from which lines over time are no lines any more."""

Samples = NDArray[np.floating[Any]]

LOWEST_RATE_HZ = 4 * NARROWEST_HZ
"""The ringing of a struck bearing lies far above what a slower recording holds."""


def diagnose_record(
    record: Record, bearing: FaultOrders, *, speed_rpm: float | None = None, trace: bool = False
) -> list[Diagnosis]:
    """Return what is wrong with a bearing, for each channel of a record.

    Parameters
    ----------
    record : Record
        The measurement; its samples are read as a whole.
    bearing : FaultOrders
        The bearing whose housing was measured.
    speed_rpm : float, optional
        Speed of the shaft; default: that of the record. Where it varies there by more than 0.5 %, samples
        are taken evenly over the angle of the shaft.
    trace : bool
        Whether to keep the curves that a report draws.

    Raises
    ------
    RecordError
        If the rate or the speed is unknown, the record too short or too slow for the bearing to be seen, or
        a sample is not finite.
    ParameterError
        If the speed is not positive, or so high that the fault frequencies lie beyond the spectrum.
    """
    said_rpm = record.mean_speed_rpm if speed_rpm is None else speed_rpm
    orders = bearing.fault_orders()
    rate_hz, said_rpm = _checked(record, said_rpm, max(orders.values()))
    found = []
    for samples, channel in zip(record.samples, record.channels, strict=True):
        if samples.max() == samples.min():
            raise RecordError(
                f"{record.origin}: channel {channel} is constant ({samples[0]:g}); check the sensor"
            )
        even, even_rate_hz = _evenly_turning(
            samples, record.speed_rpm if speed_rpm is None else None, rate_hz
        )
        result = diagnose_bearing(even, rate_hz=even_rate_hz, orders=orders, said_rpm=said_rpm)
        found.append(replace(_said(result, said_rpm, trace), file=record.origin, channel=channel))
    return found


def _evenly_turning(
    samples: Samples, speed_rpm: float | Samples | None, rate_hz: float
) -> tuple[Samples, float]:
    """Samples evenly over the angle of the shaft where its speed varies, and their rate at the mean speed."""
    if not isinstance(speed_rpm, np.ndarray) or np.ptp(speed_rpm) <= VARIES * np.mean(speed_rpm):
        return samples, rate_hz
    mean_hz = float(np.mean(speed_rpm)) / 60
    per_turn = max(1, round(rate_hz / mean_hz))
    turns = turns_from_speed(speed_rpm, rate_hz=rate_hz)
    even = angular_resample(samples, rate_hz=rate_hz, turns=turns, samples_per_turn=per_turn)
    return even, per_turn * mean_hz


def _said(result: BearingResult, said_rpm: float, trace: bool) -> Diagnosis:
    """The answer, without its place."""
    note = speed_note(result, said_rpm)
    shown = [one for one in result.findings if one.label in (result.findings[0].label, *result.also)]
    label = result.label
    return Diagnosis(
        file="",
        status="undetermined" if label is None else "ok",
        label=label,
        confidence=_label_confidence(result),
        also=result.also,
        hypotheses=tuple(_hypothesis(one, result.confidence[one.label]) for one in result.findings),
        speed_rpm=result.shaft.speed_rpm,
        evidence=tuple(line for one in shown for line in evidence_lines(one)),
        text=sentence(result),
        warnings=(note,) if note else (),
        traces=tuple(trace_of(result.lines, one) for one in shown) if trace else (),
    )


def _label_confidence(result: BearingResult) -> float | None:
    """Of the fault; of a sound bearing, what the strongest hypothesis leaves."""
    if result.label is None:
        return None
    if result.label == "normal":
        return 1 - max(result.confidence.values())
    return result.confidence[result.label]


def _hypothesis(finding: Finding, confidence: float) -> Hypothesis:
    return Hypothesis(
        label=finding.label,
        confidence=confidence,
        score=finding.score,
        frequency_hz=finding.found_hz,
        p_value=finding.p_value,
        effect=finding.effect,
    )


def _checked(record: Record, said_rpm: float | None, highest_order: float) -> tuple[float, float]:
    """Rate and speed, after a check that the bearing can be seen."""
    where = record.origin
    if record.rate_hz is None:
        raise RecordError(f"{where}: the sampling rate is unknown; say it with --rate")
    if said_rpm is None:
        raise RecordError(f"{where}: the speed of the shaft is unknown; say it with --speed or --tacho")
    if not 0 < said_rpm < float("inf"):
        raise ParameterError(f"{where}: the speed must be positive, got {said_rpm:g} rpm")
    if record.rate_hz < LOWEST_RATE_HZ:
        raise RecordError(
            f"{where}: at {record.rate_hz:g} Hz no bearing can be seen; record at {LOWEST_RATE_HZ:g} Hz or "
            "more, best above 10 kHz"
        )
    highest_hz = N_HARMONICS * highest_order * (1 + SLIP_LIMIT) * (1 + WIDE) * said_rpm / 60
    if highest_hz > record.rate_hz / 2:
        raise ParameterError(
            f"{where}: at {said_rpm:g} rpm fault frequencies reach {highest_hz:.4g} Hz, beyond the "
            f"{record.rate_hz / 2:g} Hz that the record holds; check speed and rate"
        )
    needed_s = FEWEST_TURNS * 60 / said_rpm
    duration_s = record.n_samples / record.rate_hz
    if duration_s < needed_s:
        as_hz = f" ({said_rpm:g} Hz would be {60 * said_rpm:g} rpm)" if needed_s < 60 * duration_s else ""
        raise RecordError(
            f"{where}: {duration_s:.3g} s are too short for {said_rpm:g} rpm: {FEWEST_TURNS} turns take "
            f"{needed_s:.3g} s; record longer{as_hz}"
        )
    return record.rate_hz, said_rpm
