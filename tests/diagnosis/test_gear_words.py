from dataclasses import replace

import pytest

from faultdiag.diagnosis.gear import GearFinding, GearLine, GearResult
from faultdiag.diagnosis.gear_words import gear_evidence, gear_sentence
from faultdiag.diagnosis.shaft_speed import ShaftSpeed


def finding(label="tooth_local", kind="pulse", **changes):
    values = {
        "label": label,
        "kind": kind,
        "part": "the gear with 32 teeth on the input shaft",
        "shaft": "the input shaft",
        "order": 1.0,
        "frequency_hz": 29.6,
        "confidence": 0.9,
        "score": 90.0,
        "p_value": 1e-40,
        "effect": 0.123,
        "limit": 0.05,
        "healthy_effect": None,
        "lines": (GearLine(1, 30.0, 29.6, 20.4), GearLine(2, 60.0, 59.2, 18.0)),
    }
    return GearFinding(**values | changes)


WORN = finding(
    "tooth_distributed",
    "spread",
    part="a gear on the middle shaft (80 or 48 teeth)",
    shaft="the middle shaft",
    frequency_hz=11.8,
    limit=0.11,
    # the first harmonic was drowned by another mesh
    lines=(GearLine(2, 1152.0, 1132.8, 20.4),),
)


def result(label, *claims, findings=None, **changes):
    shaft = ShaftSpeed(1776.0, "found", 20.0)
    return GearResult(label, claims, findings or claims, shaft, **changes)


def test_a_damaged_tooth_is_told_with_its_effect_and_its_odds():
    assert gear_sentence(result("tooth_local", finding())) == (
        "A tooth of the gear with 32 teeth on the input shaft is cracked, broken or chipped: 12.3 % of the "
        "power of the vibration comes in one short pulse each turn of the input shaft, 29.6 times a second "
        "(damage begins at 5.0 %). Noise would show this less than once in 10^40."
    )
    assert "Noise would never" in gear_sentence(result("tooth_local", finding(p_value=0.0)))


def test_the_reference_is_named_and_so_is_what_repeats():
    text = gear_sentence(result("tooth_local", finding(kind="repeated", healthy_effect=0.021)))
    assert "12.3 % of the power of what repeats with every turn" in text
    assert "(2.1 % in the reference; damage begins at 5.0 %)" in text


def test_worn_teeth_are_told():
    text = gear_sentence(result("tooth_distributed", WORN))
    assert text.startswith(
        "Many teeth of a gear on the middle shaft (80 or 48 teeth) are worn or pitted: the mesh of 48 teeth "
        "on the middle shaft, 566.4 Hz, goes up and down by 12.3 % from tooth to tooth (damage begins at "
        "11.0 %)."
    )


@pytest.mark.parametrize(
    ("limit", "begins"), [(0.99, "damage begins at 99.0 %"), (1.865, "damage begins at 2.5 times that")]
)
def test_a_limit_beyond_the_whole_is_told_against_the_reference(limit, begins):
    one = replace(WORN, effect=0.717, healthy_effect=0.746, limit=limit)
    text = gear_sentence(result("normal", findings=(one,)))
    assert text.endswith(f"by 71.7 % from tooth to tooth (74.6 % in the reference; {begins}).")


def test_other_claims_and_what_is_not_seen_are_told():
    other = finding(part="the gear with 64 teeth on the output shaft", shaft="the output shaft")
    text = gear_sentence(result("tooth_local", finding(), other, unseen=("one thing", "another")))
    assert "Also: A tooth of the gear with 64 teeth on the output shaft is" in text
    assert text.endswith("Not to be seen here: one thing; another.")


def test_sound_gears_and_doubt_are_told():
    small = finding(effect=0.01, confidence=0.01)
    assert gear_sentence(result("normal", findings=(small,))).startswith(
        "Nothing points to damaged gears; 1.0 % of the power of the vibration comes in one short pulse"
    )
    doubt = result(None, findings=(small,), why="the shaft cannot be seen")
    assert gear_sentence(doubt) == "It cannot be said whether the gears are sound: the shaft cannot be seen."


def test_evidence_is_one_line_for_each_harmonic():
    first, second = gear_evidence(finding())
    assert (first.hypothesis, first.harmonic, first.expected_hz, first.found_hz) == (
        "tooth_local",
        1,
        30.0,
        29.6,
    )
    assert second.text == (
        "line 2 of the turns of the input shaft: expected at 60.0 Hz, found at 59.2 Hz, 18 dB above the noise"
    )
    worn = finding("tooth_distributed", "spread", part="the gear with 32 teeth on the input shaft")
    assert gear_evidence(worn)[0].text.startswith(
        "line 1 of the mesh of the gear with 32 teeth on the input shaft:"
    )
