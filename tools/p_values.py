"""Whether the p-values of a diagnosis are uniform where there is nothing to find.

python tools/p_values.py [PIECES]    pieces of noise, a fifth of each kind; default 1000

Writes docs/diagnose_p_values.csv, from which the picture in the pages is drawn, and prints one JSON
document: for each part and for the best bands and the whole one the distance of Kolmogorov and Smirnov
from uniform, and how many times too often p is below 0.01.
"""

import csv
import json
import sys
from collections import defaultdict
from typing import Any

import numpy as np
from children import ROOT
from noises import RATE_HZ, SPEED_RPM, noises
from numpy.typing import NDArray
from scipy.stats import kstest

from faultdiag.diagnosis.bearing import diagnose_bearing
from faultdiag.diagnosis.shaft_speed import shaft_speed
from faultdiag.kinematics.catalogue import find_bearing

FILE = ROOT / "docs" / "diagnose_p_values.csv"
BANDS, WHOLE = "best bands", "whole band"
SMALL = 0.01
ALL = "all"

Key = tuple[str, str, str]
Numbers = NDArray[np.float64]


def main(n: int) -> None:
    """Simulate, write, print."""
    found = p_values(n)
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["statistic", "part", "noise", "n", "expected", "found"])
        for key, values in found.items():
            writer.writerows(
                [*key, len(values), f"{a:.4g}", f"{b:.4g}"] for a, b in zip(*quantiles(values), strict=True)
            )
    print(json.dumps(summary(found), indent=1))


def p_values(n: int) -> dict[Key, Numbers]:
    """Return the p-values of so many pieces by statistic, part and kind of noise, and of all kinds."""
    orders = find_bearing("6205").fault_orders()
    found: dict[Key, list[float]] = defaultdict(list)
    kinds = noises(np.random.default_rng(1))
    for kind, make in kinds.items():
        for _ in range(n // len(kinds)):
            x = make()
            speed = shaft_speed(x, rate_hz=RATE_HZ, said_rpm=SPEED_RPM)
            result = diagnose_bearing(x, rate_hz=RATE_HZ, orders=orders, shaft=speed)
            for one in result.findings:
                for noise in (kind, ALL):
                    found[BANDS, one.label, noise].append(one.p_value)
                    found[WHOLE, one.label, noise].append(one.whole_band_p_value)
    return {key: np.sort(values) for key, values in sorted(found.items())}


def quantiles(values: Numbers) -> tuple[Numbers, Numbers]:
    """Return what uniform p-values would be, and those found, at places even on a log axis."""
    n = len(values)
    ranks = np.unique(np.rint(np.geomspace(1, n, 25)).astype(np.int64))
    return ranks / (n + 1), values[ranks - 1]


def summary(found: dict[Key, Numbers]) -> dict[str, Any]:
    """Return both measures for each part and kind of noise, and the largest of those of all kinds."""
    table = {
        " | ".join(key): {
            "distance": round(float(kstest(values, "uniform").statistic), 4),
            "small": round(float(np.mean(values <= SMALL) / SMALL), 3),
        }
        for key, values in found.items()
    }
    whole = [row for name, row in table.items() if name.endswith(f"| {ALL}")]
    return {**{name: max(row[name] for row in whole) for name in ("distance", "small")}, "table": table}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
