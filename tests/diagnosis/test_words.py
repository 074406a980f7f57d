from dataclasses import replace

import pytest

from faultdiag.diagnosis.bearing import BearingResult
from faultdiag.diagnosis.bearing_rules import Finding
from faultdiag.diagnosis.shaft_speed import ShaftSpeed
from faultdiag.diagnosis.words import evidence_lines, sentence, speed_note

FOUND = Finding(
    label="inner",
    expected_hz=160.0,
    found_hz=161.6,
    score=60.0,
    whole_band_score=50.0,
    p_value=3e-20,
    whole_band_p_value=1e-15,
    effect=0.23,
    band_hz=(3000.0, 4500.0),
    lines=((161.6, 25.0), (323.2, 20.0)),
)
RESULT = BearingResult("inner", {"inner": 0.97}, (), [FOUND], ShaftSpeed(1790.0, "found", 20.0), None)


def test_a_fault_is_said_with_its_numbers():
    text = sentence(RESULT)
    assert text == (
        "The inner race is damaged: the vibration swells 161.6 times a second by 23 %, expected were 160.0 "
        "(+1.0 %). It rings most from 3 to 4.5 kHz. Noise would show this less than once in 10^15."
    )
    assert sentence(replace(RESULT, also=("outer",))).endswith(" So is the outer race.")


def test_sound_and_unclear_bearings_are_said_as_such():
    sound = sentence(replace(RESULT, label="normal"))
    assert sound.startswith(
        "Nothing points to a damaged bearing; the strongest lines, those of the inner race"
    )
    unclear = sentence(replace(RESULT, label=None, why="there is fog"))
    assert unclear == "It cannot be said whether the bearing is sound: there is fog."


def test_each_line_has_its_words():
    first, second = evidence_lines(FOUND)
    assert (second.expected_hz, second.found_hz, second.level_db) == (320.0, 323.2, 20.0)
    assert first.text == (
        "line 1 of the inner race: expected at 160.0 Hz, found at 161.6 Hz, 25 dB above the noise"
    )


@pytest.mark.parametrize(
    ("speed", "words"),
    [
        (ShaftSpeed(1790.0, "found", 20.0), ""),
        (ShaftSpeed(1900.0, "found far off", 20.0), "the shaft turns at 1900.0 rpm, not at the 1797 rpm"),
        (
            ShaftSpeed(1797.0, "said", 5.0),
            "the shaft is not seen in the vibration; its speed is taken to be 1797",
        ),
    ],
)
def test_the_speed_is_spoken_of_where_it_is_not_as_was_said(speed, words):
    note = speed_note(speed, 1797.0)
    assert note.startswith(words)
    assert bool(note) == bool(words)
