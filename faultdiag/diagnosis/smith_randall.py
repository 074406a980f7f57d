"""The benchmark of Smith and Randall: the diagnosis of every CWRU record beside what experts saw in it.

Grades: Y1 and Y2 diagnosable, classic or not; P1 and P2 perhaps; N1 not. They are those of table B2 to B4.

References
----------
Smith, W. A. and Randall, R. B. (2015), Rolling element bearing diagnostics using the Case Western Reserve
University data: A benchmark study, Mechanical Systems and Signal Processing 64-65, 100-131,
doi 10.1016/j.ymssp.2015.04.021.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from faultdiag.datasets.cards import load_card
from faultdiag.datasets.cwru_records import FULL_SETS, OfficialRecord, official_records
from faultdiag.datasets.fetch import ensure
from faultdiag.datasets.files import find_file
from faultdiag.diagnosis.diagnosis import Diagnosis
from faultdiag.diagnosis.record import diagnose_record
from faultdiag.errors import ParameterError
from faultdiag.kinematics.bearing import Bearing
from faultdiag.readers import read_signals
from faultdiag.registry import near_names

__all__ = ["Case", "Tally", "cases", "grades", "tallies"]

DIAGNOSABLE = ("Y1", "Y2")


@dataclass(frozen=True)
class Case:
    """One record with its truth, its grade and our answer.

    Attributes
    ----------
    record : int
        Its number.
    record_set : str
        A name in FULL_SETS.
    fault : str
        The truth: inner, outer or ball.
    grade : str
        Y1, Y2, P1, P2 or N1.
    diagnosis : Diagnosis
        Our answer, from the channel at the fault's end and the nominal speed alone.
    """

    record: int
    record_set: str
    fault: str
    grade: str
    diagnosis: Diagnosis

    @property
    def is_diagnosable(self) -> bool:
        """Whether experts could see the fault."""
        return self.grade in DIAGNOSABLE

    @property
    def first(self) -> str:
        """The hypothesis with the highest score."""
        return self.diagnosis.hypotheses[0].label

    @property
    def claimed(self) -> str | None:
        """The fault that was claimed, if any."""
        label = self.diagnosis.label
        return None if label == "normal" else label


@dataclass(frozen=True)
class Tally:
    """Counts over some cases.

    Attributes
    ----------
    record_set, fault, grades : str
        Which cases; "all" where they are not told apart.
    n, first, right, wrong : int
        Cases; the true fault has the highest score; it was claimed; another one was claimed.
    """

    record_set: str
    fault: str
    grades: str
    n: int
    first: int
    right: int
    wrong: int


@cache
def grades() -> dict[int, str]:
    """Return the grade of each record by its number.

    Examples
    --------
    >>> grades()[130], grades()[118]
    ('Y1', 'N1')
    """
    text = (resources.files("faultdiag.diagnosis") / "smith_randall.csv").read_text(encoding="utf-8")
    return {int(row["record"]): row["category"] for row in csv.DictReader(text.splitlines())}


def cases(data_dir: Path | None, record_sets: Sequence[str] = tuple(FULL_SETS)) -> Iterator[Case]:
    """Yield every graded record of some sets whose file is there, diagnosed.

    Parameters
    ----------
    data_dir : Path or None
        Folder with files ``<number>.mat``; None is the user's cache folder, to which files are fetched.
    record_sets : sequence of str
        Of 12k_DE, 12k_FE and 48k_DE.

    Raises
    ------
    ParameterError
        If there is no such set or folder.
    DatasetError, RecordError
        If files cannot be fetched, or one is damaged.
    """
    for name in record_sets:
        if name not in FULL_SETS:
            raise ParameterError(f"unknown record set {name!r}; {near_names(name, FULL_SETS)}")
    wanted = [
        fact for fact in official_records() if fact.record_set in record_sets and fact.number in grades()
    ]
    folder = ensure("cwru", data_dir, [fact.file for fact in wanted])
    for fact in wanted:
        path = find_file(folder, fact.file)
        if path is not None:
            yield _case(path, fact)


def tallies(found: Sequence[Case]) -> list[Tally]:
    """Return counts by set and grade, then by fault as well."""
    rows = []
    for record_set in sorted({case.record_set for case in found}):
        for diagnosable, words in ((True, "Y1, Y2"), (False, "P1, P2, N1")):
            own = [c for c in found if c.record_set == record_set and c.is_diagnosable == diagnosable]
            rows.append(_tally(own, record_set, "all", words))
            for fault in sorted({case.fault for case in own}):
                rows.append(_tally([c for c in own if c.fault == fault], record_set, fault, words))
    return [row for row in rows if row.n]


def _tally(own: Sequence[Case], record_set: str, fault: str, words: str) -> Tally:
    return Tally(
        record_set=record_set,
        fault=fault,
        grades=words,
        n=len(own),
        first=sum(case.first == case.fault for case in own),
        right=sum(case.claimed == case.fault for case in own),
        wrong=sum(case.claimed not in (None, case.fault) for case in own),
    )


def _case(path: Path, fact: OfficialRecord) -> Case:
    """Diagnose with the sensor and the bearing at the fault's end, and the nominal speed."""
    (record,) = read_signals(path, variable=fact.prefix, channel=(fact.end,), rate_hz=fact.rate_hz)
    bearing = Bearing(**load_card("cwru").geometry[fact.end].model_dump())
    (diagnosis,) = diagnose_record(record, bearing, speed_rpm=fact.rpm_nominal)
    return Case(fact.number, fact.record_set, fact.fault, grades()[fact.number], diagnosis)
