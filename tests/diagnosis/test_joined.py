from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from faultdiag.diagnosis.channel import Channel
from faultdiag.diagnosis.diagnosis import Diagnosis, Hypothesis
from faultdiag.diagnosis.joined import joined, with_shaft_faults
from faultdiag.diagnosis.trace import TurnTrace

RATE_HZ = 12000.0
SPEED_RPM = 1500.0


def answer(label, confidence, *, also=(), warnings=("the speed is guessed",)):
    guess = Hypothesis(label or "outer", confidence or 0.1, 1.0, 1.0, 1e-9, 0.2)
    return Diagnosis(
        file="",
        status="undetermined" if label is None else "ok",
        label=label,
        confidence=confidence,
        also=also,
        hypotheses=(guess,),
        text=f"It is {label}.",
        warnings=warnings,
    )


@pytest.mark.parametrize(
    ("answers", "label", "confidence", "also"),
    [
        ([answer("normal", 0.9), answer("normal", 0.8)], "normal", 0.8, ()),
        ([answer("normal", 0.9), answer(None, None)], None, None, ()),
        ([answer("normal", 0.9), answer("tooth_local", 0.7)], "tooth_local", 0.7, ()),
        (
            [answer("inner", 0.6, also=("ball",)), answer("tooth_local", 0.7)],
            "tooth_local",
            0.7,
            ("inner", "ball"),
        ),
        ([answer(None, None), answer("outer", 0.6)], "outer", 0.6, ()),
        (
            [answer("inner", 0.6), answer("wear", 0.7, also=("wear", "inner"))],
            "wear",
            0.7,
            ("inner",),
        ),
    ],
)
def test_the_surest_fault_is_the_answer_whatever_came_first(answers, label, confidence, also):
    for turned in permutations(answers):
        both = joined(turned)
        assert (both.label, both.confidence, both.also) == (label, confidence, also)
        assert both.status == ("undetermined" if label is None else "ok")
        assert len(both.hypotheses) == 2
        assert both.warnings == ("the speed is guessed",)
        assert all(one.text in both.text for one in answers)


def test_curves_of_every_answer_are_kept():
    turn = TurnTrace("the input shaft", 25.0, False, np.ones(64), None)
    gear = replace(answer("tooth_local", 0.7), turn_traces=(turn,))
    assert joined([answer("inner", 0.6), gear]).turn_traces == (turn,)


def test_one_answer_stays_as_it_is():
    alone = answer("inner", 0.9)
    assert joined([alone]) is alone


def test_a_fault_of_the_shaft_is_the_answer_where_no_part_is_at_fault():
    t = np.arange(96000) / RATE_HZ
    rng = np.random.default_rng(0)
    x = 20.0 * np.sin(2 * np.pi * SPEED_RPM / 60 * t) + rng.standard_normal(t.size)
    channel = Channel(x, RATE_HZ, SPEED_RPM, unit="mm/s")
    sound = with_shaft_faults(answer("normal", 0.9), channel, unnamed=False)
    assert (sound.label, sound.also) == ("imbalance", ())
    assert {one.label for one in sound.hypotheses} == {"normal", "imbalance"}
    doubtful = with_shaft_faults(answer(None, None), channel, unnamed=False)
    assert (doubtful.label, doubtful.also) == (None, ("imbalance",))
    alone = with_shaft_faults(answer(None, None), channel, unnamed=True)
    assert (alone.label, alone.status, alone.also) == ("imbalance", "ok", ())
    assert {one.label for one in alone.hypotheses} >= {"imbalance", "misalignment", "looseness"}
    fault = with_shaft_faults(answer("outer", 0.8), channel, unnamed=True)
    assert (fault.label, fault.also) == ("outer", ("imbalance",))
    silent = with_shaft_faults(answer("normal", 0.9), Channel(x, RATE_HZ, SPEED_RPM), unnamed=True)
    assert (silent.label, silent.also) == ("normal", ())  # no unit, no reference: nothing is too strong


def test_strong_lines_of_a_shaft_without_a_name_are_told_and_claim_nothing():
    t = np.arange(96000) / RATE_HZ
    turns = 2 * np.pi * SPEED_RPM / 60 * t
    x = 20.0 * np.sin(turns) + 20.0 * np.sin(2 * turns) + np.random.default_rng(0).standard_normal(t.size)
    channel = Channel(x, RATE_HZ, SPEED_RPM, unit="mm/s")  # 2 x is 50 Hz
    told = with_shaft_faults(answer("normal", 0.9), channel, unnamed=True)
    assert (told.label, told.confidence, told.also) == ("normal", 0.9, ())
    assert "It shakes once and twice a turn (50.0 Hz) with 20 mm/s RMS: more than is tolerated." in told.text
    assert [line.harmonic for line in told.evidence][:2] == [1, 2]
    faint = Channel(0.05 * x, RATE_HZ, SPEED_RPM, unit="mm/s")
    assert with_shaft_faults(answer("normal", 0.9), faint, unnamed=True).text == "It is normal."
    fault = Channel(x + 60 * np.sin(turns), RATE_HZ, SPEED_RPM, unit="mm/s")
    claimed = with_shaft_faults(answer("normal", 0.9), fault, unnamed=True)
    assert claimed.label == "imbalance"
    assert claimed.text.count("It shakes") == 1
