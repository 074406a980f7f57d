"""False alarms of the diagnosis, and its hits on rigs that its rules were not made with.

python tools/alarms.py noise [PIECES]   claims in noise: white, as healthy records, with lines, modulated
python tools/alarms.py healthy          claims in healthy records, for the own bearing and others of its size
python tools/alarms.py hit-sm           the HIT-SM rig: faults named rightly, claims in healthy records
python tools/alarms.py gears            the SpectraQuest gearbox, with a broken tooth and healthy

Prints one JSON document. Records come from $FAULTDIAG_TEST_DATA.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import real_records
from noises import RATE_HZ, SPEED_RPM, noises
from outcomes import claims

from faultdiag.diagnosis.record import diagnose_record
from faultdiag.kinematics.catalogue import catalogue, find_bearing
from faultdiag.kinematics.orders import FaultOrders
from faultdiag.records import Record

PIECE_S = 2.5
OWN = "6205"
OWN_SIZE_MM = (20.0, 30.0)
"""Bores within 20 % of that of a 6205."""
GEAR_FAULTS = ("tooth_local", "tooth_distributed")
UNKNOWN_SIZE_MM = (17.0, 30.0)
"""Bores that the gearbox, whose bearings no source names, may have."""


class Machine(NamedTuple):
    """Healthy records of a machine, its own bearing if that is known, and others of about that size."""

    records: Callable[[], Iterator[Record]]
    own: str | None
    size_mm: tuple[float, float]


MACHINES = {
    "CWRU": Machine(real_records.cwru_healthy, OWN, OWN_SIZE_MM),
    "HIT-SM": Machine(
        lambda: (record for record in real_records.hit_sm() if record.label == "normal"), OWN, OWN_SIZE_MM
    ),
    "SpectraQuest": Machine(real_records.spectraquest_healthy, None, UNKNOWN_SIZE_MM),
}


def noise(pieces: int = 1000) -> dict[str, Any]:
    """Count claims in pieces of noise of five kinds."""
    kinds = noises(np.random.default_rng(0))
    counts = {}
    for name, make in kinds.items():
        answers = [_claims(_record(make()), find_bearing(OWN)) for _ in range(pieces // len(kinds))]
        counts[name] = {"pieces": len(answers), "claims": sum(answers)}
    total = {key: sum(count[key] for count in counts.values()) for key in ("pieces", "claims")}
    return {"share": total["claims"] / total["pieces"], **total, "kinds": counts}


def healthy(*machines: str) -> dict[str, Any]:
    """Count claims in pieces of healthy records, all channels: of the own bearing, and of others."""
    counts = {name: _healthy(MACHINES[name]) for name in machines or MACHINES}
    total = {key: sum(count[key] for count in counts.values()) for key in ("own", "others", "asked_others")}
    return {**total, "share_others": total["others"] / total["asked_others"], "machines": counts}


def bore_mm(name: str) -> float | None:
    """Return the bore that the designation of a bearing tells; None where it tells none.

    The last two digits are fifths of it in mm, but for the four smallest; of inch inserts, ER-16K,
    sixteenths of an inch.
    """
    if inch := re.match(r"ER-(\d+)K", name):
        return int(inch[1]) * 25.4 / 16
    metric = re.match(r"[A-Z]*\d{1,3}(\d\d)(?!\d)", name)
    if metric is None:
        return None
    code = int(metric[1])
    return {0: 10.0, 1: 12.0, 2: 15.0, 3: 17.0}.get(code, 5.0 * code)


def hit_sm() -> dict[str, Any]:
    """Diagnose the records of the HIT-SM rig."""
    answers, truth = {}, {}
    for record in real_records.hit_sm():
        (answer,) = diagnose_record(record, find_bearing(OWN))
        answers[record.origin] = answer.label if claims(answer) else None
        truth[record.origin] = record.label
    faults = [name for name, label in truth.items() if label != "normal"]
    return {
        "faults": len(faults),
        "right": sum(answers[name] == truth[name] for name in faults),
        "healthy": len(truth) - len(faults),
        "alarms": sum(answers[name] is not None for name in truth if name not in faults),
        "answers": answers,
    }


def gears() -> dict[str, Any]:
    """Diagnose the records of the SpectraQuest gearbox against the healthy one without load.

    A record counts as claimed if any sensor shows a damaged gear. What each of the sensors answers is counted
    beside it: of a damaged machine that nothing names, "undetermined" is better than "normal".
    """
    reference, claimed = None, {}
    labels_of: dict[str, Counter[str]] = {"broken": Counter(), "healthy": Counter()}
    for record in real_records.spectraquest():
        reference = reference or record  # the first one
        answers = diagnose_record(record, reference=reference)
        gear = [label for one in answers for label in (one.label, *one.also) if label in GEAR_FAULTS]
        claimed[record.origin] = (record.label, gear)
        truth = "healthy" if record.label == "normal" else "broken"
        labels_of[truth].update(one.label or "undetermined" for one in answers)
    broken = [labels for truth, labels in claimed.values() if truth != "normal"]
    sound = [labels for truth, labels in claimed.values() if truth == "normal"]
    return {
        "broken": len(broken),
        "found": sum(bool(labels) for labels in broken),
        "healthy": len(sound),
        "alarms": sum(bool(labels) for labels in sound),
        "answers": labels_of,
        "claims": {name: labels for name, (_, labels) in claimed.items()},
    }


def _healthy(machine: Machine) -> dict[str, Any]:
    low_mm, high_mm = machine.size_mm
    sized = [(row.bearing, bore_mm(row.bearing.name)) for row in catalogue()]
    others = [
        bearing
        for bearing, bore in sized
        if bore is not None
        and low_mm <= bore <= high_mm
        and not (machine.own and bearing.name.startswith(machine.own))
    ]
    pieces, own, alarms = 0, 0, dict.fromkeys((bearing.name for bearing in others), 0)
    for record in machine.records():
        for piece in real_records.pieces(record, length_s=PIECE_S):
            pieces += len(piece.channels)
            if machine.own:
                own += _claims(piece, find_bearing(machine.own))
            for bearing in others:
                alarms[bearing.name] += _claims(piece, bearing)
    foreign = sum(alarms.values())
    return {
        "pieces": pieces,
        "own": own,
        "others": foreign,
        "asked_others": pieces * len(others),
        "alarms": alarms,
    }


def _claims(record: Record, bearing: FaultOrders) -> int:
    """In how many channels a fault is claimed."""
    return sum(bool(claims(answer)) for answer in diagnose_record(record, bearing))


def _record(samples: np.ndarray) -> Record:
    return Record(source=samples[None], rate_hz=RATE_HZ, speed_rpm=SPEED_RPM)


if __name__ == "__main__":
    name, *words = sys.argv[1:] or [""]
    commands: dict[str, Callable[..., dict[str, Any]]] = {
        "noise": noise,
        "healthy": healthy,
        "hit-sm": hit_sm,
        "gears": gears,
    }
    if name not in commands:
        raise SystemExit(f"one of {', '.join(commands)}, got {name!r}")
    arguments = map(int, words) if name == "noise" else words
    print(json.dumps(commands[name](*arguments), indent=1))
