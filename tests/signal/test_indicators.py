import inspect

import numpy as np
import pytest
from scipy import stats

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal import indicators, spectral_indicators
from faultdiag.signal.indicators import (
    INDICATORS,
    amplitude_entropy,
    clearance_factor,
    crest_factor,
    impulse_factor,
    indicator_table,
    kurtosis,
    peak,
    peak_to_peak,
    rms,
    shape_factor,
    skewness,
    standard_deviation,
)

RATE_HZ = 12000
TONE = 3 * np.sin(2 * np.pi * 123 * np.arange(12000) / RATE_HZ + 0.1)
NOISE = np.random.default_rng(1).standard_normal((2, 3, 4000)) + 0.5

WITH_LEVEL = {"mean", "standard_deviation", "rms", "peak", "peak_to_peak"}
WITH_SQUARE = {"hjorth_activity"}


def test_a_tone_has_the_analytic_values():
    found = {
        rms: 3 / np.sqrt(2),
        standard_deviation: 3 / np.sqrt(2),
        peak: 3,
        peak_to_peak: 6,
        skewness: 0,
        kurtosis: 1.5,
        crest_factor: np.sqrt(2),
        shape_factor: np.pi / np.sqrt(8),
        impulse_factor: np.pi / 2,
        clearance_factor: 1.7188,
    }
    for function, expected in found.items():
        assert function(TONE) == pytest.approx(expected, rel=1e-3, abs=1e-3), function.__name__


def test_a_square_wave_has_all_factors_at_1():
    square = np.tile([2.0, -2.0], 100)
    for function in (crest_factor, shape_factor, impulse_factor, clearance_factor, kurtosis):
        assert function(square) == pytest.approx(1)


def test_rms_is_a_mean_and_does_not_grow_with_the_number_of_samples():
    assert rms(np.full(10, 2.0)) == rms(np.full(1000, 2.0)) == 2


def test_moments_are_those_of_scipy():
    x = np.random.default_rng(2).gamma(2, size=(3, 5000))
    np.testing.assert_allclose(skewness(x), stats.skew(x, axis=-1))
    np.testing.assert_allclose(kurtosis(x), stats.kurtosis(x, axis=-1, fisher=False))


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [
        (stats.norm(3, 2), 0.5 * np.log(2 * np.pi * np.e)),
        (stats.laplace(scale=0.1), 1 + np.log(np.sqrt(2))),
        (stats.uniform(-1, 5), 1.26),
        (stats.arcsine(), 1.01),
    ],
)
def test_amplitude_entropy_is_the_differential_entropy_at_deviation_1(distribution, expected):
    x = distribution.rvs(200000, random_state=np.random.default_rng(3))
    shares = np.diff(distribution.cdf(distribution.mean() + distribution.std() * np.linspace(-10, 10, 201)))
    assert amplitude_entropy(x) == pytest.approx(stats.entropy(shares) + np.log(0.1), abs=0.005)
    assert amplitude_entropy(x) == pytest.approx(expected, abs=0.01)


def test_amplitude_entropy_of_a_short_signal_has_little_bias():
    x = np.random.default_rng(4).standard_normal((200, 1000))
    assert amplitude_entropy(x).mean() == pytest.approx(1.419, abs=0.01)


def test_an_offset_changes_level_and_factors_but_not_the_central_moments():
    x = NOISE[0, 0]
    assert rms(x + 5) ** 2 == pytest.approx(standard_deviation(x) ** 2 + (x.mean() + 5) ** 2)
    for function in (standard_deviation, peak_to_peak, skewness, kurtosis, amplitude_entropy):
        assert function(x + 5) == pytest.approx(float(function(x)), rel=1e-9)


def test_the_table_has_the_indicators_in_the_order_asked_for():
    table = indicator_table(TONE, rate_hz=RATE_HZ, names=("kurtosis", "rms", "spectral_centroid_hz"))
    assert list(table) == ["kurtosis", "rms", "spectral_centroid_hz"]
    assert table["spectral_centroid_hz"] == pytest.approx(123, rel=0.01)
    assert list(indicator_table(TONE, rate_hz=RATE_HZ)) == list(INDICATORS)


def test_the_table_lists_every_public_indicator_under_its_own_name():
    public = {*indicators.__all__, *spectral_indicators.__all__} - {"INDICATORS", "indicator_table"}
    assert public == set(INDICATORS)
    for name, (description, function) in INDICATORS.items():
        assert function.__name__ == name
        assert description
        assert ("rate_hz" in inspect.signature(function).parameters) == name.endswith("_hz")


def test_the_table_agrees_with_each_function_alone():
    table = indicator_table(NOISE, rate_hz=RATE_HZ)
    for name, (_, function) in INDICATORS.items():
        alone = function(NOISE, rate_hz=RATE_HZ) if name.endswith("_hz") else function(NOISE)
        np.testing.assert_array_equal(table[name], alone)


@pytest.mark.parametrize("name", INDICATORS)
def test_scaling_multiplies_the_levels_and_leaves_the_rest(name):
    once = indicator_table(NOISE, rate_hz=RATE_HZ, names=[name])[name]
    thrice = indicator_table(3 * NOISE, rate_hz=RATE_HZ, names=[name])[name]
    factor = 3 if name in WITH_LEVEL else 9 if name in WITH_SQUARE else 1
    np.testing.assert_allclose(thrice, factor * once, rtol=1e-9)


@pytest.mark.parametrize("name", INDICATORS)
def test_only_frequencies_follow_the_rate(name):
    once = indicator_table(NOISE, rate_hz=RATE_HZ, names=[name])[name]
    twice = indicator_table(NOISE, rate_hz=2 * RATE_HZ, names=[name])[name]
    np.testing.assert_allclose(twice, (2 if name.endswith("_hz") else 1) * once)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_stack_is_each_channel_and_keeps_its_precision(dtype):
    x = NOISE.astype(dtype)
    table = indicator_table(x, rate_hz=np.float64(RATE_HZ))
    for name, stack in table.items():
        assert (stack.shape, stack.dtype) == ((2, 3), dtype), name
        for i, j in np.ndindex(2, 3):
            one = indicator_table(x[i, j], rate_hz=RATE_HZ, names=[name])[name]
            np.testing.assert_allclose(stack[i, j], one, rtol=1e-5, atol=2e-6)
        exact = indicator_table(x.astype(np.float64), rate_hz=RATE_HZ, names=[name])[name]
        np.testing.assert_allclose(stack, exact, rtol=1e-3, atol=1e-5)


def test_int16_does_not_overflow():
    counts = np.round(10000 * NOISE).clip(-32768, 32767).astype(np.int16)
    table = indicator_table(counts, rate_hz=RATE_HZ)
    exact = indicator_table(counts.astype(np.float64), rate_hz=RATE_HZ)
    for name in INDICATORS:
        np.testing.assert_allclose(table[name], exact[name], rtol=1e-3, atol=1e-5)
    assert peak(np.array([-32768, 1], np.int16)) == 32768


def test_the_signal_is_not_changed():
    x = NOISE.copy()
    indicator_table(x, rate_hz=RATE_HZ)
    np.testing.assert_array_equal(x, NOISE)


def test_an_unknown_name_is_refused_with_the_near_ones():
    with pytest.raises(ParameterError, match="unknown indicator 'kurtosys'; did you mean kurtosis"):
        indicator_table(TONE, rate_hz=RATE_HZ, names=["kurtosys"])


def test_wrong_arguments_are_refused():
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got 0"):
        indicator_table(TONE, rate_hz=0)
    with pytest.raises(RecordError, match="sample 1 is nan"):
        indicator_table([1, np.nan], rate_hz=1)


def test_a_channel_without_variance_or_level_is_refused_where_it_matters():
    with pytest.raises(RecordError, match="the signal is constant; check the sensor"):
        kurtosis([2, 2, 2])
    for function in (crest_factor, shape_factor, impulse_factor, clearance_factor):
        assert function([2, 2, 2]) == pytest.approx(1)
        with pytest.raises(RecordError, match=r"channel \[1\] of the signal is 0 throughout"):
            function([[1.0, 2.0], [0.0, 0.0]])
    assert rms([0, 0]) == peak([0, 0]) == 0


@pytest.mark.data
def test_a_real_inner_race_fault_is_impulsive_and_a_healthy_bearing_is_not(cwru_dir):
    from scipy.io import loadmat

    faulty = loadmat(cwru_dir / "105.mat")["X105_DE_time"].ravel()
    sound = loadmat(cwru_dir / "97.mat")["X097_DE_time"].ravel()
    assert rms(faulty) == pytest.approx(0.30, abs=0.015)
    assert rms(sound) == pytest.approx(0.07, abs=0.01)
    assert kurtosis(faulty) > 5
    assert kurtosis(sound) == pytest.approx(2.8, abs=0.3)
