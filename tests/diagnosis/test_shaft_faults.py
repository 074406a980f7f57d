import numpy as np
import pytest
from scipy.signal import lfilter

from faultdiag.diagnosis.healthy import Healthy
from faultdiag.diagnosis.shaft_faults import GROWTH, LIMIT_MM_S, NEW_MM_S, shaft_faults
from faultdiag.diagnosis.shaft_speed import ShaftSpeed, shaft_speed
from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.integration import integrate
from faultdiag.signal.severity_zones import IndustrialMachine, severity_zone, velocity_rms

# RMS velocities in mm/s at orders of the shaft
SOUND = {1: 0.8, 2: 0.3, 3: 0.15, 4: 0.05}
FAULTS = {
    "imbalance": {1: 7.0, 2: 0.4, 3: 0.2},
    "misalignment": {1: 4.0, 2: 5.0, 3: 1.5},
    "looseness": {k: 3 / k**0.5 for k in range(1, 11)} | {0.5: 2.0, 1.5: 1.0, 2.5: 0.7},
}


def machine(velocities, *, rpm=1478.0, rate_hz=12000.0, duration_s=8.0, noise_g=0.02, seed=0):
    """Acceleration in g of a housing: lines of a shaft whose speed wanders, a resonance, and noise."""
    rng = np.random.default_rng(seed)
    n = int(rate_hz * duration_s)
    t = np.arange(n) / rate_hz
    turns = rpm / 60 * (t + 0.0002 * np.sin(2 * np.pi * 0.3 * t + rng.uniform(0, 6)))
    x = np.zeros(n)
    for order, mm_s in velocities.items():
        g = mm_s / 1000 * 2 * np.pi * order * rpm / 60 / 9.80665
        x += np.sqrt(2) * g * np.cos(2 * np.pi * order * turns + rng.uniform(0, 6))
    white = rng.standard_normal(n)
    ringing = lfilter([1.0], [1, -1.6, 0.95], white)
    return x + noise_g / 2 * (ringing / ringing.std() + rng.standard_normal(n))


def found(x, *, rpm=1480.0, rate_hz=12000.0, **options):
    speed = shaft_speed(x, rate_hz=rate_hz, said_rpm=rpm)
    return {one.label: one for one in shaft_faults(x, rate_hz=rate_hz, shaft=speed, **options)}


def claims(findings):
    return [label for label, one in findings.items() if one.confidence >= 0.5]


REFERENCE = Healthy(machine(SOUND, rate_hz=25600.0, rpm=1484.0, duration_s=5.0, seed=5), 25600.0, 1480.0)


@pytest.mark.parametrize("label", FAULTS)
def test_a_fault_is_claimed_by_its_velocity_or_its_growth(label):
    x = machine(FAULTS[label])
    for options in ({"unit": "g"}, {"reference": REFERENCE}, {"unit": "g", "reference": REFERENCE}):
        findings = found(x, **options)
        assert claims(findings) == [label]
        assert next(iter(findings)) == label
        assert {one.limit for one in findings.values()} == {1.0}
    unjudged = found(x)
    assert claims(unjudged) == []
    assert {one.limit for one in unjudged.values()} == {None}


def test_a_sound_machine_is_not_claimed():
    for options in ({}, {"unit": "g"}, {"reference": REFERENCE}, {"unit": "g", "reference": REFERENCE}):
        assert claims(found(machine(SOUND, seed=1), **options)) == []


def test_the_velocity_said_is_that_of_the_line_after_integration():
    x = machine({1: 6.0}, noise_g=0.001)
    velocity = integrate(x, rate_hz=12000.0, from_unit="g", to_unit="mm/s")
    rms = float(velocity_rms(velocity, rate_hz=12000.0))
    assert rms == pytest.approx(6.0, rel=0.02)
    assert found(x, unit="g")["imbalance"].effect * LIMIT_MM_S == pytest.approx(rms, rel=0.03)
    assert found(velocity, unit="mm/s")["imbalance"].effect * LIMIT_MM_S == pytest.approx(rms, rel=0.03)
    assert "with 6 mm/s RMS" in found(x, unit="g")["imbalance"].text


@pytest.mark.parametrize("factor", [1.5, 3.0])
def test_growth_is_that_of_the_amplitude(factor):
    healthy = Healthy(machine({1: 2.0, 2: 0.1}, seed=3), 12000.0, 1480.0)
    findings = found(machine({1: 2.0 * factor, 2: 0.1}), unit="g", reference=healthy)
    assert findings["imbalance"].effect == pytest.approx(factor / GROWTH, rel=0.03)
    assert (claims(findings) == ["imbalance"]) is (factor > GROWTH)


def test_what_has_grown_and_is_still_as_good_as_new_is_no_fault():
    healthy = Healthy(machine({1: 0.05}, noise_g=0.001, seed=3), 12000.0, 1480.0)
    x = machine({1: 0.7 * NEW_MM_S}, noise_g=0.001)
    assert claims(found(x, unit="g", reference=healthy)) == []
    assert claims(found(x, reference=healthy)) == ["imbalance"]  # nothing says that this is little


def test_another_amplification_claims_nothing():
    for gain in (0.02, 50.0):
        assert claims(found(gain * machine(SOUND, seed=1), reference=REFERENCE)) == []


def test_a_reference_at_another_speed_is_left_aside():
    slower = Healthy(machine(SOUND, rpm=900.0, seed=5), 12000.0, 900.0)
    x = machine(FAULTS["imbalance"])
    assert claims(found(x, reference=slower)) == []
    assert "record in good order at this speed shows if" in found(x, reference=slower)["imbalance"].text


def test_the_limits_are_those_of_the_standard():
    large, medium = (
        IndustrialMachine(power_kw=power_kw, speed_rpm=1480, support=support)
        for power_kw, support in ((500, "rigid"), (55, "flexible"))
    )
    for machine_of in (large, medium):
        assert severity_zone([LIMIT_MM_S, LIMIT_MM_S + 0.1], machine=machine_of).tolist() == ["B", "C"]
    smallest = IndustrialMachine(power_kw=55, speed_rpm=1480, support="rigid")
    assert severity_zone([NEW_MM_S, NEW_MM_S + 0.1], machine=smallest).tolist() == ["A", "B"]


def test_strong_lines_are_told_from_weak_ones_whatever_they_mean():
    even = {1: 6.0, 2: 2.6, 3: 5.0}  # no single fault spreads them so
    findings = found(machine(even), unit="g")
    assert claims(findings) == []
    assert findings["imbalance"].strong
    assert not findings["imbalance"].at_mains
    assert "6 mm/s RMS: more than is tolerated, but not spread" in findings["imbalance"].text
    assert not any(one.strong for one in found(machine(even)).values())  # nothing says what is tolerated
    assert not any(one.strong for one in found(machine(SOUND), unit="g").values())


def test_noise_is_no_fault_however_strong_and_coloured():
    rng = np.random.default_rng(0)
    for kind in range(3):
        for rpm in (750.0, 1480.0, 2970.0):
            x = rng.standard_normal(60000)
            x = (x, np.cumsum(x), lfilter([1.0], [1, -1.98, 0.985], x))[kind]
            findings = found(100 * x / x.std(), rpm=rpm, unit="g")
            assert claims(findings) == []
            assert min(one.p_value for one in findings.values()) > 1e-5


@pytest.mark.parametrize("strong_g", [0.5, 500.0])
@pytest.mark.parametrize("rpm", [1494.0, 2993.0])
def test_lines_of_the_mains_beside_those_of_the_shaft_are_no_claim(rpm, strong_g):
    t = np.arange(96000) / 12000
    x = 0.02 * np.random.default_rng(0).standard_normal(t.size)
    x += strong_g * np.cos(2 * np.pi * 100 * t) + 0.5 * np.cos(2 * np.pi * 50 * t)
    findings = found(x, rpm=rpm, unit="g")
    assert claims(findings) == []
    assert "a line of the mains lies too near to tell" in findings["misalignment"].text
    assert findings["misalignment"].strong
    # where 100 Hz is another order of the shaft and drowns the others they are not spread as misalignment is
    assert findings["misalignment"].at_mains is not (strong_g > 1 and rpm < 2000)


def test_a_gear_mesh_is_no_fault_of_the_shaft():
    mesh = dict.fromkeys((31, 32, 33, 64), 8.0)
    assert claims(found(machine(SOUND | mesh), unit="g")) == []


def test_strikes_once_a_turn_are_no_looseness():
    turns = np.arange(96000) / 12000 * 1478 / 60
    strikes = np.diff(np.floor(turns), prepend=0.0)
    ringing = lfilter([1.0], [1, -1.2, 0.8], strikes) + strikes
    findings = found(machine(SOUND) + 40 * ringing, unit="g")
    assert findings["looseness"].p_value < 1e-20
    assert claims(findings) == []


def test_a_displacement_is_weighed_as_one_but_has_no_limit():
    velocity = machine({1: 1.0, 10: 0.3}, noise_g=0.001)
    displacement = integrate(velocity, rate_hz=12000.0, from_unit="g", to_unit="um")
    findings = found(displacement, unit="um")
    assert claims(findings) == []
    assert findings["imbalance"].effect == pytest.approx(1 / 0.3 / 2, rel=0.05)


def test_the_lines_said_are_those_of_the_spectrum():
    (one,) = (
        one for one in found(machine(FAULTS["looseness"]), unit="g").values() if one.label == "looseness"
    )
    orders = [order for order, *_ in one.lines]
    assert orders == sorted(FAULTS["looseness"])
    for order, expected_hz, found_hz, level_db in one.lines:
        assert expected_hz == pytest.approx(order * 1478 / 60, rel=1e-3)
        assert found_hz == pytest.approx(expected_hz, abs=0.3)
        assert level_db > 20


def test_wrong_arguments_are_named():
    x = machine(SOUND, duration_s=2.0)
    speed = ShaftSpeed(1478.0, "found", 20.0)
    with pytest.raises(ParameterError, match="at 1478 rpm the third harmonic .* beyond the 60 Hz"):
        shaft_faults(x, rate_hz=120.0, shaft=speed)
    with pytest.raises(RecordError, match="take 20 turns"):
        shaft_faults(x[:6000], rate_hz=12000.0, shaft=speed)
    short = Healthy(x[:6000], 12000.0, 1480.0)
    with pytest.raises(RecordError, match="20 turns"):
        shaft_faults(x, rate_hz=12000.0, shaft=speed, reference=short)


@pytest.mark.data
def test_real_bearings_on_a_sound_shaft_are_no_fault_of_the_shaft(hitsm_dir):
    from faultdiag.readers import read_signals

    for name in ("Normal_900", "OR2_900"):
        (record,) = read_signals(hitsm_dir / f"{name}.mat", rate_hz=51200.0)
        (x,) = record.samples
        for options in ({"unit": "g"}, {"unit": "m/s2"}, {}):
            assert claims(found(x, rpm=900.0, rate_hz=51200.0, **options)) == []


def test_a_unit_of_no_vibration_is_an_unknown_one():
    x = machine(FAULTS["imbalance"])
    assert found(x, unit="Nm") == found(x)
