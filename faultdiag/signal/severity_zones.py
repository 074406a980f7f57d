"""Severity zones of the vibration of industrial machines, by ISO 20816-3.

The broadband RMS of the velocity of non-rotating parts (bearing housings, pedestals) falls into a zone: A
is that of new machines, B is fit for long service, in C the machine should run for a limited time only,
and D is strong enough to damage it. The zones are those of ISO 10816-3, which ISO 20816-3 replaced.
The standard has limits for the displacement and for the shaft too: they are not here.

References
----------
ISO 20816-3:2022, Mechanical vibration - Measurement and evaluation of machine vibration - Part 3:
Industrial machinery with a power rating above 15 kW and operating speeds between 120 r/min and
30 000 r/min; Annex A, Tables A.1 and A.2.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.checks import positive, rising_band
from faultdiag.signal.samples import as_samples

__all__ = ["ZONES", "IndustrialMachine", "severity_zone", "velocity_rms"]

Samples = NDArray[np.floating[Any]]

ZONES = ("A", "B", "C", "D")

BOUNDARIES_MM_S = {
    (1, "rigid"): (2.3, 4.5, 7.1),
    (1, "flexible"): (3.5, 7.1, 11.0),
    (2, "rigid"): (1.4, 2.8, 4.5),
    (2, "flexible"): (2.3, 4.5, 7.1),
}
"""Group and support -> RMS velocity between A and B, B and C, C and D."""

POWER_KW = (15.0, 40_000.0)
SPEED_RPM = (120.0, 30_000.0)
"""Scope of the standard; the lower power is excluded."""

LARGE_KW = 300.0
LARGE_SHAFT_MM = 315.0
MEDIUM_SHAFT_MM = 160.0
"""Group 1 is above this power, or for electrical machines from this shaft height on."""

SLOW_RPM = 600.0
SLOW_BAND_HZ = (2.0, 1000.0)
BAND_HZ = (10.0, 1000.0)
"""What is measured up to this speed, and above it."""

CYCLES = 20
"""Periods of the lower edge in a segment of the spectrum: 0.5 Hz lines from 10 Hz on."""


@dataclass(frozen=True)
class IndustrialMachine:
    """What the standard asks of a machine to judge its vibration.

    Attributes
    ----------
    power_kw : float
        Rated power, above 15 kW and up to 40 MW.
    speed_rpm : float
        Operating speed, from 120 to 30,000 rpm.
    support : {"rigid", "flexible"}
        Foundation in the direction of the measurement. It is flexible where the lowest natural frequency of
        machine and support is less than a quarter above the main excitation, mostly the shaft's.
    shaft_height_mm : float, optional
        Height of the shaft of an electrical machine, from 160 mm on: it decides the group instead of the
        power.

    Raises
    ------
    ParameterError
        If the machine is outside the scope of the standard, with the limit.

    Examples
    --------
    >>> motor = IndustrialMachine(power_kw=55, speed_rpm=1480, support="rigid")
    >>> motor.group, motor.band_hz, motor.boundaries_mm_s
    (2, (10.0, 1000.0), (1.4, 2.8, 4.5))
    """

    power_kw: float
    speed_rpm: float
    support: Literal["rigid", "flexible"]
    shaft_height_mm: float | None = None

    def __post_init__(self) -> None:
        if not POWER_KW[0] < self.power_kw <= POWER_KW[1]:
            _outside(f"power above {POWER_KW[0]:g} and up to {POWER_KW[1]:g} kW", self.power_kw)
        if not SPEED_RPM[0] <= self.speed_rpm <= SPEED_RPM[1]:
            _outside(f"speeds from {SPEED_RPM[0]:g} to {SPEED_RPM[1]:g} rpm", self.speed_rpm)
        if self.shaft_height_mm is not None and not MEDIUM_SHAFT_MM <= self.shaft_height_mm < np.inf:
            _outside(f"shaft heights from {MEDIUM_SHAFT_MM:g} mm on", self.shaft_height_mm)
        if self.support not in ("rigid", "flexible"):
            raise ParameterError(f"support must be 'rigid' or 'flexible', got {self.support!r}")

    @property
    def group(self) -> int:
        """1 for large machines, 2 for medium-sized ones."""
        if self.shaft_height_mm is not None:
            return 1 if self.shaft_height_mm >= LARGE_SHAFT_MM else 2
        return 1 if self.power_kw > LARGE_KW else 2

    @property
    def band_hz(self) -> tuple[float, float]:
        """Band of the RMS velocity: from 10 Hz, or up to 600 rpm from 2 Hz, to 1000 Hz."""
        return SLOW_BAND_HZ if self.speed_rpm <= SLOW_RPM else BAND_HZ

    @property
    def boundaries_mm_s(self) -> tuple[float, float, float]:
        """RMS velocity between zones A and B, B and C, C and D."""
        return BOUNDARIES_MM_S[self.group, self.support]


def velocity_rms(
    velocity_mm_s: ArrayLike, *, rate_hz: float, band_hz: tuple[float, float] = BAND_HZ
) -> Samples:
    """Return the broadband RMS of a velocity.

    Parameters
    ----------
    velocity_mm_s : array_like, shape [..., n_samples]
        Velocity in mm/s; an acceleration must be integrated first.
    rate_hz : float
        Sampling rate, above 2000 Hz for the standard's band.
    band_hz : (float, float)
        Band, both edges included; `IndustrialMachine.band_hz` has that of a machine.

    Returns
    -------
    ndarray, shape [...]
        RMS in mm/s.

    Raises
    ------
    ParameterError
        If the band does not rise between 0 and half the rate.
    RecordError
        If a sample is not a finite real number, or the signal is shorter than 5 periods of the lower edge.

    Notes
    -----
    From a Welch spectrum with a Hann window, in segments of up to 20 periods of the lower edge that
    overlap by half, each with its straight line taken off. A tone nearer to an edge than two lines (1 Hz
    at 20 periods of 10 Hz) is counted in part.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(12000) / 12000
    >>> velocity_mm_s = 4 * np.sin(2 * np.pi * 25 * t) + 30 * np.sin(2 * np.pi * 4 * t)
    >>> round(velocity_rms(velocity_mm_s, rate_hz=12000).item(), 3)  # 4 / sqrt(2)
    2.828
    """
    samples = as_samples(velocity_mm_s)
    rate_hz = positive("rate_hz", rate_hz)
    low_hz, high_hz = rising_band("band_hz", band_hz, rate_hz=rate_hz)
    period = rate_hz / low_hz
    if samples.shape[-1] < 5 * period:
        raise RecordError(
            f"an RMS from {low_hz:g} Hz on takes 5 periods of it, {5 / low_hz:g} s, the signal has "
            f"{samples.shape[-1] / rate_hz:g} s; give a longer one"
        )
    length = min(samples.shape[-1], round(CYCLES * period))
    freq_hz, density = signal.welch(samples, rate_hz, window="hann", nperseg=length, detrend="linear")
    inside = (freq_hz >= low_hz) & (freq_hz <= high_hz)
    return np.asarray(np.sqrt(density[..., inside].sum(axis=-1) * (rate_hz / length)))


def severity_zone(rms_mm_s: ArrayLike, *, machine: IndustrialMachine) -> NDArray[np.str_]:
    """Return the zone, ``"A"`` to ``"D"``, of RMS velocities of a machine.

    Parameters
    ----------
    rms_mm_s : array_like, shape [...]
        Broadband RMS velocities of non-rotating parts, in the band of the machine.
    machine : IndustrialMachine
        The machine; it is refused when made if the standard does not cover it.

    Returns
    -------
    ndarray of str, shape [...]
        A value on a boundary is in the better zone. The worst of all places and directions counts.

    Raises
    ------
    RecordError
        If a value is negative or not finite.

    Examples
    --------
    >>> motor = IndustrialMachine(power_kw=55, speed_rpm=1480, support="rigid")
    >>> severity_zone([0.9, 2.8, 3.1, 12.0], machine=motor).tolist()
    ['A', 'B', 'C', 'D']
    """
    values = np.asarray(rms_mm_s, dtype=np.float64)
    if not ((values >= 0) & (values < np.inf)).all():
        wrong = values[~((values >= 0) & (values < np.inf))].flat[0]
        raise RecordError(f"an RMS velocity must be 0 or more, got {wrong:g} mm/s")
    zone: NDArray[np.str_] = np.array(ZONES)[np.searchsorted(machine.boundaries_mm_s, values)]
    return np.asarray(zone)


def _outside(limit: str, value: float) -> None:
    raise ParameterError(f"ISO 20816-3 is for {limit}, got {value:g}; it has no zones for this machine")
