"""What noise alone reaches: the constants of `faultdiag.diagnosis.null`, found by simulation.

python tools/null_scores.py [PIECES]    pieces of noise for each kind of record; default 300

Prints the constants for which the scores of all kinds of record and all parts are most likely.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln

from faultdiag.diagnosis.bearing import diagnose_bearing
from faultdiag.diagnosis.bearing_rules import bands_that_hold
from faultdiag.diagnosis.null import BANDS_SHAPE, places
from faultdiag.diagnosis.shaft_speed import ShaftSpeed

Numbers = NDArray[np.float64]

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
    (5, 12000, 3000),
    (3, 25600, 1500),
    (2, 48000, 1797),
)


def main(pieces: int) -> None:
    """Simulate, fit, print."""
    rng = np.random.default_rng(0)
    table = [row for kind in KINDS for row in _scores(rng, pieces, *kind)]
    crowd, bands, whole, best = np.array(table).T
    level, shape = _fitted(whole, lambda t: (t[0] + crowd, np.exp(t[1]), np.exp(t[1])), [0.0, 0.0])
    print(f"WHOLE_LEVEL, WHOLE_SHAPE = {level:.2f}, {np.exp(shape):.2f}")
    places, several, scale, narrower = _fitted(
        best,
        lambda t: (t[0] * crowd + t[1] * bands, np.exp(t[2] - t[3] * crowd), BANDS_SHAPE),
        [1.0, 1.0, 0.5, 0.0],
    )
    print(f"BANDS_PLACES, BANDS_BANDS = {places:.3f}, {several:.3f}")
    print(f"BANDS_SCALE, BANDS_NARROWER = {np.exp(scale):.2f}, {narrower:.3f}")


def _fitted(scores: Numbers, model: Callable[[Numbers], tuple[Any, Any, Any]], start: list[float]) -> Numbers:
    """The parameters for which the scores are most likely, of a model that gives level, scale and shape."""

    def surprise(parameters: Numbers) -> float:
        level, scale, shape = model(parameters)
        z = (scores - level) / scale
        return float(np.mean(shape * z + np.exp(-z) + gammaln(shape) + np.log(scale)))

    found: Numbers = minimize(surprise, start, method="Nelder-Mead", options={"maxiter": 10000}).x
    return found


def _scores(
    rng: np.random.Generator, pieces: int, duration_s: float, rate_hz: float, speed_rpm: float
) -> Iterator[tuple[float, float, float, float]]:
    """Yield for each part the logarithms of its places + 1 and of its bands, its evidence and its score."""
    shaft = ShaftSpeed(speed_rpm, "found", 20.0)
    for _ in range(pieces):
        x = rng.standard_normal(int(duration_s * rate_hz))
        result = diagnose_bearing(x, rate_hz=rate_hz, orders=ORDERS, shaft=shaft)
        for one in result.findings:
            crowd = np.log(places(one.expected_hz, duration_s) + 1)
            n_bands = bands_that_hold(result.lines, one.expected_hz)
            yield crowd, np.log(max(n_bands, 1)), one.whole_band_score, one.score


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
