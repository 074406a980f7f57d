import numpy as np
import pytest

from faultdiag.diagnosis import gear_pulse
from faultdiag.diagnosis.gear_pulse import flat_bands, pulse, repeated_pulse
from faultdiag.diagnosis.gear_turns import FEWEST_TURNS

RATE_HZ, SHAFT_HZ = 10000.0, 25.0


def noise(seed, n=40000):
    return np.random.default_rng(seed).standard_normal(n)


def angle(n=40000):
    return np.arange(n) * SHAFT_HZ / RATE_HZ


def found(x):
    return pulse(flat_bands(x, rate_hz=RATE_HZ, shaft_hz=SHAFT_HZ), turns=angle(len(x)))


def swelling(share, *, width=1 / 40, times=1, seed=0, at=0.3):
    """Noise of which a share of the power comes in so many pulses a turn."""
    away = np.abs((times * (angle() - at) + 0.5) % 1 - 0.5) / times
    inside = away < width / 2
    level = np.where(inside, share / inside.mean(), 0) + 1 - share
    return np.sqrt(level) * noise(seed)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_the_effect_is_the_share_of_the_power_in_the_pulse(share):
    got = found(swelling(share))
    # all but two harmonics reach the effect, so that it is on the low side
    assert 0.6 * share < got.effect < 1.1 * share
    assert got.p_value < 1e-12
    assert got.levels_db.min() > 5


def test_p_values_of_noise_are_uniform():
    p = np.array([found(noise(seed, 12000)).p_value for seed in range(150)])
    assert 0.02 < np.mean(p < 0.1) < 0.2
    assert p.min() > 1e-4


@pytest.mark.parametrize("times", [2, 3, 4])
def test_several_like_pulses_a_turn_are_none(times):
    assert found(swelling(0.3, times=times)).effect < 0.02


def test_eccentricity_is_no_pulse():
    x = np.sqrt(1 + 0.8 * np.cos(2 * np.pi * angle())) * noise(1)
    assert found(x).effect < 0.01


def test_a_single_knock_is_no_pulse():
    x = noise(2)
    x[20000:20100] *= 100
    assert found(x).p_value > 1e-3


def test_the_level_does_not_matter():
    x = swelling(0.1)
    small, large = found(x), found(3e6 * x)
    assert large.effect == pytest.approx(small.effect, rel=1e-4)


def test_too_few_turns_show_nothing():
    n = int((FEWEST_TURNS - 0.5) * RATE_HZ / SHAFT_HZ)
    assert found(noise(0, n)) is None
    waves = flat_bands(noise(0, n), rate_hz=RATE_HZ, shaft_hz=SHAFT_HZ)
    assert repeated_pulse(waves[0], turns=angle(n)) is None


def repeated(x):
    return repeated_pulse(flat_bands(x, rate_hz=RATE_HZ, shaft_hz=SHAFT_HZ)[0], turns=angle(len(x)))


def test_a_wave_at_one_place_of_the_turn_is_found_below_the_noise():
    place = (angle() - 0.4) % 1
    burst = np.where(place < 1 / 40, np.sin(2 * np.pi * 60 * place), 0)
    x = noise(3) + 1.2 * burst
    effect, p_value, turn = repeated(x)
    assert effect > 0.1
    assert p_value < 1e-12
    assert turn.argmax() / 64 == pytest.approx(0.4 + 1 / 80, abs=1.5 / 64)
    assert turn.max() > 5 * np.median(turn)
    assert found(x).effect < 0.05


def test_a_wave_that_repeats_all_round_the_turn_is_no_pulse():
    teeth = np.random.default_rng(0).standard_normal(400)
    x = noise(4) + teeth[np.floor(400 * angle()).astype(int) % 400]
    effect, p_value, turn = repeated(x)
    assert effect < 0.05
    assert turn.max() < 3
    assert p_value < 1e-12


def test_noise_repeats_nothing():
    p = np.array([repeated(noise(seed, 12000))[1] for seed in range(60)])
    assert p.min() > 1e-4
    assert np.mean(p < 0.5) == pytest.approx(0.5, abs=0.25)


def test_bands_are_flat_and_of_one_level():
    x = noise(5) + 30 * np.sin(2 * np.pi * 800 * np.arange(40000) / RATE_HZ)
    waves = flat_bands(x, rate_hz=RATE_HZ, shaft_hz=SHAFT_HZ)
    assert waves.shape == (5, 40000)
    assert waves.std(axis=-1) == pytest.approx(1, abs=0.01)
    power = np.abs(np.fft.rfft(waves[0])) ** 2
    tone = power[3150:3250].mean()
    assert tone == pytest.approx(power.mean(), rel=0.5)


@pytest.mark.parametrize("share", [0.1, 0.2])
def test_the_power_over_the_turn_has_the_pulse_in_its_place(share):
    turn = found(swelling(share, at=0.3)).turn
    assert turn.shape == (64,)
    assert turn.mean() == pytest.approx(1)
    assert turn.argmax() / 64 == pytest.approx(0.3, abs=1 / 64)
    around = np.abs(np.arange(64) / 64 - 0.3) < 1 / 20
    # what lies in the pulse beside the level of all other places
    assert (turn[around] - np.median(turn)).sum() / 64 == pytest.approx(share, rel=0.25)


def test_a_turn_of_few_samples_keeps_its_power_in_64_places():
    power = np.array([1.0, 3.0, 0.0])
    places = gear_pulse._in_bins(power)
    assert places.mean() == pytest.approx(1)
    assert places[:21] == pytest.approx(1 / power.mean())
    assert places[22:42] == pytest.approx(3 / power.mean())
    assert places[43:] == pytest.approx(0, abs=1e-12)
