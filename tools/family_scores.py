"""What noise alone reaches in a search for families: the constants of `faultdiag.diagnosis.family_null`.

python tools/family_scores.py [PIECES]    pieces of white noise for each kind of record; default 200

Prints for each kind of record the place and scale of the Gumbel distribution of the best score, and in the
end the constants that fit all of them.
"""

import sys

import numpy as np

from faultdiag.diagnosis.families import best_family_score

KINDS = (  # seconds, Hz
    (10, 12000),
    (2.5, 12000),
    (5, 51200),
    (4, 25600),
    (10, 8000),
    (20, 4000),
    (20, 12000),
    (3, 16000),
)

EULER = 0.5772156649


def main(pieces: int) -> None:
    """Simulate, print."""
    rng = np.random.default_rng(0)
    table = []
    print("seconds    Hz bands  places    level    scale")
    for duration_s, rate_hz in KINDS:
        scores = []
        for _ in range(pieces):
            x = rng.standard_normal(int(duration_s * rate_hz)).astype(np.float32)
            score, places, n_bands = best_family_score(x, rate_hz=rate_hz)
            scores.append(score)
        scale = np.std(scores) * np.sqrt(6) / np.pi
        level = np.mean(scores) - EULER * scale
        table.append((np.log(n_bands), np.log(places), level, scale))
        print(f"{duration_s:7} {rate_hz:5} {n_bands:5} {places:7.0f} {level:8.2f} {scale:8.2f}", flush=True)
    bands, logs, levels, scales = np.array(table).T
    slope, start = np.polyfit(bands, levels - scales.mean() * logs, 1)
    print(f"START = {start:.2f}, SLOPE = {slope:.2f}, SCALE = {scales.mean():.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
