import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.records import Record
from faultdiag.signal.integration import integrate

RATE_HZ = 12000
N = 24000
T = np.arange(N) / RATE_HZ
INSIDE = slice(2400, -2400)  # two periods of 10 Hz from the ends
GRAVITY = 9.80665


def cosine(frequency_hz, phase=0.4):
    return np.cos(2 * np.pi * frequency_hz * T + phase)


def test_one_g_at_100_hz_is_15_6_mm_per_second():
    velocity = integrate(cosine(100), rate_hz=RATE_HZ, from_unit="g", to_unit="mm/s")
    assert velocity[INSIDE].max() == pytest.approx(15.608, rel=1e-3)


@pytest.mark.parametrize("frequency_hz", [33.3, 100, 159.7, 1000, 5000])
def test_tones_become_their_integrals(frequency_hz):
    omega = 2 * np.pi * frequency_hz
    acceleration = cosine(frequency_hz)
    velocity = cosine(frequency_hz, 0.4 - np.pi / 2) / omega
    found = integrate(acceleration, rate_hz=RATE_HZ, from_unit="m/s2", to_unit="m/s")
    np.testing.assert_allclose(found[INSIDE], velocity[INSIDE], atol=4e-3 / omega)
    found = integrate(velocity, rate_hz=RATE_HZ, from_unit="m/s", to_unit="m")
    np.testing.assert_allclose(found[INSIDE], -acceleration[INSIDE] / omega**2, atol=4e-3 / omega**2)


@pytest.mark.parametrize("frequency_hz", [33.3, 100, 159.7, 500])
def test_tones_become_their_double_integrals(frequency_hz):
    omega = 2 * np.pi * frequency_hz
    displacement = -cosine(frequency_hz) / omega**2
    found = integrate(cosine(frequency_hz), rate_hz=RATE_HZ, from_unit="m/s2", to_unit="m")
    np.testing.assert_allclose(found[INSIDE], displacement[INSIDE], atol=3e-2 / omega**2)


@pytest.mark.parametrize(
    ("from_unit", "to_unit", "factor"),
    [("g", "mm/s", GRAVITY * 1e3), ("g", "in/s", GRAVITY / 0.0254), ("m/s2", "m/s", 1), ("mm/s", "um", 1e3)],
)
def test_units_have_the_factors_of_records(from_unit, to_unit, factor):
    x = cosine(100)
    base = {"g": "m/s2", "m/s2": "m/s2", "mm/s": "m/s"}[from_unit]
    si = integrate(x, rate_hz=RATE_HZ, from_unit=base, to_unit="m/s" if base == "m/s2" else "m")
    found = integrate(x, rate_hz=RATE_HZ, from_unit=from_unit, to_unit=to_unit)
    np.testing.assert_allclose(found, factor * si, rtol=1e-9, atol=1e-15)
    record = Record(source=x[None], rate_hz=RATE_HZ, units=(from_unit,)).to(base)
    again = integrate(record.samples[0], rate_hz=RATE_HZ, from_unit=base, to_unit=to_unit)
    np.testing.assert_allclose(found, again, rtol=1e-9, atol=1e-12)


def test_the_cut_off_keeps_what_is_above_and_drops_what_is_below_its_half():
    kept = integrate(cosine(25), rate_hz=RATE_HZ, from_unit="m/s2", to_unit="m/s", low_hz=20)
    assert kept[INSIDE].max() == pytest.approx(1 / (2 * np.pi * 25), rel=1e-2)
    dropped = integrate(cosine(9), rate_hz=RATE_HZ, from_unit="m/s2", to_unit="m/s", low_hz=20)
    assert np.abs(dropped[INSIDE]).max() < 0.01 / (2 * np.pi * 9)


def test_the_cut_off_is_10_hz_unless_said():
    x = cosine(15)
    found = integrate(x, rate_hz=RATE_HZ, from_unit="g", to_unit="mm/s")
    np.testing.assert_array_equal(
        found, integrate(x, rate_hz=RATE_HZ, from_unit="g", to_unit="mm/s", low_hz=10)
    )
    assert (
        found[INSIDE].max()
        > 1.9
        * np.abs(integrate(cosine(7.5), rate_hz=RATE_HZ, from_unit="g", to_unit="mm/s")[INSIDE] / 2).max()
    )


def test_offset_and_drift_of_the_sensor_do_not_reach_the_velocity():
    x = cosine(100)
    clean = integrate(x, rate_hz=RATE_HZ, from_unit="g", to_unit="mm/s")
    drifting = integrate(x + 5 + 3 * T, rate_hz=RATE_HZ, from_unit="g", to_unit="mm/s")
    np.testing.assert_allclose(drifting, clean, atol=1e-6)


def test_the_end_does_not_wrap_to_the_start():
    # an integral that rises over the record would jump where a circular transform joins the ends
    x = cosine(100) * np.linspace(0, 1, N)
    velocity = integrate(x, rate_hz=RATE_HZ, from_unit="m/s2", to_unit="m/s")
    expected = cosine(100, 0.4 - np.pi / 2) * np.linspace(0, 1, N) / (2 * np.pi * 100)
    assert np.abs(velocity - expected)[:2400].max() < 3e-3 / (2 * np.pi * 100)
    assert np.abs(velocity - expected).max() < 0.1 / (2 * np.pi * 100)


def test_channels_scale_precision_integers_and_no_change_of_the_input():
    x = np.random.default_rng(0).standard_normal((2, 2, 3000))
    before = x.copy()

    def velocity(samples):
        return integrate(samples, rate_hz=RATE_HZ, from_unit="g", to_unit="mm/s")

    y = velocity(x)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_allclose(velocity(3 * x), 3 * y, atol=1e-12)
    np.testing.assert_allclose(velocity(x[0, 1]), y[0, 1], atol=1e-12)
    single = velocity(x.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, y, atol=1e-5 * np.abs(y).max())
    counts = np.round(30_000 * x / np.abs(x).max()).astype(np.int16)
    expected = velocity(counts.astype(float))
    np.testing.assert_allclose(velocity(counts), expected, atol=1e-5 * np.abs(expected).max())


def test_units_that_do_not_fit_are_refused():
    def go(from_unit, to_unit):
        integrate(T, rate_hz=RATE_HZ, from_unit=from_unit, to_unit=to_unit)

    with pytest.raises(ParameterError, match="unknown unit 'mm/sec'"):
        go("g", "mm/sec")
    with pytest.raises(ParameterError, match="unknown unit 'G'"):
        go("G", "mm/s")
    with pytest.raises(ParameterError, match=r"'g' \(acceleration\) is no integral of from_unit 'mm/s'"):
        go("mm/s", "g")
    with pytest.raises(ParameterError, match=r"'m/s2' \(acceleration\) is no integral of from_unit 'g'"):
        go("g", "m/s2")


def test_a_cut_off_out_of_range_and_a_short_signal_are_refused():
    units = {"from_unit": "g", "to_unit": "mm/s"}
    with pytest.raises(ParameterError, match="low_hz must be a positive number, got 0"):
        integrate(T, rate_hz=RATE_HZ, low_hz=0, **units)
    with pytest.raises(ParameterError, match="low_hz must be under 6000 Hz, half the rate, got 6000"):
        integrate(T, rate_hz=RATE_HZ, low_hz=6000, **units)
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got nan"):
        integrate(T, rate_hz=np.nan, **units)
    with pytest.raises(RecordError, match="integration from 10 Hz on takes at least 2400 samples, .* 2399"):
        integrate(T[:2399], rate_hz=RATE_HZ, **units)
    assert integrate(T[:2400], rate_hz=RATE_HZ, **units).shape == (2400,)
    with pytest.raises(RecordError, match="sample 2 is inf"):
        integrate([0, 1, np.inf], rate_hz=RATE_HZ, **units)
