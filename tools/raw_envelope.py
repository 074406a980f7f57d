"""The plain method: one envelope spectrum of the raw signal, and its lines at the fault orders.

No prewhitening, no choice of a band, no correction of the speed: what is commonly done by hand. Its
threshold is as strict as ours: noise shows as much once in a million, for each part. Lines at multiples of
the orders are not asked for: on simulated bearings that made it worse, the sidebands of one fault fall on
them for another.

python tools/raw_envelope.py     what it makes of the CWRU records that experts could diagnose, and of
                                 healthy ones, as one JSON document
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import real_records
from numpy.typing import NDArray
from scipy import fft
from scipy.signal import hilbert

from faultdiag.diagnosis.confidence import ALPHA
from faultdiag.diagnosis.evidence import SLIP_LIMIT
from faultdiag.kinematics.catalogue import find_bearing
from faultdiag.kinematics.orders import FaultOrders
from faultdiag.records import Record
from faultdiag.signal.background import local_median

BESIDE = 2
"""Lines on both sides of a multiple of the shaft that are not looked at."""

Numbers = NDArray[np.float64]


def spectrum(x: NDArray[np.floating[Any]]) -> Numbers:
    """Return the amplitudes of the squared envelope, Hann window."""
    squared = np.abs(hilbert(x)) ** 2
    return np.asarray(np.abs(fft.rfft((squared - squared.mean()) * np.hanning(len(x)))))


def nats(
    x: NDArray[np.floating[Any]], *, rate_hz: float, orders: Mapping[str, float], speed_rpm: float
) -> dict[str, float]:
    """Return for each part how unlikely the largest line near its order is in noise, as ``-log(p)``.

    Near is what ours takes for slip, too; the line counts by its power over the median around it, and p is
    the chance that one of so many lines is as large.
    """
    step_hz, shaft_hz = rate_hz / len(x), speed_rpm / 60
    power = spectrum(x) ** 2
    over = power / local_median(power, width=max(round(shaft_hz / step_hz), 8)) * np.log(2)
    at_hz = step_hz * np.arange(len(power))
    is_shaft = np.abs(at_hz - np.rint(at_hz / shaft_hz) * shaft_hz) <= BESIDE * step_hz
    found = {}
    for label in orders.keys() - {"cage"}:
        near = np.abs(at_hz / (orders[label] * shaft_hz) - 1) <= SLIP_LIMIT
        found[label] = _unlikely(over[near & ~is_shaft])
    return found


def best(found: Mapping[str, float]) -> str:
    """Return the part whose line is the least likely chance."""
    return max(found, key=lambda label: (found[label], label))


def claimed(found: Mapping[str, float]) -> str:
    """Return that part, or "normal" where the line may be chance."""
    label = best(found)
    return label if found[label] >= -np.log(ALPHA) else "normal"


def real() -> dict[str, dict[str, int]]:
    """Count what this method makes of real records: those that experts could diagnose, and healthy ones."""
    found = {
        record_set: Counter(
            _outcome(record, bearing) for record, bearing, _ in real_records.cwru_diagnosable(record_set)
        )
        for record_set in ("48k_DE", "12k_FE")
    }
    rig = [record for record in real_records.hit_sm() if record.label == "normal"]
    found["healthy"] = Counter(
        _outcome(record, find_bearing("6205")) for record in (*real_records.cwru_healthy(), *rig)
    )
    return {name: dict(counts) for name, counts in found.items()}


def _outcome(record: Record, bearing: FaultOrders) -> str:
    speed_rpm, rate_hz = record.mean_speed_rpm, record.rate_hz
    if speed_rpm is None or rate_hz is None:
        raise SystemExit(f"{record.origin}: speed or rate is unknown")
    label = claimed(
        nats(record.samples[0], rate_hz=rate_hz, orders=bearing.fault_orders(), speed_rpm=speed_rpm)
    )
    return "right" if label == record.label else "nothing" if label == "normal" else "wrong"


def _unlikely(lines: Numbers) -> float:
    """Of lines that are exponential with mean 1 in noise."""
    if len(lines) == 0:
        return 0.0
    largest = float(lines.max())
    if largest > 30:  # 1 - (1 - exp(-x)) ** n would be 0
        return largest - float(np.log(len(lines)))
    return -float(np.log(-np.expm1(len(lines) * np.log1p(-np.exp(-largest)))))


if __name__ == "__main__":
    print(json.dumps(real(), indent=1))
