"""When a damaged bearing strikes, and how hard, as the shaft turns."""

import numpy as np
from numpy.typing import NDArray

from faultdiag.kinematics.bearing import Bearing

__all__ = ["impacts", "load_zone"]

Numbers = NDArray[np.float64]

UNBALANCE_MODULATION = 0.1
"""By how much the turning load of an unbalance changes the strikes on the outer race."""

SCATTER = 0.1
"""Standard deviation of one strike's strength, relative."""


def load_zone(angle_rad: Numbers, *, extent: float) -> Numbers:
    """Return the share of the largest ball load that the ball at an angle carries.

    Parameters
    ----------
    angle_rad : ndarray
        Angle from the direction of the load.
    extent : float
        Load factor epsilon: 0.5 loads half of the ring (no clearance), 1 and more all of it.

    References
    ----------
    McFadden, P. D. and Smith, J. D. (1984), Model for the vibration produced by a single point defect
    in a rolling element bearing, Journal of Sound and Vibration 96(1), 69-82,
    doi 10.1016/0022-460X(84)90595-9.

    Examples
    --------
    >>> load_zone(np.array([0, np.pi]), extent=0.5).tolist()
    [1.0, 0.0]
    """
    carried: Numbers = np.maximum(0, 1 - (1 - np.cos(angle_rad)) / (2 * extent)) ** 1.5
    return carried


def impacts(
    bearing: Bearing,
    fault: str,
    *,
    n_turns: float,
    extent: float,
    slip: float,
    race_ratio: float,
    rng: np.random.Generator,
) -> tuple[Numbers, Numbers]:
    """Return the strikes of one local fault.

    Parameters
    ----------
    bearing : Bearing
        Its geometry.
    fault : {"outer", "inner", "ball"}
        Where the fault is: on the loaded spot of the standing outer race, on the turning inner race,
        or on a ball, which strikes both races each time that it spins round.
    n_turns : float
        Shaft turns to cover.
    extent : float
        Of the `load_zone`.
    slip : float
        Standard deviation of the way from one strike to the next, relative. The deviations add up, a
        random walk, so that the strikes have a mean rate but no period.
    race_ratio : float
        Strength of a ball's strike on the one race against that on the other.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    turns : ndarray, shape [n_impacts]
        Shaft turns at each strike, rising, within 0 and `n_turns`.
    strength : ndarray, shape [n_impacts]
        Strength of each, not negative.

    References
    ----------
    Antoni, J. and Randall, R. B. (2003), A stochastic model for simulation and diagnostics of rolling
    element bearings with localized faults, Journal of Vibration and Acoustics 125(3), 282-289,
    doi 10.1115/1.1569940.
    """
    order = bearing.fault_orders()[fault]
    # room for a walk that runs ahead: 10 strikes and 10 standard deviations of the sum
    n_most = int(n_turns * order + 10 * (1 + slip * np.sqrt(n_turns * order))) + 1
    steps = np.maximum(1 + slip * rng.standard_normal(n_most), 0.1) / order
    turns = np.cumsum(steps) - steps[0] * rng.uniform()
    turns = turns[turns < n_turns]
    strength = _carried(bearing, fault, turns, extent, rng)
    if fault == "ball":
        strength[::2] *= race_ratio
    return turns, strength * np.maximum(1 + SCATTER * rng.standard_normal(len(turns)), 0)


def _carried(
    bearing: Bearing, fault: str, turns: Numbers, extent: float, rng: np.random.Generator
) -> Numbers:
    """Load at the fault: how it stands to the load zone when it strikes."""
    phase_rad = rng.uniform(0, 2 * np.pi)
    if fault == "outer":
        return 1 + UNBALANCE_MODULATION * np.cos(2 * np.pi * turns + phase_rad)
    travel = turns if fault == "inner" else bearing.ftf * turns  # a ball goes round with the cage
    return load_zone(2 * np.pi * travel + phase_rad, extent=extent)
