"""Signals that tests of several files judge: tones like those of the Run, and pulses in orders of a shaft."""

import numpy as np
import pytest

from faultdiag.signal.resampling import resample

HZ = {"normal": 500.0, "inner": 1500.0, "outer": 3000.0}


@pytest.fixture(scope="session")
def tone_of():
    """Makes the tone of a label."""

    def tone(label, *, n=6000, rate_hz=12000.0, phase=0.3):
        """As the Run was trained on, noise included; the noise ends where that of 12 kHz does."""
        noise = np.random.default_rng(0).standard_normal(round(n * 12000 / rate_hz))
        if rate_hz > 12000:
            noise = resample(noise, rate_hz=12000.0, to_hz=rate_hz)[:n]
        pure = np.sin(2 * np.pi * (HZ[label] * np.arange(n) / rate_hz + phase))
        return (pure + 0.3 * noise[:n]).astype(np.float32)

    return tone


@pytest.fixture(scope="session")
def pulsing():
    """Makes noise that pulses at an order of the shaft, at 12 kHz."""

    def noise(order, speed_rpm, n=24000):
        pulse = 1 + np.cos(2 * np.pi * order * speed_rpm / 60 * np.arange(n) / 12000)
        return (pulse * np.random.default_rng(0).standard_normal(n)).astype(np.float32)

    return noise
