import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultdiag.errors import ParameterError
from faultdiag.kinematics.gears import GearStage, GearTrain, PlanetaryStage, parse_train

TRAIN = GearTrain(((32, 80), (48, 64)))
PLANETARY = {"sun": 20, "planet": 40, "ring": 100, "n_planets": 3}

teeth = st.integers(5, 200)


def counted_turns(driving, driven):
    """Turns until the marked teeth of two gears meet again, by turning them tooth by tooth."""
    steps = next(n for n in range(1, driving * driven + 1) if n % driving == 0 and n % driven == 0)
    return steps // driving


def test_orders_of_a_train_follow_from_its_teeth():
    assert TRAIN.shaft_orders == pytest.approx((1, 0.4, 0.3))
    assert TRAIN.mesh_orders == pytest.approx((32, 19.2))
    assert TRAIN.hunting_orders == pytest.approx((0.2, 0.1))


@given(st.lists(st.tuples(teeth, teeth), min_size=1, max_size=4))
def test_both_gears_of_a_mesh_see_the_same_teeth(stages):
    train = GearTrain(stages)
    for i, (driving, driven) in enumerate(stages):
        assert train.mesh_orders[i] == pytest.approx(train.shaft_orders[i] * driving)
        assert train.mesh_orders[i] == pytest.approx(train.shaft_orders[i + 1] * driven)


@pytest.mark.parametrize("stage", [(32, 80), (48, 64), (17, 23), (20, 20), (20, 40), (40, 20)])
def test_the_same_two_teeth_meet_as_often_as_counted(stage):
    turns = counted_turns(*stage)
    assert GearStage(*stage).hunting_turns == turns
    assert GearTrain((stage,)).hunting_orders == pytest.approx((1 / turns,))


def test_the_hunting_tooth_is_the_mesh_over_the_least_common_multiple():
    for mesh, hunting, stage in zip(TRAIN.mesh_orders, TRAIN.hunting_orders, TRAIN.stages, strict=True):
        assert hunting == pytest.approx(mesh / math.lcm(*stage))


def test_sidebands_lie_a_shaft_beside_each_harmonic_of_the_mesh():
    first, second = TRAIN.sideband_orders()
    assert first["driving"] == pytest.approx((31, 33))
    assert first["driven"] == pytest.approx((31.6, 32.4))
    assert second["driving"] == pytest.approx((18.8, 19.6))
    assert second["driven"] == pytest.approx((18.9, 19.5))
    assert TRAIN.sideband_orders(harmonic=3)[1]["driven"] == pytest.approx((57.3, 57.9))


@pytest.mark.parametrize("harmonic", [0, 1.5, float("nan")])
def test_a_harmonic_that_is_none_is_refused(harmonic):
    with pytest.raises(ParameterError, match=f"harmonic must be a whole number of 1 or more, got {harmonic}"):
        TRAIN.sideband_orders(harmonic=harmonic)


def test_stages_are_pairs_with_names():
    (stage,) = GearTrain([[20.0, 40]]).stages
    assert stage == GearStage(teeth_driving=20, teeth_driven=40) == (20, 40)
    assert stage.ratio == 0.5


@pytest.mark.parametrize(
    "stages", [(), ((32, 4),), ((32.5, 40),), ((float("nan"), 40),), ((32, 80, 48),), ((32,),)]
)
def test_trains_without_gears_are_refused(stages):
    with pytest.raises(ParameterError, match="stages must be pairs of 5 teeth or more each, got"):
        GearTrain(stages)


@pytest.mark.parametrize("text", ["32/80,48/64", " 32 / 80 , 48/64 "])
def test_a_train_is_read_from_text(text):
    assert parse_train(text) == TRAIN


@pytest.mark.parametrize("text", ["", "32", "32/80,", "32/80;48/64", "32/-80", "32.5/80", "a/b", "32/80/48"])
def test_another_text_is_named_with_the_remedy(text):
    with pytest.raises(
        ParameterError, match="write the teeth of driving and driven gear.*such as 32/80,48/64"
    ):
        parse_train(text)


def test_text_with_too_few_teeth_is_refused():
    with pytest.raises(ParameterError, match="5 teeth or more each, got .*32, 0"):
        parse_train("32/0")


@pytest.mark.parametrize(
    ("fixed", "driving", "expected"),
    [
        # sun, ring, carrier by the textbook ratios of S = 20 and R = 100
        ("ring", "sun", (1, 0, 20 / 120)),
        ("ring", "carrier", (120 / 20, 0, 1)),
        ("sun", "ring", (0, 1, 100 / 120)),
        ("sun", "carrier", (0, 120 / 100, 1)),
        ("carrier", "sun", (1, -20 / 100, 0)),
        ("carrier", "ring", (-100 / 20, 1, 0)),
    ],
)
def test_parts_turn_by_the_ratios_of_the_textbook(fixed, driving, expected):
    stage = PlanetaryStage(**PLANETARY, fixed=fixed, driving=driving)
    orders = stage.part_orders()
    assert [orders[part] for part in ("sun", "ring", "carrier")] == pytest.approx(expected)
    # both meshes: what rolls past the planet on either side, as seen from the carrier
    spin = (orders["planet"] - orders["carrier"]) * stage.planet
    assert (orders["sun"] - orders["carrier"]) * stage.sun == pytest.approx(-spin)
    assert (orders["ring"] - orders["carrier"]) * stage.ring == pytest.approx(spin)
    assert stage.mesh_order == pytest.approx(abs(spin))


def test_a_fixed_carrier_is_a_train_of_two_stages():
    stage = PlanetaryStage(**PLANETARY, fixed="carrier")
    train = GearTrain(((20, 40), (40, 100)))
    assert stage.mesh_order == train.mesh_orders[0] == pytest.approx(train.mesh_orders[1])
    assert abs(stage.part_orders()["planet"]) == pytest.approx(train.shaft_orders[1])
    assert abs(stage.part_orders()["ring"]) == pytest.approx(train.shaft_orders[2])
    assert stage.passing_order == 0


def test_damaged_teeth_of_a_stage_strike_by_the_published_formulas():
    stage = PlanetaryStage(**PLANETARY)
    mesh = 100 * 20 / 120
    assert stage.mesh_order == pytest.approx(mesh)
    assert stage.fault_orders() == pytest.approx(
        {"sun": 3 * mesh / 20, "planet": mesh / 40, "ring": 3 * mesh / 100}
    )
    # with a ring that stands still its damaged tooth is struck by every planet that passes
    assert stage.fault_orders()["ring"] == pytest.approx(stage.passing_order)


@pytest.mark.parametrize(
    ("change", "notes"),
    [
        ({}, []),
        ({"n_planets": 7}, ["sun + ring, 120, is not divisible by 7"]),
        ({"ring": 101}, ["121, is not divisible by 3", "ring is not sun + 2 x planet, 100"]),
        ({"ring": 103}, ["ring is not sun + 2 x planet, 100"]),
    ],
)
def test_odd_numbers_of_teeth_are_noted_not_refused(change, notes):
    found = PlanetaryStage(**PLANETARY | change).notes
    assert len(found) == len(notes)
    for note, expected in zip(found, notes, strict=True):
        assert expected in note


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sun": 4}, "sun must have 5 teeth or more, got 4"),
        ({"planet": 40.5}, "planet must have 5 teeth or more, got 40.5"),
        ({"ring": float("nan")}, "ring must have 5 teeth or more, got nan"),
        ({"ring": 40}, "ring must have more teeth than sun and planet, got 40"),
        ({"n_planets": 0}, "n_planets must be a whole number of 1 or more, got 0"),
        ({"fixed": "planet"}, "fixed must be sun or ring or carrier, got 'planet'"),
        ({"driving": "shaft"}, "driving must be sun or ring or carrier, got 'shaft'"),
        ({"fixed": "sun"}, "driving must be another part than fixed, got 'sun' for both"),
    ],
)
def test_an_impossible_stage_is_refused(change, message):
    with pytest.raises(ParameterError, match=message):
        PlanetaryStage(**PLANETARY | change)
