import numpy as np
import pytest

from faultdiag.datasets.rig import Assembly, simulate_bearing
from faultdiag.diagnosis.bearing import diagnose_bearing
from faultdiag.diagnosis.shaft_speed import ShaftSpeed, shaft_speed
from faultdiag.errors import ParameterError
from faultdiag.kinematics.bearing import Bearing

BEARING = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
ORDERS = BEARING.fault_orders()
RATE_HZ = 12000.0


def machine(fault, *, seed=0, snr_db=3.0, speed_rpm=1763.0, duration_s=8.0):
    rng = np.random.default_rng(seed)
    return simulate_bearing(
        bearing=BEARING,
        fault=fault,
        rate_hz=RATE_HZ,
        duration_s=duration_s,
        speed_rpm=speed_rpm,
        snr_db=snr_db,
        assembly=Assembly.draw(rng),
        rng=rng,
    )


def diagnosed(x, said_rpm=1750.0, orders=ORDERS):
    speed = shaft_speed(x, rate_hz=RATE_HZ, said_rpm=said_rpm)
    return diagnose_bearing(x, rate_hz=RATE_HZ, orders=orders, shaft=speed)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("fault", ["outer", "inner", "ball"])
def test_a_fault_of_the_rig_is_named(fault, seed):
    found = diagnosed(machine(fault, seed=seed))
    assert found.label == fault
    assert found.confidence[fault] > 0.8
    assert max(value for label, value in found.confidence.items() if label != fault) < 0.5


def test_a_sound_bearing_is_normal_and_noise_is_nothing():
    for seed in range(4):
        sound = diagnosed(machine("normal", seed=seed))
        assert sound.label in ("normal", None)
        assert max(sound.confidence.values()) < 0.1
        noise = diagnosed(np.random.default_rng(seed).standard_normal(60000))
        assert noise.label is None
        assert "its speed is not sure" in noise.why


def test_lines_that_are_there_but_weak_are_no_claim():
    t = np.arange(240000) / RATE_HZ
    turns = 1750 / 60 * t
    pulse = sum(np.cos(2 * np.pi * k * 3.585 * turns) for k in (1, 2, 3, 4))
    shaft = sum(np.cos(2 * np.pi * k * turns) for k in (1, 2, 3))
    x = np.sqrt(1 + 0.07 * pulse) * np.random.default_rng(0).standard_normal(t.size) + shaft
    found = diagnosed(x)
    assert found.label is None
    assert found.why == "there are lines of the outer race, too weak to mean damage for sure"
    assert found.findings[0].p_value < 1e-8


def test_two_faults_at_once_are_both_said():
    both = machine("inner", seed=1) / machine("inner", seed=1).std()
    both = both + machine("outer", seed=2) / machine("outer", seed=2).std()
    found = diagnosed(both)
    assert {found.label, *found.also} == {"inner", "outer"}


def test_the_answer_does_not_depend_on_the_order_of_the_hypotheses():
    x = machine("ball", seed=2)
    first, turned = diagnosed(x), diagnosed(x, orders=dict(reversed(ORDERS.items())))
    assert (first.label, first.confidence) == (turned.label, turned.confidence)


@pytest.mark.data
def test_real_bearings_with_the_textbook_signs(cwru_dir):
    from faultdiag.readers import read

    for number, label in ((109, "inner"), (135, "outer")):
        (x,) = read(cwru_dir / f"{number}.mat").select(("DE",)).samples
        speed = shaft_speed(x[:96000], rate_hz=48000.0, said_rpm=1797)
        found = diagnose_bearing(x[:96000], rate_hz=48000.0, orders=ORDERS, shaft=speed)
        assert found.label == label


PARTS = {"outer": 3.585, "inner": 5.415, "ball": 4.713, "cage": 0.398}
SEEN = ShaftSpeed(1797.0, "found", 20.0)


def test_damage_has_grown_beside_a_healthy_reference(strikes):
    x = strikes(5.415)
    options = {"rate_hz": RATE_HZ, "orders": PARTS, "shaft": SEEN}
    alone = diagnose_bearing(x, **options)
    assert alone.label == "inner"
    effect = alone.effects["inner"]
    assert diagnose_bearing(x, **options, healthy={"inner": effect / 3}).label == "inner"
    assert diagnose_bearing(x, **options, healthy={"outer": effect}).label == "inner"
    known = diagnose_bearing(x, **options, healthy={"inner": effect})
    assert known.label is None
    assert "in the reference" in known.why


def test_where_only_the_cage_shows_the_answer_is_about_it(strikes):
    result = diagnose_bearing(strikes(0.398, depth=0.6), rate_hz=RATE_HZ, orders=PARTS, shaft=SEEN)
    assert (result.label, result.subject) == (None, "cage")
    assert diagnose_bearing(strikes(5.415), rate_hz=RATE_HZ, orders=PARTS, shaft=SEEN).subject == "inner"


def test_what_is_new_is_found_behind_what_the_reference_has_already(strikes):
    x = strikes(5.415, depth=0.6, also=(3.585,))
    options = {"rate_hz": RATE_HZ, "orders": PARTS, "shaft": SEEN}
    first, *others = diagnose_bearing(x, **options).findings
    second = next(one for one in others if one.label in {"inner", "outer"} - {first.label})
    new = diagnose_bearing(x, **options, healthy={first.label: first.effect})
    assert new.label == second.label
    both = {first.label: first.effect, second.label: second.effect}
    assert diagnose_bearing(x, **options, healthy=both).label is None


def test_a_bearing_has_a_part_that_strikes(strikes):
    with pytest.raises(ParameterError, match="orders must have a part that strikes, got"):
        diagnose_bearing(strikes(3.585), rate_hz=RATE_HZ, orders={"cage": 0.4}, shaft=SEEN)
