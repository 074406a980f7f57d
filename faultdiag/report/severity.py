"""The severity zone of a channel, whatever its unit."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import RecordError
from faultdiag.records import Record
from faultdiag.signal.integration import integrate
from faultdiag.signal.severity_zones import IndustrialMachine, severity_zone, velocity_rms

__all__ = ["Severity", "severity"]

ACCELERATIONS = ("g", "m/s2")
VELOCITIES = ("m/s", "mm/s", "in/s")


class Severity(NamedTuple):
    """Broadband RMS of the velocity, and its zone by ISO 20816-3."""

    rms_mm_s: float
    zone: str


def severity(
    samples: NDArray[np.floating[Any]], unit: str, *, rate_hz: float, machine: IndustrialMachine | None
) -> Severity | None:
    """Return the zone of one channel, or None without a machine.

    Parameters
    ----------
    samples : ndarray, shape [n_samples]
        An acceleration, which is integrated, or a velocity.
    unit : str
        Its unit.
    rate_hz : float
        Sampling rate.
    machine : IndustrialMachine or None
        What stands on the limits.

    Raises
    ------
    RecordError
        If the unit is unknown or neither of an acceleration nor of a velocity, or the signal too short.

    Examples
    --------
    >>> motor = IndustrialMachine(power_kw=55, speed_rpm=1480, support="rigid")
    >>> tone = 4 * np.sin(2 * np.pi * 25 * np.arange(24000) / 12000)
    >>> severity(tone, "mm/s", rate_hz=12000, machine=motor).zone
    'C'
    """
    if machine is None:
        return None
    if unit in ACCELERATIONS:
        low_hz = machine.band_hz[0]
        velocity = integrate(samples, rate_hz=rate_hz, from_unit=unit, to_unit="mm/s", low_hz=low_hz)
    elif unit in VELOCITIES:
        velocity = Record(source=samples[None], units=(unit,)).to("mm/s").samples[0]
    else:
        raise RecordError(
            f"a severity zone needs an acceleration or a velocity, the unit is {unit!r}; give the record's "
            f"units, of {', '.join((*ACCELERATIONS, *VELOCITIES))}"
        )
    rms_mm_s = velocity_rms(velocity, rate_hz=rate_hz, band_hz=machine.band_hz)
    return Severity(float(rms_mm_s), str(severity_zone(rms_mm_s, machine=machine)))
