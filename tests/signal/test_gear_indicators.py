import numpy as np
import pytest
from scipy import stats

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.gear_indicators import (
    energy_operator,
    energy_ratio,
    fm0,
    fm4,
    m6a,
    m8a,
    na4,
    nb4,
    sideband_ratio,
)

N_TEETH = 32
TURN = np.arange(2048) / 2048
NORMAL = np.random.default_rng(1).standard_normal((2, 500000))


def mesh(*amplitudes):
    harmonics = enumerate(amplitudes, start=1)
    return sum(a * np.cos(2 * np.pi * k * N_TEETH * TURN) for k, a in harmonics)


def tooth(height):
    """A transient at one tooth, the width of a tooth."""
    return height * np.exp(-(((TURN - 0.4) * N_TEETH) ** 2)) * np.cos(2 * np.pi * 4 * N_TEETH * TURN)


def noise_of(*levels, n=20000, seed=2):
    rng = np.random.default_rng(seed)
    return np.stack([level * rng.standard_normal(n) for level in levels])


def test_normal_noise_has_the_moments_of_the_normal_distribution():
    np.testing.assert_allclose(fm4(NORMAL), 3, rtol=0.02)
    np.testing.assert_allclose(m6a(NORMAL), 15, rtol=0.05)
    np.testing.assert_allclose(m8a(NORMAL), 105, rtol=0.15)


def test_a_tone_has_the_moments_of_a_tone():
    # means of even powers of a sine over those of its square: 3/8, 5/16 and 35/128
    assert fm4(mesh(2)) == pytest.approx(3 / 8 * 4)
    assert m6a(mesh(2)) == pytest.approx(5 / 16 * 8)
    assert m8a(mesh(2)) == pytest.approx(35 / 128 * 16)


def test_moments_are_those_of_scipy():
    x = NORMAL[:, :1000] + 3
    np.testing.assert_allclose(m6a(x), stats.moment(x, 6, axis=-1) / x.var(axis=-1) ** 3)
    np.testing.assert_allclose(m8a(x), stats.moment(x, 8, axis=-1) / x.var(axis=-1) ** 4)


def test_a_damaged_tooth_raises_all_moments_and_the_higher_ones_more():
    sound = NORMAL[0, :2048] * 0.1
    rise = [f(sound + tooth(1)) / f(sound) for f in (fm4, m6a, m8a)]
    assert 2 < rise[0] < rise[1] < rise[2]


def test_fm0_is_peak_to_peak_over_the_mesh():
    assert fm0(mesh(3), n_teeth=N_TEETH) == pytest.approx(2)
    assert fm0(mesh(3), n_teeth=N_TEETH, n_harmonics=1) == pytest.approx(2)
    # all peaks of the cosines meet at 0
    x = mesh(3, 0.5)
    assert fm0(x, n_teeth=N_TEETH) == pytest.approx(np.ptp(x) / 3.5)
    assert fm0(x, n_teeth=N_TEETH, n_harmonics=1) == pytest.approx(np.ptp(x) / 3)


def test_a_damaged_tooth_raises_fm0():
    assert fm0(mesh(3) + tooth(4), n_teeth=N_TEETH) > 1.5 * fm0(mesh(3), n_teeth=N_TEETH)


def test_na4_is_the_kurtosis_while_the_level_stays():
    earlier = noise_of(1, 1, 1, 1)
    now = noise_of(1, seed=3)[0]
    assert na4(now, earlier=earlier) == pytest.approx(float(fm4(now)), rel=0.05)


def test_na4_follows_its_definition():
    earlier, now = noise_of(1, 2, 0.5) + 1, noise_of(3, seed=3)[0] - 2
    variances = [reading.var() for reading in (*earlier, now)]
    expected = np.mean((now - now.mean()) ** 4) / np.mean(variances) ** 2
    assert na4(now, earlier=earlier) == pytest.approx(expected)
    assert nb4(now, earlier=earlier) == pytest.approx(expected)


def test_na4_grows_with_spreading_damage_where_fm4_does_not():
    earlier = noise_of(*[1] * 50)
    now = noise_of(2, seed=3)[0]
    assert fm4(now) == pytest.approx(3, rel=0.05)
    assert na4(now, earlier=earlier) == pytest.approx(48, rel=0.15)


def test_na4_of_channels_is_that_of_each():
    earlier, now = NORMAL[:, :3000].reshape(3, 2, 1000), NORMAL[:, -1000:]
    stack = na4(now, earlier=earlier)
    for channel in range(2):
        np.testing.assert_allclose(stack[channel], na4(now[channel], earlier=earlier[:, channel]))


def test_energy_ratio_is_that_of_the_deviations():
    assert energy_ratio(tooth(0.5), regular=mesh(3)) == pytest.approx(tooth(0.5).std() / mesh(3).std())
    assert energy_ratio(0 * TURN, regular=mesh(3)) == 0


def test_sideband_ratio_is_the_depth_of_modulation():
    for depth in (0, 0.1, 0.8):
        x = (1 + depth * np.cos(2 * np.pi * TURN + 1)) * mesh(3)
        assert sideband_ratio(x, n_teeth=N_TEETH) == pytest.approx(depth, abs=1e-9)
        assert sideband_ratio(x, n_teeth=N_TEETH, n_sidebands=5) == pytest.approx(depth, abs=1e-9)


def test_sideband_ratio_takes_the_harmonic_and_the_sidebands_asked_for():
    x = mesh(3, 2) + 0.5 * np.cos(2 * np.pi * (2 * N_TEETH + 2) * TURN)
    assert sideband_ratio(x, n_teeth=N_TEETH) == pytest.approx(0, abs=1e-9)
    assert sideband_ratio(x, n_teeth=N_TEETH, harmonic=2) == pytest.approx(0, abs=1e-9)
    assert sideband_ratio(x, n_teeth=N_TEETH, harmonic=2, n_sidebands=2) == pytest.approx(0.25)


def test_energy_operator_is_the_kurtosis_of_the_energy_around_the_turn():
    x = mesh(2) + tooth(1)
    energy = [x[i] ** 2 - x[i - 1] * x[(i + 1) % 2048] for i in range(2048)]
    assert energy_operator(x) == pytest.approx(stats.kurtosis(energy, fisher=False), rel=1e-6)
    modulated = (1 + 0.2 * np.cos(2 * np.pi * TURN)) * mesh(2)
    assert energy_operator(modulated) < 3 < 10 < energy_operator(x)


RATIOS = [
    fm4,
    m6a,
    m8a,
    energy_operator,
    lambda x: fm0(x, n_teeth=N_TEETH),
    lambda x: sideband_ratio(x, n_teeth=N_TEETH, n_sidebands=2),
    lambda x: energy_ratio(x, regular=2 * x + x**2 / x.max(axis=-1, keepdims=True)),
    lambda x: na4(x, earlier=np.stack([0.5 * x, 2 * x])),
]


@pytest.mark.parametrize("indicator", RATIOS)
def test_no_indicator_depends_on_the_level(indicator):
    x = mesh(3, 1) + tooth(1) + NORMAL[:, :2048]
    np.testing.assert_allclose(indicator(3 * x), indicator(x), rtol=1e-9)


@pytest.mark.parametrize("indicator", RATIOS)
def test_channels_precision_and_input_are_kept(indicator):
    x = (1000 * (mesh(3, 1) + tooth(1)) + NORMAL[:, :2048] * 100).astype(np.int16)
    before = x.copy()
    stack = indicator(x.astype(np.float32))
    assert stack.dtype == np.float32
    np.testing.assert_allclose(stack, indicator(x.astype(np.float64)), rtol=1e-3)
    np.testing.assert_allclose(stack[1], indicator(x[1].astype(np.float32)), rtol=1e-5)
    np.testing.assert_array_equal(x, before)
    if indicator in RATIOS[:6]:
        np.testing.assert_allclose(indicator(x), stack, rtol=1e-5)


def test_an_average_too_short_or_without_mesh_is_refused():
    with pytest.raises(
        ParameterError, match="the highest order must be at most 31, below half the 64 samples"
    ):
        fm0(NORMAL[0, :64], n_teeth=N_TEETH, n_harmonics=1)
    with pytest.raises(ParameterError, match="the highest order must be at most 1023.*got 1024"):
        fm0(mesh(1), n_teeth=N_TEETH, n_harmonics=32)
    with pytest.raises(RecordError, match="has no mesh tone at order 31; check n_teeth"):
        fm0(mesh(1), n_teeth=31)
    with pytest.raises(RecordError, match="has no mesh tone at order 64"):
        sideband_ratio(mesh(1), n_teeth=N_TEETH, harmonic=2)


def test_counts_out_of_range_are_refused():
    with pytest.raises(ParameterError, match="n_teeth must be at least 1, got 0"):
        fm0(mesh(1), n_teeth=0)
    with pytest.raises(ParameterError, match="n_teeth must be at least 1, got -3"):
        sideband_ratio(mesh(1), n_teeth=-3)
    with pytest.raises(ParameterError, match="n_harmonics must be at least 1, got 0"):
        fm0(mesh(1), n_teeth=N_TEETH, n_harmonics=0)
    with pytest.raises(ParameterError, match="harmonic must be at least 1, got 0"):
        sideband_ratio(mesh(1), n_teeth=N_TEETH, harmonic=0)
    with pytest.raises(
        ParameterError, match="n_sidebands must be at most 15, before the sidebands of the next"
    ):
        sideband_ratio(mesh(1), n_teeth=N_TEETH, n_sidebands=16)


def test_readings_of_other_channels_are_refused():
    with pytest.raises(RecordError, match=r"channels of this one, \[2\], got the shape \[3, 1000\]"):
        na4(NORMAL[:, :1000], earlier=NORMAL[0, :3000].reshape(3, 1000))
    with pytest.raises(RecordError, match=r"got the shape \[1000\]"):
        na4(NORMAL[0, :1000], earlier=NORMAL[0, :1000])
    with pytest.raises(RecordError, match="there are no samples"):
        na4(NORMAL[0, :1000], earlier=np.empty((0, 1000)))


def test_signals_that_do_not_vary_are_refused():
    with pytest.raises(RecordError, match="the signal is constant"):
        fm4(np.zeros(10))
    with pytest.raises(RecordError, match="is constant: there is no regular part"):
        energy_ratio(mesh(1), regular=np.zeros(10))
