import numpy as np
import pytest

from faultdiag.datasets.gear_rig import Gearbox, simulate_gearbox
from faultdiag.diagnosis.gear_measures import gear_measures
from faultdiag.errors import ParameterError, RecordError
from faultdiag.kinematics.gears import GearTrain

RATE_HZ = 12800.0
TRAIN = GearTrain(((23, 61), (29, 47)))


@pytest.fixture(scope="module")
def sound():
    samples, _ = simulate_gearbox(
        gearbox=Gearbox(TRAIN),
        fault="normal",
        rate_hz=RATE_HZ,
        duration_s=4,
        speed_rpm=1776.0,
        rng=np.random.default_rng(0),
    )
    return samples[0]


def measured(x, train=TRAIN, **changes):
    return gear_measures(x, **({"rate_hz": RATE_HZ, "said_rpm": 1780.0, "train": train} | changes))


def test_every_shaft_and_every_stage_is_looked_at(sound):
    seen = measured(sound)
    local = {(one.kind, one.order) for one in seen.found if one.label == "tooth_local"}
    orders = [round(order, 9) for order in TRAIN.shaft_orders]
    assert local == {(kind, order) for kind in ("pulse", "repeated") for order in orders}
    worn = [one.part for one in seen.found if one.label == "tooth_distributed"]
    assert worn == [
        "the gear with 23 teeth on the input shaft",
        "a gear on the middle shaft (61 or 29 teeth)",
    ]
    # the output shaft makes 28 turns, too few for a mesh in this noise
    assert seen.unseen == (
        "wear of the gear with 47 teeth on the output shaft, whose mesh does not stand out",
    )
    assert seen.shaft.speed_rpm == pytest.approx(1776, rel=5e-4)


def test_lines_stand_at_orders_of_shaft_and_mesh(sound):
    for one in measured(sound).found:
        firsts = [one.order] if one.label == "tooth_local" else TRAIN.mesh_orders
        orders = np.array([order / number for number, order, _ in one.lines])
        assert any(np.allclose(orders, first, rtol=1e-6) for first in firsts)


def test_pulses_have_the_power_over_the_turn_and_worn_teeth_none(sound):
    for one in measured(sound).found:
        assert (one.turn is None) is (one.kind == "spread")
        if one.turn is not None:
            assert one.turn.mean() == pytest.approx(1)


def test_without_teeth_there_is_one_shaft(sound):
    seen = measured(sound, train=None)
    assert {(one.kind, one.shaft) for one in seen.found} == {
        ("pulse", "this shaft"),
        ("repeated", "this shaft"),
    }
    assert seen.unseen == ("worn teeth, which show only where the numbers of teeth are known",)


def test_what_a_record_cannot_show_is_said(sound):
    # the output shaft makes 0.233 turns per turn of the input: 7 in a second
    unseen = measured(sound[:12800]).unseen
    gear = "the gear with 47 teeth on the output shaft"
    assert f"a damaged tooth of {gear}, which makes too few turns" in unseen
    assert f"wear of {gear}, whose mesh does not stand out" in unseen


def test_a_mesh_beyond_the_band_leaves_the_strikes_to_be_seen(sound):
    fine = GearTrain(((230, 610),))  # meshes at 6.8 kHz
    seen = measured(sound, train=fine)
    assert {one.label for one in seen.found} == {"tooth_local"}
    assert len(seen.unseen) == 2
    assert all(one.startswith("wear of") for one in seen.unseen)


def test_signals_that_cannot_be_used_are_refused(sound):
    with pytest.raises(RecordError, match=r"record must be one channel, got the shape \[2, 25600\]"):
        measured(sound.reshape(2, -1))
    with pytest.raises(
        RecordError, match="42.7 samples a turn at 18000 rpm, a damaged tooth needs 64; .* 1.92e"
    ):
        measured(sound, said_rpm=18000.0)
    with pytest.raises(RecordError, match="20 turns"):
        measured(sound[:8000])
    with pytest.raises(RecordError, match="constant"):
        measured(np.ones(51200))
    with pytest.raises(RecordError, match="sample 7 is nan"):
        measured(np.where(np.arange(51200) == 7, np.nan, sound))
    with pytest.raises(ParameterError, match="said_rpm"):
        measured(sound, said_rpm=0.0)
    with pytest.raises(RecordError, match="^the reference"):
        measured(sound.reshape(2, -1), who="the reference")


def test_a_shaft_too_fast_for_the_rate_is_not_judged():
    train = GearTrain(((57, 12),))  # the output shaft turns 4.75 times as fast
    x = np.random.default_rng(3).standard_normal(40000)
    shown = gear_measures(x, rate_hz=16900.0, said_rpm=12500.0, train=train)
    assert {one.order for one in shown.found if one.label == "tooth_local"} == {1.0}
    assert any("turns too fast for 16900 samples a second" in text for text in shown.unseen)
