"""A simulated bearing rig: the vibration of a housing with a healthy or damaged bearing inside.

The model: strikes at the fault frequency with slip (`faultdiag.datasets.impacts`) make the structure
ring at its resonances; shaft harmonics and coloured noise lie over it.

What it leaves out: levels do not depend on speed, a large fault is only stronger than a small one (no
entry and exit of the ball), the strikes of a ball reach the sensor by one path and the ball does not
tumble, there is one fault at a time, no gear, belt or mains, no clipping and no anti-alias filter.
What is learned here is the pattern of the strikes; it is no substitute for measurements.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from faultdiag.datasets.impacts import impacts
from faultdiag.errors import ParameterError
from faultdiag.kinematics.bearing import Bearing

__all__ = ["FAULTS", "Assembly", "Resonance", "simulate_bearing"]

Numbers = NDArray[np.float64]

FAULTS = ("normal", "outer", "inner", "ball")

SPEED_WANDER = 0.001
LOAD_WANDER = 0.1
"""Standard deviation of the slow changes within a record, relative."""

MIN_TURNS = 10
"""Fewer shaft turns may hold no strike of a ball in the load zone."""

RING_LEVEL = 1e-4
"""Where the ringing of a strike is cut off."""


@dataclass(frozen=True)
class Resonance:
    """A mode of the structure between bearing and sensor.

    Attributes
    ----------
    frequency_hz : float
        Natural frequency.
    damping : float
        Damping ratio.
    gain : float
        How much of a strike excites it.
    """

    frequency_hz: float
    damping: float
    gain: float

    def response(self, time_s: Numbers) -> Numbers:
        """Return the answer to a strike at time 0; nothing before it."""
        omega = 2 * np.pi * self.frequency_hz
        since = np.maximum(time_s, 0)
        damped = omega * np.sqrt(1 - self.damping**2)
        ringing: Numbers = self.gain * np.exp(-self.damping * omega * since) * np.sin(damped * since)
        return ringing

    def n_samples(self, rate_hz: float) -> int:
        """Return how long it rings, in samples."""
        time_s = -np.log(RING_LEVEL) / (2 * np.pi * self.damping * self.frequency_hz)
        return int(np.ceil(time_s * rate_hz)) + 1


@dataclass(frozen=True)
class Assembly:
    """One bearing as it is mounted: what its records have in common whatever the fault.

    Attributes
    ----------
    resonances : tuple of Resonance
        Modes of the structure.
    shaft_amplitudes : tuple of float
        Amplitudes at 1, 2, 3 ... times the shaft speed (unbalance, misalignment), in standard
        deviations of the noise.
    contact_angle_deg : float
        Contact angle under load; it shifts the fault frequencies by up to 1 %.
    load_extent : float
        Load factor epsilon of the load zone.
    slip : float
        Relative standard deviation of the way between strikes.
    race_ratio : float
        Strength of a ball's strikes on one race against the other.
    noise_through_structure : float
        Share of the noise power that comes through the resonances; the rest is white.
    gain : float
        Of everything, from the bearing to the numbers.
    """

    resonances: tuple[Resonance, ...]
    shaft_amplitudes: tuple[float, ...] = (0.3, 0.15, 0.05)
    contact_angle_deg: float = 0.0
    load_extent: float = 0.7
    slip: float = 0.005
    race_ratio: float = 0.6
    noise_through_structure: float = 0.5
    gain: float = 1.0

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Assembly":
        """Return an assembly by lot."""
        resonances = tuple(
            Resonance(
                frequency_hz=float(np.exp(rng.uniform(np.log(800), np.log(5000)))),
                damping=float(rng.uniform(0.03, 0.1)),
                gain=float(rng.uniform(0.3, 1)),
            )
            for _ in range(rng.integers(2, 5))
        )
        return cls(
            resonances=resonances,
            shaft_amplitudes=tuple((rng.uniform(0.1, 1, 3) * [0.5, 0.3, 0.1]).tolist()),
            contact_angle_deg=float(rng.uniform(0, 10)),
            load_extent=float(rng.uniform(0.5, 0.9)),
            slip=float(rng.uniform(0.002, 0.01)),
            race_ratio=float(rng.uniform(0.3, 0.9)),
            noise_through_structure=float(rng.uniform(0.2, 0.8)),
            gain=float(np.exp(rng.uniform(-1, 1))),
        )


def simulate_bearing(
    *,
    bearing: Bearing,
    fault: str,
    rate_hz: float,
    duration_s: float,
    speed_rpm: float,
    snr_db: float,
    severity: float = 1.0,
    assembly: Assembly,
    rng: np.random.Generator,
) -> Numbers:
    """Return the vibration of a bearing housing.

    Parameters
    ----------
    bearing : Bearing
        Geometry.
    fault : {"normal", "outer", "inner", "ball"}
        What is damaged.
    rate_hz, duration_s : float
        Sampling rate and length.
    speed_rpm : float
        Mean speed of the shaft; it wanders by about 0.1 %.
    snr_db : float
        Power of the ringing of a fault of severity 1 over that of the noise.
    severity : float
        Factor on the ringing; a normal bearing has none.
    assembly : Assembly
        Structure and mounting.
    rng : numpy.random.Generator
        Source of randomness; one in the same state gives the same samples.

    Returns
    -------
    ndarray, shape [n_samples]
        An acceleration in no particular unit; the noise has the standard deviation `assembly.gain`.

    Raises
    ------
    ParameterError
        If there is no such fault, a number is not positive, the record has fewer than 10 turns, or the
        rate is too low for the resonances.

    References
    ----------
    McFadden, P. D. and Smith, J. D. (1984), Model for the vibration produced by a single point defect
    in a rolling element bearing, Journal of Sound and Vibration 96(1), 69-82,
    doi 10.1016/0022-460X(84)90595-9.

    Ho, D. and Randall, R. B. (2000), Optimisation of bearing diagnostic techniques using simulated and
    actual bearing fault signals, Mechanical Systems and Signal Processing 14(5), 763-788,
    doi 10.1006/mssp.2000.1304.

    Antoni, J. and Randall, R. B. (2003), A stochastic model for simulation and diagnostics of rolling
    element bearings with localized faults, Journal of Vibration and Acoustics 125(3), 282-289,
    doi 10.1115/1.1569940.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x = simulate_bearing(
    ...     bearing=Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04), fault="inner",
    ...     rate_hz=12000, duration_s=1, speed_rpm=1797, snr_db=6, assembly=Assembly.draw(rng), rng=rng)
    >>> x.shape
    (12000,)
    """
    _check(fault, rate_hz, duration_s, speed_rpm, snr_db, severity, assembly)
    n = round(duration_s * rate_hz)
    speed_hz = speed_rpm / 60 * (1 + SPEED_WANDER * _slow(n, rng))
    turns = np.concatenate([[0], np.cumsum(speed_hz[:-1])]) / rate_hz
    vibration = _noise(n, rate_hz, assembly, rng)
    for k, amplitude in enumerate(assembly.shaft_amplitudes, start=1):
        vibration += amplitude * np.cos(2 * np.pi * (k * turns + rng.uniform()))
    if fault != "normal":  # drawn last: with the same rng, faults differ in nothing else
        ringing = _ringing(bearing, fault, turns, rate_hz, assembly, rng)
        vibration += severity * 10 ** (snr_db / 20) * ringing
    return assembly.gain * vibration


def _ringing(
    bearing: Bearing, fault: str, turns: Numbers, rate_hz: float, assembly: Assembly, rng: np.random.Generator
) -> Numbers:
    """Answer of the structure to the strikes, at mean square 1."""
    n = len(turns)
    at_turns, strength = impacts(
        replace(bearing, angle_deg=assembly.contact_angle_deg),
        fault,
        n_turns=turns[-1],
        extent=assembly.load_extent,
        slip=assembly.slip,
        race_ratio=assembly.race_ratio,
        rng=rng,
    )
    strength = strength * (1 + LOAD_WANDER * np.interp(at_turns, turns, _slow(n, rng)))
    at_sample = np.interp(at_turns, turns, np.arange(n))
    ringing = np.zeros(n)
    for resonance in assembly.resonances:
        # a strike falls between samples: its ringing is taken at the samples that follow it
        samples = np.ceil(at_sample)[:, None] + np.arange(resonance.n_samples(rate_hz))
        response = strength[:, None] * resonance.response((samples - at_sample[:, None]) / rate_hz)
        inside = samples < n
        ringing += np.bincount(samples[inside].astype(np.int64), response[inside], minlength=n)
    return ringing / _rms(ringing)


def _noise(n: int, rate_hz: float, assembly: Assembly, rng: np.random.Generator) -> Numbers:
    """Noise of mean square 1, part of it coloured by the structure."""
    longest = max(resonance.n_samples(rate_hz) for resonance in assembly.resonances)
    time_s = np.arange(longest) / rate_hz
    response = np.sum([resonance.response(time_s) for resonance in assembly.resonances], axis=0)
    coloured = fftconvolve(rng.standard_normal(n + longest), response)[longest : longest + n]
    share = assembly.noise_through_structure
    noise: Numbers = np.sqrt(share) * coloured / _rms(coloured) + np.sqrt(1 - share) * rng.standard_normal(n)
    return noise / _rms(noise)


def _slow(n: int, rng: np.random.Generator) -> Numbers:
    """Slow change over a record, mean 0 and mean square 1: its first three harmonics."""
    phase = np.arange(n) / n
    slow = np.zeros(n)
    for k, amplitude in ((1, 1.0), (2, 0.7), (3, 0.5)):
        slow += amplitude * np.cos(2 * np.pi * (k * phase + rng.uniform()))
    return slow / _rms(slow)


def _rms(x: Numbers) -> float:
    return float(np.sqrt(np.mean(x**2)))


def _check(
    fault: str,
    rate_hz: float,
    duration_s: float,
    speed_rpm: float,
    snr_db: float,
    severity: float,
    assembly: Assembly,
) -> None:
    if fault not in FAULTS:
        raise ParameterError(f"fault must be one of {', '.join(FAULTS)}, got {fault!r}")
    numbers = {"rate_hz": rate_hz, "duration_s": duration_s, "speed_rpm": speed_rpm, "severity": severity}
    for name, value in numbers.items():
        if not 0 < value < np.inf:
            raise ParameterError(f"{name} must be a positive number, got {value:g}")
    if not np.isfinite(snr_db):
        raise ParameterError(f"snr_db must be a finite number, got {snr_db:g}")
    if duration_s * speed_rpm / 60 < MIN_TURNS:
        raise ParameterError(
            f"duration_s must hold {MIN_TURNS} turns of the shaft, {60 * MIN_TURNS / speed_rpm:.3g} s at "
            f"{speed_rpm:g} rpm, got {duration_s:g} s"
        )
    highest_hz = max(resonance.frequency_hz for resonance in assembly.resonances)
    if rate_hz < 2 * highest_hz:
        raise ParameterError(
            f"rate_hz must be at least twice the highest resonance of {highest_hz:.5g} Hz, got {rate_hz:g}"
        )
