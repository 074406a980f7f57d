"""Faults found against signal-to-noise ratio, on simulated bearings, beside the plain method.

python tools/snr_curves.py [MOUNTINGS]   mountings of each bearing at each speed; default 3

Writes docs/diagnose_snr.csv, from which the picture in the pages is drawn, and prints one JSON document.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import raw_envelope
from children import ROOT
from outcomes import outcome, shares
from simulated_cases import RATE_HZ, Mounting, mountings, simulated

from faultdiag.diagnosis.record import diagnose_record
from faultdiag.records import Record

FILE = ROOT / "docs" / "diagnose_snr.csv"
SNRS_DB = tuple(range(-16, 12, 2))
FAULTS = ("outer", "inner", "ball")
OURS, RAW = METHODS = ("faultdiag", "raw envelope")
N_HEALTHY = 5
"""Healthy records for each mounting, all with other noise."""


def main(n: int) -> None:
    """Count, write, print."""
    rows = list(_rows(n))
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(json.dumps(summary(rows), indent=1))


def summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return for each method from which ratio on half of the faults are claimed, and how many wrongly."""
    found: dict[str, Any] = {}
    for method in METHODS:
        faulty = [row for row in rows if row["method"] == method and row["fault"] != "normal"]
        healthy = [row for row in rows if row["method"] == method and row["fault"] == "normal"]
        means = [_mean([row for row in faulty if row["snr_db"] == snr_db], "right") for snr_db in SNRS_DB]
        found[method] = {
            "half_db": half_db(SNRS_DB, means),
            "right": _mean(faulty, "right"),
            "beside": _mean(faulty, "beside"),
            "wrong": _mean(faulty, "wrong"),
            "first": _mean(faulty, "first"),
            "healthy_wrong": _mean(healthy, "wrong"),
            "n": sum(row["n"] for row in faulty),
            "n_healthy": sum(row["n"] for row in healthy),
        }
    return found


def half_db(snrs_db: Sequence[float], right: Sequence[float]) -> float:
    """Return where a share that rises with the ratio crosses one half."""
    above = next((i for i, share in enumerate(right) if share >= 0.5), len(right))
    if above in (0, len(right)):
        raise SystemExit(f"shares {right} do not cross one half between {snrs_db[0]} and {snrs_db[-1]} dB")
    around = slice(above - 1, above + 1)
    return float(np.interp(0.5, right[around], snrs_db[around]))


def _rows(n: int) -> Iterator[dict[str, Any]]:
    mounted = list(mountings(n))
    for noise, snr_db in enumerate(SNRS_DB):
        for fault in FAULTS:
            cases = [(m, simulated(m, fault, snr_db=snr_db, noise=noise)) for m in mounted]
            yield from _counted(cases, fault, snr_db)
    healthy = [(m, simulated(m, "normal", snr_db=0, noise=k)) for m in mounted for k in range(N_HEALTHY)]
    yield from _counted(healthy, "normal", None)


def _counted(
    cases: Sequence[tuple[Mounting, Record]], fault: str, snr_db: float | None
) -> Iterator[dict[str, Any]]:
    """A row for each method."""
    found: dict[str, list[str]] = {method: [] for method in METHODS}
    first = Counter[str]()
    for mounting, record in cases:
        (answer,) = diagnose_record(record, mounting.bearing)
        found[OURS].append(outcome(answer, fault))
        first[OURS] += answer.hypotheses[0].label == fault
        orders = mounting.bearing.fault_orders()
        nats = raw_envelope.nats(
            record.samples[0], rate_hz=RATE_HZ, orders=orders, speed_rpm=mounting.speed_rpm
        )
        label = raw_envelope.claimed(nats)
        found[RAW].append("normal" if label == "normal" else "right" if label == fault else "wrong")
        first[RAW] += raw_envelope.best(nats) == fault
    for method, outcomes in found.items():
        yield {
            "method": method,
            "snr_db": snr_db,
            "fault": fault,
            **shares(outcomes),
            "first": round(first[method] / len(cases), 4),
        }


def _mean(rows: Sequence[dict[str, Any]], name: str) -> float:
    """Share over rows of as many records each."""
    return float(np.mean([row[name] for row in rows]))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
