"""What a diagnosis makes of a speed that is said wrongly, by up to 8 %.

python tools/false_speeds.py simulated [MOUNTINGS]   simulated bearings, sound ones too; default 2
python tools/false_speeds.py records                 CWRU 48k DE and 12k FE as far as experts could diagnose
                                                     them, and HIT-SM

Prints one JSON document: for each source how often the speed was found (within 0.5 % of the true one) or
said to be unsure, and what was claimed; then the same for each error.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import real_records
from outcomes import outcome, shares
from simulated_cases import mountings, simulated

from faultdiag.datasets.rig import FAULTS
from faultdiag.diagnosis.diagnosis import Diagnosis
from faultdiag.diagnosis.record import diagnose_record
from faultdiag.kinematics.catalogue import find_bearing
from faultdiag.kinematics.orders import FaultOrders
from faultdiag.records import Record

ERRORS_PERCENT = tuple(range(-8, 10, 2))
NEAR = 0.005
SNR_DB = 3.0


class Case(NamedTuple):
    """A record, and what is true of it; without a true speed it is the one found from the right label."""

    source: str
    record: Record
    bearing: FaultOrders
    true_rpm: float | None


class Answer(NamedTuple):
    """What was said where the speed was wrong by some percent."""

    source: str
    truth: str
    error_percent: int
    speed: str
    outcome: str


def simulated_rig(n: int = 2) -> dict[str, Any]:
    """Diagnose simulated bearings, each fault and none."""
    return summary(
        Case("simulated", simulated(m, fault, snr_db=SNR_DB, noise=i), m.bearing, m.speed_rpm)
        for m in mountings(n)
        for i, fault in enumerate(FAULTS)
    )


def records() -> dict[str, Any]:
    """Diagnose real records."""
    return summary(_real_cases())


def summary(cases: Iterable[Case]) -> dict[str, Any]:
    """Return counts for all, for each source and for each error."""
    answers = [answer for case in cases for answer in _answers(case)]
    parts: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        parts[answer.source].append(answer)
        parts[f"{answer.error_percent:+} %"].append(answer)
    return {**_counts(answers), "parts": {name: _counts(some) for name, some in parts.items()}}


def _counts(answers: list[Answer]) -> dict[str, float]:
    """Shares of all, and of the faults; `misled` is a wrong speed without a warning."""
    n = len(answers)
    speeds = {key: sum(one.speed == key for one in answers) / n for key in ("found", "unsure", "misled")}
    faulty = [one.outcome for one in answers if one.truth != "normal"]
    return {
        **shares(one.outcome for one in answers),
        "n_wrong": sum(one.outcome == "wrong" for one in answers),
        "faults_right": shares(faulty)["right"] if faulty else 0.0,
        **{key: round(share, 4) for key, share in speeds.items()},
    }


def _answers(case: Case) -> Iterator[Answer]:
    record, truth = case.record, str(case.record.label)
    nominal_rpm = record.mean_speed_rpm or 0.0
    answered = {
        percent: (said := nominal_rpm * (1 + percent / 100), _diagnosed(case, said))
        for percent in ERRORS_PERCENT
    }
    true_rpm = case.true_rpm or float(answered[0][1].speed_rpm or nominal_rpm)
    for percent, (said_rpm, answer) in answered.items():
        found_rpm = float(answer.speed_rpm or 0)
        if abs(found_rpm / true_rpm - 1) <= NEAR and found_rpm != said_rpm:
            speed = "found"
        else:  # where the shaft is not seen, the speed that was said is used and the answer says so
            speed = "unsure" if found_rpm == said_rpm and answer.warnings else "misled"
        yield Answer(case.source, truth, percent, speed, outcome(answer, truth))


def _diagnosed(case: Case, said_rpm: float) -> Diagnosis:
    (answer,) = diagnose_record(case.record, case.bearing, speed_rpm=said_rpm)
    return answer


def _real_cases() -> Iterator[Case]:
    for record_set in ("48k_DE", "12k_FE"):
        for record, bearing, true_rpm in real_records.cwru_diagnosable(record_set):
            yield Case(f"CWRU {record_set}", record, bearing, true_rpm)
    for record in real_records.hit_sm():
        yield Case("HIT-SM", record, find_bearing("6205"), None)


if __name__ == "__main__":
    name, *numbers = sys.argv[1:] or [""]
    commands: dict[str, Callable[..., dict[str, Any]]] = {"simulated": simulated_rig, "records": records}
    if name not in commands:
        raise SystemExit(f"one of {', '.join(commands)}, got {name!r}")
    print(json.dumps(commands[name](*map(int, numbers)), indent=1))
