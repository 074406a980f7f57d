import numpy as np
import pytest

from faultdiag.diagnosis.bearing_rules import dummy_scores, findings
from faultdiag.diagnosis.envelope_lines import envelope_lines

ORDERS = {"outer": 3.585, "inner": 5.415, "ball": 4.713}
RATE_HZ, SPEED_RPM = 12000.0, 1800.0


def found_in(x, orders=ORDERS):
    lines = envelope_lines(x, rate_hz=RATE_HZ, highest_hz=700.0, background_hz=30.0)
    return findings(lines, orders, speed_rpm=SPEED_RPM, duration_s=len(x) / RATE_HZ)


def pulsing(order, depth, n=96000):
    t = np.arange(n) / RATE_HZ
    pulse = sum(np.cos(2 * np.pi * k * order * SPEED_RPM / 60 * t) for k in (1, 2, 3, 4))
    return np.sqrt(np.maximum(1 + depth * pulse, 0)) * np.random.default_rng(0).standard_normal(n)


@pytest.mark.parametrize("label", ORDERS)
def test_the_part_whose_order_pulses_comes_first_with_its_effect_and_frequency(label):
    slip = 1.008
    best, second, _ = found_in(pulsing(slip * ORDERS[label], 0.2))
    assert best.label == label
    assert best.score > 3 * second.score
    assert best.p_value < 1e-12
    assert best.effect == pytest.approx(0.2 * np.pi / 4, abs=0.04)
    assert best.found_hz == pytest.approx(slip * best.expected_hz, rel=5e-4)
    for k, (frequency_hz, level_db) in enumerate(best.lines, 1):
        assert frequency_hz == pytest.approx(k * best.found_hz, abs=0.3)
        assert level_db > 8


def test_dummies_lie_away_from_the_parts_and_show_what_a_record_has_anywhere():
    options = {"rate_hz": RATE_HZ, "highest_hz": 1100.0, "background_hz": 30.0}
    quiet = np.random.default_rng(0).standard_normal(96000)
    of_noise = dummy_scores(envelope_lines(quiet, **options), ORDERS, speed_rpm=SPEED_RPM)
    assert 10 < len(of_noise) < 60
    assert of_noise.max() < 14
    # a comb at an order of no part: some dummy finds it
    foreign = dummy_scores(envelope_lines(pulsing(4.2, 0.2), **options), ORDERS, speed_rpm=SPEED_RPM)
    assert foreign.max() > 40
    # that of a part leaves the dummies as they were
    own = dummy_scores(envelope_lines(pulsing(3.585, 0.2), **options), {"outer": 3.585}, speed_rpm=SPEED_RPM)
    assert np.median(own) < 14


def test_the_order_of_the_hypotheses_does_not_matter():
    x = pulsing(4.0, 0.1)
    first = [(one.label, one.score) for one in found_in(x)]
    turned = [(one.label, one.score) for one in found_in(x, dict(reversed(ORDERS.items())))]
    assert first == turned


def test_strikes_that_are_carried_through_the_load_lose_no_effect_to_their_sidebands():
    shaft_hz = SPEED_RPM / 60
    t = np.arange(20 * int(RATE_HZ)) / RATE_HZ
    strikes = np.cos(2 * np.pi * 5.4 * shaft_hz * t) + np.cos(2 * np.pi * 10.8 * shaft_hz * t)
    noise = np.random.default_rng(0).standard_normal(t.size)

    def effect(depth, carriers):
        power = 1 + 0.3 * strikes * (1 + depth * np.cos(2 * np.pi * shaft_hz * t))
        x = np.sqrt(np.maximum(power, 0)) * noise
        lines = envelope_lines(x, rate_hz=RATE_HZ, highest_hz=5 * 5.4 * shaft_hz, background_hz=shaft_hz)
        (one,) = findings(lines, {"inner": 5.4}, speed_rpm=SPEED_RPM, duration_s=t[-1], carriers=carriers)
        return one.effect

    plain, with_sidebands = effect(1.0, {}), effect(1.0, {"inner": 1.0})
    # two sidebands of half the line: the power of three lines is 1 + 1 / 4 + 1 / 4
    assert with_sidebands == pytest.approx(plain * np.sqrt(1.5), rel=0.05)
    assert effect(0.0, {"inner": 1.0}) == pytest.approx(effect(0.0, {}), rel=0.03)
