from dataclasses import replace

import numpy as np
import pytest

from faultdiag.datasets.gear_rig import GEAR_FAULTS, Gearbox, GearTrain, simulate_gearbox
from faultdiag.datasets.rig import Resonance
from faultdiag.errors import ParameterError
from faultdiag.signal.angle import angular_resample
from faultdiag.signal.gears import difference_signal, mesh_modulation
from faultdiag.signal.orders import angular_spectrum
from faultdiag.signal.synchronous import synchronous_average
from faultdiag.signal.tachometer import pulse_times, speed_from_pulses, turns_from_pulses

RATE_HZ = 12800
TRAIN = GearTrain(((32, 80), (48, 64)))
GEARBOX = Gearbox(TRAIN)
PLAIN = replace(GEARBOX, resonances=(), runout=0.0, runout_rad=0.0, tooth_error=0.0)


def simulate(fault="normal", *, seed=0, **changes):
    arguments = {
        "gearbox": GEARBOX,
        "rate_hz": RATE_HZ,
        "duration_s": 10,
        "speed_rpm": 1776.0,
        "rng": np.random.default_rng(seed),
    }
    return simulate_gearbox(fault=fault, **arguments | changes)


def average(samples, turns, ratio=1.0, samples_per_turn=512):
    """Synchronous average of the vibration over a shaft that makes `ratio` turns per turn of the input."""
    steps = angular_resample(
        samples[0], rate_hz=RATE_HZ, turns=ratio * turns, samples_per_turn=samples_per_turn
    )
    return synchronous_average(steps, samples_per_turn=samples_per_turn)[0]


def amplitudes(samples, turns, orders, ratio=1.0):
    steps = angular_resample(samples[0], rate_hz=RATE_HZ, turns=ratio * turns, samples_per_turn=512)
    order, amplitude = angular_spectrum(steps, samples_per_turn=512)
    return [float(amplitude[np.argmin(np.abs(order - k))]) for k in orders]


def kurtosis(x):
    return float(np.mean((x - x.mean()) ** 4) / x.var() ** 2)


def test_orders_of_a_train_follow_from_its_teeth():
    assert TRAIN.shaft_orders == pytest.approx((1, 32 / 80, 32 / 80 * 48 / 64))
    assert TRAIN.mesh_orders == pytest.approx((32, 19.2))
    one = GearTrain(((20, 20),))
    assert (one.shaft_orders, one.mesh_orders) == ((1.0, 1.0), (20.0,))


@pytest.mark.parametrize("speed_rpm", [1776.0, (1000.0, 1776.0)])
def test_mesh_harmonics_of_both_stages_stand_at_their_orders(speed_rpm):
    samples, turns = simulate(gearbox=PLAIN, speed_rpm=speed_rpm)
    assert amplitudes(samples, turns, (32, 64, 96)) == pytest.approx([2, 1, 0.5], abs=0.03)
    # the second mesh is order 48 of the middle shaft
    found = amplitudes(samples, turns, (48, 96, 144), ratio=0.4)
    assert found == pytest.approx([2, 1, 0.5], abs=0.03)
    assert max(amplitudes(samples, turns, (1, 31, 33, 50, 65))) < 0.05


def test_shafts_modulate_their_meshes():
    gearbox = replace(PLAIN, runout=0.2)
    samples, turns = simulate(gearbox=gearbox)
    # sidebands of half the depth, from both shafts
    assert amplitudes(samples, turns, (31, 33)) == pytest.approx([0.2, 0.2], abs=0.03)
    assert amplitudes(samples, turns, (79, 81, 47, 49), ratio=0.4) == pytest.approx([0.2] * 4, abs=0.03)
    samples, turns = simulate(gearbox=replace(PLAIN, runout_rad=0.2))
    _, phase_rad = mesh_modulation(average(samples, turns), n_teeth=32)
    swing = 2 * np.abs(np.fft.rfft(phase_rad))[1] / len(phase_rad)
    assert swing == pytest.approx(0.2, abs=0.02)


def test_errors_of_teeth_repeat_with_each_turn():
    samples, turns = simulate(gearbox=replace(PLAIN, tooth_error=0.1))
    amplitude, _ = mesh_modulation(average(samples, turns), n_teeth=32)
    assert 0.05 < amplitude.std() / amplitude.mean() < 0.12
    first, second = (average(samples[:, k : k + 60000], turns[k : k + 60000]) for k in (0, 60000))
    one, other = (mesh_modulation(x, n_teeth=32)[0] for x in (first, second))
    assert np.corrcoef(one, other)[0, 1] > 0.9


@pytest.mark.parametrize(("gear", "ratio", "teeth"), [("driving", 1.0, 31), ("driven", 31 / 80, 80)])
def test_a_damaged_tooth_shows_at_its_angle_in_the_average_of_its_shaft(gear, ratio, teeth):
    gearbox = replace(PLAIN, train=GearTrain(((31, 80),)), impact=1e-9)
    samples, turns = simulate("tooth", gearbox=gearbox, gear=gear, duration_s=30)
    amplitude, phase_rad = mesh_modulation(average(samples, turns, ratio), n_teeth=teeth)
    assert np.argmin(amplitude) / 512 == pytest.approx(0.5, abs=0.3 / teeth)
    assert np.argmin(phase_rad) / 512 == pytest.approx(0.5, abs=0.5 / teeth)
    assert amplitude.min() < 0.85 * np.median(amplitude)
    # the other shaft shows nothing
    other, teeth = (31 / 80, 80) if gear == "driving" else (1.0, 31)
    amplitude, _ = mesh_modulation(average(samples, turns, other), n_teeth=teeth)
    assert amplitude.min() > 0.9 * np.median(amplitude)


def test_a_damaged_tooth_strikes_once_a_turn():
    gearbox = replace(PLAIN, mesh_amplitudes=(1e-9,), impact=100.0, resonances=(Resonance(3900, 0.03, 3.0),))
    samples, turns = simulate("tooth", gearbox=gearbox)
    strikes = np.arange(np.ceil(turns[0] - 0.5), turns[-1] - 0.6) + 0.5
    first = np.interp(strikes, turns, np.arange(len(turns))).astype(int)
    before, after = (
        np.abs(samples[0][first[:, None] + np.arange(start, start + 30)]).max(axis=1) for start in (-30, 0)
    )
    assert np.all(after > 30)
    assert np.all(before < 10)
    power = np.abs(np.fft.rfft(samples[0])) ** 2
    freq_hz = np.fft.rfftfreq(len(samples[0]), 1 / RATE_HZ)
    assert power[np.abs(freq_hz - 3900) < 100].mean() > 3 * power[np.abs(freq_hz - 3900) > 1000].mean()


def test_kurtosis_of_the_difference_tells_a_damaged_tooth_from_wear():
    found = {}
    for fault in GEAR_FAULTS:
        samples, turns = simulate(fault)
        found[fault] = kurtosis(difference_signal(average(samples, turns), n_teeth=32))
    assert found["tooth"] > 10
    assert found["normal"] < 5
    assert found["wear"] < 5


def test_wear_raises_the_mesh_and_its_harmonics_most():
    levels = {fault: amplitudes(*simulate(fault, gearbox=PLAIN), (32, 64, 96)) for fault in GEAR_FAULTS}
    growth = np.divide(levels["wear"], levels["normal"])
    assert growth == pytest.approx([1.5, 2.5, 2.5], rel=0.05)
    twice = amplitudes(*simulate("wear", gearbox=PLAIN, severity=2.0), (32, 64, 96))
    assert np.divide(twice, levels["normal"]) == pytest.approx([2, 4, 4], rel=0.05)
    # the other stage stays, and so does all but the errors of the teeth
    other = [amplitudes(*simulate(f, gearbox=PLAIN), (48,), ratio=0.4)[0] for f in ("normal", "wear")]
    assert other[1] == pytest.approx(other[0], rel=0.01)
    errors = replace(PLAIN, tooth_error=0.02)
    scatter = []
    for fault in ("normal", "wear"):
        amplitude, _ = mesh_modulation(average(*simulate(fault, gearbox=errors)), n_teeth=32)
        scatter.append(amplitude.std() / amplitude.mean())
    assert scatter[1] > 2.5 * scatter[0]


def test_the_fault_is_in_the_stage_asked_for():
    samples, turns = simulate("wear", gearbox=PLAIN, stage=2)
    assert amplitudes(samples, turns, (32, 64)) == pytest.approx([2, 1], abs=0.03)
    assert amplitudes(samples, turns, (48, 96), ratio=0.4) == pytest.approx([3, 2.5], abs=0.05)


@pytest.mark.parametrize("pulses_per_turn", [1, 8])
def test_the_tachometer_gives_the_true_angle_back(pulses_per_turn):
    samples, turns = simulate(speed_rpm=(600.0, 1800.0), wander=0.01, pulses_per_turn=pulses_per_turn)
    found = {"rate_hz": RATE_HZ, "n_samples": samples.shape[1], "pulses_per_turn": pulses_per_turn}
    times_s = pulse_times(samples[1], rate_hz=RATE_HZ)
    offset = np.ceil(turns[0] * pulses_per_turn) / pulses_per_turn
    time_s = np.arange(samples.shape[1]) / RATE_HZ
    between = (time_s > times_s[0]) & (time_s < times_s[-1])
    by_pulses = turns_from_pulses(times_s, **found) + offset
    np.testing.assert_allclose(by_pulses[between], turns[between], atol=5e-4)
    np.testing.assert_allclose(by_pulses, turns, atol=1e-2)
    true_rpm = np.gradient(turns) * RATE_HZ * 60
    np.testing.assert_allclose(speed_from_pulses(times_s, **found)[between], true_rpm[between], rtol=0.02)
    assert samples[1].min() > -0.2
    assert samples[1].max() == pytest.approx(5, abs=0.2)


def test_a_resonance_raises_what_meets_it_by_its_gain():
    mesh_hz = 32 * 1776 / 60
    gearbox = replace(PLAIN, mesh_amplitudes=(1.0,), resonances=(Resonance(mesh_hz, 0.05, 3.0),))
    samples, turns = simulate(gearbox=gearbox, wander=0.0)
    # beside what comes directly, a quarter of a period later
    assert amplitudes(samples, turns, (32,)) == pytest.approx([np.hypot(1, 3)], rel=0.02)


def test_speed_is_as_asked():
    _, turns = simulate(speed_rpm=(600.0, 1800.0), wander=0.0)
    speed_rpm = np.diff(turns) * RATE_HZ * 60
    assert speed_rpm[[0, -1]] == pytest.approx([600, 1800], abs=0.1)
    assert 0 <= turns[0] < 1
    _, turns = simulate(wander=0.02)
    speed_rpm = np.diff(turns) * RATE_HZ * 60
    assert speed_rpm.mean() == pytest.approx(1776, rel=1e-3)
    assert speed_rpm.std() == pytest.approx(0.02 * 1776, rel=0.01)


def test_noise_has_the_deviation_one():
    samples, _ = simulate(gearbox=replace(PLAIN, mesh_amplitudes=(1e-9,)))
    assert samples[0].std() == pytest.approx(1, rel=0.01)


@pytest.mark.parametrize("fault", GEAR_FAULTS)
def test_the_same_generator_state_gives_the_same_samples(fault):
    one, again, other = (simulate(fault, seed=seed, duration_s=1)[0] for seed in (1, 1, 2))
    assert one.shape == (2, 12800)
    np.testing.assert_array_equal(one, again)
    assert np.abs(np.corrcoef(one[0], other[0])[0, 1]) < 0.5


def test_faults_differ_in_nothing_but_the_fault():
    normal, tooth = (simulate(fault, gearbox=PLAIN, duration_s=1) for fault in ("normal", "tooth"))
    np.testing.assert_array_equal(normal[1], tooth[1])
    np.testing.assert_array_equal(normal[0][1], tooth[0][1])
    away = np.abs(normal[1] % 1 - 0.5) > 1.5 / 32
    np.testing.assert_allclose(normal[0][0][away], tooth[0][0][away], atol=1e-9)
    assert np.abs(normal[0][0] - tooth[0][0]).max() > 5


def test_gearboxes_differ_and_are_drawn_again_from_the_same_state():
    drawn = [Gearbox.draw(TRAIN, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    for seed in range(50):
        gearbox = Gearbox.draw(TRAIN, np.random.default_rng(seed))
        assert 2 <= len(gearbox.resonances) <= 4
        assert all(800 <= r.frequency_hz <= 5000 for r in gearbox.resonances)
        assert np.isfinite(simulate("tooth", gearbox=gearbox, duration_s=0.2)[0]).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fault": "crack"}, "one of normal, tooth, wear, got 'crack'"),
        ({"stage": 0}, "stage must be one of the 2 of the train, counted from 1, got 0"),
        ({"stage": 3}, "stage must be one of the 2 .* got 3"),
        ({"gear": "pinion"}, "gear must be driving or driven, got 'pinion'"),
        ({"severity": 0}, "severity must be a positive number, got 0"),
        ({"rate_hz": 0}, "rate_hz must be a positive number, got 0"),
        ({"duration_s": np.nan}, "duration_s must be a positive number, got nan"),
        ({"speed_rpm": -5}, "speed_rpm must be a positive number or two, got -5"),
        ({"speed_rpm": (600, 900, 1200)}, r"a positive number or two, got \(600, 900, 1200\)"),
        ({"wander": 0.2}, r"wander must be from 0 to 0\.1 of the speed, got 0\.2"),
        ({"pulses_per_turn": 0}, "pulses_per_turn must be a whole number of 1 or more, got 0"),
        ({"duration_s": 0.01}, r"duration_s must hold a turn, 0\.0338 s at 1776 rpm, got 0\.01 s"),
        ({"rate_hz": 7000}, "at least twice the highest mesh harmonic or resonance of 3900 Hz, got 7000"),
        ({"speed_rpm": 6000}, "highest mesh harmonic or resonance of 96.* Hz, got 12800"),
        ({"pulses_per_turn": 60}, r"pulses_per_turn 60 leaves 7\.\d+ samples per pulse, at least 16"),
    ],
)
def test_arguments_out_of_range_are_named(change, message):
    with pytest.raises(ParameterError, match=message):
        simulate(**{"fault": "normal"} | change)


@pytest.mark.parametrize("stages", [(), ((32, 4),), ((32.5, 40),), ((np.nan, 40),)])
def test_trains_without_gears_are_refused(stages):
    with pytest.raises(ParameterError, match="stages must be pairs of 5 teeth or more each, got"):
        GearTrain(stages)
