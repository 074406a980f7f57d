"""The angle of the input shaft of a gearbox, read from the vibration: its speed, and how it wanders."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from faultdiag.diagnosis.gear_pulse import flat_bands
from faultdiag.diagnosis.shaft_speed import WIDE, ShaftSpeed, comb_speed, shaft_speed
from faultdiag.kinematics.gears import GearTrain

__all__ = ["HIGHEST", "ShaftAngle", "shaft_angle"]

Samples = NDArray[np.floating[Any]]
Numbers = NDArray[np.float64]

HIGHEST = 0.45
"""Of the sampling rate, up to where lines are looked at: above it filters against aliasing work."""

SHAFT = (1.0, 2.0, 3.0)
MESH_HARMONICS = 5
"""Orders of the shaft, and harmonics of each mesh, that show the speed."""

HIGHEST_ORDER = 120
"""Of a line that is followed where teeth are unknown: a pinion has some 20 to 40, and three harmonics."""

WANDER = 0.006
"""Half width of the band in which a line is followed, relative: speeds wander by some 0.2 %. Sidebands in it
do no harm, being weaker than the line."""

FEWEST_LINES = 4
"""Half width in lines of the spectrum at least."""

CLEAR = 20.0
"""Power of a line over its surroundings from which its phase is followed."""

AGREES = 0.003
"""How far from the speed that was found a line may lie on average, relative, where teeth are unknown and it
may be anything: a comb errs less even where the speed wanders; strikes of a bearing lie near any order."""


class ShaftAngle(NamedTuple):
    """How the input shaft turns.

    Attributes
    ----------
    shaft : ShaftSpeed
        Its mean speed, and how clearly it is seen.
    turns : ndarray, shape [n_samples]
        Its angle at each sample, in turns, from an unknown start.
    """

    shaft: ShaftSpeed
    turns: Numbers


def shaft_angle(
    x: Samples, *, rate_hz: float, said_rpm: float, measured: bool = False, train: GearTrain | None = None
) -> ShaftAngle:
    """Return speed and angle of the input shaft.

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    said_rpm : float
        Speed of the input shaft, nominal or measured.
    measured : bool
        Whether a tachometer told it: then it is not looked for, only what it wanders by.
    train : GearTrain, optional
        Its mesh harmonics, with their sidebands, show the speed more clearly than the shaft's own lines.

    Raises
    ------
    RecordError
        If the record has fewer than 20 turns.

    Notes
    -----
    The angle follows the phase of that line, a harmonic of a mesh or of the shaft, which tells it best:
    its power over the noise times its order squared is largest.
    """
    shaft = ShaftSpeed(said_rpm, "measured", 0.0) if measured else _speed(x, rate_hz, said_rpm, train)
    orders = range(1, HIGHEST_ORDER + 1) if train is None else _harmonics(train)
    agrees = AGREES if train is None and shaft.source != "said" else WANDER
    turns = _followed(x, rate_hz, shaft.speed_rpm / 60, orders, agrees)
    mean_rpm = 60 * rate_hz * float(turns[-1] - turns[0]) / (len(turns) - 1)
    return ShaftAngle(shaft._replace(speed_rpm=mean_rpm), turns)


def _speed(x: Samples, rate_hz: float, said_rpm: float, train: GearTrain | None) -> ShaftSpeed:
    """As `shaft_speed`, by the lines that gears add; without gears also by how the power swells."""
    top = HIGHEST * rate_hz / ((1 + WIDE) * said_rpm / 60)
    orders = [order for order in _comb(train) if order < top] if train is not None else []
    if len(orders) <= len(SHAFT):  # no mesh is known, or none is in the band
        seen = shaft_speed(x, rate_hz=rate_hz, said_rpm=said_rpm)
        swells = np.square(flat_bands(x, rate_hz=rate_hz, shaft_hz=said_rpm / 60)[0])
        swelling = shaft_speed(swells, rate_hz=rate_hz, said_rpm=said_rpm)
        return max(seen, swelling, key=_surest)
    return comb_speed(x, rate_hz=rate_hz, said_rpm=said_rpm, orders=orders)


def _surest(shaft: ShaftSpeed) -> tuple[bool, bool, float]:
    """What to compare speeds by: near what was said before far, either before none; the level last."""
    return shaft.source == "found", shaft.source != "said", shaft.level_db


def _harmonics(train: GearTrain) -> list[float]:
    return [k * mesh for mesh in train.mesh_orders for k in range(1, MESH_HARMONICS + 1)]


def _comb(train: GearTrain) -> list[float]:
    """Orders of the shaft, of the mesh harmonics, and of the first sidebands."""
    sidebands = [
        order
        for stage in train.sideband_orders()
        for pair in (stage["driving"], stage["driven"])
        for order in pair
    ]
    return sorted({*SHAFT, *_harmonics(train), *sidebands})


def _followed(x: Samples, rate_hz: float, shaft_hz: float, orders: Iterable[float], agrees: float) -> Numbers:
    """The angle by the phase of the line that tells it best; at even speed where none is clear and agrees."""
    n = len(x)
    steady: Numbers = shaft_hz / rate_hz * np.arange(n, dtype=np.float64)
    spectrum = fft.rfft(np.asarray(x - x.mean(), np.float64))
    power = spectrum.real**2 + spectrum.imag**2
    best, found = 0.0, None
    for order in orders:
        centre = order * shaft_hz * n / rate_hz
        half = max(FEWEST_LINES, WANDER * centre)
        low, high = round(centre - half), round(centre + half) + 1
        wide = 2 * int(half)
        around = np.concatenate([power[max(low - wide, 1) : low], power[high : high + wide]])
        if low < 1 or high > 2 * HIGHEST * len(power) or len(around) == 0:
            continue
        # the median of noise power is log(2) of its mean
        noise = float(np.median(around)) / np.log(2)
        clear = power[low:high].mean() / max(noise, 1e-300)
        off = abs(_middle(power[low:high] - noise) + low - centre)
        if clear > CLEAR and off <= 0.5 + agrees * centre and clear * order**2 > best:
            best, found = clear * order**2, (order, low, high)
    if found is None:
        return steady
    order, low, high = found
    band = np.zeros(n, np.complex128)
    band[low:high] = spectrum[low:high]
    phase = np.angle(fft.ifft(band) * np.exp(-2j * np.pi * order * steady))
    turns: Numbers = steady + np.unwrap(phase) / (2 * np.pi * order)
    return turns


def _middle(power: Numbers) -> float:
    """Where the power lies on average, in lines from the first."""
    above = np.maximum(power, 0)
    return float(np.arange(len(power)) @ above / max(above.sum(), 1e-300))
