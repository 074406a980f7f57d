from dataclasses import replace

import numpy as np
import pytest

from faultdiag.diagnosis.bearing import diagnose_bearing
from faultdiag.diagnosis.bearing_doubts import unclaimed
from faultdiag.diagnosis.shaft_speed import ShaftSpeed

RATE_HZ = 12000.0


PARTS = {"outer": 3.585, "inner": 5.415, "ball": 4.713, "cage": 0.398}
SEEN = ShaftSpeed(1797.0, "found", 20.0)


def test_where_every_second_line_is_missing_nothing_is_claimed(strikes):
    x = strikes(2 * 3.585)
    result = diagnose_bearing(x, rate_hz=RATE_HZ, orders=PARTS, shaft=SEEN)
    assert result.findings[0].label == "outer"
    assert result.label is None
    assert "only every second one is there" in result.why


def test_lines_of_another_part_at_a_speed_near_the_one_said_are_claimed_of_neither():
    t = np.arange(96000) / RATE_HZ
    turn = 2 * np.pi * 1797 / 60 * (t + 1e-4 * np.sin(t))
    # an inner race, 5.415 a turn, with the sidebands of the shaft: one of them lies where a ball strikes
    # at a speed 8 % lower
    pulse = sum(np.cos(k * 5.415 * turn) * (1 + 0.8 * np.cos(turn)) for k in (1, 2, 3, 4))
    x = np.random.default_rng(4).standard_normal(96000) * np.sqrt(np.maximum(1 + 0.4 * pulse, 0))
    parts = {"outer": 3.585, "inner": 5.415, "ball": 4.713}
    right = diagnose_bearing(x, rate_hz=RATE_HZ, orders=parts, shaft=ShaftSpeed(1797.0, "said", 5.0))
    assert right.label == "inner"
    wrong = diagnose_bearing(x, rate_hz=RATE_HZ, orders=parts, shaft=ShaftSpeed(0.92 * 1797, "said", 5.0))
    assert wrong.label is None


def test_a_speed_that_is_only_said_may_make_two_parts_of_one():
    x = np.random.default_rng(3).standard_normal(96000)
    t = np.arange(96000) / RATE_HZ
    pulse = sum(np.cos(2 * np.pi * k * 3.6 * 1750 / 60 * (t + 1e-4 * np.sin(t))) for k in (1, 2, 3, 4))
    x = x * np.sqrt(np.maximum(1 + 0.35 * pulse, 0))
    close = {"outer": 3.6, "inner": 5.4, "ball": 3.85}  # a ball 7 % slower strikes as often as the outer race
    seen = diagnose_bearing(x, rate_hz=RATE_HZ, orders=close, shaft=ShaftSpeed(1750.0, "found", 20.0))
    assert seen.label == "outer"
    said = diagnose_bearing(x, rate_hz=RATE_HZ, orders=close, shaft=ShaftSpeed(1750.0, "said", 5.0))
    assert said.label is None
    assert said.confidence["outer"] < 0.5
    assert "are those of the outer race, but a ball or roller at about 16" in said.why


def test_what_cannot_be_claimed_has_its_reason(strikes):
    result = diagnose_bearing(strikes(5.415), rate_hz=RATE_HZ, orders=PARTS, shaft=SEEN)
    inner = result.findings[0]
    chance = replace(inner, p_value=0.5)
    faint, strong = replace(inner, effect=0.07), replace(inner, effect=0.3)
    said = SEEN._replace(source="said")
    assert unclaimed([chance], [], [], [], SEEN, {}) == ("normal", "")
    assert "so its speed is not sure" in unclaimed([chance], [], [], [], said, {})[1]
    assert unclaimed([faint], [], [], [], SEEN, {}) == (
        None,
        "there are lines of the inner race, too weak to mean damage for sure",
    )
    assert "do not stand out" in unclaimed([strong], [], [], [], SEEN, {})[1]
    assert "did by 25 % in the reference" in unclaimed([], [strong], [], [], SEEN, {"inner": 0.25})[1]
    assert (
        "as the cage goes round" in unclaimed([chance], [], [], [replace(strong, label="cage")], SEEN, {})[1]
    )
    assert "where lines of another shaft are" in unclaimed([chance], [], [strong], [], SEEN, {})[1]


def test_lines_of_another_shaft_say_nothing_of_the_bearing(strikes):
    shaft_of_gears = 3.6
    x = strikes(shaft_of_gears, depth=0.4)
    options = {"rate_hz": RATE_HZ, "orders": PARTS, "shaft": SEEN}
    assert diagnose_bearing(x, **options).label == "outer"
    apart = diagnose_bearing(x, **options, other_shafts=(1.0, shaft_of_gears))
    assert apart.label in ("normal", None)
    assert apart.confidence["outer"] < 0.5


@pytest.mark.parametrize("slowest", [0.038, 0.016])
def test_a_slow_shaft_of_the_gears_does_not_hide_the_bearing(strikes, slowest):
    options = {"rate_hz": RATE_HZ, "orders": PARTS, "shaft": SEEN}
    for order, label in ((3.585, "outer"), (5.415, "inner")):
        found = diagnose_bearing(strikes(order)[:48000], **options, other_shafts=(1.0, 0.19, slowest))
        assert found.label == label


def test_a_tooth_that_knocks_on_another_shaft_is_no_fault_of_the_bearing():
    t = np.arange(120000) / RATE_HZ
    knocks_hz = 0.4 * 1797 / 60  # nine of them are 3.6 a turn, as an outer race strikes
    pulse = sum(np.cos(2 * np.pi * k * knocks_hz * (t + 1e-3 * np.sin(t))) for k in range(1, 60))
    noise = np.random.default_rng(6).standard_normal(len(t))
    x = noise * np.sqrt(np.maximum(1 + 0.3 * pulse, 0))
    result = diagnose_bearing(x, rate_hz=RATE_HZ, orders=PARTS, shaft=SEEN, other_shafts=(1.0, 0.4, 0.3))
    assert (result.label, result.also) == (None, ())


def test_a_fault_near_a_multiple_of_another_shaft_is_its_own(strikes):
    options = {"rate_hz": RATE_HZ, "orders": PARTS, "shaft": SEEN}
    for shaft_order in (0.4, 0.2, 3.585 / 17):
        result = diagnose_bearing(strikes(3.585), **options, other_shafts=(1.0, shaft_order))
        assert (result.label, result.also) == ("outer", ())
