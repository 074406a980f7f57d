import pytest

from faultdiag.diagnosis.shaft_words import shaft_sentence

PLAIN = {"seen": True, "frequency_hz": 24.6, "velocity_mm_s": None, "growth": None}


def said(label="imbalance", *, at_mains=False, strong=True, enough=True, **changes):
    return shaft_sentence(label, at_mains=at_mains, strong=strong, enough=enough, **PLAIN | changes)


@pytest.mark.parametrize(
    ("label", "who"),
    [("imbalance", "unbalanced"), ("misalignment", "misaligned"), ("looseness", "loose")],
)
def test_each_fault_has_its_cause(label, who):
    assert who in said(label, velocity_mm_s=5.0)


def test_a_sentence_says_what_the_claim_rests_on():
    both = said(velocity_mm_s=6.21, growth=3.04)
    assert both.startswith("It shakes once a turn (24.6 Hz) with 6.2 mm/s RMS, 3.0 times as strongly as")
    assert "3.0 times" in said(growth=3.04)
    assert "mm/s" not in said(growth=3.04)
    assert "only a known unit or a record in good order" in said()


def test_a_sentence_says_what_keeps_a_line_from_being_a_claim():
    assert (
        said(seen=False)
        == "An unbalanced or bent rotor would shake the machine once a turn; that is not seen."
    )
    mains = "an unbalanced or bent rotor, but a line of the mains lies too near to tell."
    assert said(velocity_mm_s=5.0, at_mains=True).endswith(
        f"RMS: more than is tolerated. That may be {mains}"
    )
    for at_mains in (True, False):
        weak = said(velocity_mm_s=0.2, at_mains=at_mains, strong=False, enough=False)
        assert weak.endswith("which is no sign of an unbalanced or bent rotor.")
    spread = said(velocity_mm_s=9.0, enough=False)
    assert spread.endswith(
        "9 mm/s RMS: more than is tolerated, but not spread over the orders as an unbalanced or bent rotor "
        "spreads it."
    )
    both = said(velocity_mm_s=9.0, at_mains=True, enough=False)
    assert both.endswith("more than is tolerated, but a line of the mains lies too near to tell.")
