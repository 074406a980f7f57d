"""What a diagnosis looked at, kept for the pictures of a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.bearing_rules import Finding
from faultdiag.diagnosis.envelope_lines import EnvelopeLines, envelope_lines
from faultdiag.diagnosis.evidence import N_HARMONICS, best_comb, comb_nats
from faultdiag.diagnosis.families import BACKGROUND_HZ, LineFamily, longest_s
from faultdiag.diagnosis.gear import GearFinding, GearResult
from faultdiag.signal.bands import BandMap

__all__ = ["Trace", "TurnTrace", "family_traces", "trace_of", "turn_traces"]

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trace:
    """What speaks for a fault of one part, or for a family of lines without a name, as curves.

    Attributes
    ----------
    hypothesis : str
        The part, or the family, as in the evidence of the diagnosis.
    freq_hz, modulation : ndarray, shape [n_lines]
        By how much the power of one band goes up and down at each frequency, 0.1 for 10 %.
    evidence : BandMap
        Evidence of each band in nats.
    band_hz : (float, float)
        The band of `modulation`: the one in which the lines of the diagnosis were measured.
    """

    hypothesis: str
    freq_hz: NDArray[np.floating[Any]]
    modulation: NDArray[np.floating[Any]]
    evidence: BandMap
    band_hz: tuple[float, float]


@dataclass(frozen=True, eq=False)
class TurnTrace:
    """The power over one turn of a shaft: one damaged tooth of it makes a short peak.

    Attributes
    ----------
    shaft : str
        The shaft, in words.
    frequency_hz : float
        How often it turns.
    repeats : bool
        Whether it is the power of what repeats with every turn, else of all vibration in the band where a
        pulse is clearest.
    power : ndarray, shape [n_bins]
        Over its mean. Where a turn begins is not known: the highest place stands in the middle.
    healthy : ndarray, shape [n_bins], or None
        The same of the reference, turned to where it fits best.
    """

    shaft: str
    frequency_hz: float
    repeats: bool
    power: Numbers
    healthy: Numbers | None = None


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
    return _trace(finding.label, lines, comb.nats, finding.band_hz)


def family_traces(
    x: NDArray[np.floating[Any]], *, rate_hz: float, families: Sequence[LineFamily]
) -> tuple[Trace, ...]:
    """Return the curves behind families of lines, under the names ``"family 1"``, ``"family 2"``, ...

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    families : sequence of LineFamily
        What `faultdiag.diagnosis.families.line_families` found in it.
    """
    if not families:
        return ()
    speed_rpm = None if families[0].order is None else 60 * families[0].frequency_hz / families[0].order
    highest_hz = (N_HARMONICS + 1) * max(one.frequency_hz for one in families)
    # the spectra that were searched, seen as far as the last line of each family
    x = x[: round(longest_s(speed_rpm) * rate_hz)]
    lines = envelope_lines(x, rate_hz=rate_hz, highest_hz=highest_hz, background_hz=BACKGROUND_HZ)
    harmonics = np.arange(1, N_HARMONICS + 1)
    traces = []
    for number, one in enumerate(families, start=1):
        places = np.rint(harmonics * one.frequency_hz / lines.step_hz).astype(np.int64)
        traces.append(_trace(f"family {number}", lines, comb_nats(lines.nats[:, places]), one.band_hz))
    return tuple(traces)


def turn_traces(result: GearResult) -> tuple[TurnTrace, ...]:
    """Return the power over a turn of each shaft with a claim; without claims of that of the best finding.

    Parameters
    ----------
    result : GearResult
        What was found on the gears. A shaft that makes too few turns for a pulse has no curve.
    """
    orders = dict.fromkeys(one.order for one in result.claims or result.findings[:1])
    return tuple(
        _turn_trace(one, one.turn)
        for order in orders
        for one in result.findings
        if one.order == order and one.turn is not None
    )


def _turn_trace(finding: GearFinding, turn: Numbers) -> TurnTrace:
    n = len(turn)
    power = np.roll(turn, n // 2 - int(turn.argmax()))
    healthy = finding.healthy_turn
    if healthy is not None:
        fits = np.fft.irfft(np.fft.rfft(power) * np.fft.rfft(healthy).conj(), n)
        healthy = np.roll(healthy, int(fits.argmax()))
    return TurnTrace(finding.shaft, finding.frequency_hz, finding.kind == "repeated", power, healthy)


def _trace(
    hypothesis: str, lines: EnvelopeLines, nats: NDArray[np.floating[Any]], band_hz: tuple[float, float]
) -> Trace:
    band = int(np.hypot(lines.low_hz - band_hz[0], lines.high_hz - band_hz[1]).argmin())
    modulation = lines.modulation[band].copy()  # without the lines of all other bands
    return Trace(
        hypothesis=hypothesis,
        freq_hz=lines.step_hz * np.arange(len(modulation)),
        modulation=modulation,
        evidence=BandMap(lines.low_hz, lines.high_hz, nats),
        band_hz=band_hz,
    )
