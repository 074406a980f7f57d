"""What a reader of results on CWRU records must know about the records that took part."""

from collections.abc import Sequence

from faultdiag.datasets.cwru_records import OfficialRecord
from faultdiag.records import Record

__all__ = ["notes_on"]

Pairs = Sequence[tuple[OfficialRecord, Record]]


def notes_on(pairs: Pairs, *, lost_classes: Sequence[str] = ()) -> tuple[str, ...]:
    """Return notes, one sentence each, on the records that took part.

    Parameters
    ----------
    pairs : sequence of (OfficialRecord, Record)
        The facts of each record, and what was read of it.
    lost_classes : sequence of str
        Classes of the task of which no record is there.
    """
    channels = pairs[0][1].channels
    notes = [f"no record of class {label!r} is there: it is left out" for label in lost_classes]
    notes += [_length_note(fact, record) for fact, record in pairs if record.n_samples != fact.n_samples]
    notes += [_speed_note(fact, record) for fact, record in pairs if "speed" in fact.traps]
    if len({fact.rate_hz for fact, _ in pairs}) > 1:
        notes.append("the healthy records are sampled at 48 kHz, the others at 12 kHz")
    ends = {fact.end for fact, _ in pairs if fact.end}
    if ends and not ends & set(channels):
        notes.append(
            f"the faults are at the {' and '.join(sorted(ends))} end, away from channel {channels[0]}"
        )
    if {"DE", "FE"} <= set(channels):
        notes += _trap_note(pairs, "twin", "channels DE and FE hold one and the same signal")
    for channel in channels:
        notes += _trap_note(pairs, f"clipped-{channel}", f"channel {channel} reaches full scale")
    notes += _trap_note(pairs, "noise", "patches of electrical noise")
    notes += _trap_note(pairs, "scale", "another amplitude scale, about five times the others'")
    return (*notes, "the unit g is assumed: no source states it")


def _length_note(fact: OfficialRecord, record: Record) -> str:
    return f"{record.origin} holds {record.n_samples} samples, record {fact.number} has {fact.n_samples}"


def _speed_note(fact: OfficialRecord, record: Record) -> str:
    return f"record {fact.number} turns at {record.speed_rpm} rpm (measured), whatever its file says"


def _trap_note(pairs: Pairs, trap: str, words: str) -> list[str]:
    numbers = [str(fact.number) for fact, _ in pairs if trap in fact.traps]
    return [f"{words}: record {', '.join(numbers)}"] if numbers else []
