"""How unlike the teeth of a gear are: what wear and pitting of many of them do to the mesh.

Teeth that are all alike make a mesh with harmonics alone, eccentricity adds a sideband or two. Worn teeth
differ from one another, always in the same way, which fills the orders between the harmonics evenly.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from faultdiag.diagnosis.gear_turns import FEWEST_TURNS, by_turn, mean_turn, whole_turns

__all__ = ["ToothSpread", "tooth_spread"]

Samples = NDArray[np.floating[Any]]
Numbers = NDArray[np.float64]

MESH_HARMONICS = 6
HIGHEST = 0.45
"""Harmonics looked at, up to such a share of the sampling rate."""

ECCENTRIC = 2
"""Sidebands beside a mesh harmonic that eccentric gears and bent shafts make."""

CLEAR = 100.0
"""Power of a mesh harmonic over the noise from which it is used."""

MESH_SHARE = 0.03
"""Of the power that the mesh must have; else rattle and strikes, not the mesh, fill the orders between."""

FINEST = 0.3
"""Spread that the noise alone must stay below."""


BETWEEN = 0.1
"""Distance from a whole order from which a line does not repeat with the turns, and averages out."""


class ToothSpread(NamedTuple):
    """How the mesh goes up and down from tooth to tooth.

    Attributes
    ----------
    effect : float
        Depth of the modulation beyond eccentricity: 0.1 where it changes by some 10 % from tooth to tooth.
    p_value : float
        Chance that noise shows this.
    harmonics : tuple of (int, float)
        The mesh harmonics that were used, with their level over the noise in dB.
    """

    effect: float
    p_value: float
    harmonics: tuple[tuple[int, float], ...]


def tooth_spread(
    x: Samples, *, turns: Numbers, n_teeth: int, foreign_orders: tuple[float, ...] = ()
) -> ToothSpread | None:
    """Return how unlike the teeth of one gear are; None where the record does not show it.

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal.
    turns : ndarray, shape [n_samples]
        Angle of the gear's shaft in turns.
    n_teeth : int
        Its teeth.
    foreign_orders : tuple of float
        Orders of other meshes, per turn of this shaft: what lies near their harmonics is left out.

    Notes
    -----
    Of the orders between two mesh harmonics the median counts, so that single lines of something else do
    not.
    """
    spectra = _spectra(x, turns, n_teeth)
    if spectra is None:
        return None
    mean, error = mean_turn(spectra)
    noise = 2 * np.square(error)
    power = np.square(np.abs(mean))
    own = ~_foreign(len(power), n_teeth, foreign_orders)
    used, between_power, between_noise = [], 0.0, 0.0
    alone: list[Numbers] = []
    for harmonic in range(1, MESH_HARMONICS + 1):
        mesh = harmonic * n_teeth
        away = np.arange(ECCENTRIC + 1, n_teeth // 2)
        places = np.concatenate([mesh - away, mesh + away])
        if places.max() >= len(power) or not own[mesh] or power[mesh] < CLEAR * noise[mesh]:
            continue
        places = places[own[places]]
        if len(places) < n_teeth // 3:
            continue
        # the median of squares of normal numbers is log(2) of their mean
        between_power += 2 * len(away) * float(np.median(power[places])) / np.log(2)
        between_noise += 2 * len(away) * float(np.median(noise[places]))
        alone.append(power[places] / noise[places])
        used.append(harmonic)
    meshes = power[[harmonic * n_teeth for harmonic in used]].sum()
    if not used or meshes < MESH_SHARE * 2 * np.var(x) or between_noise > FINEST**2 * meshes:
        return None
    effect = float(np.sqrt(max(between_power - between_noise, 0) / meshes))
    ratio = np.concatenate(alone)
    return ToothSpread(
        effect=effect,
        p_value=float(stats.norm.sf((ratio.mean() - 1) * np.sqrt(len(ratio)))),
        harmonics=tuple((k, float(10 * np.log10(power[k * n_teeth] / noise[k * n_teeth]))) for k in used),
    )


def _spectra(x: Samples, turns: Numbers, n_teeth: int) -> NDArray[np.complex128] | None:
    """Amplitudes of the orders in each turn, shape [n_turns, n_orders]; None for too few turns or samples."""
    if whole_turns(turns) < FEWEST_TURNS:
        return None
    per_turn = len(x) / (turns[-1] - turns[0])
    # bins about as long as samples, and no more than the highest harmonic needs
    n_bins = min(int(per_turn), 3 * (MESH_HARMONICS + 1) * n_teeth)
    top = min(int(HIGHEST * per_turn), n_bins // 2)
    if top < 1.5 * n_teeth:
        return None
    means = by_turn((x - x.mean())[None], turns=turns, n_bins=n_bins)[0]
    spectra: NDArray[np.complex128] = np.fft.rfft(means) * (2 / n_bins)
    return spectra[:, : top + 1]


def _foreign(n_orders: int, n_teeth: int, foreign_orders: tuple[float, ...]) -> NDArray[np.bool_]:
    """Orders at harmonics of other meshes and beside them; what lies between two orders averages out."""
    orders = np.arange(n_orders)
    foreign = np.zeros(n_orders, np.bool_)
    for mesh in foreign_orders:
        if abs(mesh / n_teeth - 1) > 1e-9:
            lines = mesh * np.maximum(np.rint(orders / mesh), 1)
            whole = np.abs(lines - np.rint(lines)) < BETWEEN
            foreign |= whole & (np.abs(orders - lines) < ECCENTRIC + 0.5)
    return foreign
