import numpy as np
import pytest

from faultdiag.diagnosis.healthy import Healthy
from faultdiag.diagnosis.shaft_speed import ShaftSpeed


def test_a_healthy_record_has_its_own_rate_and_speed():
    reference = Healthy(np.ones(3), 25600.0, 1480.0)
    assert (len(reference.x), reference.rate_hz, reference.said_rpm) == (3, 25600.0, 1480.0)


def test_its_speed_is_measured_or_looked_for():
    t = np.arange(60000) / 12000.0
    x = sum(np.cos(2 * np.pi * k * 24.8 * t) for k in (1, 2, 3, 4, 5, 6))
    x = x + np.random.default_rng(0).standard_normal(len(t))
    assert Healthy(x, 12000.0, 1480.0).shaft.speed_rpm == pytest.approx(24.8 * 60, rel=5e-4)
    assert Healthy(x, 12000.0, 1480.0, measured=True).shaft == ShaftSpeed(1480.0, "measured", 0.0)
