from faultdiag.diagnosis.family_words import family_sentence
from faultdiag.diagnosis.shaft_speed import ShaftSpeed

FOUND = ShaftSpeed(1500.0, "found", 20.0)
SAID = ShaftSpeed(1500.0, "said", 5.0)


def said(frequency_hz, speed=None, n_clear=4):
    return family_sentence(frequency_hz, n_clear=n_clear, effect=0.25, step_hz=0.05, shaft=speed)


def test_how_often_and_how_much_is_said():
    assert said(80.0).startswith(
        "The vibration swells 80.0 times a second by 25 %, 4 clear lines: if it is no"
    )
    assert "(3.20 times a turn)" in said(80.0, FOUND)
    assert "1 clear line:" in said(80.0, n_clear=1)


def test_a_speed_that_was_only_said_leaves_more_room_than_one_that_was_found():
    for multiple in (1, 4):
        assert "rolling bearing" in said(25.2 * multiple + 0.01, FOUND)
        assert "rolling bearing" not in said(25.2 * multiple + 0.01, SAID)


def test_the_mains_and_the_shaft_may_be_one():
    assert said(50.02).endswith("this is the 50 Hz of the mains.")
    assert said(50.02, FOUND).endswith("this is 2 times the speed of the shaft or the 50 Hz of the mains.")
    assert said(25.0, FOUND).endswith("this is the shaft itself.")
    assert said(120.0).endswith("this is the 120 Hz of the mains.")


def test_what_is_slower_than_any_race_is_no_rolling_bearing_but_its_cage():
    for speed in (FOUND, SAID):
        slow = said(0.4 * 25.0, speed)
        assert slow.endswith(
            "4 clear lines: this may be another, slower shaft, a belt or the cage of a bearing."
        )
        assert "this is how a rolling bearing shows" in said(0.6 * 25.0, speed)
    assert "slower shaft" not in said(0.4 * 25.0)


def test_of_very_many_turns_no_multiple_is_meant():
    slow = ShaftSpeed(30.0, "said", 5.0)
    far = family_sentence(107.5, n_clear=4, effect=0.3, step_hz=0.05, shaft=slow)
    assert "times the speed of the shaft" not in far.partition(":")[2]
