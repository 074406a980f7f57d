"""The plain method finds a clear fault, and its probabilities are those of noise."""

import numpy as np
import raw_envelope
from scipy.stats import kstest

ORDERS = {"outer": 3.585, "inner": 5.415, "ball": 4.713, "cage": 0.398}
RATE_HZ, SPEED_RPM = 12000.0, 1797.0
TURNS = SPEED_RPM / 60 * np.arange(60000) / RATE_HZ


def swelling(order, *, share, seed):
    """Noise whose power goes up and down `order` times a turn."""
    return np.sqrt(1 + share * np.cos(2 * np.pi * order * TURNS)) * np.random.default_rng(
        seed
    ).standard_normal(len(TURNS))


def test_a_modulated_noise_has_its_part_named_however_clear_it_is():
    for share in (0.3, 1.0):
        for label in ("outer", "inner", "ball"):
            x = swelling(1.01 * ORDERS[label], share=share, seed=0)
            found = raw_envelope.nats(x, rate_hz=RATE_HZ, orders=ORDERS, speed_rpm=SPEED_RPM)
            assert raw_envelope.claimed(found) == raw_envelope.best(found) == label


def test_noise_has_uniform_p_values_and_no_part():
    rng = np.random.default_rng(1)
    found = [
        raw_envelope.nats(rng.standard_normal(24000), rate_hz=RATE_HZ, orders=ORDERS, speed_rpm=SPEED_RPM)
        for _ in range(200)
    ]
    assert set(found[0]) == {"outer", "inner", "ball"}
    p = np.exp(-np.array([value for one in found for value in one.values()]))
    # neighbouring lines of a Hann window are not independent: p is too large rather than too small
    assert kstest(p, "uniform", alternative="greater").pvalue > 1e-3
    assert p.min() > raw_envelope.ALPHA


def test_lines_of_the_shaft_are_not_looked_at():
    x = swelling(5.0, share=0.5, seed=2)
    found = raw_envelope.nats(x, rate_hz=RATE_HZ, orders={"inner": 4.95}, speed_rpm=SPEED_RPM)
    assert found["inner"] < 7
    assert raw_envelope.nats(x, rate_hz=RATE_HZ, orders={"inner": 4.95}, speed_rpm=1700)["inner"] < 7
    assert raw_envelope.nats(x, rate_hz=RATE_HZ, orders={"inner": 4.95}, speed_rpm=1790)["inner"] > 14


def test_what_may_be_chance_is_not_claimed():
    found = {"outer": 3.0, "inner": 13.0, "ball": 5.0}
    assert (raw_envelope.best(found), raw_envelope.claimed(found)) == ("inner", "normal")
    assert raw_envelope.claimed({**found, "inner": 14.0}) == "inner"
