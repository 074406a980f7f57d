"""Diagnose files: an answer for each channel of each signal in them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from faultdiag.diagnosis.diagnosis import Diagnosis
from faultdiag.diagnosis.record import diagnose_record
from faultdiag.errors import ParameterError, RecordError
from faultdiag.kinematics.catalogue import find_bearing
from faultdiag.kinematics.gears import GearTrain, parse_train
from faultdiag.kinematics.orders import FaultOrders
from faultdiag.readers.folders import signal_files
from faultdiag.readers.read import read_signals, speed_conflict
from faultdiag.records import Record
from faultdiag.views.chosen import chosen_channels
from faultdiag.views.tacho import speed_from_tacho

__all__ = ["diagnose"]


def diagnose(
    signals: Path | str | Record | Sequence[Path | str | Record],
    *,
    bearing: FaultOrders | str | None = None,
    gear: GearTrain | str | None = None,
    reference: Path | str | Record | None = None,
    rate_hz: float | None = None,
    speed_rpm: float | None = None,
    tacho: str | None = None,
    pulses_per_turn: int = 1,
    channel: Sequence[str] = (),
    trace: bool = False,
    **reading: Any,
) -> list[Diagnosis]:
    """Say by physics what is wrong with a bearing, gears or a shaft; nothing is trained.

    Parameters
    ----------
    signals : path, Record, or a sequence of them
        Files, folders (every readable file in them), or records.
    bearing : FaultOrders or str, optional
        A `Bearing`, or what `find_bearing` takes: ``"6205"``, ``"n=9,d=7.94,D=39.04"``, or orders.
    gear : GearTrain or str, optional
        Numbers of teeth from the shaft on whose speed is said: ``"32/80,48/64"``.
    reference : path or Record, optional
        The healthy machine, one signal: the same channels. What has changed against it counts; without
        bearing and gears a tooth on the shaft of the speed is looked at, too.
    rate_hz, speed_rpm : float, optional
        Where files do not say; a given speed wins over a file's, with a warning above 1 %.
    tacho : str, optional
        Channel of a tachometer, by name or number, which tells the speed and is not diagnosed.
    pulses_per_turn : int
        Of the tachometer.
    channel : sequence of str
        Channels by name or number; all, where none is named.
    trace : bool
        Whether answers keep the curves that `faultdiag.report.write_report` draws.
    **reading
        ``variable, rows, nan`` of `faultdiag.read`.

    Returns
    -------
    list of Diagnosis
        One for each channel, in order. One that cannot be diagnosed has status "error". Without bearing,
        gear and reference, or without a speed, it is told what comes back regularly in the vibration.

    Raises
    ------
    ParameterError
        If the bearing is unknown, the gears cannot be read, or a speed is given beside a tachometer.
    RecordError
        If a folder holds no signal file, or the reference cannot be read or is more than one signal.
    """
    known = _Known(
        find_bearing(bearing) if isinstance(bearing, str) else bearing,
        parse_train(gear) if isinstance(gear, str) else gear,
        None if reference is None else _reference(reference, rate_hz, tacho, pulses_per_turn, reading),
    )
    if speed_rpm is not None and tacho is not None:
        raise ParameterError(f"speed_rpm {speed_rpm:g}: the tachometer tells the speed; leave one out")
    found: list[Diagnosis] = []
    for source in _sources(signals):
        name = source.origin if isinstance(source, Record) else str(source)
        try:
            for record in _records(source, rate_hz, reading):
                found += _diagnosed(record, known, speed_rpm, tacho, pulses_per_turn, channel, trace)
        except (RecordError, ParameterError) as error:  # what this file alone says
            said = str(error) if name in str(error) else f"{name}: {error}"
            found.append(Diagnosis(file=name, status="error", error=said))
    return found


class _Known(NamedTuple):
    """What is known of the machine."""

    bearing: FaultOrders | None
    gears: GearTrain | None
    reference: Record | None


def _sources(signals: Path | str | Record | Sequence[Path | str | Record]) -> list[Path | Record]:
    """The files and records that were meant, those of folders among them."""
    found: list[Path | Record] = []
    for item in [signals] if isinstance(signals, Path | str | Record) else signals:
        found += [item] if isinstance(item, Record) else signal_files(item)
    return found


def _reference(
    source: Path | str | Record,
    rate_hz: float | None,
    tacho: str | None,
    pulses_per_turn: int,
    reading: dict[str, Any],
) -> Record:
    """The healthy machine, at the speed of its own tachometer if there is one."""
    records = list(_records(source, rate_hz, reading))
    if len(records) != 1:
        raise RecordError(f"{source}: a reference is one signal, this file has {len(records)}")
    if tacho is None:
        return records[0]
    chosen, pulses = chosen_channels(records[0], (), tacho)
    return speed_from_tacho(chosen, str(pulses), pulses_per_turn=pulses_per_turn)


def _records(source: Path | str | Record, rate_hz: float | None, reading: dict[str, Any]) -> Iterator[Record]:
    if isinstance(source, Record):
        yield source if source.rate_hz is not None else replace(source, rate_hz=rate_hz)
    else:
        yield from read_signals(Path(source), rate_hz=rate_hz, **reading)


def _diagnosed(
    record: Record,
    known: _Known,
    speed_rpm: float | None,
    tacho: str | None,
    pulses_per_turn: int,
    channel: Sequence[str],
    trace: bool,
) -> list[Diagnosis]:
    chosen, pulses = chosen_channels(record, channel, tacho)
    if pulses is not None:
        chosen = speed_from_tacho(chosen, pulses, pulses_per_turn=pulses_per_turn)
    conflict = speed_conflict(chosen, speed_rpm)
    answers = diagnose_record(
        chosen,
        known.bearing,
        gears=known.gears,
        reference=known.reference,
        speed_rpm=speed_rpm,
        trace=trace,
    )
    if conflict:
        answers = [replace(answer, warnings=(conflict, *answer.warnings)) for answer in answers]
    return answers
