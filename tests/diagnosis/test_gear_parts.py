from faultdiag.diagnosis.gear_parts import gear_name, gears_on, shaft_name, shafts_by_order
from faultdiag.kinematics.gears import GearTrain

TWO = GearTrain(((32, 80), (48, 64)))
THREE = GearTrain(((20, 40), (20, 40), (20, 40)))


def test_shafts_are_named_from_the_input_to_the_output():
    assert [shaft_name(THREE, index) for index in range(4)] == [
        "the input shaft",
        "shaft 2",
        "shaft 3",
        "the output shaft",
    ]
    assert shaft_name(GearTrain(((20, 40),)), 1) == "the output shaft"
    assert shaft_name(None, 0) == "this shaft"


def test_gears_are_named_by_teeth_and_shaft():
    assert gear_name(TWO, 2) == "the gear with 64 teeth on the output shaft"
    assert gear_name(TWO, 1) == "a gear on the middle shaft (80 or 48 teeth)"
    assert gear_name(None, 0) == "a gear on this shaft"
    assert [gears_on(TWO, index) for index in range(3)] == [[32], [80, 48], [64]]


def test_shafts_of_one_speed_are_one():
    assert shafts_by_order(TWO) == {1.0: [0], 0.4: [1], 0.3: [2]}
    # 1 x 20/30 x 30/20 is not exactly 1 in floating point
    assert shafts_by_order(GearTrain(((20, 30), (30, 20)))) == {1.0: [0, 2], 0.666666667: [1]}
    assert shafts_by_order(None) == {1.0: [0]}
