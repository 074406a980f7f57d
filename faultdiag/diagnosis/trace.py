"""What a diagnosis looked at, kept for the pictures of a report."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.bearing_rules import Finding
from faultdiag.diagnosis.envelope_lines import EnvelopeLines
from faultdiag.diagnosis.evidence import best_comb
from faultdiag.signal.bands import BandMap

__all__ = ["Trace", "trace_of"]


@dataclass(frozen=True, eq=False)
class Trace:
    """What speaks for a fault of one part, as curves.

    Attributes
    ----------
    hypothesis : str
        The part.
    freq_hz, modulation : ndarray, shape [n_lines]
        By how much the power of the band with most evidence goes up and down at each frequency, 0.1 for
        10 %.
    evidence : BandMap
        Evidence of each band in nats; the best one is that of `modulation`.
    """

    hypothesis: str
    freq_hz: NDArray[np.floating[Any]]
    modulation: NDArray[np.floating[Any]]
    evidence: BandMap


def trace_of(lines: EnvelopeLines, finding: Finding) -> Trace:
    """Return the curves behind a finding.

    Parameters
    ----------
    lines : EnvelopeLines
        In which it was found.
    finding : Finding
        What was found.
    """
    comb = best_comb(lines.nats, step_hz=lines.step_hz, frequency_hz=finding.expected_hz)
    modulation = lines.modulation[int(comb.nats.argmax())].copy()  # without the lines of all other bands
    return Trace(
        hypothesis=finding.label,
        freq_hz=lines.step_hz * np.arange(len(modulation)),
        modulation=modulation,
        evidence=BandMap(lines.low_hz, lines.high_hz, comb.nats),
    )
