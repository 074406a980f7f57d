"""How the page of diagnoses calls faults, and the lines that speak for them."""

from typing import Literal

from faultdiag.diagnosis.diagnosis import Evidence, Hypothesis
from faultdiag.report.lines import line_name

__all__ = [
    "PARTS",
    "Kind",
    "effect_of",
    "evidence_name",
    "hypothesis_name",
    "kind_of",
    "limit_of",
    "verdict_of",
]

Kind = Literal["bearing", "gear", "shaft"]

PARTS = {"outer": "outer race", "inner": "inner race", "ball": "ball or roller", "cage": "cage"}

GEARS = {"tooth_local": "one tooth", "tooth_distributed": "many teeth"}

GEAR_LINES = {"tooth_local": "shaft", "tooth_distributed": "mesh"}
"""Of what the lines of a gear are multiples."""

SHAFT = {"imbalance": "imbalance", "misalignment": "misalignment", "looseness": "looseness"}


def kind_of(label: str) -> Kind:
    """Return of what a fault is one.

    Examples
    --------
    >>> kind_of("inner"), kind_of("tooth_local"), kind_of("imbalance")
    ('bearing', 'gear', 'shaft')
    """
    if label in SHAFT:
        return "shaft"
    return "gear" if label in GEARS else "bearing"


def verdict_of(label: str) -> str:
    """Return the answer in a few words.

    Examples
    --------
    >>> verdict_of("inner"), verdict_of("tooth_local"), verdict_of("imbalance")
    ('Inner race damaged', 'One tooth damaged', 'Imbalance')
    """
    if label in SHAFT:
        return SHAFT[label].capitalize()
    return f"{(PARTS | GEARS).get(label, label).capitalize()} damaged"


def hypothesis_name(hypothesis: Hypothesis) -> str:
    """Return the fault, and the part where the label alone does not say it."""
    name = (PARTS | GEARS | SHAFT).get(hypothesis.label, hypothesis.label)
    return f"{name}, {hypothesis.part}" if hypothesis.part and hypothesis.label in GEARS else name


def effect_of(hypothesis: Hypothesis) -> str:
    """Return how strong a fault is: a shaft's over what is tolerated, the others' in percent of the power."""
    return _measured(hypothesis.label, hypothesis.effect)


def limit_of(hypothesis: Hypothesis) -> str:
    """Return how strong a fault must be to mean damage, likewise; a dash where nothing says that."""
    return "–" if hypothesis.limit is None else _measured(hypothesis.label, hypothesis.limit)


def evidence_name(line: Evidence) -> str:
    """Return how a line is called.

    Examples
    --------
    >>> evidence_name(Evidence("imbalance", 0.5, 15.0, 15.1, 20.0, ""))
    '0.5×shaft'
    >>> evidence_name(Evidence("family 1", 2, 59.2, 59.3, 20.0, ""))
    '2 × 29.6 Hz'
    """
    if line.hypothesis in PARTS:
        return line_name(line.hypothesis, int(line.harmonic))
    if line.hypothesis in SHAFT:
        return f"{line.harmonic:g}×shaft"
    base = f"{line.expected_hz / line.harmonic:.1f} Hz"
    if line.hypothesis in GEAR_LINES:
        return f"{line.harmonic:g} × {GEAR_LINES[line.hypothesis]} at {base}"
    return f"{line.harmonic:g} × {base}"


def _measured(label: str, effect: float) -> str:
    return f"{effect:.1f} ×" if label in SHAFT else f"{100 * effect:.1f} %"
