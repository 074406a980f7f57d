import importlib.util
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from faultdiag.datasets.gear_rig import Gearbox, simulate_gearbox
from faultdiag.diagnosis.gear import GearResult, diagnose_gear
from faultdiag.diagnosis.healthy import Healthy
from faultdiag.errors import RecordError
from faultdiag.kinematics.gears import GearTrain

RATE_HZ = 12800.0
TRAIN = GearTrain(((23, 61), (29, 47)))
ORDERS = [round(order, 9) for order in TRAIN.shaft_orders]


@cache
def machine(fault, seed=0, *, stage=1, gear="driving", severity=1.0, load=1.0, assembly=0, train=TRAIN):
    """Six seconds of a gearbox by lot, with lines of the shaft."""
    box = Gearbox.draw(train, np.random.default_rng(assembly))
    box = replace(
        box,
        mesh_amplitudes=tuple(load * height for height in box.mesh_amplitudes),
        impact=0.4 * box.impact,
    )
    samples, turns = simulate_gearbox(
        gearbox=box,
        fault=fault,
        rate_hz=RATE_HZ,
        duration_s=6,
        speed_rpm=1776.0,
        stage=stage,
        gear=gear,
        severity=severity,
        rng=np.random.default_rng(seed),
    )
    return samples[0] + sum(np.cos(2 * np.pi * k * turns) / k for k in (1, 2, 3, 4, 5, 6))


def diagnosed(x, *, train=TRAIN, reference=None) -> GearResult:
    healthy = None if reference is None else Healthy(reference, RATE_HZ, 1780.0)
    return diagnose_gear(x, rate_hz=RATE_HZ, said_rpm=1780.0, train=train, reference=healthy)


@pytest.mark.parametrize("reference", [None, "same", "other"])
@pytest.mark.parametrize(
    ("stage", "gear", "order"),
    [
        (1, "driving", ORDERS[0]),
        (1, "driven", ORDERS[1]),
        (2, "driving", ORDERS[1]),
        (2, "driven", ORDERS[2]),
    ],
)
def test_a_damaged_tooth_is_found_on_its_shaft(stage, gear, order, reference):
    before = None if reference is None else machine("normal", 9, load=1.6, assembly=int(reference == "other"))
    found = diagnosed(machine("tooth", 1, stage=stage, gear=gear), reference=before)
    assert found.label == "tooth_local"
    assert found.findings[0].order == order
    assert found.confidence > 0.8
    assert found.findings[0].frequency_hz == pytest.approx(order * 1776 / 60, rel=5e-4)
    assert found.also == ()


def test_the_power_over_the_turn_peaks_for_the_damaged_tooth_and_not_in_the_reference():
    best = diagnosed(machine("tooth", 1), reference=machine("normal", 9)).findings[0]
    assert (best.label, best.order) == ("tooth_local", ORDERS[0])
    assert (best.turn.mean(), best.healthy_turn.mean()) == pytest.approx((1, 1))
    assert best.turn.max() > 2 * best.healthy_turn.max()
    alone = diagnosed(machine("tooth", 1)).findings
    assert all(one.healthy_turn is None for one in alone)
    assert [one.turn is None for one in alone] == [one.kind == "spread" for one in alone]


@pytest.mark.parametrize("train", [TRAIN, None])
@pytest.mark.parametrize("load", [0.6, 1.0, 1.6])
def test_sound_gears_are_normal_whatever_the_load(load, train):
    for seed in (2, 3):
        for before in (None, machine("normal", 9), machine("normal", 8, assembly=1)):
            found = diagnosed(machine("normal", seed, load=load), train=train, reference=before)
            assert found.label == "normal", found.why
            assert found.confidence > 0.8
            assert (found.claims, found.also) == ((), ())


def test_without_teeth_a_damaged_tooth_of_the_shaft_is_found():
    found = diagnosed(machine("tooth", 1), train=None)
    assert found.label == "tooth_local"
    assert found.findings[0].part == "a gear on this shaft"


@pytest.mark.parametrize("seed", [5, 6, 7])
@pytest.mark.parametrize("assembly", [0, 1])
def test_worn_teeth_are_told_from_a_damaged_one(seed, assembly):
    worn = machine("wear", seed, severity=2.0)
    found = diagnosed(worn, reference=machine("normal", 9, load=1.6, assembly=assembly))
    assert found.label == "tooth_distributed"
    assert {one.order for one in found.claims} <= {*ORDERS[:2]}  # the shafts of the worn pair
    assert diagnosed(worn, train=None).label != "tooth_local"


def test_without_a_reference_worn_teeth_are_named_as_possible():
    found = diagnosed(machine("wear", 5, severity=2.0))
    assert found.label is None
    assert found.findings[0].label == "tooth_distributed"
    assert found.findings[0].confidence == 0.49
    assert found.why.startswith("the mesh of a gear on the middle shaft (61 or 29 teeth) changes by")
    assert found.why.endswith(
        "from tooth to tooth, and only a record of the sound machine tells whether by wear"
    )


def test_worn_teeth_need_a_reference_that_shows_the_mesh():
    noisy = machine("normal", 9) + 40 * np.random.default_rng(0).standard_normal(76800)
    found = diagnosed(machine("wear", 5, severity=2.0), reference=noisy)
    assert "tooth_distributed" not in {one.label for one in found.findings}
    assert any("for want of a reference" in one for one in found.unseen)


def test_what_the_reference_has_too_is_no_damage():
    broken = machine("tooth", 1)
    assert diagnosed(broken, reference=machine("tooth", 5)).label != "tooth_local"


def test_the_level_does_not_matter():
    for x in (machine("tooth", 1), machine("wear", 5, severity=2.0), machine("normal", 2)):
        one, three = diagnosed(x), diagnosed(3e3 * x)
        assert one.label == three.label
        assert [each.effect for each in three.findings] == pytest.approx(
            [each.effect for each in one.findings], rel=1e-3, abs=1e-5
        )


def test_noise_is_no_claim():
    for seed in range(4):
        for train in (None, TRAIN):
            found = diagnosed(np.random.default_rng(seed).standard_normal(76800), train=train)
            assert found.label is None
            assert found.confidence is None
            assert found.why == "the shaft cannot be seen in the vibration, so its speed is not sure"


def test_a_reference_without_a_shaft_is_no_ground_for_normal():
    noise = np.random.default_rng(0).standard_normal(76800)
    found = diagnosed(machine("normal", 2), reference=noise)
    assert found.label is None
    assert found.why == "the shaft cannot be seen in the reference, so its speed there is not sure"


def test_a_faint_pulse_is_neither_damage_nor_nothing():
    t = np.arange(102400) / RATE_HZ
    turns = 1776 / 60 * t
    away = np.abs((turns - 0.3 + 0.5) % 1 - 0.5)
    power = np.where(away < 1 / 80, 0.07 * 40, 0) + 0.93
    shaft = sum(np.cos(2 * np.pi * k * turns) for k in range(1, 8))
    x = np.sqrt(power) * np.random.default_rng(0).standard_normal(t.size) + shaft
    found = diagnosed(x, train=None)
    assert found.label is None
    assert found.why == "there is a pulse in every turn of this shaft, too weak to mean damage for sure"


def test_a_pulse_of_a_slow_shaft_is_not_one_of_a_shaft_twice_as_fast():
    train = GearTrain(((24, 48),))
    slow = diagnosed(machine("tooth", 1, gear="driven", train=train), train=train)
    assert slow.findings[0].part == "the gear with 48 teeth on the output shaft"
    assert slow.also == ()  # the faster one shows it, too, and is explained
    fast = diagnosed(machine("tooth", 1, gear="driving", train=train), train=train)
    assert fast.findings[0].part == "the gear with 24 teeth on the input shaft"


def test_two_damaged_teeth_are_both_said():
    input_gear = machine("tooth", 1)
    output_gear = machine("tooth", 1, stage=2, gear="driven", severity=1.5)
    found = diagnosed(input_gear + output_gear)
    assert {one.order for one in found.claims} == {ORDERS[0], ORDERS[2]}
    assert found.also == ()  # the same fault once more; the sentence names both gears


def test_a_slow_shaft_is_judged_only_where_the_reference_turns_it_enough():
    found = diagnosed(machine("normal", 2), reference=machine("normal", 9)[:12800])
    assert ORDERS[2] not in {one.order for one in found.findings if one.label == "tooth_local"}
    assert any("output shaft" in one for one in found.unseen)


def test_a_short_record_or_reference_is_refused():
    with pytest.raises(RecordError, match="20 turns"):
        diagnosed(machine("normal", 2)[:8000])
    with pytest.raises(RecordError, match="20 turns"):
        diagnosed(machine("normal", 2), reference=machine("normal", 9)[:8000])


@pytest.mark.data
def test_a_real_sound_gearbox_under_load_is_no_claim(test_data):
    """Recorded at 12.8 kHz and 30 Hz; the reference is the same machine without load."""
    path = test_data / "gearbox_spectraquest" / "unpack.py"
    spec = importlib.util.spec_from_file_location("unpack_gearbox", path)
    unpack = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(unpack)
    train = GearTrain(((32, 80), (48, 64)))
    loaded, idle = unpack.load("h30hz50").T, unpack.load("h30hz0").T
    for x, before in zip(loaded, idle, strict=True):
        reference = Healthy(before, 12800.0, 1800.0)
        found = diagnose_gear(x, rate_hz=12800.0, said_rpm=1800.0, train=train, reference=reference)
        assert found.label in ("normal", None)
        assert found.shaft.source == "found"
        assert found.shaft.speed_rpm == pytest.approx(1781, rel=1e-3)
