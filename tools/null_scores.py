"""What noise alone reaches: the constants of `faultdiag.diagnosis.null`, found by simulation.

python tools/null_scores.py [PIECES]    pieces of noise for each kind of record; default 300

Prints for each kind of record and part the shift and scale of the Gumbel distribution of the scores, less the
logarithm of the number of places, and in the end the constants that fit all of them. They are those of a line
through the upper quantiles, which matter: no distribution here is a Gumbel one from end to end.
"""

import sys
from collections import defaultdict

import numpy as np

from faultdiag.diagnosis.bearing import diagnose_bearing
from faultdiag.diagnosis.bearing_rules import bands_that_hold
from faultdiag.diagnosis.null import places
from faultdiag.diagnosis.shaft_speed import ShaftSpeed

ORDERS = {"outer": 3.585, "inner": 5.415, "ball": 4.713, "cage": 0.398}

KINDS = (  # seconds, Hz, rpm
    (10, 12000, 1797),
    (5, 12000, 1797),
    (2.5, 12000, 1797),
    (5, 51200, 600),
    (20, 12000, 600),
    (10, 25600, 3000),
    (10, 4000, 900),
    (20, 2500, 900),
    (6, 8000, 1200),
)

SHARES = np.array([0.5, 0.8, 0.9, 0.95, 0.98, 0.99])
GUMBEL = -np.log(-np.log(SHARES))
"""Quantiles of the standard Gumbel distribution."""


def main(pieces: int) -> None:
    """Simulate, print."""
    rng = np.random.default_rng(0)
    table = []
    print("seconds    Hz   rpm  part  bands  whole shift  bands shift  bands scale")
    for duration_s, rate_hz, speed_rpm in KINDS:
        for part, (n_bands, whole, best) in _scores(rng, pieces, duration_s, rate_hz, speed_rpm).items():
            scale, shift = np.polyfit(GUMBEL, np.quantile(best, SHARES), 1)
            whole_shift = np.mean(np.quantile(whole, SHARES) - GUMBEL)
            table.append((np.log(n_bands), whole_shift, shift, scale))
            print(
                f"{duration_s:7} {rate_hz:5} {speed_rpm:5} {part:5} {n_bands:6.1f} {whole_shift:12.2f} "
                f"{shift:12.2f} {scale:12.2f}"
            )
    bands, whole_shifts, shifts, scales = np.array(table).T
    slope, start = np.polyfit(bands, shifts, 1)
    print(f"INDEPENDENT = {np.exp(np.mean(whole_shifts)):.2f}")
    print(f"BANDS_START = {start:.2f}, BANDS_SLOPE = {slope:.2f}, BANDS_SCALE = {np.mean(scales):.2f}")
    print(f"left over in shift: {np.std(shifts - slope * bands - start):.2f}, in scale: {np.std(scales):.2f}")


def _scores(
    rng: np.random.Generator, pieces: int, duration_s: float, rate_hz: float, speed_rpm: float
) -> dict[str, tuple[float, np.ndarray, np.ndarray]]:
    """For each part the bands that hold its comb, and its scores in the whole band and the best bands."""
    bands, whole, best = {}, defaultdict(list), defaultdict(list)
    shaft = ShaftSpeed(speed_rpm, "found", 20.0)
    for _ in range(pieces):
        x = rng.standard_normal(int(duration_s * rate_hz))
        result = diagnose_bearing(x, rate_hz=rate_hz, orders=ORDERS, shaft=shaft)
        for one in result.findings:
            level = np.log(places(one.expected_hz, duration_s))
            bands[one.label] = bands_that_hold(result.lines, one.expected_hz)
            whole[one.label].append(one.whole_band_score - level)
            best[one.label].append(one.score - level)
    return {part: (bands[part], np.array(whole[part]), np.array(best[part])) for part in ORDERS}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
