from dataclasses import replace

import numpy as np
import pytest

from faultdiag.diagnosis.bearing import BearingResult
from faultdiag.diagnosis.bearing_rules import Finding
from faultdiag.diagnosis.envelope_lines import EnvelopeLines
from faultdiag.diagnosis.families import LineFamily
from faultdiag.diagnosis.shaft_speed import ShaftSpeed
from faultdiag.diagnosis.speed_guess import SpeedGuess
from faultdiag.diagnosis.words import evidence_lines, families_sentence, sentence, speed_note
from faultdiag.kinematics.orders import GivenOrders

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
WHOLE, HALF = np.array([0.0, 0.0]), np.array([6000.0, 3000.0])
LINES = EnvelopeLines(0.1, WHOLE, HALF, np.zeros((2, 9)), np.ones((2, 9)))
RESULT = BearingResult("inner", {"inner": 0.97}, (), [FOUND], ShaftSpeed(1790.0, "found", 20.0), LINES)
BEARING = GivenOrders("6205", bpfo=3.585, bpfi=5.415, bsf=2.357, ftf=0.398)


def family(frequency_hz):
    return LineFamily(frequency_hz, 4, 50.0, 1e-9, 0.3, None, (0.0, 6000.0), (), "It swells.")


def test_a_fault_is_said_with_its_numbers():
    text = sentence(RESULT)
    assert text == (
        "The inner race is damaged: the vibration swells 161.6 times a second by 23 %, expected were 160.0 "
        "(+1.0 %). It rings most from 3 to 4.5 kHz. Noise would show this less than once in 10^15."
    )
    assert sentence(replace(RESULT, also=("outer",))).endswith(" So is the outer race.")


@pytest.mark.parametrize(("high_hz", "told"), [(6000.0, False), (3000.0, True)])
def test_a_band_is_told_unless_it_is_the_whole(high_hz, told):
    text = sentence(replace(RESULT, findings=[replace(FOUND, band_hz=(0.0, high_hz))]))
    assert ("It rings most from 0 to 3 kHz." in text) is told
    assert ("rings" in text) is told


def test_only_lines_that_are_no_chance_have_a_size_in_a_sound_bearing():
    noise = replace(FOUND, label="ball", p_value=1.0, whole_band_p_value=1.0, effect=0.15)
    faint = replace(FOUND, effect=0.03)
    sound = replace(RESULT, label="normal")
    nothing = "Nothing points to a damaged bearing; no lines of its parts stand out."
    assert sentence(replace(sound, findings=[noise])) == nothing
    assert sentence(replace(sound, findings=[replace(faint, whole_band_p_value=0.1)])) == nothing
    assert sentence(replace(sound, findings=[noise, faint])) == (
        "Nothing points to a damaged bearing; the strongest lines, those of the inner race, change the power "
        "by 3 %."
    )


def test_what_cannot_be_said_has_its_reason():
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
            "the harmonics of the shaft are not seen, so its exact speed is not sure; it is taken to be 1797",
        ),
    ],
)
def test_the_speed_is_spoken_of_where_it_is_not_as_was_said(speed, words):
    note = speed_note(speed, 1797.0)
    assert note.startswith(words)
    assert bool(note) == bool(words)


def test_no_family_is_said_without_denying_what_shakes():
    assert families_sentence([], None, speed_is_known=True) == (
        "Nothing strikes regularly, as far as can be seen without the bearing or gears."
    )


def test_a_part_at_the_speed_of_the_tones_is_said_first():
    strikes = [family(3.585 * 1780 / 60)]
    guess = SpeedGuess(1800.0, 20.0, False, "The tones hum.")
    both = families_sentence(strikes, BEARING, speed_is_known=False, guess=guess)
    assert both == (
        "It swells. Without the speed of the shaft it cannot be named. For this bearing the first would mean "
        "1780 rpm if it is the outer race, as the tones show, too; 1354 rpm if it is a ball or roller; "
        "1178 rpm if it is the inner race. The tones hum."
    )
    alone = families_sentence(strikes, BEARING, speed_is_known=False)
    assert "first would mean 1354 rpm if it is a ball or roller; 1178 rpm" in alone
    assert "tones" not in alone
