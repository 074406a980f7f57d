"""Records of real machines that a diagnosis is measured with, from $FAULTDIAG_TEST_DATA.

Each has one or more channels, its rate, the speed that its label says, and in `label` the truth.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from faultdiag.datasets.cards import load_card
from faultdiag.datasets.cwru_records import official_records
from faultdiag.diagnosis.smith_randall import DIAGNOSABLE, grades
from faultdiag.kinematics.bearing import Bearing
from faultdiag.readers import read_signals
from faultdiag.records import Record

CWRU_HEALTHY = {97: 1796.0, 99: 1751.0}
"""Healthy CWRU records of which there are samples, and their speeds."""

HIT_SM_LABELS = {"IR": "inner", "OR": "outer", "No": "normal"}

SPECTRAQUEST_RATE_HZ, SPECTRAQUEST_RPM = 12800.0, 1800.0
"""No source says the rate: with this one the shaft turns at 29.6 to 29.8 Hz, as a drive of 30 Hz does."""


def cwru_healthy() -> Iterator[Record]:
    """Yield the healthy records of CWRU, sensor at the drive end."""
    with unpacked("cwru", "--parts") as folder:
        for number, speed_rpm in CWRU_HEALTHY.items():
            path = next(p for p in folder.iterdir() if p.stem in (str(number), f"{number}_part"))
            (record,) = read_signals(path, variable=f"X{number:03}", channel=("DE",), rate_hz=48000.0)
            yield _held(record, speed_rpm, "normal", f"CWRU {number}")


def cwru_diagnosable(record_set: str) -> Iterator[tuple[Record, Bearing, float]]:
    """Yield the records of a set that experts could diagnose, at the nominal speed.

    With each comes its bearing, and the speed that the lines of the shaft show in all channels together.
    """
    with unpacked("cwru") as folder:
        for fact in official_records():
            path = folder / fact.file
            if fact.record_set != record_set or grades().get(fact.number) not in DIAGNOSABLE:
                continue
            if fact.rpm_measured is not None and path.is_file():
                (record,) = read_signals(
                    path, variable=fact.prefix, channel=(fact.end,), rate_hz=fact.rate_hz
                )
                bearing = Bearing(**load_card("cwru").geometry[fact.end].model_dump())
                nominal = _held(record, fact.rpm_nominal, fact.fault, f"{record_set} {fact.number}")
                yield nominal, bearing, fact.rpm_measured


def hit_sm() -> Iterator[Record]:
    """Yield the records of the HIT-SM rig, in whose names fault and speed stand; bearing 6205."""
    with unpacked("bearing_hitsm_mfs") as folder:
        for path in sorted(folder.glob("*.mat")):
            (record,) = read_signals(path, rate_hz=51200.0)
            speed_rpm = float(path.stem.split("_")[1])
            yield _held(record, speed_rpm, HIT_SM_LABELS[path.stem[:2]], path.stem)


def spectraquest() -> Iterator[Record]:
    """Yield the records of the SpectraQuest gearbox, healthy and with a broken tooth, four sensors each.

    Its bearings are unknown. The healthy ones come first, each kind by its load.
    """
    with unpacked("gearbox_spectraquest") as folder:
        for state, label in (("healthy", "normal"), ("broken_tooth", "tooth_local")):
            for path in sorted((folder / state).glob("*.csv")):
                (record,) = read_signals(path, rate_hz=SPECTRAQUEST_RATE_HZ)
                yield _held(record, SPECTRAQUEST_RPM, label, path.stem)


def spectraquest_healthy() -> Iterator[Record]:
    """Yield the healthy ones of these records."""
    return (record for record in spectraquest() if record.label == "normal")


def pieces(record: Record, *, length_s: float) -> Iterator[Record]:
    """Yield a record in pieces of one length; a shorter rest is left out."""
    if record.rate_hz is None:
        raise SystemExit(f"{record.origin}: the rate is unknown")
    samples = record.samples
    length = int(length_s * record.rate_hz)
    for start in range(0, samples.shape[1] - length + 1, length):
        yield replace(record, source=samples[:, start : start + length])


@contextmanager
def unpacked(name: str, *options: str) -> Iterator[Path]:
    """Give a folder with the files of a data set, which goes when it is not needed any more."""
    data = os.environ.get("FAULTDIAG_TEST_DATA")
    if not data:
        raise SystemExit("real records are needed: FAULTDIAG_TEST_DATA must name their folder")
    with tempfile.TemporaryDirectory() as folder:
        unpack = Path(data) / name / "unpack.py"
        subprocess.run([sys.executable, unpack, folder, *options], check=True, stdout=subprocess.DEVNULL)
        yield Path(folder)


def _held(record: Record, speed_rpm: float, label: str, origin: str) -> Record:
    """The record with what is known of it, in memory: its file goes."""
    return replace(record, source=record.samples, speed_rpm=speed_rpm, label=label, origin=origin)
