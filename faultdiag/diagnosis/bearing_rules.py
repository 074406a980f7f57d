"""Which part of a bearing the lines speak for: a score, a probability and an effect for each."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.confidence import ALPHA
from faultdiag.diagnosis.envelope_lines import USED, EnvelopeLines
from faultdiag.diagnosis.evidence import N_HARMONICS, SLIP_LIMIT, Comb, best_comb
from faultdiag.diagnosis.null import bands_p_value, whole_band_p_value

__all__ = ["Finding", "bands_that_hold", "dummy_scores", "findings", "score_of"]

NO_CARRIERS: Mapping[str, float] = MappingProxyType({})

N_BEST = 5
"""Bands whose evidence is averaged: a fault rings in several, the single best one is a matter of chance."""

DUMMY_ORDERS = (2.2, 8.6)
"""Where parts of bearings strike."""

N_DUMMIES = 60
RATIOS = (1 / 3, 1 / 2, 2 / 3, 1.0, 3 / 2, 2.0, 3.0)
"""A comb at such a ratio to a fault shares lines with it."""


@dataclass(frozen=True, eq=False)
class Finding:
    """What speaks for a fault of one part.

    Attributes
    ----------
    label : str
        The part: inner, outer, ball.
    expected_hz, found_hz : float
        Where its lines should be, and where they are.
    score : float
        Evidence in nats, the mean of the five best bands. Larger is better.
    whole_band_score : float
        Evidence in the whole band alone.
    p_value : float
        Chance that noise reaches such a score.
    whole_band_p_value : float
        And such evidence in the whole band.
    effect : float
        By how much the power of the prewhitened vibration goes up and down with the fault: mean of the two
        strongest lines with their first sidebands, 0.1 for 10 %. Prewhitening leaves pi / 4 of what noise is
        modulated by.
    band_hz : (float, float)
        The band with most evidence.
    lines : tuple of (float, float)
        Frequency and level in dB over the background of the first four harmonics in that band.
    """

    label: str
    expected_hz: float
    found_hz: float
    score: float
    whole_band_score: float
    p_value: float
    whole_band_p_value: float
    effect: float
    band_hz: tuple[float, float]
    lines: tuple[tuple[float, float], ...]

    @property
    def chance(self) -> float:
        """Chance that noise shows this: the larger of that in the best bands and that in the whole one."""
        return max(self.p_value, self.whole_band_p_value)

    @property
    def is_real(self) -> bool:
        """Whether its lines are no chance, matter they or not."""
        return self.chance <= ALPHA


def findings(
    lines: EnvelopeLines,
    orders: Mapping[str, float],
    *,
    speed_rpm: float,
    duration_s: float,
    carriers: Mapping[str, float] = NO_CARRIERS,
) -> list[Finding]:
    """Return what speaks for each part, best first; the order of `orders` does not matter.

    Parameters
    ----------
    lines : EnvelopeLines
        Of the signal, without those of the shaft and the mains.
    orders : mapping of str to float
        Order at which a fault of each part strikes.
    speed_rpm : float
        Of the shaft.
    duration_s : float
        Length of the record.
    carriers : mapping of str to float
        Order of what carries a part through the load: the shaft for the inner race, the cage for a ball. Its
        strikes get stronger and weaker with it, so that a share of their effect is in sidebands.
    """
    shaft_hz = speed_rpm / 60
    found = [
        _finding(lines, label, order * shaft_hz, duration_s, carriers.get(label, 0.0) * shaft_hz)
        for label, order in orders.items()
    ]
    return sorted(found, key=lambda one: (-one.score, one.label))


def dummy_scores(
    lines: EnvelopeLines,
    orders: Mapping[str, float],
    *,
    speed_rpm: float,
    within: tuple[float, float] = DUMMY_ORDERS,
) -> NDArray[np.float64]:
    """Return the scores of combs at orders where no part strikes: what this record shows anywhere.

    Parameters
    ----------
    lines, orders, speed_rpm
        As for `findings`; orders near a part's, or in a simple ratio to it, are left out.
    within : (float, float)
        Lowest and highest order.
    """
    real = np.array(list(orders.values()))
    related = np.outer(real, RATIOS).ravel()
    dummies = np.geomspace(*within, N_DUMMIES)
    away = np.abs(dummies[:, None] / related - 1).min(axis=1) > 1.2 * SLIP_LIMIT
    highest = (lines.power.shape[-1] - 1) * lines.step_hz / (speed_rpm / 60) / N_HARMONICS / (1 + SLIP_LIMIT)
    frequencies_hz = dummies[away & (dummies < highest)] * speed_rpm / 60
    return np.array([score_of(lines, frequency_hz) for frequency_hz in frequencies_hz])


def score_of(lines: EnvelopeLines, frequency_hz: float) -> float:
    """Return the score of the comb at a frequency: its evidence in nats, the mean of the five best bands."""
    return _score(best_comb(lines.nats, step_hz=lines.step_hz, frequency_hz=frequency_hz))


def bands_that_hold(lines: EnvelopeLines, frequency_hz: float) -> float:
    """Return in how many bands there is room for a comb; one with room for half of it counts for half.

    Parameters
    ----------
    lines : EnvelopeLines
        With the bands.
    frequency_hz : float
        Of the first harmonic.
    """
    harmonics = np.floor(USED * (lines.high_hz - lines.low_hz) / frequency_hz)
    return float(np.sum(np.minimum(harmonics / N_HARMONICS, 1)))


def _score(comb: Comb) -> float:
    return float(np.sort(comb.nats)[::-1][:N_BEST].mean())


def _finding(
    lines: EnvelopeLines, label: str, expected_hz: float, duration_s: float, carrier_hz: float
) -> Finding:
    comb = best_comb(lines.nats, step_hz=lines.step_hz, frequency_hz=expected_hz)
    best = int(comb.nats.argmax())
    score = _score(comb)
    return Finding(
        label=label,
        expected_hz=expected_hz,
        found_hz=expected_hz * (1 + float(comb.slip[best])),
        score=score,
        whole_band_score=float(comb.nats[0]),
        p_value=bands_p_value(
            score,
            n_bands=bands_that_hold(lines, expected_hz),
            frequency_hz=expected_hz,
            duration_s=duration_s,
        ),
        whole_band_p_value=whole_band_p_value(
            float(comb.nats[0]), frequency_hz=expected_hz, duration_s=duration_s
        ),
        effect=_effect(lines, comb.lines[0], round(carrier_hz / lines.step_hz)),
        band_hz=(float(lines.low_hz[best]), float(lines.high_hz[best])),
        lines=_levels(lines, comb, best),
    )


def _effect(lines: EnvelopeLines, places: NDArray[np.int64], sideband: int) -> float:
    """Mean of the two strongest lines of a comb in the whole band, each with what its sidebands add."""
    heights = [_height(lines, int(place)) for place in places]
    if sideband:
        beside = [_excess(lines, int(p) - sideband) + _excess(lines, int(p) + sideband) for p in places]
        heights = [math.hypot(height, math.sqrt(more)) for height, more in zip(heights, beside, strict=True)]
    return float(np.mean(np.sort(heights)[-2:]))


def _height(lines: EnvelopeLines, place: int) -> float:
    """The largest of three lines of the whole band."""
    return float(lines.modulation[0, max(place - 1, 0) : place + 2].max(initial=0))


def _excess(lines: EnvelopeLines, place: int) -> float:
    """Square of such a line, less that of the noise there."""
    near = slice(max(place - 1, 0), max(place + 2, 0))
    power = float(lines.power[0, near].max(initial=0))
    return _height(lines, place) ** 2 * max(1 - 1 / max(power, 1.0), 0.0)


def _levels(lines: EnvelopeLines, comb: Comb, band: int) -> tuple[tuple[float, float], ...]:
    """Frequency of the strongest of three lines at each harmonic, and its power over the background in dB."""
    found = []
    for place in comb.lines[band]:
        start = max(int(place) - 1, 0)
        near = lines.power[band, start : start + 3]
        peak = int(near.argmax())
        found.append(((start + peak) * lines.step_hz, float(10 * np.log10(max(near[peak], 1e-6)))))
    return tuple(found)
