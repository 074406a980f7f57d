import pytest

from faultdiag.diagnosis.diagnosis import Evidence, Hypothesis
from faultdiag.report.names import (
    PARTS,
    effect_of,
    evidence_name,
    hypothesis_name,
    kind_of,
    limit_of,
    verdict_of,
)


def hypothesis(label, part="", limit=None):
    return Hypothesis(
        label, 0.9, score=30.0, frequency_hz=30.0, p_value=1e-9, effect=0.25, limit=limit, part=part
    )


@pytest.mark.parametrize(
    ("label", "verdict", "effect"),
    [
        ("ball", "Ball or roller damaged", "25.0 %"),
        ("tooth_distributed", "Many teeth damaged", "25.0 %"),
        ("looseness", "Looseness", "0.2 ×"),
    ],
)
def test_every_fault_has_words_and_its_own_measure(label, verdict, effect):
    assert verdict_of(label) == verdict
    assert effect_of(hypothesis(label)) == effect


def test_a_limit_is_told_as_the_effect_is():
    assert limit_of(hypothesis("inner", limit=0.1)) == "10.0 %"
    assert limit_of(hypothesis("tooth_local", limit=0.054)) == "5.4 %"
    assert limit_of(hypothesis("imbalance", limit=1.0)) == "1.0 ×"
    assert limit_of(hypothesis("imbalance")) == "–"


def test_a_gear_is_named_where_the_label_does_not():
    assert hypothesis_name(hypothesis("tooth_local", "the input shaft")) == "one tooth, the input shaft"
    assert hypothesis_name(hypothesis("imbalance", "the shaft")) == "imbalance"


@pytest.mark.parametrize(
    ("fault", "harmonic", "name"),
    [
        ("ball", 2, "4×BSF"),
        ("looseness", 1.5, "1.5×shaft"),
        ("tooth_local", 2, "2 × shaft at 29.6 Hz"),
        ("tooth_distributed", 1, "1 × mesh at 29.6 Hz"),
        ("family 2", 3, "3 × 29.6 Hz"),
    ],
)
def test_lines_are_called_after_what_makes_them(fault, harmonic, name):
    assert evidence_name(Evidence(fault, harmonic, 29.6 * harmonic, 1.0, 9.0, "")) == name


def test_every_fault_is_one_of_a_bearing_of_gears_or_of_the_shaft():
    labels = [*PARTS, "tooth_local", "tooth_distributed", "imbalance", "misalignment", "looseness"]
    assert [kind_of(label) for label in labels] == ["bearing"] * 4 + ["gear"] * 2 + ["shaft"] * 3
