"""What was found on a bearing, in words that a mechanic understands."""

import math
from collections.abc import Sequence

from faultdiag.diagnosis.bearing import BearingResult
from faultdiag.diagnosis.bearing_rules import Finding
from faultdiag.diagnosis.diagnosis import Evidence
from faultdiag.diagnosis.families import LineFamily
from faultdiag.diagnosis.shaft_speed import ShaftSpeed
from faultdiag.kinematics.orders import FaultOrders

__all__ = ["PARTS", "evidence_lines", "families_sentence", "sentence", "speed_note"]

PARTS = {"outer": "the outer race", "inner": "the inner race", "ball": "a ball or roller", "cage": "the cage"}


def sentence(result: BearingResult) -> str:
    """Return a sentence or two: what is wrong, what shows it, and how sure it is."""
    best = result.findings[0]
    if result.label is None:
        return f"It cannot be said whether the bearing is sound: {result.why}."
    if result.label == "normal":
        return (
            f"Nothing points to a damaged bearing; the strongest lines, those of {part(best.label)}, change "
            f"the power by {100 * best.effect:.0f} %."
        )
    also = "".join(f" So is {part(label)}." for label in result.also)
    return (
        f"{part(best.label).capitalize()} is damaged: the vibration swells {best.found_hz:.1f} times a "
        f"second by {100 * best.effect:.0f} %, expected were {best.expected_hz:.1f} "
        f"({100 * (best.found_hz / best.expected_hz - 1):+.1f} %). It rings most from "
        f"{best.band_hz[0] / 1000:.3g} to {best.band_hz[1] / 1000:.3g} kHz. {_odds(best)}{also}"
    )


def part(label: str) -> str:
    """Return the name of a part with its article."""
    return PARTS.get(label, label)


def evidence_lines(finding: Finding) -> list[Evidence]:
    """Return the lines of a fault, one for each harmonic."""
    found = []
    for harmonic, (found_hz, level_db) in enumerate(finding.lines, start=1):
        expected_hz = harmonic * finding.expected_hz
        text = (
            f"line {harmonic} of {part(finding.label)}: expected at {expected_hz:.1f} Hz, found at "
            f"{found_hz:.1f} Hz, {level_db:.0f} dB above the noise"
        )
        found.append(Evidence(finding.label, harmonic, expected_hz, found_hz, level_db, text))
    return found


def families_sentence(
    families: Sequence[LineFamily], bearing: FaultOrders | None, *, speed_is_known: bool
) -> str:
    """Return what comes back in a vibration, and why it has no name.

    Parameters
    ----------
    families : sequence of LineFamily
        Strongest first.
    bearing : FaultOrders or None
        A bearing whose speed is not known: the strongest family would mean a speed for each part.
    speed_is_known : bool
        Whether the speed is, and the bearing is not.
    """
    missing = "bearing or gears" if speed_is_known else "speed of the shaft"
    if not families:
        return f"Nothing comes back regularly in this vibration, as far as can be seen without the {missing}."
    told = " ".join(family.text for family in families)
    means = ""
    if bearing is not None:
        speeds = (
            f"{60 * families[0].frequency_hz / order:.0f} rpm if it is {part(label)}"
            for label, order in sorted(bearing.fault_orders().items())
        )
        means = f" For this bearing the first would mean {', '.join(speeds)}."
    return f"{told} Without the {missing} it cannot be named.{means}"


def speed_note(shaft: ShaftSpeed, said_rpm: float) -> str:
    """Return what must be known about the speed; empty where it is as was said."""
    if shaft.source == "said":
        return f"the shaft is not seen in the vibration; its speed is taken to be {said_rpm:g} rpm, as said"
    if abs(shaft.speed_rpm / said_rpm - 1) > 0.01:
        return f"the shaft turns at {shaft.speed_rpm:.1f} rpm, not at the {said_rpm:g} rpm that were said"
    return ""


def _odds(finding: Finding) -> str:
    power = int(-math.log10(max(finding.p_value, finding.whole_band_p_value, 1e-300)))
    return (
        f"Noise would show this less than once in 10^{power}."
        if power < 100
        else "Noise would never show this."
    )
