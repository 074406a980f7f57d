import numpy as np
import pytest

from faultdiag.diagnosis.shaft_lines import ORDERS, ShaftLines
from faultdiag.diagnosis.shaft_signs import shaft_signs, to_velocity

SHAFT_HZ = 25.3


def lines_of(velocities, *, unit="mm/s", at_mains=()):
    """Lines of such RMS velocities in mm/s, without noise, in another unit."""
    orders = np.array(ORDERS)
    hz = orders * SHAFT_HZ
    mm_s = np.array([velocities.get(order, 0.0) for order in ORDERS])
    factor = {"mm/s": 1, "m/s2": 2 * np.pi * hz / 1000, "um": 1000 / (2 * np.pi * hz)}[unit]
    flags = np.isin(orders, at_mains)
    chance = np.where(mm_s > 0, 0.0, 1.0)
    return ShaftLines(orders, hz, hz, (mm_s * factor) ** 2, 0 * hz, 0 * hz, chance, flags, 1.0)


def typical(velocities, healthy=None, **options):
    lines = lines_of(velocities, **options)
    signs = shaft_signs(lines, healthy, unit=options.get("unit", "mm/s"))
    return {sign.label: sign.typical for sign in signs}


@pytest.mark.parametrize("unit", ["mm/s", "m/s2", "um"])
def test_amplitudes_become_velocities(unit):
    velocities = {1: 3.0, 2: 1.0, 0.5: 0.2, 10: 0.1}
    lines = lines_of(velocities, unit=unit)
    found = np.sqrt(lines.power) * to_velocity(lines, unit)
    assert found == pytest.approx([velocities.get(order, 0.0) for order in ORDERS])


@pytest.mark.parametrize("unit", ["mm/s", "m/s2", "um"])
def test_once_a_turn_and_little_else_is_typical_of_imbalance(unit):
    assert typical({1: 4.0, 3: 1.0}, unit=unit)["imbalance"] == pytest.approx(2.0)  # 4 to 1, the limit is 2
    assert typical({1: 4.0, 2: 3.0, 3: 4.0}, unit=unit)["imbalance"] == pytest.approx(0.4)


def test_twice_a_turn_beside_once_is_typical_of_misalignment():
    assert typical({1: 4.0, 2: 3.0})["misalignment"] == pytest.approx(1.5)  # 0.75, the limit is 0.5
    assert typical({1: 4.0, 2: 1.0})["misalignment"] == pytest.approx(0.5)


def test_broken_and_high_orders_are_typical_of_looseness_and_not_of_misalignment():
    for velocities in ({0.5: 1.0, 1.5: 1.0}, {4: 1.0, 5: 1.0, 6: 1.0, 7: 1.0}, {1 / 3: 1.0, 4: 1.0, 5: 1.0}):
        found = typical({1: 2.0, 2: 2.0} | velocities)
        assert found["looseness"] > 1 > found["misalignment"]
    for velocities in ({0.5: 1.0}, {4: 1.0, 5: 1.0, 6: 1.0}, {0.5: 0.1, 1.5: 0.1, 2.5: 0.1}):
        found = typical({1: 2.0, 2: 2.0} | velocities)
        assert found["looseness"] < 1 < found["misalignment"]


def test_lines_of_the_mains_do_not_count_for_looseness():
    high = {4: 1.0, 5: 1.0, 6: 1.0, 7: 1.0}
    assert typical({1: 2.0} | high, at_mains=(4, 6))["looseness"] < 1 < typical({1: 2.0} | high)["looseness"]


def test_harmonics_that_go_on_and_on_count_only_if_broken():
    strikes = {k: 1 / k for k in range(1, 31)}
    assert typical(strikes)["looseness"] == 0
    assert typical(strikes | {0.5: 1.0, 1.5: 0.5})["looseness"] > 1


def test_only_what_has_been_added_to_a_healthy_machine_counts():
    healthy = lines_of({1: 1.0, 2: 3.0})
    found = typical({1: 5.0, 2: 3.0}, healthy)
    assert found["imbalance"] > 5
    assert found["misalignment"] == 0


def test_several_lines_together_are_no_chance_and_one_may_be():
    def chance(velocities):
        return shaft_signs(lines_of(velocities), None, unit="mm/s")[2].p_value

    assert chance({}) == 1
    assert chance({5: 1.0}) > 0.01
    assert chance({4: 1.0, 5: 1.0, 6: 1.0, 0.5: 1.0}) < 1e-9
