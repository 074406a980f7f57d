"""The bearing records of Case Western Reserve University, each with what is peculiar about it.

Facts come from `official_records`, samples from the files; where the two are known to disagree, the
record tells, and a note says so.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from faultdiag.datasets.cards import load_card
from faultdiag.datasets.cwru_notes import notes_on
from faultdiag.datasets.cwru_records import FULL_SETS, OfficialRecord, official_records
from faultdiag.datasets.download import Progress
from faultdiag.datasets.examples import Examples
from faultdiag.datasets.fetch import ensure
from faultdiag.datasets.files import find_file
from faultdiag.errors import DatasetError, ParameterError
from faultdiag.readers import read_signals
from faultdiag.records import Record
from faultdiag.registry import near_names

__all__ = ["examples"]

SIZES_MIL = (7, 14, 21)
"""Of the faults that are taken where nothing else is said."""

_FAULTS = ("normal", "inner", "outer", "ball")


def examples(
    data_dir: Path | None,
    *,
    task: str = "fault",
    channels: tuple[str, ...] = (),
    record_set: str = "12k_DE",
    sizes_mil: Sequence[int] = SIZES_MIL,
    progress: Progress | None = None,
) -> Examples:
    """Return the records of a set, and the healthy ones beside them, as far as their files are there.

    Parameters
    ----------
    data_dir : Path or None
        Folder with files ``<number>.mat``, or ``<number>_part.mat`` for the first part of one, used
        as it is if any is there; None is the user's cache folder, to which files are fetched.
    task : {"fault", "severity"}
        Labels normal, inner, outer, ball; or normal and the fault with its size in mil: inner-7.
    channels : tuple of str
        Of DE, FE and BA (which healthy records lack); by default DE.
    record_set : {"12k_DE", "12k_FE", "48k_DE"}
        Sampling rate, and end of the motor at which the faults are.
    sizes_mil : sequence of int
        Sizes of the faults, of 7, 14, 21 and 28. Without being asked for, the bearings of 28 mil are left
        out: they are of another make and on another amplitude scale.
    progress : Progress, optional
        Called for every piece of a file that is fetched.

    Returns
    -------
    data : Examples
        Speeds are the file's, but for two records which turn at another speed, and the nominal one
        where the file says none. The unit g is assumed: no source states it.

    Raises
    ------
    ParameterError
        If there is no such task, channel, record set or folder.
    DatasetError
        If there are no records of two classes, or a file does not hold its record.
    RecordError
        If a file is damaged.
    """
    card = load_card("cwru")
    card.checked_task(task)
    channels = channels or card.defaults.channels
    wanted = _wanted(record_set, sizes_mil)
    _refuse_absent_channels(channels, wanted)
    folder = ensure("cwru", data_dir, [fact.file for fact in wanted], progress=progress)
    paths = {fact: path for fact in wanted if (path := find_file(folder, fact.file)) is not None}
    labels = {fact: _label(fact, task) for fact in wanted}
    classes = _classes(task, {labels[fact] for fact in paths})
    if len(classes) < 2:
        raise DatasetError(
            f"data set 'cwru': {folder} has records of {len(classes)} classes {list(classes)} of set "
            f"{record_set}, and two at least are needed; looked for {_file_list(wanted)}"
        )
    records = [_record(path, fact, labels[fact], channels) for fact, path in paths.items()]
    lost = [label for label in _classes(task, set(labels.values())) if label not in classes]
    return Examples(
        name="cwru",
        source="cwru",
        task=task,
        classes=classes,
        records=tuple(records),
        missing=tuple(fact.file for fact in wanted if fact not in paths),
        notes=notes_on(list(zip(paths, records, strict=True)), lost_classes=lost),
    )


def _wanted(record_set: str, sizes_mil: Sequence[int]) -> list[OfficialRecord]:
    """The healthy records and those of a set."""
    if record_set not in FULL_SETS:
        raise ParameterError(f"unknown record set {record_set!r}; {near_names(record_set, FULL_SETS)}")
    wrong = [size for size in sizes_mil if size not in (*SIZES_MIL, 28)]
    if wrong or not sizes_mil:
        raise ParameterError(
            f"data set 'cwru': sizes_mil must be some of 7, 14, 21, 28, got {list(sizes_mil)}"
        )
    return [
        fact
        for fact in official_records()
        if fact.record_set == "normal" or (fact.record_set == record_set and fact.size_mil in sizes_mil)
    ]


def _refuse_absent_channels(channels: Sequence[str], wanted: Sequence[OfficialRecord]) -> None:
    known = load_card("cwru").channels
    for channel in channels:
        if channel not in known:
            raise ParameterError(f"data set 'cwru' has no channel {channel!r}; {near_names(channel, known)}")
        lacking = [str(fact.number) for fact in wanted if channel not in fact.channels]
        if lacking:
            raise ParameterError(
                f"data set 'cwru': records {', '.join(lacking[:4])}{' ...' if len(lacking) > 4 else ''} "
                f"have no channel {channel!r}; choose one that all have"
            )


def _classes(task: str, labels: set[str]) -> tuple[str, ...]:
    """The labels in the order of the task's table: by fault, then by size."""
    order = {_label(fact, task): (_FAULTS.index(fact.fault), fact.size_mil) for fact in official_records()}
    return tuple(sorted(labels, key=order.__getitem__))


def _label(fact: OfficialRecord, task: str) -> str:
    return fact.fault if task == "fault" or fact.fault == "normal" else f"{fact.fault}-{fact.size_mil}"


def _record(path: Path, fact: OfficialRecord, label: str, channels: tuple[str, ...]) -> Record:
    """Read the variables that are the record's own, of all that its file may hold."""
    try:
        (found,) = read_signals(path, variable=fact.prefix, channel=channels)
    except ParameterError as error:
        raise DatasetError(f"record {fact.number} is not in its file: {error}") from error
    return replace(
        found,
        rate_hz=fact.rate_hz,
        speed_rpm=_speed_rpm(fact, found.mean_speed_rpm),
        units=("unknown" if "scale" in fact.traps else "g",) * len(channels),
        label=label,
        group=fact.group,
        conditions=_conditions(fact),
    )


def _speed_rpm(fact: OfficialRecord, rpm_in_file: float | None) -> float:
    """The speed: measured where the file is known to be wrong, else the file's, else the nominal one."""
    if "speed" in fact.traps and fact.rpm_measured is not None:
        return fact.rpm_measured
    return fact.rpm_nominal if rpm_in_file is None else rpm_in_file


def _conditions(fact: OfficialRecord) -> dict[str, float | str]:
    known: dict[str, float | str] = {
        "record": fact.number,
        "fault": fact.fault,
        "size_in": fact.size_mil / 1000,
        "size_mil": fact.size_mil,
        "load_hp": fact.load_hp,
    }
    return known | {key: text for key, text in (("end", fact.end), ("position", fact.position)) if text}


def _file_list(wanted: Sequence[OfficialRecord]) -> str:
    names = [fact.file for fact in wanted]
    return f"{', '.join(names[:5])} ... {names[-1]} ({len(names)} files)"
