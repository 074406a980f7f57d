"""Alarms in noise are counted for every kind; the faults of another rig are real ones."""

import importlib
from pathlib import Path

import numpy as np
import pytest

TOOLS = Path(__file__).parents[2] / "tools"


@pytest.fixture
def alarms(monkeypatch):
    monkeypatch.syspath_prepend(TOOLS)
    return importlib.import_module("alarms")


@pytest.mark.data
def test_noise_of_every_kind_is_counted_and_claims_nothing(alarms, test_data, monkeypatch):
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


def test_a_claim_is_counted_where_there_is_one(alarms):
    t = np.arange(72000) / alarms.RATE_HZ
    turns = alarms.SPEED_RPM / 60 * t
    pulse = sum(np.cos(2 * np.pi * k * 3.585 * turns) for k in (1, 2, 3, 4))
    samples = np.sqrt(np.maximum(1 + 0.3 * pulse, 0)) * np.random.default_rng(0).standard_normal(t.size)
    assert alarms._claim(alarms._record(samples), "6205") == "outer"
    assert alarms._claim(alarms._record(np.random.default_rng(0).standard_normal(72000)), "6205") is None
