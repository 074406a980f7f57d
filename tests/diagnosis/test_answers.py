from itertools import permutations

import numpy as np
import pytest

from faultdiag.datasets.gear_rig import Gearbox, simulate_gearbox
from faultdiag.datasets.rig import Assembly, simulate_bearing
from faultdiag.diagnosis.answers import (
    bearing_answer,
    family_answer,
    gear_answer,
    joined,
    with_shaft_faults,
)
from faultdiag.diagnosis.channel import Channel
from faultdiag.diagnosis.diagnosis import Diagnosis, Hypothesis
from faultdiag.diagnosis.gear import LIMITS
from faultdiag.diagnosis.healthy import Healthy
from faultdiag.kinematics import find_bearing
from faultdiag.kinematics.bearing import Bearing
from faultdiag.kinematics.gears import GearTrain

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


def test_one_answer_stays_as_it_is():
    alone = answer("inner", 0.9)
    assert joined([alone]) is alone


def test_a_broken_tooth_is_named_with_its_gear():
    train = GearTrain(((21, 50),))
    rows, _ = simulate_gearbox(
        gearbox=Gearbox(train),
        fault="tooth",
        rate_hz=RATE_HZ,
        duration_s=8.0,
        speed_rpm=SPEED_RPM,
        rng=np.random.default_rng(1),
    )
    channel = Channel(rows[0], RATE_HZ, SPEED_RPM)
    said = gear_answer(channel, train)
    assert (said.status, said.label) == ("ok", "tooth_local")
    assert said.confidence > 0.5
    assert "tooth" in said.text
    assert said.hypotheses[0].part
    assert said.evidence[0].hypothesis == "tooth_local"
    assert said.hypotheses[0].limit in (LIMITS["pulse"].alone, LIMITS["repeated"].alone)
    assert said.turn_traces == ()
    traced = gear_answer(channel, train, trace=True)
    (turn,) = traced.turn_traces
    assert (turn.shaft, turn.healthy) == ("the input shaft", None)
    assert turn.frequency_hz == pytest.approx(SPEED_RPM / 60, rel=1e-3)
    assert turn.power.argmax() == 32
    assert joined([answer("inner", 0.6), traced]).turn_traces == (turn,)


def test_damage_of_a_bearing_begins_at_twice_what_the_reference_shows():
    def worn(snr_db, seed):
        rng = np.random.default_rng(seed)
        return simulate_bearing(
            bearing=Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04),
            fault="inner",
            rate_hz=RATE_HZ,
            duration_s=6.0,
            speed_rpm=SPEED_RPM,
            snr_db=snr_db,
            assembly=Assembly.draw(np.random.default_rng(1)),
            rng=rng,
        )

    before, now, bearing = worn(0.0, 1), worn(3.0, 2), find_bearing("6205")
    old = {one.label: one for one in bearing_answer(Channel(before, RATE_HZ, SPEED_RPM), bearing).hypotheses}
    alone = bearing_answer(Channel(now, RATE_HZ, SPEED_RPM), bearing)
    assert {one.limit for one in alone.hypotheses} == {0.10}
    channel = Channel(now, RATE_HZ, SPEED_RPM, reference=Healthy(before, RATE_HZ, SPEED_RPM))
    limits = {one.label: one.limit for one in bearing_answer(channel, bearing).hypotheses}
    assert limits["inner"] == pytest.approx(2 * old["inner"].effect)
    assert limits["inner"] > 0.10
    assert limits["cage"] == 0.10  # never claimed, and so not compared


def test_noise_has_no_family_and_says_what_is_missing():
    x = np.random.default_rng(0).standard_normal(60000)
    said = family_answer(Channel(x, RATE_HZ, None), None)
    assert (said.status, said.label, said.evidence) == ("undetermined", None, ())
    assert "without the speed of the shaft" in said.text


def test_a_fault_of_the_shaft_is_the_answer_where_no_part_is_at_fault():
    t = np.arange(96000) / RATE_HZ
    rng = np.random.default_rng(0)
    x = 20.0 * np.sin(2 * np.pi * SPEED_RPM / 60 * t) + rng.standard_normal(t.size)
    channel = Channel(x, RATE_HZ, SPEED_RPM, unit="mm/s")
    sound = with_shaft_faults(answer("normal", 0.9), channel, asked=False)
    assert (sound.label, sound.also) == ("imbalance", ())
    assert {one.label for one in sound.hypotheses} == {"normal", "imbalance"}
    doubtful = with_shaft_faults(answer(None, None), channel, asked=False)
    assert (doubtful.label, doubtful.also) == (None, ("imbalance",))
    alone = with_shaft_faults(answer(None, None), channel, asked=True)
    assert (alone.label, alone.status, alone.also) == ("imbalance", "ok", ())
    assert {one.label for one in alone.hypotheses} >= {"imbalance", "misalignment", "looseness"}
    fault = with_shaft_faults(answer("outer", 0.8), channel, asked=True)
    assert (fault.label, fault.also) == ("outer", ("imbalance",))
    silent = with_shaft_faults(answer("normal", 0.9), Channel(x, RATE_HZ, SPEED_RPM), asked=True)
    assert (silent.label, silent.also) == ("normal", ())  # no unit, no reference: nothing is too strong


def test_strong_lines_of_a_shaft_without_a_name_are_told_and_claim_nothing():
    t = np.arange(96000) / RATE_HZ
    turns = 2 * np.pi * SPEED_RPM / 60 * t
    x = 20.0 * np.sin(turns) + 20.0 * np.sin(2 * turns) + np.random.default_rng(0).standard_normal(t.size)
    channel = Channel(x, RATE_HZ, SPEED_RPM, unit="mm/s")  # 2 x is 50 Hz
    told = with_shaft_faults(answer("normal", 0.9), channel, asked=True)
    assert (told.label, told.confidence, told.also) == ("normal", 0.9, ())
    assert "It shakes once and twice a turn (50.0 Hz) with 20 mm/s RMS: more than is tolerated." in told.text
    assert [line.harmonic for line in told.evidence][:2] == [1, 2]
    faint = Channel(0.05 * x, RATE_HZ, SPEED_RPM, unit="mm/s")
    assert with_shaft_faults(answer("normal", 0.9), faint, asked=True).text == "It is normal."
    fault = Channel(x + 60 * np.sin(turns), RATE_HZ, SPEED_RPM, unit="mm/s")
    claimed = with_shaft_faults(answer("normal", 0.9), fault, asked=True)
    assert claimed.label == "imbalance"
    assert claimed.text.count("It shakes") == 1
