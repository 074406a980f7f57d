"""How long a diagnosis takes, beside one plain envelope spectrum of the same record.

python tools/diagnose_time.py     prints {"ratio": ..., "seconds": ..., ...}

A record of 10 s at 12 kHz with a fault of the inner race, three parts looked at. The plain side is SciPy's:
`scipy.signal.hilbert` (120,000 samples have small factors, so that no padding is quicker), square of the
magnitude, Hann window, `scipy.fft.rfft`, magnitude. Both sides get the same float64 samples.
"""

import json

import numpy as np
import raw_envelope
from blocks import Step, interleaved, ratio
from numpy.typing import NDArray

from faultdiag.datasets.rig import Assembly, simulate_bearing
from faultdiag.diagnosis.record import diagnose_record
from faultdiag.kinematics.bearing import Bearing
from faultdiag.records import Record

RATE_HZ, DURATION_S, SPEED_RPM = 12000.0, 10.0, 1797.0
BEARING = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
N_BLOCKS, STEPS = 15, 4


def measured() -> dict[str, float]:
    """Return the ratio of the medians with the quartiles of the blocks, and the seconds of both."""
    seconds = interleaved([prepare_diagnosis, prepare_spectrum], n_blocks=N_BLOCKS, steps=STEPS)
    found = ratio(seconds, 0, 1)
    ours, plain = np.median(seconds, axis=0).tolist()
    return {
        "ratio": found.median,
        "lower": found.lower,
        "upper": found.upper,
        "seconds": ours,
        "plain_seconds": plain,
    }


def prepare_diagnosis() -> Step:
    """Prepare our side."""
    record = Record(source=_samples()[None], rate_hz=RATE_HZ, speed_rpm=SPEED_RPM)
    return lambda: diagnose_record(record, BEARING)


def prepare_spectrum() -> Step:
    """Prepare the plain side."""
    samples = _samples()
    return lambda: raw_envelope.spectrum(samples)


def _samples() -> NDArray[np.float64]:
    rng = np.random.default_rng(0)
    return simulate_bearing(
        bearing=BEARING,
        fault="inner",
        rate_hz=RATE_HZ,
        duration_s=DURATION_S,
        speed_rpm=SPEED_RPM,
        snr_db=0,
        assembly=Assembly.draw(rng),
        rng=rng,
    )


if __name__ == "__main__":
    print(json.dumps(measured(), indent=1))
