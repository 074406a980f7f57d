import numpy as np
import pytest

from faultdiag.diagnosis.shaft_speed import shaft_speed
from faultdiag.errors import RecordError

RATE_HZ, N = 12000.0, 96000


def machine(speed_rpm, *, level=1.0, seed=0):
    rng = np.random.default_rng(seed)
    turns = speed_rpm / 60 * np.arange(N) / RATE_HZ
    shaft = sum(
        a * np.cos(2 * np.pi * (k * turns + rng.uniform())) for k, a in enumerate((1, 0.5, 0.4, 0.2, 0.2), 1)
    )
    return level * shaft + rng.standard_normal(N)


def test_near_the_speed_that_was_said_it_is_found():
    found = shaft_speed(machine(1763.2), rate_hz=RATE_HZ, said_rpm=1750)
    assert found.source == "found"
    assert found.speed_rpm == pytest.approx(1763.2, rel=3e-4)


@pytest.mark.parametrize("off", [-0.08, -0.05, 0.05, 0.08])
def test_far_from_it_it_is_found_and_said_to_be_far_off(off):
    found = shaft_speed(machine(1763.2, level=3), rate_hz=RATE_HZ, said_rpm=1763.2 * (1 + off))
    assert found.source == "found far off"
    assert found.speed_rpm == pytest.approx(1763.2, rel=3e-4)


def test_where_nothing_is_seen_what_was_said_stands():
    for seed in range(8):
        x = np.random.default_rng(seed).standard_normal(N)
        assert shaft_speed(x, rate_hz=RATE_HZ, said_rpm=1750)[:2] == (1750, "said")


def test_a_record_of_few_turns_is_refused():
    with pytest.raises(RecordError, match="20 turns or more"):
        shaft_speed(np.random.default_rng(0).standard_normal(2000), rate_hz=RATE_HZ, said_rpm=1000)
