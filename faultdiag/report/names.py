"""How the page of diagnoses calls faults, and the lines that speak for them."""

from faultdiag.diagnosis.diagnosis import Evidence, Hypothesis
from faultdiag.report.lines import line_name

__all__ = ["PARTS", "effect_of", "evidence_name", "hypothesis_name", "verdict_of"]

PARTS = {"outer": "outer race", "inner": "inner race", "ball": "ball or roller", "cage": "cage"}

GEARS = {"tooth_local": "one tooth", "tooth_distributed": "many teeth"}

SHAFT = {"imbalance": "imbalance", "misalignment": "misalignment", "looseness": "looseness"}


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
    if hypothesis.label in SHAFT:
        return f"{hypothesis.effect:.1f} × limit"
    return f"{100 * hypothesis.effect:.1f} %"


def evidence_name(line: Evidence) -> str:
    """Return how a line is called.

    Examples
    --------
    >>> evidence_name(Evidence("imbalance", 0.5, 15.0, 15.1, 20.0, ""))
    '0.5×shaft'
    """
    if line.hypothesis in PARTS:
        return line_name(line.hypothesis, int(line.harmonic))
    if line.hypothesis in SHAFT:
        return f"{line.harmonic:g}×shaft"
    return f"{line.harmonic:g}×{GEARS.get(line.hypothesis, line.hypothesis)}"
