"""Predict: from files or arrays to one answer a signal."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import FaultdiagError, ParameterError, RecordError
from faultdiag.inference.ahead import made_ahead
from faultdiag.inference.images import are_images, predict_images
from faultdiag.inference.physics import beside_physics
from faultdiag.inference.prediction import Prediction
from faultdiag.inference.run import Run, load_run, newest_run
from faultdiag.inference.speeds import speeds_of
from faultdiag.inference.stream import check_length, check_use, windows_of
from faultdiag.inference.tally import Tally
from faultdiag.kinematics.catalogue import find_bearing
from faultdiag.kinematics.orders import FaultOrders
from faultdiag.readers.arrays import arrange
from faultdiag.readers.folders import signal_files
from faultdiag.readers.read import read_signals, speed_conflict
from faultdiag.records import NanPolicy, Record, Rows
from faultdiag.views.tacho import speed_from_tacho

__all__ = ["predict"]


def predict(
    signals: Any,
    *,
    run: Run | Path | str | None = None,
    rate_hz: float | None = None,
    speed_rpm: float | None = None,
    channel: str | tuple[str, ...] | None = None,
    variable: str | None = None,
    rows: Rows = "unknown",
    nan: NanPolicy = "refuse",
    tacho: str | None = None,
    pulses_per_turn: int = 1,
    bearing: FaultOrders | str | None = None,
    trace: bool = False,
) -> list[Prediction]:
    """Say what is wrong with each signal.

    Parameters
    ----------
    signals : path, Record, ndarray, or a list of paths and Records
        Files, folders (every readable file in them), records, or an array: ``[n]`` is one signal,
        ``[k, n]`` are k channels if the Run has k > 1 channels, else k signals, and
        ``[signals, channels, n]`` is what it says. A Run for images takes what `predict_images` says.
    run : Run or path, optional
        Default: the newest finished Run in ``./runs``: for images if all paths are images, else for signals.
    rate_hz, speed_rpm : float, optional
        Where files do not say; a given speed wins over a file's, with a warning above 1 %.
    channel : str or tuple of str, optional
        Channels by name or number.
    variable : str, optional
        Which array of a file.
    rows : {"unknown", "channels", "signals", "samples"}
        What the rows of a 2-D array are.
    nan : {"refuse", "interpolate"}
        What to do about samples that are not finite.
    tacho : str, optional
        Channel of a tachometer, by name or number: it tells the speed of each window, and is not judged.
    pulses_per_turn : int
        Of the tachometer.
    bearing : FaultOrders or str, optional
        A `Bearing`, or what `find_bearing` takes: with it and a speed the physics judges beside the
        network, from the first channel.
    trace : bool
        Whether to keep the probabilities of every window, or the images.

    Returns
    -------
    list of Prediction
        One for each signal, in order. One that cannot be judged has status "error".

    Raises
    ------
    ParameterError
        If a path does not exist, an option is wrong by itself, or there is no Run.
    RecordError
        If a folder holds no signal file.
    RunError
        If the Run is damaged.
    """
    if run is None:
        judge = newest_run("image" if are_images(signals) else "signal")
    else:
        judge = run if isinstance(run, Run) else load_run(run)
    if judge.document.input == "image":
        _refuse_for_images(
            rate_hz=rate_hz,
            speed_rpm=speed_rpm,
            channel=channel,
            variable=variable,
            tacho=tacho,
            bearing=bearing,
        )
        return predict_images(judge.ready(), signals, keep=trace)
    known = find_bearing(bearing) if isinstance(bearing, str) else bearing
    if tacho is not None:
        rows = _rows_with_tacho(rows, speed_rpm)
    wanted = (channel,) if isinstance(channel, str) else channel
    sources = list(_sources(signals))
    check_use(judge, rate_hz=rate_hz, speed_rpm=speed_rpm)
    answers: list[Prediction] = []
    for source in sources:
        name = "array" if isinstance(source, np.ndarray) else getattr(source, "origin", str(source))
        try:
            channels = wanted if tacho is None or wanted is None else (*wanted, tacho)
            records = _read(source, rate_hz=rate_hz, channel=channels, variable=variable, rows=rows, nan=nan)
            if tacho is not None:
                records = [speed_from_tacho(r, tacho, pulses_per_turn=pulses_per_turn) for r in records]
            parts = [part for record in records for part in _split_rows(record, judge)]
        except (RecordError, ParameterError) as error:  # what this file alone says; the others are judged
            answers.append(_failure(judge, name, 0, error))
            continue
        for number, part in enumerate(parts):
            answer = _judge(judge, part, name, number, speed_rpm, trace)
            if known is not None:
                answer = beside_physics(answer, part, known, speed_rpm=speed_rpm)
            answers.append(answer)
    return answers


def _refuse_for_images(**options: Any) -> None:
    for name, value in options.items():
        if value is not None:
            raise ParameterError(f"{name} {value!r}: this Run takes images, which have none; leave it out")


def _rows_with_tacho(rows: Rows, speed_rpm: float | None) -> Rows:
    """What rows must be where one of them is a tachometer.

    Raises
    ------
    ParameterError
        If a speed is given, too, or rows are signals.
    """
    if speed_rpm is not None:
        raise ParameterError(
            f"speed_rpm {speed_rpm:g}: the tachometer tells the speed; leave one of them out"
        )
    if rows == "signals":
        raise ParameterError("rows are signals: none of them can be the tachometer of the others")
    return "channels" if rows == "unknown" else rows


def _sources(signals: Any) -> Iterator[Path | Record | NDArray[Any]]:
    """The files, records or array that were meant; a missing file is an error before anything is judged."""
    single = isinstance(signals, Path | str | Record | np.ndarray)
    listed = [signals] if single else list(signals)
    for item in listed:
        if not isinstance(item, Path | str | Record) and not single:
            raise ParameterError(
                f"signals: a list holds paths and Records, got {type(item).__name__}; give an array by itself"
            )
        if isinstance(item, Path | str) and not Path(item).exists():
            raise ParameterError(f"file not found: {item}")
    for item in listed:
        if isinstance(item, Path | str):
            yield from signal_files(item)
        else:
            yield item


def _read(
    source: Path | Record | NDArray[Any],
    *,
    rate_hz: float | None,
    channel: tuple[str, ...] | None,
    variable: str | None,
    rows: Rows,
    nan: NanPolicy,
) -> list[Record]:
    """The records of a source, with what was said about them."""
    if isinstance(source, Path):
        return read_signals(source, rate_hz=rate_hz, channel=channel, variable=variable, rows=rows, nan=nan)
    records = [source] if isinstance(source, Record) else arrange(source, rows=rows, nan=nan)
    if channel is not None:
        records = [record.select(channel) for record in records]
    for record in records:
        if None not in (rate_hz, record.rate_hz) and rate_hz != record.rate_hz:
            raise ParameterError(
                f"{record.origin}: rate_hz {rate_hz:g} contradicts the record's {record.rate_hz:g}"
            )
    return [replace(record, rate_hz=record.rate_hz or rate_hz) for record in records]


def _split_rows(record: Record, run: Run) -> list[Record]:
    """The signals of an array of rows: its channels for a Run of several channels, else one each.

    Raises
    ------
    RecordError
        If the rows are too short to be either.
    """
    if record.rows != "unknown" or record.n_channels == 1:
        return [record]
    if record.n_samples < run.document.data.window and record.n_channels > record.n_samples:
        raise RecordError(
            f"{record.origin}: {record.n_channels} rows of {record.n_samples} samples, shorter than a "
            f"window of {run.document.data.window}; say what rows are with --rows samples|signals|channels"
        )
    if len(run.document.data.channels) > 1:
        return [record]
    return [replace(record.select([name]), rows="channels") for name in record.channels]


def _judge(
    run: Run, record: Record, name: str, number: int, speed_rpm: float | None, trace: bool
) -> Prediction:
    """Judge one signal in constant memory."""
    data = run.document.data
    conflict = speed_conflict(record, speed_rpm)
    if speed_rpm is not None:
        record = replace(record, speed_rpm=speed_rpm)
    if run.view.needs_speed and record.mean_speed_rpm is None:
        view = run.document.view["name"]
        why = f"speed unknown: the view {view} is in orders of the shaft; say it with --speed"
        return Prediction.undetermined(file=name, signal=number, run=str(run.folder), warnings=[why])
    speeds = speeds_of(record, rate_hz=data.rate_hz, window=data.window, hop=data.test_hop)
    tally = Tally(run, speed_rpm=speeds, trace=trace)
    try:
        check_length(run, run.preparation.n_samples(record), record.origin)
        blocks = run.preparation.blocks(record)
        for windows in made_ahead(windows_of(blocks, length=data.window, hop=data.test_hop)):
            tally.add(windows)
        said = run.preparation.warnings(record)
    except (RecordError, ParameterError) as error:  # the second of a rate that cannot become the Run's
        return _failure(run, name, number, error)
    return tally.answer(file=name, signal=number, warnings=([conflict] if conflict else []) + said)


def _failure(run: Run, name: str, number: int, error: FaultdiagError) -> Prediction:
    return Prediction.failed(file=name, signal=number, run=str(run.folder), error=str(error))
