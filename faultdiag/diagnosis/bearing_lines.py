"""The lines in which faults of a bearing are looked for, without those of shaft, mains and other faults."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.bearing_rules import Finding
from faultdiag.diagnosis.envelope_lines import NEUTRAL, EnvelopeLines, envelope_lines
from faultdiag.diagnosis.evidence import N_HARMONICS, SLIP_LIMIT
from faultdiag.diagnosis.shaft_speed import WIDE, ShaftSpeed

__all__ = ["bearing_lines", "without_family"]

SHAFT_SPREAD = 2e-4
FAMILY_SPREAD = 1e-2
"""How far lines of the shaft, and of a slipping bearing, smear out, as a share of their frequency."""


class Family(NamedTuple):
    """Lines that belong to a fault of one part beside its harmonics."""

    shaft_sidebands: int
    cage_sidebands: int
    halves: bool = False


FAMILIES = {
    "outer": Family(2, 0),  # the load on a spot that stands still changes a little with the unbalance
    "inner": Family(10, 0),  # so narrow is the load zone, and so far do the sidebands reach
    "ball": Family(
        2, 8, halves=True
    ),  # it strikes one race harder than the other, and goes round with the cage
}
OTHER = Family(2, 0)


def bearing_lines(
    x: NDArray[np.floating[Any]],
    *,
    rate_hz: float,
    highest_order: float,
    shaft: ShaftSpeed,
) -> EnvelopeLines:
    """Return the lines of envelopes that neither the shaft nor the mains make.

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    highest_order : float
        Of the part that strikes most often.
    shaft : ShaftSpeed
        Its speed. One that was only said may be too low, and lines lie higher.
    """
    shaft_hz = shaft.speed_rpm / 60
    faster = WIDE if shaft.source == "said" else 0.0
    highest_hz = (1 + faster) * (1 + SLIP_LIMIT) * N_HARMONICS * highest_order * shaft_hz
    lines = envelope_lines(x, rate_hz=rate_hz, highest_hz=highest_hz * 1.01, background_hz=shaft_hz)
    return lines.without(shaft_hz, half_width_hz=2 * lines.step_hz, spread=SHAFT_SPREAD).without_mains()


def without_family(lines: EnvelopeLines, finding: Finding, shaft_hz: float, cage_hz: float) -> EnvelopeLines:
    """Return the lines without the harmonics of a fault, and the sidebands of shaft and cage beside them.

    Parameters
    ----------
    lines : EnvelopeLines
        With them.
    finding : Finding
        The fault.
    shaft_hz, cage_hz : float
        Turns of both in a second; 0 for a cage that is not known.
    """
    at_hz = lines.step_hz * np.arange(lines.power.shape[-1])
    family = FAMILIES.get(finding.label, OTHER)
    base_hz = finding.found_hz / (2 if family.halves else 1)
    sidebands_hz = {k * shaft_hz for k in range(-family.shaft_sidebands, family.shaft_sidebands + 1)}
    sidebands_hz |= {k * cage_hz for k in range(-family.cage_sidebands, family.cage_sidebands + 1)}
    near = np.zeros(len(at_hz), np.bool_)
    for multiple in range(1, int(at_hz[-1] / base_hz) + 2):
        for sideband_hz in sidebands_hz:
            centre_hz = abs(multiple * base_hz + sideband_hz)
            near |= np.abs(at_hz - centre_hz) <= 3 * lines.step_hz + FAMILY_SPREAD * centre_hz
    return replace(
        lines,
        power=np.where(near, np.float32(NEUTRAL), lines.power),
        modulation=np.where(near, np.float32(0), lines.modulation),
    )
