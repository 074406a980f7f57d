"""What was found on a bearing, in words that a mechanic understands."""

import math
from collections.abc import Sequence

from faultdiag.diagnosis.bearing import BearingResult
from faultdiag.diagnosis.bearing_parts import part_name
from faultdiag.diagnosis.bearing_rules import Finding
from faultdiag.diagnosis.diagnosis import Evidence
from faultdiag.diagnosis.families import LineFamily
from faultdiag.diagnosis.shaft_speed import ShaftSpeed
from faultdiag.diagnosis.speed_guess import SpeedGuess, speeds_meant
from faultdiag.kinematics.orders import FaultOrders

__all__ = ["evidence_lines", "families_sentence", "sentence", "speed_note"]


def sentence(result: BearingResult) -> str:
    """Return a sentence or two: what is wrong, what shows it, and how sure it is."""
    best = result.findings[0]
    if result.label is None:
        return f"It cannot be said whether the bearing is sound: {result.why}."
    if result.label == "normal":
        return f"Nothing points to a damaged bearing; {_faint(result.findings)}."
    also = "".join(f" So is {part_name(label)}." for label in result.also)
    whole_hz = (float(result.lines.low_hz[0]), float(result.lines.high_hz[0]))
    low_khz, high_khz = (edge_hz / 1000 for edge_hz in best.band_hz)
    rings = "" if best.band_hz == whole_hz else f" It rings most from {low_khz:.3g} to {high_khz:.3g} kHz."
    return (
        f"{part_name(best.label).capitalize()} is damaged: the vibration swells {best.found_hz:.1f} times a "
        f"second by {100 * best.effect:.0f} %, expected were {best.expected_hz:.1f} "
        f"({100 * (best.found_hz / best.expected_hz - 1):+.1f} %).{rings} {_odds(best)}{also}"
    )


def evidence_lines(finding: Finding) -> list[Evidence]:
    """Return the lines of a fault, one for each harmonic."""
    found = []
    for harmonic, (found_hz, level_db) in enumerate(finding.lines, start=1):
        expected_hz = harmonic * finding.expected_hz
        text = (
            f"line {harmonic} of {part_name(finding.label)}: expected at {expected_hz:.1f} Hz, found at "
            f"{found_hz:.1f} Hz, {level_db:.0f} dB above the noise"
        )
        found.append(Evidence(finding.label, harmonic, expected_hz, found_hz, level_db, text))
    return found


def families_sentence(
    families: Sequence[LineFamily],
    bearing: FaultOrders | None,
    *,
    old: Sequence[LineFamily] = (),
    speed_is_known: bool,
    guess: SpeedGuess | None = None,
) -> str:
    """Return what comes back in a vibration, and why it has no name.

    Parameters
    ----------
    families : sequence of LineFamily
        Strongest first.
    bearing : FaultOrders or None
        A bearing whose speed is not known: the strongest family would mean a speed for each part.
    old : sequence of LineFamily
        What a healthy reference has, too.
    speed_is_known : bool
        Whether the speed is, and the bearing is not.
    guess : SpeedGuess, optional
        What the tones say of a speed that is not known.
    """
    missing = "bearing or gears" if speed_is_known else "speed of the shaft"
    tones = "" if guess is None else f" {guess.text}"
    rates = " and ".join(f"{one.frequency_hz:.1f}" for one in old)
    known = f" What swells {rates} times a second does so in the reference, too." if old else ""
    if not families:
        new = "new " if old else ""
        return f"Nothing {new}strikes regularly, as far as can be seen without the {missing}.{known}{tones}"
    told = " ".join(family.text for family in families) + known
    means = "" if bearing is None else _speeds(families[0].frequency_hz, bearing, guess)
    return f"{told} Without the {missing} it cannot be named.{means}{tones}"


def speed_note(shaft: ShaftSpeed, said_rpm: float) -> str:
    """Return what must be known about the speed; empty where it is as was said."""
    if shaft.source == "said":
        return (
            "the harmonics of the shaft are not seen, so its exact speed is not sure; it is taken to be "
            f"{said_rpm:g} rpm, as said"
        )
    if abs(shaft.speed_rpm / said_rpm - 1) > 0.01:
        return f"the shaft turns at {shaft.speed_rpm:.1f} rpm, not at the {said_rpm:g} rpm that were said"
    return ""


def _faint(findings: Sequence[Finding]) -> str:
    """The strongest lines, if they are no chance: what noise shows has no size."""
    for one in findings:
        if one.is_real:
            return (
                f"the strongest lines, those of {part_name(one.label)}, change the power by "
                f"{100 * one.effect:.0f} %"
            )
    return "no lines of its parts stand out"


def _speeds(frequency_hz: float, bearing: FaultOrders, guess: SpeedGuess | None) -> str:
    """What speed each part would mean, with a word where the tones show the same."""
    meant = speeds_meant(frequency_hz, bearing.fault_orders(), guess=guess)
    said = [
        f"{one.speed_rpm:.0f} rpm if it is {part_name(one.label)}"
        f"{', as the tones show, too' if one.shown else ''}"
        for one in meant
    ]
    return f" For this bearing the first would mean {'; '.join(said)}." if said else ""


def _odds(finding: Finding) -> str:
    power = int(-math.log10(max(finding.chance, 1e-300)))
    return (
        f"Noise would show this less than once in 10^{power}."
        if power < 100
        else "Noise would never show this."
    )
