"""What is known about each of the 161 official CWRU records, whether its file is there or not."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["FULL_SETS", "OfficialRecord", "official_records"]

FULL_SETS = ("12k_DE", "12k_FE", "48k_DE")
"""The record sets with faults; the healthy records stand beside each of them."""


@dataclass(frozen=True, kw_only=True)
class OfficialRecord:
    """The facts of one record.

    Attributes
    ----------
    number : int
        The record's number, which names its file.
    record_set : str
        ``"normal"`` or one of `FULL_SETS`.
    fault : str
        normal, inner, outer or ball.
    size_mil : int
        Diameter of the fault in thousandths of an inch; 0 without a fault.
    load_hp : int
        Load of the motor as listed.
    position : str
        Clock hour of an outer race fault, load zone at 6; empty for others.
    end : str
        End of the motor at which the faulty bearing sits; empty without a fault.
    rate_hz : float
        Sampling rate; the healthy records are at 48 kHz.
    bearing, maker : str
        Designation and maker of the faulty bearing.
    group : str
        The physical bearing.
    prefix : str
        What the names of the record's own variables start with.
    channels : tuple of str
        Channels that the file has.
    n_samples : int
        Samples of each channel in the official file.
    rpm_nominal : float
        Speed that the load stands for.
    rpm_in_file, rpm_measured : float or None
        What the file's own variable says, and the shaft's harmonics in the samples.
    traps : frozenset of str
        Words for what is peculiar: ``"twin"``, ``"clipped-DE"``, ``"speed"`` ...
    """

    number: int
    record_set: str
    fault: str
    size_mil: int
    load_hp: int
    position: str
    end: str
    rate_hz: float
    bearing: str
    maker: str
    group: str
    prefix: str
    channels: tuple[str, ...]
    n_samples: int
    rpm_nominal: float
    rpm_in_file: float | None
    rpm_measured: float | None
    traps: frozenset[str]

    @property
    def file(self) -> str:
        """Name of the record's file."""
        return f"{self.number}.mat"


@cache
def official_records() -> tuple[OfficialRecord, ...]:
    """Return the facts of all records, in the order of their sets and numbers."""
    table = resources.files("faultdiag.datasets") / "cards" / "cwru.records.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return tuple(_record(row) for row in rows)


def _record(row: dict[str, str]) -> OfficialRecord:
    return OfficialRecord(
        number=int(row["number"]),
        record_set=row["record_set"],
        fault=row["fault"],
        size_mil=int(row["size_mil"]),
        load_hp=int(row["load_hp"]),
        position=row["position"],
        end=row["end"],
        rate_hz=float(row["rate_hz"]),
        bearing=row["bearing"],
        maker=row["maker"],
        group=row["group"],
        prefix=row["prefix"],
        channels=tuple(row["channels"].split()),
        n_samples=int(row["n_samples"]),
        rpm_nominal=float(row["rpm_nominal"]),
        rpm_in_file=_optional(row["rpm_in_file"]),
        rpm_measured=_optional(row["rpm_measured"]),
        traps=frozenset(row["traps"].split()),
    )


def _optional(text: str) -> float | None:
    return float(text) if text else None
