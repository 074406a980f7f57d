import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.severity_zones import ZONES, IndustrialMachine, severity_zone, velocity_rms

RATE_HZ = 6000
T = np.arange(4 * RATE_HZ) / RATE_HZ


def machine(**changes):
    return IndustrialMachine(**{"power_kw": 55, "speed_rpm": 1480, "support": "rigid", **changes})


def tone(rms, freq_hz):
    return rms * np.sqrt(2) * np.sin(2 * np.pi * freq_hz * T + 0.3)


@pytest.mark.parametrize(
    ("power_kw", "support", "boundaries"),
    [
        (300.1, "rigid", (2.3, 4.5, 7.1)),
        (40_000, "flexible", (3.5, 7.1, 11.0)),
        (15.1, "rigid", (1.4, 2.8, 4.5)),
        (300, "flexible", (2.3, 4.5, 7.1)),
    ],
)
def test_boundaries_are_those_of_the_standard(power_kw, support, boundaries):
    found = machine(power_kw=power_kw, support=support)
    assert found.boundaries_mm_s == boundaries
    steps = np.ravel([[edge, np.nextafter(edge, np.inf)] for edge in boundaries])
    assert severity_zone([0, *steps], machine=found).tolist() == list("AABBCCD")


@pytest.mark.parametrize(("height_mm", "group"), [(160, 2), (314, 2), (315, 1), (500, 1)])
def test_the_shaft_height_of_electrical_machines_decides_the_group(height_mm, group):
    assert machine(power_kw=55, shaft_height_mm=height_mm).group == group
    assert machine(power_kw=3000, shaft_height_mm=height_mm).group == group


@pytest.mark.parametrize(("speed_rpm", "low_hz"), [(120, 2), (600, 2), (601, 10), (30_000, 10)])
def test_slow_machines_are_measured_from_2_hz(speed_rpm, low_hz):
    assert machine(speed_rpm=speed_rpm).band_hz == (low_hz, 1000)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"power_kw": 15}, "for power above 15 and up to 40000 kW, got 15"),
        ({"power_kw": 40_001}, "for power above 15 and up to 40000 kW, got 40001"),
        ({"power_kw": np.nan}, "for power above 15 and up to 40000 kW, got nan"),
        ({"speed_rpm": 119}, "for speeds from 120 to 30000 rpm, got 119"),
        ({"speed_rpm": 30_001}, "for speeds from 120 to 30000 rpm, got 30001"),
        ({"shaft_height_mm": 159}, "for shaft heights from 160 mm on, got 159"),
        ({"shaft_height_mm": np.inf}, "for shaft heights from 160 mm on, got inf"),
        ({"support": "soft"}, "support must be 'rigid' or 'flexible', got 'soft'"),
    ],
)
def test_a_machine_outside_the_scope_is_refused_with_the_limit(changes, words):
    with pytest.raises(ParameterError, match=words):
        machine(**changes)


def test_the_rms_counts_the_band_and_nothing_else():
    inside = tone(3, 25) + tone(4, 700)
    outside = tone(50, 3) + tone(50, 1500) + 20 + 5 * T
    assert velocity_rms(inside, rate_hz=RATE_HZ) == pytest.approx(5, rel=1e-4)
    assert velocity_rms(inside + outside, rate_hz=RATE_HZ) == pytest.approx(5, rel=1e-3)
    drift = 5000 * (T - 1)
    assert velocity_rms(inside + drift, rate_hz=RATE_HZ) == pytest.approx(5, rel=1e-3)


def test_the_band_of_a_slow_machine_has_its_own_speed():
    slow = machine(speed_rpm=240)
    x = tone(2, 4)
    assert velocity_rms(x, rate_hz=RATE_HZ) < 0.01
    assert velocity_rms(x, rate_hz=RATE_HZ, band_hz=slow.band_hz) == pytest.approx(2, rel=1e-3)


def test_the_rms_of_white_noise_is_that_of_its_share():
    x = np.random.default_rng(1).standard_normal((20, 24000))
    share = (1000 - 10) / 3000
    np.testing.assert_allclose(velocity_rms(x, rate_hz=RATE_HZ).mean(), np.sqrt(share), rtol=0.01)


def test_scaling_channels_and_precision():
    x = np.random.default_rng(2).standard_normal((2, 6000)).astype(np.float32)
    before = x.copy()
    stack = velocity_rms(x, rate_hz=np.float64(RATE_HZ))
    assert stack.dtype == np.float32
    np.testing.assert_allclose(velocity_rms(3 * x, rate_hz=RATE_HZ), 3 * stack, rtol=1e-5)
    np.testing.assert_allclose([velocity_rms(row, rate_hz=RATE_HZ) for row in x], stack, rtol=1e-5)
    counts = np.round(1000 * x).astype(np.int16)
    exact = velocity_rms(counts.astype(np.float64), rate_hz=RATE_HZ)
    np.testing.assert_allclose(velocity_rms(counts, rate_hz=RATE_HZ), exact, rtol=1e-5)
    np.testing.assert_array_equal(x, before)


def test_a_signal_too_short_or_too_slow_is_refused():
    assert velocity_rms(T[:3000], rate_hz=RATE_HZ) < 0.1
    with pytest.raises(RecordError, match=r"takes 5 periods of it, 0\.5 s, the signal has 0\.49"):
        velocity_rms(T[:2999], rate_hz=RATE_HZ)
    with pytest.raises(ParameterError, match="between 0 and 1000 Hz, half the rate, got 10 to 1000"):
        velocity_rms(T, rate_hz=2000)


def test_zones_keep_the_shape():
    zones = severity_zone([[0.1, 2.0], [3.0, 100.0]], machine=machine())
    assert zones.tolist() == [["A", "B"], ["C", "D"]]
    assert severity_zone(np.float32(2.0), machine=machine()).item() in ZONES


@pytest.mark.parametrize("value", [-0.1, np.nan, np.inf])
def test_an_impossible_rms_is_refused(value):
    with pytest.raises(RecordError, match=f"an RMS velocity must be 0 or more, got {value:g} mm/s"):
        severity_zone([1, value], machine=machine())
