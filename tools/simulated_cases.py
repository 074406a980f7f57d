"""Records of simulated bearings of several kinds, speeds and mountings, the same ones every time."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from faultdiag.datasets.rig import Assembly, simulate_bearing
from faultdiag.kinematics.bearing import Bearing
from faultdiag.kinematics.catalogue import find_bearing
from faultdiag.records import Record

RATE_HZ, DURATION_S = 12000.0, 5.0
BEARINGS = ("6203", "6205", "NU205")
"""8 and 9 balls, 13 rollers."""
SPEEDS_RPM = (900.0, 1797.0, 3000.0)


class Mounting(NamedTuple):
    """A bearing in a machine: by lot, but the same for every fault and level of noise."""

    bearing: Bearing
    speed_rpm: float
    assembly: Assembly
    lot: tuple[int, int, int]


def mountings(n: int) -> Iterator[Mounting]:
    """Yield so many mountings of each bearing at each speed."""
    for i, name in enumerate(BEARINGS):
        bearing = find_bearing(name)
        if not isinstance(bearing, Bearing):
            raise SystemExit(f"bearing {name}: its geometry is unknown")
        for j, speed_rpm in enumerate(SPEEDS_RPM):
            for number in range(n):
                lot = (i, j, number)
                yield Mounting(bearing, speed_rpm, Assembly.draw(np.random.default_rng(lot)), lot)


def simulated(mounting: Mounting, fault: str, *, snr_db: float, noise: int) -> Record:
    """Return a record; its label is the truth. The same number of noise gives the same noise."""
    rng = np.random.default_rng((*mounting.lot, noise + 1))  # a trailing 0 would seed as the lot alone does
    samples = simulate_bearing(
        bearing=mounting.bearing,
        fault=fault,
        rate_hz=RATE_HZ,
        duration_s=DURATION_S,
        speed_rpm=mounting.speed_rpm,
        snr_db=snr_db,
        assembly=mounting.assembly,
        rng=rng,
    )
    return Record(source=samples[None], rate_hz=RATE_HZ, speed_rpm=mounting.speed_rpm, label=fault)
