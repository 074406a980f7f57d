"""A simulated gear rig: vibration of a housing with healthy or damaged gears, and a tachometer.

The model: the mesh of each stage is a sum of harmonics whose amplitude and phase are modulated by both
shafts and by small errors of the teeth. A damaged tooth takes amplitude and phase back while it meshes and
strikes once a turn; wear raises the mesh harmonics and the errors of the teeth. All this reaches the
sensor directly and through the resonances of the structure; noise lies over it.

What it leaves out: levels depend on speed only as the resonances make them, teeth keep contact, no
planet gears, no bearings, no load, one fault at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from faultdiag.datasets.rig import Resonance
from faultdiag.errors import ParameterError
from faultdiag.kinematics.gears import GearTrain

__all__ = ["GEAR_FAULTS", "GearTrain", "Gearbox", "simulate_gearbox"]

Numbers = NDArray[np.float64]

GEAR_FAULTS = ("normal", "tooth", "wear")

TOOTH_DEPTH = 0.3
TOOTH_LAG_RAD = 0.3
"""What a damaged tooth of severity 1 takes from amplitude and phase of the mesh."""

WEAR_HARMONICS = (0.5, 1.5)
"""Growth of the first and of the higher mesh harmonics by wear of severity 1."""

WEAR_ERRORS = 4.0
"""Growth of the errors of the teeth by wear of severity 1."""

SWINGS = 3
"""Swings of a wandering speed in a record."""

EDGE_SAMPLES = 4
PULSE_SHARE = 0.3
PULSE_VOLT = 5.0
PULSE_NOISE_VOLT = 0.02
"""Rise of a tachometer pulse in samples, how much of the way to the next one it lasts, its height."""

MIN_SAMPLES_PER_PULSE = 16


@dataclass(frozen=True)
class Gearbox:
    """A gear train as it is built: what its records have in common whatever the fault.

    Attributes
    ----------
    train : GearTrain
        The gears.
    mesh_amplitudes : sequence of float
        Amplitudes of the harmonics of each mesh, in standard deviations of the noise.
    runout : float
        Depth by which each shaft modulates the amplitude of a mesh.
    runout_rad : float
        How far each shaft modulates its phase.
    tooth_error : float
        Standard deviation of the mesh amplitude from tooth to tooth, relative.
    impact : float
        Strength of the strike of a damaged tooth, in standard deviations of the noise.
    resonances : sequence of Resonance
        Modes of the structure; a mode raises what meets its frequency by its gain.
    """

    train: GearTrain
    mesh_amplitudes: Sequence[float] = (2.0, 1.0, 0.5)
    runout: float = 0.1
    runout_rad: float = 0.05
    tooth_error: float = 0.02
    impact: float = 30.0
    resonances: Sequence[Resonance] = (Resonance(1800, 0.04, 2.0), Resonance(3900, 0.03, 3.0))

    @classmethod
    def draw(cls, train: GearTrain, rng: np.random.Generator) -> "Gearbox":
        """Return a gearbox with this train, the rest by lot."""
        return cls(
            train=train,
            mesh_amplitudes=tuple((rng.uniform(0.5, 1.5, 4) * [2.0, 1.0, 0.6, 0.3]).tolist()),
            runout=float(rng.uniform(0.03, 0.15)),
            runout_rad=float(rng.uniform(0.01, 0.1)),
            tooth_error=float(rng.uniform(0.01, 0.04)),
            impact=float(rng.uniform(20, 50)),
            resonances=tuple(
                Resonance(float(frequency_hz), float(rng.uniform(0.02, 0.06)), float(rng.uniform(1, 4)))
                for frequency_hz in np.exp(rng.uniform(np.log(800), np.log(5000), rng.integers(2, 5)))
            ),
        )


def simulate_gearbox(
    *,
    gearbox: Gearbox,
    fault: str,
    rate_hz: float,
    duration_s: float,
    speed_rpm: float | tuple[float, float],
    wander: float = 0.002,
    stage: int = 1,
    gear: str = "driving",
    severity: float = 1.0,
    pulses_per_turn: int = 1,
    rng: np.random.Generator,
) -> tuple[Numbers, Numbers]:
    """Return the vibration of a gearbox with its tachometer, and the angle of the input shaft.

    Parameters
    ----------
    gearbox : Gearbox
        Gears and structure.
    fault : {"normal", "tooth", "wear"}
        One damaged tooth, or wear of all teeth of both gears of the stage.
    rate_hz, duration_s : float
        Sampling rate and length.
    speed_rpm : float or (float, float)
        Speed of the input shaft, or that at the start and at the end of an even run-up or run-down.
    wander : float
        Standard deviation of the slow changes of speed around it, relative.
    stage : int
        Stage with the fault, from 1.
    gear : {"driving", "driven"}
        Gear with the damaged tooth.
    severity : float
        Size of the fault.
    pulses_per_turn : int
        Pulses of the tachometer per turn of the input shaft; one rises where the angle is a whole turn.
    rng : numpy.random.Generator
        Source of randomness; one in the same state gives the same samples, and faults that differ in
        nothing but the fault.

    Returns
    -------
    samples : ndarray, shape [2, n_samples]
        Vibration, whose noise has the standard deviation 1, and tachometer in volts.
    turns : ndarray, shape [n_samples]
        True angle of the input shaft in turns.

    Raises
    ------
    ParameterError
        If there is no such fault, stage or gear, a number is out of range, or the rate is too low for the
        mesh harmonics, the resonances or the pulses.

    References
    ----------
    McFadden, P. D. (1986), Detecting fatigue cracks in gears by amplitude and phase demodulation of the
    meshing vibration, Journal of Vibration, Acoustics, Stress, and Reliability in Design 108(2), 165-170,
    doi 10.1115/1.3269317.

    Examples
    --------
    >>> gearbox = Gearbox(GearTrain(((32, 80), (48, 64))))
    >>> samples, turns = simulate_gearbox(
    ...     gearbox=gearbox, fault="tooth", rate_hz=12800, duration_s=2, speed_rpm=(1200, 1800),
    ...     rng=np.random.default_rng(0))
    >>> samples.shape, round(float(turns[-1] - turns[0]))
    ((2, 25600), 50)
    """
    _check(gearbox, fault, stage, gear, severity)
    _check_record(rate_hz, duration_s, speed_rpm, wander, pulses_per_turn)
    speed_hz = _speed_hz(round(duration_s * rate_hz), speed_rpm, wander, rng)
    _check_rate(gearbox, rate_hz, speed_hz.max(), pulses_per_turn)
    turns = rng.uniform() + np.concatenate([[0], np.cumsum((speed_hz[1:] + speed_hz[:-1]) / 2)]) / rate_hz
    noise = rng.standard_normal(len(turns))
    tachometer = _pulses(turns * pulses_per_turn, speed_hz * pulses_per_turn / rate_hz)
    tachometer += PULSE_NOISE_VOLT * rng.standard_normal(len(turns))
    force = np.zeros(len(turns))
    for number in range(1, len(gearbox.train.stages) + 1):
        here = fault if number == stage else "normal"
        force += _mesh(gearbox, number - 1, turns, here, gear, severity, rng)
    if fault == "tooth":
        order = gearbox.train.shaft_orders[stage - (gear == "driving")]
        force += severity * gearbox.impact * _strikes(order * turns)
    return np.stack([_through_structure(force, gearbox.resonances, rate_hz) + noise, tachometer]), turns


def _mesh(
    gearbox: Gearbox,
    index: int,
    turns: Numbers,
    fault: str,
    gear: str,
    severity: float,
    rng: np.random.Generator,
) -> Numbers:
    """Vibration of one mesh; the same numbers are drawn whatever the fault."""
    orders = gearbox.train.shaft_orders[index : index + 2]
    errors = gearbox.tooth_error * (1 + WEAR_ERRORS * severity * (fault == "wear"))
    amplitude, phase = np.ones(len(turns)), np.zeros(len(turns))
    for order, teeth, name in zip(orders, gearbox.train.stages[index], ("driving", "driven"), strict=True):
        angle = order * turns
        runout = np.exp(2j * np.pi * (angle + rng.uniform()))
        amplitude += gearbox.runout * runout.real + errors * _tooth_errors(angle, teeth, rng)
        phase += gearbox.runout_rad * runout.imag
        if fault == "tooth" and name == gear:
            passing = _passing(angle, teeth)
            amplitude *= 1 - min(TOOTH_DEPTH * severity, 1) * passing
            phase -= TOOTH_LAG_RAD * severity * passing
    carrier = 2 * np.pi * gearbox.train.mesh_orders[index] * turns + phase
    mesh = np.zeros(len(turns))
    for k, height in enumerate(gearbox.mesh_amplitudes, start=1):
        growth = WEAR_HARMONICS[min(k, 2) - 1] * severity * (fault == "wear")
        mesh += height * (1 + growth) * amplitude * np.cos(k * carrier + rng.uniform(0, 2 * np.pi))
    return mesh


def _tooth_errors(angle: Numbers, teeth: int, rng: np.random.Generator) -> Numbers:
    """A number of mean square 1 for each tooth, the same in each turn, that goes evenly into the next."""
    errors = rng.standard_normal(teeth)
    at = angle * teeth % teeth
    return np.asarray(np.interp(at, np.arange(teeth + 1), np.append(errors, errors[0])))


def _passing(angle: Numbers, teeth: int) -> Numbers:
    """How far the damaged tooth, at half a turn, is in mesh: a smooth bump of two teeth."""
    away = np.minimum(np.abs((angle % 1 - 0.5) * teeth), 1)
    return np.asarray((1 + np.cos(np.pi * away)) / 2)


def _strikes(angle: Numbers) -> Numbers:
    """Impulses of height 1 where the angle passes half a turn, each shared by the samples around it."""
    force = np.zeros(len(angle))
    at = np.interp(np.arange(np.ceil(angle[0] - 0.5), angle[-1] - 0.5) + 0.5, angle, np.arange(len(angle)))
    before = np.minimum(at.astype(np.int64), len(angle) - 2)
    force[before] = 1 - (at - before)
    force[before + 1] += at - before
    return force


def _through_structure(force: Numbers, resonances: Sequence[Resonance], rate_hz: float) -> Numbers:
    vibration = force.copy()
    for resonance in resonances:
        response = resonance.response(np.arange(resonance.n_samples(rate_hz)) / rate_hz)
        # such that what meets the resonance grows by the gain
        response *= 4 * np.pi * resonance.damping * resonance.frequency_hz / rate_hz
        vibration += fftconvolve(force, response)[: len(force)]
    return vibration


def _pulses(angle: Numbers, step: Numbers) -> Numbers:
    """Pulses of a tachometer that rise through half their height at each whole angle."""
    since = (angle + 0.5) % 1 - 0.5
    rise, fall = since / step, (PULSE_SHARE - since) / step
    return np.asarray(PULSE_VOLT * np.clip(np.minimum(rise, fall) / EDGE_SAMPLES + 0.5, 0, 1))


def _speed_hz(
    n: int, speed_rpm: float | tuple[float, float], wander: float, rng: np.random.Generator
) -> Numbers:
    start_rpm, end_rpm = np.broadcast_to(speed_rpm, 2)
    swing = np.sqrt(2) * np.cos(2 * np.pi * (SWINGS * np.arange(n) / n + rng.uniform()))
    return np.asarray(np.linspace(start_rpm, end_rpm, n) / 60 * (1 + wander * swing))


def _check(gearbox: Gearbox, fault: str, stage: int, gear: str, severity: float) -> None:
    if fault not in GEAR_FAULTS:
        raise ParameterError(f"fault must be one of {', '.join(GEAR_FAULTS)}, got {fault!r}")
    n_stages = len(gearbox.train.stages)
    if stage not in range(1, n_stages + 1):
        raise ParameterError(f"stage must be one of the {n_stages} of the train, counted from 1, got {stage}")
    if gear not in ("driving", "driven"):
        raise ParameterError(f"gear must be driving or driven, got {gear!r}")
    if not 0 < severity < np.inf:
        raise ParameterError(f"severity must be a positive number, got {severity:g}")


def _check_record(
    rate_hz: float,
    duration_s: float,
    speed_rpm: float | tuple[float, float],
    wander: float,
    pulses_per_turn: int,
) -> None:
    numbers = {"rate_hz": rate_hz, "duration_s": duration_s}
    for name, value in numbers.items():
        if not 0 < value < np.inf:
            raise ParameterError(f"{name} must be a positive number, got {value:g}")
    speeds = np.asarray(speed_rpm, dtype=np.float64)
    if speeds.shape not in ((), (2,)) or not np.all(np.isfinite(speeds) & (speeds > 0)):
        raise ParameterError(f"speed_rpm must be a positive number or two, got {speed_rpm}")
    if not 0 <= wander <= 0.1:
        raise ParameterError(f"wander must be from 0 to 0.1 of the speed, got {wander}")
    if not (pulses_per_turn >= 1 and float(pulses_per_turn).is_integer()):
        raise ParameterError(f"pulses_per_turn must be a whole number of 1 or more, got {pulses_per_turn}")
    if duration_s * speeds.min() < 60:
        raise ParameterError(
            f"duration_s must hold a turn, {60 / speeds.min():.3g} s at {speeds.min():g} rpm, got "
            f"{duration_s:g} s"
        )


def _check_rate(gearbox: Gearbox, rate_hz: float, fastest_hz: float, pulses_per_turn: int) -> None:
    mesh_hz = len(gearbox.mesh_amplitudes) * max(gearbox.train.mesh_orders) * fastest_hz
    highest_hz = max([mesh_hz, *(resonance.frequency_hz for resonance in gearbox.resonances)])
    if rate_hz < 2 * highest_hz:
        raise ParameterError(
            f"rate_hz must be at least twice the highest mesh harmonic or resonance of {highest_hz:.5g} Hz, "
            f"got {rate_hz:g}"
        )
    per_pulse = rate_hz / (fastest_hz * pulses_per_turn)
    if per_pulse < MIN_SAMPLES_PER_PULSE:
        raise ParameterError(
            f"pulses_per_turn {pulses_per_turn} leaves {per_pulse:.3g} samples per pulse, at least "
            f"{MIN_SAMPLES_PER_PULSE} are needed; take fewer pulses or a higher rate"
        )
