from dataclasses import replace

import numpy as np
import pytest
from scipy import signal as scipy_signal

from faultdiag.datasets.rig import FAULTS, Assembly, Resonance, simulate_bearing
from faultdiag.errors import ParameterError
from faultdiag.kinematics.bearing import Bearing
from faultdiag.signal import line_level_db, squared_envelope_spectrum

BEARING = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
RATE_HZ = 12000
SHAFT_HZ = 30.0
PLAIN = Assembly(resonances=(Resonance(2500, 0.06, 1.0), Resonance(4000, 0.05, 0.6)))


def vibration(fault, *, seed=0, **changes):
    arguments = {
        "bearing": BEARING,
        "rate_hz": RATE_HZ,
        "duration_s": 10,
        "speed_rpm": 60 * SHAFT_HZ,
        "snr_db": 0.0,
        "assembly": PLAIN,
        "rng": np.random.default_rng(seed),
    }
    return simulate_bearing(fault=fault, **arguments | changes)


def level_db(x, order, *, tolerance=0.005):
    spectrum = squared_envelope_spectrum(x, rate_hz=RATE_HZ)
    return line_level_db(*spectrum, order * SHAFT_HZ, tolerance=tolerance)


@pytest.mark.parametrize("seed", range(5))
def test_outer_race_shows_bpfo_and_harmonics_above_all_else(seed):
    assembly = Assembly.draw(np.random.default_rng(seed))
    x = vibration("outer", seed=seed, assembly=assembly)
    bpfo = replace(BEARING, angle_deg=assembly.contact_angle_deg).bpfo
    levels_db = [level_db(x, k * bpfo) for k in (1, 2, 3)]
    assert min(levels_db) > 22
    assert levels_db[0] > 30
    assert levels_db[0] > level_db(x, 1) + 10
    assert level_db(x, BEARING.bpfi) < 15
    freq_hz, amplitude = squared_envelope_spectrum(x, rate_hz=RATE_HZ)
    assert freq_hz[np.argmax(amplitude)] == pytest.approx(bpfo * SHAFT_HZ, rel=0.002)


@pytest.mark.parametrize("seed", range(5))
def test_inner_race_shows_bpfi_with_sidebands_of_the_shaft(seed):
    assembly = Assembly.draw(np.random.default_rng(seed))
    x = vibration("inner", seed=seed, assembly=assembly)
    bpfi = replace(BEARING, angle_deg=assembly.contact_angle_deg).bpfi
    for order in (bpfi, 2 * bpfi, bpfi - 1, bpfi + 1, 1):
        assert level_db(x, order) > 20, order
    assert level_db(x, BEARING.bpfo) < 15
    assert level_db(x, BEARING.ftf) < 15


@pytest.mark.parametrize("seed", range(5))
def test_ball_shows_twice_its_spin_with_sidebands_of_the_cage(seed):
    assembly = Assembly.draw(np.random.default_rng(seed))
    x = vibration("ball", seed=seed, assembly=assembly)
    loaded = replace(BEARING, angle_deg=assembly.contact_angle_deg)
    strike = 2 * loaded.bsf
    for order in (strike, strike - loaded.ftf, strike + loaded.ftf, loaded.ftf, 2 * loaded.ftf):
        assert level_db(x, order) > 20, order
    assert level_db(x, BEARING.bpfo) < 15
    assert level_db(x, BEARING.bpfi) < 15


@pytest.mark.parametrize("seed", range(5))
def test_a_healthy_bearing_shows_no_line_at_any_fault_frequency(seed):
    x = vibration("normal", seed=seed, assembly=Assembly.draw(np.random.default_rng(seed)))
    for order in BEARING.fault_orders().values():
        assert level_db(x, order) < 19  # what healthy records of a real rig stay below


@pytest.mark.parametrize("fault", ["outer", "inner", "ball"])
@pytest.mark.parametrize("snr_db", [-10.0, 0.0, 7.5])
def test_fault_over_noise_is_as_asked(fault, snr_db):
    silent = replace(PLAIN, shaft_amplitudes=(), gain=3.0)
    noise = vibration("normal", assembly=silent)
    ringing = vibration(fault, assembly=silent, snr_db=snr_db) - noise
    assert noise.std() == pytest.approx(3.0, rel=1e-2)
    assert 10 * np.log10(np.mean(ringing**2) / np.mean(noise**2)) == pytest.approx(snr_db, abs=1e-6)
    twice = vibration(fault, assembly=silent, snr_db=snr_db, severity=2.0) - noise
    np.testing.assert_allclose(twice, 2 * ringing, atol=1e-9)


@pytest.mark.parametrize("speed_rpm", [900.0, 1797.0, 3600.0])
def test_the_shaft_line_stands_at_the_speed_asked_for(speed_rpm):
    assembly = replace(PLAIN, shaft_amplitudes=(2.0, 0.0, 1.0))
    x = vibration("normal", assembly=assembly, speed_rpm=speed_rpm)
    spectrum = np.abs(np.fft.rfft(x * np.hanning(len(x))))
    freq_hz = np.fft.rfftfreq(len(x), 1 / RATE_HZ)
    for k in (1, 3):
        near = np.abs(freq_hz - k * speed_rpm / 60) < 10
        mean_hz = np.sum(freq_hz[near] * spectrum[near] ** 2) / np.sum(spectrum[near] ** 2)
        assert mean_hz == pytest.approx(k * speed_rpm / 60, rel=0.002)


def test_contact_angle_moves_the_line():
    tilted = replace(PLAIN, contact_angle_deg=10.0)
    moved = replace(BEARING, angle_deg=10.0).bpfo
    assert moved / BEARING.bpfo == pytest.approx(1.0038, abs=5e-4)
    x = vibration("outer", assembly=tilted, snr_db=10)
    assert level_db(x, moved, tolerance=0.0015) > level_db(x, BEARING.bpfo, tolerance=0.0015) + 10


def test_slip_widens_the_high_harmonics():
    def width_hz(slip, k):
        assembly = replace(PLAIN, slip=slip, shaft_amplitudes=())
        x = vibration("outer", assembly=assembly, snr_db=30, duration_s=20)
        freq_hz, amplitude = squared_envelope_spectrum(x, rate_hz=RATE_HZ)
        away_hz = freq_hz - k * BEARING.bpfo * SHAFT_HZ
        power = np.where(np.abs(away_hz) < 30, amplitude**2, 0)
        return np.sum(power * np.abs(away_hz)) / np.sum(power)

    assert width_hz(0.02, 5) > 4 * width_hz(0.0005, 5)
    assert width_hz(0.02, 5) > 3 * width_hz(0.02, 1)


def test_the_structure_rings_at_its_resonances():
    one = replace(PLAIN, resonances=(Resonance(3100, 0.02, 1.0),), noise_through_structure=1.0)
    for fault in ("normal", "outer"):
        x = vibration(fault, assembly=one)
        spectrum = np.abs(np.fft.rfft(x)).reshape(-1, 60001)[0, :60000].reshape(600, 100).mean(axis=1)
        assert (np.argmax(spectrum) + 0.5) * 10 == pytest.approx(3100, abs=30)


def test_a_resonance_answers_as_its_equation_of_motion():
    resonance = Resonance(500, 0.05, 0.7)
    omega = 2 * np.pi * 500
    system = ([0.7 * omega * np.sqrt(1 - 0.05**2)], [1, 2 * 0.05 * omega, omega**2])
    time_s = np.arange(resonance.n_samples(RATE_HZ)) / RATE_HZ
    _, expected = scipy_signal.impulse(system, T=time_s)
    np.testing.assert_allclose(resonance.response(time_s), expected, atol=1e-6)
    assert np.abs(expected[-10:]).max() < 1e-4
    np.testing.assert_array_equal(resonance.response(np.array([-1.0, 0.0])), 0)


def test_half_the_noise_is_coloured():
    coloured = replace(PLAIN, noise_through_structure=0.5, shaft_amplitudes=())
    spectrum = np.abs(np.fft.rfft(vibration("normal", assembly=coloured))) ** 2
    freq_hz = np.fft.rfftfreq(120_000, 1 / RATE_HZ)
    quiet, loud = (spectrum[(freq_hz > low) & (freq_hz < low + 400)].mean() for low in (50, 2300))
    assert loud > 4 * quiet
    assert quiet / spectrum.mean() == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_same_generator_state_gives_the_same_samples(fault):
    x, again, other = (vibration(fault, seed=seed, duration_s=1) for seed in (1, 1, 2))
    assert x.shape == (12000,)
    np.testing.assert_array_equal(x, again)
    assert abs(np.corrcoef(x, other)[0, 1]) < 0.2


def test_assemblies_differ_and_are_drawn_again_from_the_same_state():
    drawn = [Assembly.draw(np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    for seed in range(100):
        assembly = Assembly.draw(np.random.default_rng(seed))
        assert 2 <= len(assembly.resonances) <= 4
        assert all(800 <= r.frequency_hz <= 5000 and 0.03 <= r.damping <= 0.1 for r in assembly.resonances)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fault": "cage"}, "one of normal, outer, inner, ball, got 'cage'"),
        ({"rate_hz": 0}, "rate_hz must be a positive number, got 0"),
        ({"duration_s": -1.0}, "duration_s must be a positive number, got -1"),
        ({"speed_rpm": np.nan}, "speed_rpm must be a positive number, got nan"),
        ({"severity": np.inf}, "severity must be a positive number, got inf"),
        ({"snr_db": np.inf}, "snr_db must be a finite number, got inf"),
        ({"duration_s": 0.3}, r"must hold 10 turns of the shaft, 0\.333 s at 1800 rpm, got 0\.3 s"),
        ({"rate_hz": 7000}, "twice the highest resonance of 4000 Hz, got 7000"),
    ],
)
def test_arguments_out_of_range_are_named(change, message):
    with pytest.raises(ParameterError, match=message):
        vibration(**{"fault": "normal"} | change)
