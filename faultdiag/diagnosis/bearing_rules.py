"""Which part of a bearing the lines speak for: a score, a probability and an effect for each."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.envelope_lines import EnvelopeLines
from faultdiag.diagnosis.evidence import N_HARMONICS, SLIP_LIMIT, Comb, best_comb
from faultdiag.diagnosis.null import bands_p_value, whole_band_p_value

__all__ = ["Finding", "dummy_scores", "findings"]

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
        strongest lines, 0.1 for 10 %. Prewhitening leaves pi / 4 of what noise is modulated by.
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


def findings(
    lines: EnvelopeLines, orders: Mapping[str, float], *, speed_rpm: float, duration_s: float
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
    """
    found = [_finding(lines, label, order * speed_rpm / 60, duration_s) for label, order in orders.items()]
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
    return np.array(
        [_score(best_comb(lines.nats, step_hz=lines.step_hz, frequency_hz=f)) for f in frequencies_hz]
    )


def _score(comb: Comb) -> float:
    return float(np.sort(comb.nats)[::-1][:N_BEST].mean())


def _finding(lines: EnvelopeLines, label: str, expected_hz: float, duration_s: float) -> Finding:
    comb = best_comb(lines.nats, step_hz=lines.step_hz, frequency_hz=expected_hz)
    best = int(comb.nats.argmax())
    score = _score(comb)
    return Finding(
        label=label,
        expected_hz=expected_hz,
        found_hz=expected_hz * (1 + float(comb.slip[best])),
        score=score,
        whole_band_score=float(comb.nats[0]),
        p_value=bands_p_value(score, n_bands=len(comb.nats), frequency_hz=expected_hz, duration_s=duration_s),
        whole_band_p_value=whole_band_p_value(
            float(comb.nats[0]), frequency_hz=expected_hz, duration_s=duration_s
        ),
        effect=_effect(lines.modulation[0], comb.lines[0]),
        band_hz=(float(lines.low_hz[best]), float(lines.high_hz[best])),
        lines=_levels(lines, comb, best),
    )


def _effect(modulation: NDArray[np.floating], places: NDArray[np.int64]) -> float:
    """Mean of the two strongest lines of a comb in the whole band."""
    heights = [modulation[max(place - 1, 0) : place + 2].max() for place in places]
    return float(np.mean(np.sort(heights)[-2:]))


def _levels(lines: EnvelopeLines, comb: Comb, band: int) -> tuple[tuple[float, float], ...]:
    """Frequency of the strongest of three lines at each harmonic, and its power over the background in dB."""
    found = []
    for place in comb.lines[band]:
        start = max(int(place) - 1, 0)
        near = lines.power[band, start : start + 3]
        peak = int(near.argmax())
        found.append(((start + peak) * lines.step_hz, float(10 * np.log10(max(near[peak], 1e-6)))))
    return tuple(found)
