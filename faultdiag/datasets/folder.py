"""Your own signals: a folder for each label, or a folder with a manifest."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from faultdiag.datasets.cards import load_card
from faultdiag.datasets.examples import Examples, is_healthy
from faultdiag.datasets.files import existing_folder
from faultdiag.datasets.manifest import MANIFEST, Entry, read_manifest
from faultdiag.errors import DatasetError, ParameterError
from faultdiag.readers import read_signals
from faultdiag.readers.table import READERS
from faultdiag.records import Record, Rows

__all__ = ["examples"]


def examples(
    data_dir: Path | None,
    *,
    task: str = "fault",
    channels: tuple[str, ...] = (),
    rate_hz: float | None = None,
    rows: Rows = "unknown",
) -> Examples:
    """Return the signals of a folder, labelled by its sub-folders or by its ``manifest.csv``.

    Parameters
    ----------
    data_dir : Path
        The folder. Without a manifest its sub-folders are the labels; a file below a further folder
        belongs to the group of that folder's name, any other file is a group of its own.
    task : str
        "fault".
    channels : tuple of str
        Channels to keep, in this order; empty keeps all, which must then be the same everywhere.
    rate_hz : float, optional
        Sampling rate of the files that do not say theirs.
    rows : {"unknown", "channels", "signals", "samples"}
        What the rows of 2-D arrays are.

    Returns
    -------
    data : Examples
        Classes sorted, "normal" and "healthy" first; a file with several signals gives several records.

    Raises
    ------
    ParameterError
        If the folder, the task or a channel does not exist, or `rate_hz` is not positive.
    DatasetError
        If there are fewer than two labels, the manifest is wrong, or files contradict it or each other.
    RecordError
        If a file cannot be read.
    """
    load_card("folder").checked_task(task)
    if data_dir is None:
        raise ParameterError("data set 'folder' needs --data-dir: the folder with your signals")
    if rate_hz is not None and not rate_hz > 0:
        raise ParameterError(f"rate_hz must be positive, got {rate_hz}")
    folder = existing_folder("folder", data_dir)
    has_manifest = (folder / MANIFEST).is_file()
    entries = read_manifest(folder) if has_manifest else list(_tree(folder))
    labels = {entry.label for entry in entries}
    if len(labels) < 2:
        raise DatasetError(
            f"{folder}: needs signals of two labels at least, found {sorted(labels)}; "
            f"make a sub-folder for each label, or a {MANIFEST} with columns path and label"
        )
    records = [record for entry in entries for record in _records(entry, rate_hz, rows, channels)]
    _refuse_other_channels(records)
    return Examples(
        name="folder",
        source=f"folder {folder.resolve()}",
        task=task,
        classes=tuple(sorted(labels, key=_order)),
        records=tuple(records),
        notes=(
            *_ungrouped(folder, entries),
            *_assumed(records),
            *_lonely(records),
            *_unused(folder, entries),
        ),
    )


def _tree(folder: Path) -> Iterator[Entry]:
    """The readable files of every sub-folder: its name is the label, a folder below it the group."""
    for label in sorted(path for path in folder.iterdir() if path.is_dir() and not _hidden(path)):
        for path in _signal_files(label):
            inside = path.relative_to(label)
            group = inside.parts[0] if len(inside.parts) > 1 else path.relative_to(folder).as_posix()
            yield Entry(path=path, label=label.name, group=group)


def _records(entry: Entry, rate_hz: float | None, rows: Rows, channels: tuple[str, ...]) -> Iterator[Record]:
    for record in read_signals(entry.path, rows=rows):
        known = replace(
            record,
            rate_hz=_agreed_rate_hz(entry, record, rate_hz),
            speed_rpm=record.speed_rpm if entry.speed_rpm is None else entry.speed_rpm,
            label=entry.label,
            group=entry.group,
            conditions={**record.conditions, **entry.conditions},
        )
        yield known.select(channels) if channels else known


def _agreed_rate_hz(entry: Entry, record: Record, rate_hz: float | None) -> float | None:
    """The rate that file, manifest and caller say; they may be silent, but not contradict each other."""
    said = {"the file": record.rate_hz, entry.where or "the manifest": entry.rate_hz, "rate_hz": rate_hz}
    known = {who: rate for who, rate in said.items() if rate is not None}
    if known and not math.isclose(min(known.values()), max(known.values()), rel_tol=1e-6):
        claims = ", ".join(f"{who} says {rate:g} Hz" for who, rate in known.items())
        raise DatasetError(f"{record.origin}: the sampling rate is contradictory: {claims}")
    return next(iter(known.values()), None)


def _refuse_other_channels(records: list[Record]) -> None:
    """Refuse records whose channels are not those of the first; a single one may have any name."""
    first = records[0]
    for record in records:
        if record.n_channels != first.n_channels or (
            first.n_channels > 1 and record.channels != first.channels
        ):
            raise DatasetError(
                f"{record.origin} has channels {', '.join(record.channels)}, {first.origin} has "
                f"{', '.join(first.channels)}: name with --channel those that all files have"
            )


def _unused(folder: Path, entries: list[Entry]) -> list[str]:
    """Notes on the files in the folder that are no example."""
    used = {entry.path for entry in entries}
    rest = [path for path in _files(folder) if path not in used and path.name != MANIFEST]
    readable = [path for path in rest if _is_signal(path)]
    notes = []
    if readable:
        notes.append(f"{len(readable)} signal files belong to no label, such as {readable[0].name}: ignored")
    if len(rest) > len(readable):
        other = next(path for path in rest if not _is_signal(path))
        notes.append(f"{len(rest) - len(readable)} files are no signals, such as {other.name}: ignored")
    return notes


def _assumed(records: list[Record]) -> list[str]:
    unclear = [record.origin for record in records if record.rows == "unknown" and record.n_channels > 1]
    return [f"{len(unclear)} arrays, such as {unclear[0]}: rows taken as channels"] if unclear else []


def _ungrouped(folder: Path, entries: list[Entry]) -> list[str]:
    lone = [entry for entry in entries if entry.group == entry.path.relative_to(folder).as_posix()]
    if not lone:
        return []
    return [
        f"{len(lone)} files have no group and count as bearings of their own: where several are of one "
        "bearing, say so, or a result on unseen bearings is none"
    ]


def _lonely(records: list[Record]) -> list[str]:
    counts = Counter(str(record.label) for record in records)
    return [f"label {label!r} has one record only" for label, n in sorted(counts.items()) if n == 1]


def _order(label: str) -> tuple[bool, bool, str]:
    return (not is_healthy(label), label.lower() != "normal", label)


def _signal_files(folder: Path) -> list[Path]:
    return [path for path in _files(folder) if _is_signal(path)]


def _files(folder: Path) -> list[Path]:
    """All files below a folder, sorted; what is hidden is left out."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _is_signal(path: Path) -> bool:
    return path.name.lower().endswith(tuple(f".{ending}" for ending in READERS))


def _hidden(path: Path) -> bool:
    return path.name.startswith(".")
