"""What noise alone reaches: the constants of `faultdiag.diagnosis.null`, found by simulation.

python tools/null_scores.py [PIECES]    pieces of noise for each kind of record; default 200

Prints for each kind of record the shift and scale of the Gumbel distribution of the scores, less the
logarithm of the number of places, and in the end the constants that fit all of them.
"""

import sys

import numpy as np

from faultdiag.diagnosis.bearing_rules import findings
from faultdiag.diagnosis.envelope_lines import envelope_lines
from faultdiag.diagnosis.null import places

ORDERS = {"outer": 3.585, "inner": 5.415, "ball": 4.713}

KINDS = (  # seconds, Hz, rpm
    (10, 12000, 1797),
    (2.5, 12000, 1797),
    (5, 51200, 600),
    (20, 12000, 600),
    (10, 25600, 3000),
    (10, 4000, 900),
    (20, 2500, 900),
    (6, 8000, 1200),
)

EULER = 0.5772156649


def main(pieces: int) -> None:
    """Simulate, print."""
    rng = np.random.default_rng(0)
    table = []
    print("seconds    Hz   rpm bands  whole shift  bands shift  bands scale")
    for duration_s, rate_hz, speed_rpm in KINDS:
        whole, best, n_bands = _scores(rng, pieces, duration_s, rate_hz, speed_rpm)
        scale = best.std() * np.sqrt(6) / np.pi
        shift = best.mean() - EULER * scale
        # of a Gumbel distribution of scale 1: E exp(-nats) is one over the number of places
        whole_shift = -np.log(np.mean(np.exp(-whole)))
        table.append((np.log(n_bands), whole_shift, shift, scale))
        print(
            f"{duration_s:7} {rate_hz:5} {speed_rpm:5} {n_bands:5} {whole_shift:12.2f} {shift:12.2f} "
            f"{scale:12.2f}"
        )
    bands, whole_shifts, shifts, scales = np.array(table).T
    slope, start = np.polyfit(bands, shifts, 1)
    print(f"INDEPENDENT = {np.exp(np.mean(whole_shifts)):.2f}")
    print(f"BANDS_START = {start:.2f}, BANDS_SLOPE = {slope:.2f}, BANDS_SCALE = {np.mean(scales):.2f}")


def _scores(
    rng: np.random.Generator, pieces: int, duration_s: float, rate_hz: float, speed_rpm: float
) -> tuple[np.ndarray, np.ndarray, int]:
    """Scores in the whole band and of the best bands, less the logarithm of the places; how many bands."""
    whole, best = [], []
    for _ in range(pieces):
        x = rng.standard_normal(int(duration_s * rate_hz))
        highest_hz = 4.2 * max(ORDERS.values()) * speed_rpm / 60
        lines = envelope_lines(x, rate_hz=rate_hz, highest_hz=highest_hz, background_hz=speed_rpm / 60)
        for one in findings(lines, ORDERS, speed_rpm=speed_rpm, duration_s=duration_s):
            level = np.log(places(one.expected_hz, duration_s))
            whole.append(one.whole_band_score - level)
            best.append(one.score - level)
    return np.array(whole), np.array(best), len(lines.low_hz)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
