"""The labelled records of a data set, each from the channel at the bearing that its label speaks of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from faultdiag.datasets.cards import Card, RecordSet, load_card
from faultdiag.datasets.examples import Examples
from faultdiag.datasets.files import absent_files, cache_folder, data_files, existing_folder
from faultdiag.datasets.load import load_dataset
from faultdiag.errors import DatasetError, ParameterError, RecordError
from faultdiag.kinematics.bearing import Bearing
from faultdiag.kinematics.catalogue import find_bearing
from faultdiag.kinematics.orders import FaultOrders
from faultdiag.records import Record
from faultdiag.registry import near_names

__all__ = ["Labelled", "labelled_records"]


class Labelled(NamedTuple):
    """A record of one channel with its label, and the bearing that the label speaks of."""

    record: Record
    bearing: FaultOrders


def labelled_records(
    name: str,
    data_dir: Path | None = None,
    *,
    record_sets: Sequence[str] = (),
    bearing: FaultOrders | str | None = None,
    channel: str | None = None,
    speed_rpm: float | None = None,
    **options: Any,
) -> tuple[list[Labelled], list[str]]:
    """Return every labelled record of a data set once, from the channel at the bearing.

    Parameters
    ----------
    name : str
        A name in DATASETS.
    data_dir : Path, optional
        Folder with the files; by default the set's folder in the user's cache. Nothing is fetched.
    record_sets : sequence of str
        Of those on the card; by default all.
    bearing : FaultOrders or str, optional
        The bearing with the faults, as `find_bearing` takes it; by default the card's.
    channel : str, optional
        Channel to listen to; by default the card's, or the only one.
    speed_rpm : float, optional
        Of records that do not say their speed.
    **options
        The data set's own options.

    Returns
    -------
    records : list of Labelled
        Samples may still lie on disk.
    notes : list of str
        What is not there, one sentence each.

    Raises
    ------
    ParameterError
        If there is no such data set, record set, folder, bearing, channel or option; if the set is one of
        images; if neither card nor caller tells the bearing, or which of several channels is at it.
    DatasetError, RecordError
        If none of the files is there, or none of the record sets can be loaded.
    """
    card = load_card(name)
    if card.input == "image":
        raise ParameterError(f"data set {name!r} has images: no bearing is to be heard in them")
    given = find_bearing(bearing) if isinstance(bearing, str) else bearing
    folder = _folder(name, data_dir)
    found: dict[tuple[str, str, str], Labelled] = {}
    notes: list[str] = []
    failed: list[DatasetError | RecordError] = []
    for title, part in _parts(card, record_sets, channel).items():
        orders = given or _bearing_at(card, part.channel)
        listened = channel or part.channel
        chosen = (listened,) if listened else ()
        try:
            examples = load_dataset(name, folder, channels=chosen, **(part.options | options))
        except (DatasetError, RecordError) as error:  # the other sets can still be judged
            failed.append(error)
            notes.append(f"{title}: not judged: {error}")
            continue
        notes += _missing(title, examples)
        for record in _with_speed(examples, speed_rpm):
            found.setdefault((record.origin, record.channels[0], orders.name), Labelled(record, orders))
    if not found and failed:
        raise failed[0]
    return list(found.values()), notes


def _folder(name: str, data_dir: Path | None) -> Path | None:
    """The folder with files of a set; where a set has files of its own, some must be there."""
    names = [file.name for file in data_files(name)]
    if not names:
        return data_dir
    folder = cache_folder(name) if data_dir is None else existing_folder(name, data_dir)
    if len(absent_files(folder, names)) == len(names):
        raise DatasetError(
            f"data set {name!r}: none of its files is in {folder}; name their folder with --data-dir, or get "
            f"them with 'faultdiag datasets fetch {name} --all'"
        )
    return folder


def _parts(card: Card, wanted: Sequence[str], channel: str | None) -> Mapping[str, RecordSet]:
    """The record sets of a card, or all it has in one."""
    for name in wanted:
        if name not in card.record_sets:
            near = near_names(name, list(card.record_sets))
            raise ParameterError(f"data set {card.name!r} has no record set {name!r}; {near}")
    if card.record_sets:
        return {name: part for name, part in card.record_sets.items() if not wanted or name in wanted}
    only = card.defaults.channels[0] if len(card.defaults.channels) == 1 else ""
    return {card.name: RecordSet(channel=channel or only)}


def _bearing_at(card: Card, channel: str) -> Bearing:
    if channel not in card.geometry:
        where = f"at channel {channel}" if channel else "in its records"
        raise ParameterError(
            f"data set {card.name!r}: its card does not say which bearing is {where}; name it with --bearing"
        )
    return Bearing(**card.geometry[channel].model_dump())


def _with_speed(examples: Examples, speed_rpm: float | None) -> Iterator[Record]:
    for record in examples.records:
        if record.n_channels > 1:
            raise ParameterError(
                f"data set {examples.name!r}: records have channels {', '.join(record.channels)}; name the "
                "one at the bearing with --channel"
            )
        yield record if record.speed_rpm is not None else replace(record, speed_rpm=speed_rpm)


def _missing(title: str, examples: Examples) -> list[str]:
    n = len(examples.missing)
    return [f"{title}: {n} of its files are not there, such as {examples.missing[0]}"] if n else []
