from dataclasses import replace

import numpy as np
import pytest

from faultdiag.diagnosis.bearing import diagnose_bearing
from faultdiag.diagnosis.bearing_confidence import confidence_of, damage_limit, is_old, matters
from faultdiag.diagnosis.shaft_speed import ShaftSpeed

RATE_HZ = 12000.0


PARTS = {"outer": 3.585, "inner": 5.415, "ball": 4.713, "cage": 0.398}
SEEN = ShaftSpeed(1797.0, "found", 20.0)


def test_where_nothing_is_claimed_no_part_is_sure():
    rng = np.random.default_rng(8)
    t = np.arange(96000) / RATE_HZ
    comb = sum(np.cos(2 * np.pi * 7.9 * k * t + rng.uniform(0, 6)) for k in range(1, 60))
    x = rng.standard_normal(96000) * np.sqrt(np.maximum(1 + 0.15 * comb, 0))
    result = diagnose_bearing(x, rate_hz=RATE_HZ, orders=PARTS, shaft=SEEN)
    assert result.label is None
    assert max(result.confidence.values()) < 0.5


@pytest.fixture(scope="module")
def inner(strikes):
    return diagnose_bearing(strikes(5.415), rate_hz=RATE_HZ, orders=PARTS, shaft=SEEN).findings[0]


def test_a_claim_begins_at_a_chance_of_one_in_a_million_and_an_effect_of_a_tenth(inner):
    sure = replace(inner, p_value=1e-12, whole_band_p_value=1e-12, effect=0.4)
    assert confidence_of(replace(sure, whole_band_p_value=1e-6)) == pytest.approx(0.5)
    assert confidence_of(replace(sure, p_value=1e-6)) == pytest.approx(0.5)
    assert confidence_of(replace(sure, effect=0.10)) == pytest.approx(0.5)
    assert confidence_of(sure) > 0.95
    assert confidence_of(sure, {"inner": 0.2}) == pytest.approx(0.5)


def test_the_limit_grows_with_what_the_healthy_machine_shows():
    assert damage_limit("outer") == damage_limit("outer", {"outer": 0.05}) == 0.10
    assert damage_limit("outer", {"outer": 0.3}) == pytest.approx(0.6)
    assert damage_limit("cage", {"cage": 0.3}) == 0.10  # it is never claimed, grown or not


def test_old_lines_would_matter_had_they_grown(inner):
    strong = replace(inner, p_value=1e-12, whole_band_p_value=1e-12, effect=0.4)
    assert matters(strong)
    assert not matters(replace(strong, effect=0.09))
    assert not matters(replace(strong, p_value=1e-3))
    assert is_old(strong, {"inner": 0.3})
    assert not is_old(strong, {"inner": 0.1})
    assert not is_old(strong, {"outer": 0.3})
