"""Records whose lines are known."""

import numpy as np
import pytest

from faultdiag.records import Record
from faultdiag.signal.angle import turns_from_speed

RATE_HZ = 12000.0


def knocking(
    n_samples, *, order, speed_rpm=1800.0, modulation=0.0, noise=0.3, resonance_hz=3000.0, rate_hz=RATE_HZ
):
    """Strikes at an order of the shaft that ring, stronger and weaker once a turn, in noise."""
    rng = np.random.default_rng(0)
    turns = turns_from_speed(speed_rpm, rate_hz=rate_hz, n_samples=n_samples)
    at_turns = np.arange(0, turns[-1], 1 / order)
    strikes = np.zeros(n_samples)
    where = np.interp(at_turns, turns, np.arange(n_samples)).astype(int)
    np.add.at(strikes, where, 1 + modulation * np.cos(2 * np.pi * at_turns))
    t = np.arange(240) / rate_hz
    ringing = np.convolve(strikes, np.exp(-600 * t) * np.sin(2 * np.pi * resonance_hz * t))[:n_samples]
    return ringing + noise * rng.standard_normal(n_samples)


@pytest.fixture(scope="session")
def inner():
    """Four seconds of a 6205 with a damaged inner race, off its place by 0.3 %, and a channel of noise."""
    samples = knocking(48000, order=5.415 * 0.997, modulation=0.5)
    noise = np.random.default_rng(1).standard_normal(48000)
    return Record(
        source=np.stack([samples, noise]),
        rate_hz=RATE_HZ,
        speed_rpm=1800.0,
        channels=("DE", "<b>far</b> end"),
        units=("g", "unknown"),
        origin="data/inner & outer.mat",
    )


@pytest.fixture(scope="session")
def run_up():
    """Six seconds of an outer race's strikes from 1000 to 1900 rpm, and two pulses of a tachometer a turn."""
    n = 72000
    speed_rpm = np.linspace(1000, 1900, n)
    turns = turns_from_speed(speed_rpm, rate_hz=RATE_HZ)
    tacho = 5.0 * ((2 * turns) % 1 < 0.2)
    return Record(
        source=np.stack([tacho, knocking(n, order=3.585, speed_rpm=speed_rpm)]),
        rate_hz=RATE_HZ,
        channels=("key", "housing"),
        units=("V", "m/s2"),
        origin="run-up.npz",
    )
