"""Write one simulated signal: a bearing with a damaged outer race that no Run has been trained on.

python examples/simulated_signal.py signal.npy
"""

import sys
from pathlib import Path

import numpy as np

import faultdiag

UNUSED_SEED = 2026
"""The demo trains with another one, so this bearing and its mounting are new to the network."""


def main(path: Path) -> None:
    """Write the record and say what it is."""
    rig = faultdiag.load_dataset("simulated", seed=UNUSED_SEED, n_bearings=1, snr_db=10.0)
    record = next(record for record in rig.records if record.label == "outer")
    np.save(path, record.samples)
    print(
        f"{path}: {record.duration_s:g} s at {record.rate_hz:g} Hz, {record.mean_speed_rpm:.0f} rpm, "
        f"of a bearing with a damage to the {record.label} race"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
