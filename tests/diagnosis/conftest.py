"""Signals that several tests of the diagnosis look at."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def strikes():
    """A function that returns noise which swells as often a turn as it is told, of 8 s at 12 kHz."""
    rate_hz, speed_rpm, n = 12000.0, 1797.0, 96000

    def swelling(order, *, seed=5, depth=0.5, also=()):
        t = np.arange(n) / rate_hz
        turn = 2 * np.pi * speed_rpm / 60 * (t + 1e-4 * np.sin(t))  # strikes of a bearing slip a little
        pulse = sum(np.cos(k * one * turn) for one in (order, *also) for k in (1, 2, 3, 4))
        noise = np.random.default_rng(seed).standard_normal(n)
        return noise * np.sqrt(np.maximum(1 + depth * pulse, 0))

    return swelling
