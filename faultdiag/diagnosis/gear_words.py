"""What was found on gears, in words that a mechanic understands."""

import math

from faultdiag.diagnosis.diagnosis import Evidence
from faultdiag.diagnosis.gear import GearFinding, GearResult

__all__ = ["gear_evidence", "gear_sentence"]


def gear_sentence(result: GearResult) -> str:
    """Return what is wrong, what shows it, how sure it is, and what could not be looked for."""
    best = result.findings[0]
    unseen = f" Not to be seen here: {'; '.join(result.unseen)}." if result.unseen else ""
    if result.label is None:
        return f"It cannot be said whether the gears are sound: {result.why}.{unseen}"
    if result.label == "normal":
        return f"Nothing points to damaged gears; {_shown(best)}.{unseen}"
    also = "".join(f" Also: {_claim(one)}" for one in result.claims[1:])
    return f"{_claim(best)} {_odds(best)}{also}{unseen}"


def gear_evidence(finding: GearFinding) -> list[Evidence]:
    """Return the harmonics of the pulse that a damaged tooth makes, or those of the mesh of worn teeth."""
    what = f"mesh of {finding.part}"
    if finding.label == "tooth_local":
        what = f"turns of {finding.shaft}"
    found = []
    for harmonic, expected_hz, found_hz, level_db in finding.lines:
        text = (
            f"line {harmonic} of the {what}: expected at {expected_hz:.1f} Hz, found at {found_hz:.1f} Hz, "
            f"{level_db:.0f} dB above the noise"
        )
        found.append(Evidence(finding.label, harmonic, expected_hz, found_hz, level_db, text))
    return found


def _claim(finding: GearFinding) -> str:
    if finding.label == "tooth_local":
        return f"A tooth of {finding.part} is cracked, broken or chipped: {_shown(finding)}."
    return f"Many teeth of {finding.part} are worn or pitted: {_shown(finding)}."


def _shown(finding: GearFinding) -> str:
    """The effect, beside what is common."""
    common = _common(finding)
    if finding.kind == "spread":
        change = f"{100 * finding.effect:.1f} % from tooth to tooth"
        return f"{_mesh(finding)} goes up and down by {change} ({common})"
    power = "the power of the vibration"
    if finding.kind == "repeated":
        power = "the power of what repeats with every turn"
    return (
        f"{100 * finding.effect:.1f} % of {power} comes in one short pulse each turn of {finding.shaft}, "
        f"{finding.frequency_hz:.1f} times a second ({common})"
    )


def _common(finding: GearFinding) -> str:
    """Where damage begins; beyond 100 %, which tells nobody much, as a multiple of the reference."""
    before, limit = finding.healthy_effect, finding.limit
    if before is None:
        return f"damage begins at {100 * limit:.1f} %"
    begins = f"{100 * limit:.1f} %" if limit < 1 else f"{limit / before:.1f} times that"
    return f"{100 * before:.1f} % in the reference; damage begins at {begins}"


def _mesh(finding: GearFinding) -> str:
    """The mesh in which worn teeth show, by the teeth that run through it."""
    mesh_hz = finding.lines[0].found_hz / finding.lines[0].harmonic
    n_teeth = round(mesh_hz / finding.frequency_hz)
    return f"the mesh of {n_teeth} teeth on {finding.shaft}, {mesh_hz:.1f} Hz,"


def _odds(finding: GearFinding) -> str:
    power = int(-math.log10(max(finding.p_value, 1e-300)))
    if power >= 100:
        return "Noise would never show this."
    return f"Noise would show this less than once in 10^{power}."
