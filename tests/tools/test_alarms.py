"""Alarms in noise are counted for every kind; the faults of another rig are real ones."""

import alarms
import numpy as np
import pytest

from faultdiag.kinematics.catalogue import find_bearing


@pytest.mark.data
def test_noise_of_every_kind_is_counted_and_claims_nothing(test_data, monkeypatch):
    monkeypatch.setenv("FAULTDIAG_TEST_DATA", str(test_data))
    found = alarms.noise(5)
    assert (found["pieces"], found["claims"], found["share"]) == (5, 0, 0.0)
    assert set(found["kinds"]) == {
        "white",
        "healthy spectrum",
        "shaft harmonics",
        "mesh harmonics",
        "modulated by the shaft",
    }


def test_a_claim_is_counted_where_there_is_one():
    t = np.arange(72000) / alarms.RATE_HZ
    turns = alarms.SPEED_RPM / 60 * t
    pulse = sum(np.cos(2 * np.pi * k * 3.585 * turns) for k in (1, 2, 3, 4))
    samples = np.sqrt(np.maximum(1 + 0.3 * pulse, 0)) * np.random.default_rng(0).standard_normal(t.size)
    bearing = find_bearing("6205")
    assert alarms._claims(alarms._record(samples), bearing) == 1
    assert alarms._claims(alarms._record(np.random.default_rng(0).standard_normal(72000)), bearing) == 0


@pytest.mark.parametrize(
    ("name", "bore_mm"),
    [
        ("6201 (NTN)", 12),
        ("6203-2RS JEM", 17),
        ("61806", 30),
        ("1205 ETN9", 25),
        ("NU2205-E", 25),
        ("202K", 15),
        ("QJ212", 60),
        ("ER-16K", 25.4),
        ("ZA-2115", None),
        ("MaFaulDa", None),
    ],
)
def test_a_designation_tells_the_bore(name, bore_mm):
    assert alarms.bore_mm(name) == bore_mm
