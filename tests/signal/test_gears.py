import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.gears import difference_signal, mesh_modulation, regular_signal, residual_signal

N = 512
ANGLE = 2 * np.pi * np.arange(N) / N
TEETH = 32
SPLITS = (regular_signal, residual_signal, difference_signal)

# amplitudes by order: mean, shaft, mesh with sidebands
AVERAGE = {
    0: 3.0,
    1: 0.5,
    2: 0.4,
    3: 0.3,
    31: 0.2,
    32: 2.0,
    33: 0.25,
    34: 0.1,
    63: 0.15,
    64: 1.0,
    66: 0.05,
    97: 0.35,
}
REGULAR = {0, 1, 2, 31, 32, 33, 63, 64, 97}
MESH = {0, 1, 2, 32, 64}


def signal_of(orders):
    return sum(AVERAGE[k] * np.cos(k * ANGLE + k) for k in orders)


def test_parts_have_the_orders_of_their_definitions():
    x = signal_of(AVERAGE)
    np.testing.assert_allclose(regular_signal(x, n_teeth=TEETH), signal_of(REGULAR), atol=1e-9)
    np.testing.assert_allclose(residual_signal(x, n_teeth=TEETH), signal_of(set(AVERAGE) - MESH), atol=1e-9)
    np.testing.assert_allclose(
        difference_signal(x, n_teeth=TEETH), signal_of(set(AVERAGE) - REGULAR), atol=1e-9
    )


def test_shaft_orders_are_removed_as_asked():
    x = signal_of(AVERAGE)
    left = difference_signal(x, n_teeth=TEETH, n_shaft_orders=3)
    np.testing.assert_allclose(left, signal_of({34, 66}), atol=1e-9)
    left = difference_signal(x, n_teeth=TEETH, n_shaft_orders=0)
    np.testing.assert_allclose(left, signal_of({1, 2, 3, 34, 66}), atol=1e-9)


def test_several_gears_on_a_shaft_are_all_regular():
    x = np.cos(32 * ANGLE) + np.cos(47 * ANGLE) + np.cos(2 * 48 * ANGLE) + 0.1 * np.cos(40 * ANGLE)
    left = difference_signal(x, n_teeth=(32, 48))
    np.testing.assert_allclose(left, 0.1 * np.cos(40 * ANGLE), atol=1e-9)
    assert difference_signal(x, n_teeth=[32]).std() > 0.7


def test_a_local_fault_stays_in_the_difference():
    """A mesh that falters at one tooth spreads over many sidebands: most of that is difference."""
    bump = np.exp(-0.5 * ((ANGLE - np.pi) / 0.1) ** 2)
    healthy = np.cos(TEETH * ANGLE)
    left = difference_signal(healthy * (1 - 0.3 * bump), n_teeth=TEETH)
    assert np.argmax(np.abs(left)) == pytest.approx(N / 2, abs=N / TEETH)
    assert left.std() > 0.8 * (0.3 * bump * healthy).std()
    assert np.abs(difference_signal(healthy, n_teeth=TEETH)).max() < 1e-12


@pytest.mark.parametrize("n", [500, 511])
def test_regular_and_difference_make_the_average_and_share_its_power(n):
    x = np.random.default_rng(0).standard_normal(n)
    regular, difference = (f(x, n_teeth=31) for f in (regular_signal, difference_signal))
    np.testing.assert_allclose(regular + difference, x, atol=1e-12)
    assert np.mean(regular**2) + np.mean(difference**2) == pytest.approx(np.mean(x**2), rel=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("split", SPLITS)
def test_a_stack_is_each_signal_and_keeps_its_precision(split, dtype):
    x = np.random.default_rng(1).standard_normal((2, 3, 200)).astype(dtype)
    before = x.copy()
    stack = split(x, n_teeth=20)
    assert stack.dtype == dtype
    for i, j in np.ndindex(2, 3):
        np.testing.assert_allclose(stack[i, j], split(x[i, j], n_teeth=20), atol=1e-6)
    np.testing.assert_allclose(split(3 * x, n_teeth=20), 3 * stack, atol=1e-5)
    np.testing.assert_array_equal(x, before)


def test_int16_is_its_own_value():
    x = np.random.default_rng(2).integers(-32768, 32767, 200).astype(np.int16)
    for split in SPLITS:
        np.testing.assert_allclose(split(x, n_teeth=20), split(x.astype(np.float64), n_teeth=20), atol=0.05)


@pytest.mark.parametrize("harmonic", [1, 2, 3])
@pytest.mark.parametrize("n", [N, N + 1])
def test_modulation_is_read_back(harmonic, n):
    angle = 2 * np.pi * np.arange(n) / n
    amplitude = 1.5 + 0.5 * np.cos(angle + 1) + 0.2 * np.cos(3 * angle)
    phase_rad = 0.3 * np.sin(2 * angle) + 0.1 * np.sin(angle)
    others = 4 * np.cos((harmonic + 1) * TEETH * angle) + np.cos(angle)
    x = amplitude * np.cos(harmonic * TEETH * angle + phase_rad + 0.7) + others
    found, found_rad = mesh_modulation(x, n_teeth=TEETH, harmonic=harmonic)
    np.testing.assert_allclose(found, amplitude, atol=1e-5)
    np.testing.assert_allclose(found_rad - found_rad.mean(), phase_rad, atol=1e-5)
    scaled, scaled_rad = mesh_modulation(3 * x, n_teeth=TEETH, harmonic=harmonic)
    np.testing.assert_allclose(scaled, 3 * found, atol=1e-9)
    np.testing.assert_allclose(scaled_rad, found_rad, atol=1e-9)


def test_sidebands_beyond_the_band_do_not_count():
    x = (2 + np.cos(ANGLE) + np.cos(3 * ANGLE)) * np.cos(TEETH * ANGLE)
    narrow, _ = mesh_modulation(x, n_teeth=TEETH, n_sidebands=2)
    np.testing.assert_allclose(narrow, 2 + np.cos(ANGLE), atol=1e-9)
    wide, _ = mesh_modulation(x, n_teeth=TEETH, n_sidebands=3)
    np.testing.assert_allclose(wide, np.abs(2 + np.cos(ANGLE) + np.cos(3 * ANGLE)), atol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_modulation_of_a_stack_is_that_of_each_signal(dtype):
    x = np.random.default_rng(3).standard_normal((2, 3, 200)).astype(dtype) + np.cos(20 * np.arange(200))
    x = x.astype(dtype)
    before = x.copy()
    amplitude, phase_rad = mesh_modulation(x, n_teeth=20, n_sidebands=2)
    assert amplitude.dtype == phase_rad.dtype == dtype
    for i, j in np.ndindex(2, 3):
        one, one_rad = mesh_modulation(x[i, j], n_teeth=20, n_sidebands=2)
        np.testing.assert_allclose(amplitude[i, j], one, atol=1e-5)
        np.testing.assert_allclose(np.exp(1j * phase_rad[i, j]), np.exp(1j * one_rad), atol=1e-3)
    np.testing.assert_array_equal(x, before)


def test_arguments_out_of_range_are_named():
    x = signal_of(AVERAGE)
    for split, least in ((regular_signal, 4), (difference_signal, 4), (residual_signal, 2)):
        for wrong in (least - 1, 20.5, np.nan):
            with pytest.raises(ParameterError, match="n_teeth must be "):
                split(x, n_teeth=wrong)
        with pytest.raises(
            ParameterError, match="n_teeth of 256 need more than 512 samples per turn, got 512"
        ):
            split(x, n_teeth=[32, 256])
        with pytest.raises(ParameterError, match="n_shaft_orders must be at least 0, got -1"):
            split(x, n_teeth=32, n_shaft_orders=-1)
        with pytest.raises(RecordError, match="sample 1 is nan"):
            split([1, np.nan], n_teeth=32)


def test_bands_that_do_not_fit_are_refused():
    x = signal_of(AVERAGE)
    with pytest.raises(ParameterError, match="band of 15 orders around order 256 must lie between 0 and 256"):
        mesh_modulation(x, n_teeth=32, harmonic=8)
    with pytest.raises(ParameterError, match="band of 32 orders around order 32 must"):
        mesh_modulation(x, n_teeth=32, n_sidebands=32)
    with pytest.raises(ParameterError, match="harmonic must be at least 1, got 0"):
        mesh_modulation(x, n_teeth=32, harmonic=0)
    with pytest.raises(ParameterError, match=r"n_sidebands must be a whole number, got 0\.5"):
        mesh_modulation(x, n_teeth=32, n_sidebands=0.5)
    with pytest.raises(RecordError, match="no line at order 40 whose modulation could be read"):
        mesh_modulation(x, n_teeth=40)
