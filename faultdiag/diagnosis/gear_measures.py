"""What a record shows of each fault that its gears may have."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faultdiag.diagnosis.gear_angle import shaft_angle
from faultdiag.diagnosis.gear_parts import gear_name, gears_on, shaft_name, shafts_by_order
from faultdiag.diagnosis.gear_pulse import N_BINS, flat_bands, pulse, repeated_pulse
from faultdiag.diagnosis.gear_wear import tooth_spread
from faultdiag.diagnosis.shaft_lines import FEWEST_TURNS
from faultdiag.diagnosis.shaft_speed import ShaftSpeed
from faultdiag.errors import RecordError
from faultdiag.kinematics.gears import GearTrain
from faultdiag.signal.checks import positive
from faultdiag.signal.samples import as_samples

__all__ = ["GearMeasures", "Measure", "gear_measures"]

Samples = NDArray[np.floating[Any]]
Numbers = NDArray[np.float64]

N_LINES = 6
"""Harmonics of a pulse that are kept as evidence."""

TEETH_UNKNOWN = "worn teeth, which show only where the numbers of teeth are known"


class Measure(NamedTuple):
    """What speaks for one fault.

    Attributes
    ----------
    label : {"tooth_local", "tooth_distributed"}
        One damaged tooth, or many.
    kind : {"pulse", "repeated", "spread"}
        What was measured: a pulse of the power, or of the part that repeats with the turns; how unlike the
        teeth are.
    part, shaft : str
        The gear or gears, and the shaft, in words.
    order : float
        Speed of the shaft, in turns per turn of the input shaft.
    effect, p_value : float
        Of `faultdiag.diagnosis.gear_pulse.pulse`, of `repeated_pulse` there, or of
        `faultdiag.diagnosis.gear_wear.tooth_spread`.
    lines : tuple of (int, float, float)
        Number, order per turn of the input shaft, and level over the noise in dB of its harmonics.
    turn : ndarray, shape [64], or None
        Of a pulse the power over the turn, over its mean.
    """

    label: str
    kind: str
    part: str
    shaft: str
    order: float
    effect: float
    p_value: float
    lines: tuple[tuple[int, float, float], ...]
    turn: Numbers | None = None


class GearMeasures(NamedTuple):
    """What a record shows of gears.

    Attributes
    ----------
    shaft : ShaftSpeed
        Of the input shaft.
    found : tuple of Measure
        For each fault that can be seen.
    unseen : tuple of str
        What cannot.
    """

    shaft: ShaftSpeed
    found: tuple[Measure, ...]
    unseen: tuple[str, ...]


def gear_measures(
    x: ArrayLike,
    *,
    rate_hz: float,
    said_rpm: float,
    measured: bool = False,
    train: GearTrain | None = None,
    who: str = "the record",
) -> GearMeasures:
    """Return what a record shows of each fault.

    Parameters
    ----------
    x : array_like, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    said_rpm : float
        Speed of the input shaft, nominal or measured.
    measured : bool
        Whether a tachometer told it: then it is not looked for.
    train : GearTrain, optional
        The gears.
    who : str
        How errors name the signal.

    Raises
    ------
    ParameterError
        If the rate or the speed is not positive.
    RecordError
        If the signal has not one channel, has fewer than 20 turns or 64 samples a turn, does not vary, or a
        sample is not finite.
    """
    samples = as_samples(x)
    if samples.ndim != 1:
        raise RecordError(f"{who} must be one channel, got the shape {list(samples.shape)}; diagnose each")
    per_turn = positive("rate_hz", rate_hz) / (positive("said_rpm", said_rpm) / 60)
    if per_turn < N_BINS:
        raise RecordError(
            f"{who} has {per_turn:.3g} samples a turn at {said_rpm:g} rpm, a damaged tooth needs {N_BINS}; "
            f"record at {N_BINS * said_rpm / 60:.4g} Hz or more"
        )
    n_turns = len(samples) / per_turn
    if n_turns < FEWEST_TURNS:
        raise RecordError(
            f"{who} has {n_turns:.3g} turns at {said_rpm:g} rpm, gears need {FEWEST_TURNS} turns; take more"
        )
    angle = shaft_angle(samples, rate_hz=rate_hz, said_rpm=said_rpm, measured=measured, train=train)
    waves = flat_bands(samples, rate_hz=rate_hz, shaft_hz=angle.shaft.speed_rpm / 60)
    found: list[Measure] = []
    unseen: list[str] = [] if train is not None else [TEETH_UNKNOWN]
    for order, shafts in shafts_by_order(train).items():
        gears = " or ".join(gear_name(train, index) for index in shafts)
        names = " or ".join(shaft_name(train, index) for index in shafts)
        too_fast = 60 * rate_hz / (order * angle.shaft.speed_rpm) < N_BINS
        struck = [] if too_fast else _pulses(waves, order * angle.turns, order, gears, names)
        if not struck:
            why = f"turns too fast for {rate_hz:g} samples a second" if too_fast else "makes too few turns"
            unseen.append(f"a damaged tooth of {gears}, which {why}")
        worn = _spread(samples, order * angle.turns, order, train, shafts) if train is not None else None
        if worn is not None:
            found.append(Measure("tooth_distributed", "spread", gears, names, order, *worn))
        elif train is not None:
            unseen.append(f"wear of {gears}, whose mesh does not stand out")
        found += struck
    return GearMeasures(angle.shaft, tuple(found), tuple(unseen))


def _pulses(waves: Samples, turns: Numbers, order: float, gears: str, names: str) -> list[Measure]:
    """Both kinds of pulse of a shaft; none for too few turns."""
    clearest, repeated = pulse(waves, turns=turns), repeated_pulse(waves[0], turns=turns)
    if clearest is None or repeated is None:
        return []
    levels = clearest.levels_db[:N_LINES]
    lines = tuple((k, k * order, float(level)) for k, level in enumerate(levels, start=1))
    shown = {"pulse": (clearest.effect, clearest.p_value, clearest.turn), "repeated": repeated}
    return [
        Measure("tooth_local", kind, gears, names, order, effect, p_value, lines, turn)
        for kind, (effect, p_value, turn) in shown.items()
    ]


def _spread(
    x: Samples, turns: Numbers, order: float, train: GearTrain, shafts: list[int]
) -> tuple[float, float, tuple[tuple[int, float, float], ...]] | None:
    """Effect, probability and lines of the gear, of those on shafts of one speed, whose teeth differ most.

    Worn teeth fill the orders of their shaft around all its meshes, so that which of two gears it is cannot
    be told.
    """
    foreign = tuple(mesh / order for mesh in train.mesh_orders)
    shown = []
    for n_teeth in {n_teeth for index in shafts for n_teeth in gears_on(train, index)}:
        spread = tooth_spread(x, turns=turns, n_teeth=n_teeth, foreign_orders=foreign)
        if spread is not None:
            lines = tuple((k, k * n_teeth * order, level_db) for k, level_db in spread.harmonics)
            shown.append((spread.effect, spread.p_value, lines))
    return max(shown, default=None)
