import numpy as np
import pytest

from faultdiag.datasets.gear_rig import Gearbox, simulate_gearbox
from faultdiag.datasets.rig import Assembly, simulate_bearing
from faultdiag.diagnosis.answers import (
    bearing_answer,
    family_answer,
    gear_answer,
)
from faultdiag.diagnosis.channel import Channel
from faultdiag.diagnosis.gear import LIMITS
from faultdiag.diagnosis.healthy import Healthy
from faultdiag.kinematics import find_bearing
from faultdiag.kinematics.bearing import Bearing
from faultdiag.kinematics.gears import GearTrain

RATE_HZ = 12000.0
SPEED_RPM = 1500.0


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
