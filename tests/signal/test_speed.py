import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.angle import turns_from_speed
from faultdiag.signal.envelope import analytic_envelope
from faultdiag.signal.speed import refine_speed, track_speed

RATE_HZ = 8000
N = 80000
TRACK = {"rate_hz": RATE_HZ, "range_rpm": (700, 1900), "orders": (1, 2, 3, 5)}
TRACK |= {"window_s": 0.5, "slope_rpm_s": 150}
NOMINAL = {"rate_hz": RATE_HZ, "speed_rpm": 1772}


def noise(n=N, seed=0):
    return np.random.default_rng(seed).standard_normal(n)


def comb(speed_rpm, orders, n=N):
    turns = turns_from_speed(speed_rpm, rate_hz=RATE_HZ, n_samples=n)
    return sum(np.cos(2 * np.pi * k * turns + k**2) for k in orders)


@pytest.mark.parametrize("true_rpm", [1750.0, 1772.0, 1796.6, 1810.9])
def test_the_true_speed_is_found_near_a_nominal_one(true_rpm):
    x = 0.5 * comb(true_rpm, range(1, 15)) + noise()
    found_rpm, level_db = refine_speed(x, **NOMINAL)
    assert found_rpm == pytest.approx(true_rpm, abs=0.3)
    assert level_db > 15


def test_orders_of_ones_own_and_a_wider_search():
    x = comb(1900, (1, 32, 64)) + noise()
    found_rpm, level_db = refine_speed(x, **NOMINAL, orders=(1, 32, 64), tolerance=0.1)
    assert found_rpm == pytest.approx(1900, abs=0.05)
    assert level_db > 30


@pytest.mark.parametrize("n", [16000, N])
def test_noise_alone_has_a_low_level(n):
    levels_db = [float(refine_speed(noise(n, s), **NOMINAL)[1]) for s in range(10)]
    assert max(levels_db) < 6
    few = [float(refine_speed(noise(n, s), **NOMINAL, orders=(1, 2, 3))[1]) for s in range(10)]
    assert max(few) < 9


def test_the_envelope_shows_the_shaft_where_impacts_hide_it():
    turns = turns_from_speed(1786.0, rate_hz=RATE_HZ, n_samples=N)
    carrier = noise()
    x = (1 + 0.9 * np.cos(2 * np.pi * turns)) * carrier
    squared = analytic_envelope(x, rate_hz=RATE_HZ) ** 2
    found_rpm, level_db = refine_speed(squared, **NOMINAL, orders=(1, 2))
    assert found_rpm == pytest.approx(1786, abs=0.5)
    assert level_db > 20
    assert refine_speed(x, **NOMINAL, orders=(1, 2))[1] < 12


def test_level_is_that_of_the_lines():
    # a Hann window makes N / 4 of a cosine, and noise whose median is that of a Rayleigh distribution
    line_db = 20 * np.log10(N / 4 / np.sqrt(0.375 * N * np.log(2)))
    x = comb(1772, (1, 2, 3, 4)) + noise()
    assert refine_speed(x, **NOMINAL, orders=(1, 2, 3, 4))[1] == pytest.approx(line_db, abs=1)
    # half of these lines are not there
    half_db = refine_speed(x, **NOMINAL, orders=(1, 2, 2.5, 3.5))[1]
    assert line_db / 2 < half_db < line_db / 2 + 6


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_stack_is_refined_one_by_one_whatever_its_scale(dtype):
    x = np.stack([comb(s, (1, 2, 3, 4)) + noise(seed=int(s)) for s in (1750, 1772, 1790, 1800)])
    x = x.reshape(2, 2, -1).astype(dtype)
    before = x.copy()
    found_rpm, level_db = refine_speed(x, **NOMINAL)
    assert found_rpm.shape == level_db.shape == (2, 2)
    for i, j in np.ndindex(2, 2):
        one = refine_speed(100 * x[i, j], **NOMINAL)
        assert found_rpm[i, j] == pytest.approx(float(one[0]), abs=1e-2)
        assert level_db[i, j] == pytest.approx(float(one[1]), abs=1e-2)
    np.testing.assert_array_equal(x, before)


def test_int16_is_its_own_value():
    x = np.rint(3000 * (comb(1790, (1, 2, 3)) + noise())).astype(np.int16)
    by_int = refine_speed(x, **NOMINAL)
    by_float = refine_speed(x.astype(np.float64), **NOMINAL)
    np.testing.assert_allclose(by_int, by_float, rtol=1e-5)


@pytest.mark.parametrize(
    "speed_rpm",
    [
        np.linspace(800, 1800, N),
        np.linspace(1800, 800, N),
        1300 + 200 * np.sin(np.arange(N) / 15000),
        np.full(N, 1234.5),
    ],
)
def test_a_varying_speed_is_followed(speed_rpm):
    time_s, found_rpm, certainty = track_speed(comb(speed_rpm, (1, 2, 3, 5)) + noise(), **TRACK)
    assert time_s.shape == found_rpm.shape == certainty.shape == (77,)
    assert time_s[0] == pytest.approx(0.25, abs=1e-3)
    np.testing.assert_allclose(np.diff(time_s), 0.125)
    true_rpm = np.interp(time_s, np.arange(N) / RATE_HZ, speed_rpm)
    assert np.abs(found_rpm / true_rpm - 1).max() < 0.01
    assert np.median(np.abs(found_rpm / true_rpm - 1)) < 0.002
    assert np.median(certainty) > 0.9


def test_continuity_bridges_a_stretch_without_lines():
    speed_rpm = np.linspace(1000, 1400, N)
    x = comb(speed_rpm, (1, 2, 3, 5))
    x[36000:42000] = 0
    for slope_rpm_s, followed in ((50, True), (50_000, False)):
        time_s, found_rpm, _ = track_speed(x + noise(), **TRACK | {"slope_rpm_s": slope_rpm_s})
        true_rpm = np.interp(time_s, np.arange(N) / RATE_HZ, speed_rpm)
        assert (np.abs(found_rpm / true_rpm - 1).max() < 0.02) == followed


def test_certainty_is_low_in_noise():
    _, _, certainty = track_speed(noise(), **TRACK)
    assert np.median(certainty) < 0.5


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_stack_is_tracked_one_by_one_whatever_its_scale(dtype):
    speeds = [np.linspace(800, 1200, 32000), np.linspace(1500, 1400, 32000)]
    x = np.stack([comb(s, (1, 2, 3, 5), 32000) + noise(32000) for s in speeds]).astype(dtype)
    _, found_rpm, certainty = track_speed(x, **TRACK)
    for i in range(2):
        _, one_rpm, one = track_speed(100 * x[i], **TRACK)
        np.testing.assert_allclose(found_rpm[i], one_rpm, rtol=1e-4)
        np.testing.assert_allclose(certainty[i], one, atol=1e-3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"speed_rpm": 0}, "speed_rpm must be a positive number, got 0"),
        ({"rate_hz": -1}, "rate_hz must be a positive number, got -1"),
        ({"tolerance": 1.0}, r"tolerance must be a share between 0 and 1, got 1\.0"),
        ({"orders": (1, -2)}, r"orders must be positive numbers, got \[1\.0, -2\.0\]"),
        ({"orders": ()}, r"orders must be positive numbers, got \[\]"),
        ({"orders": (1, 200)}, r"order 200 at 1845 rpm is not below 4000 Hz, .*give orders below 130\.08"),
    ],
)
def test_arguments_of_a_refinement_are_named(change, message):
    with pytest.raises(ParameterError, match=message):
        refine_speed(noise(), **{"rate_hz": RATE_HZ, "speed_rpm": 1800} | change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"range_rpm": (1800, 900)}, "range_rpm must be two rising positive speeds, got 1800 and 900"),
        ({"range_rpm": (0, 900)}, "two rising positive speeds, got 0 and 900"),
        ({"window_s": np.nan}, "window_s must be a positive number, got nan"),
        ({"slope_rpm_s": 0}, "slope_rpm_s must be a positive number, got 0"),
        ({"orders": (1, 150)}, "order 150 at 1900 rpm is not below 4000 Hz"),
    ],
)
def test_arguments_of_a_track_are_named(change, message):
    with pytest.raises(ParameterError, match=message):
        track_speed(noise(8000), **TRACK | change)


def test_signals_without_a_speed_are_refused():
    with pytest.raises(RecordError, match=r"20 turns or more, 0\.667 s at 1800 rpm; got 0\.5 s"):
        refine_speed(noise(4000), rate_hz=RATE_HZ, speed_rpm=1800)
    with pytest.raises(RecordError, match=r"window_s of 0\.5 s is 4000 samples, the signal has 3000"):
        track_speed(noise(3000), **TRACK)
    with pytest.raises(RecordError, match="window_s of 0.0005 s is 4 samples"):
        track_speed(noise(3000), **TRACK | {"window_s": 0.0005})
    constant = np.stack([noise(), np.full(N, 2.0)])
    with pytest.raises(RecordError, match="a channel is constant: there is no speed to find"):
        refine_speed(constant, rate_hz=RATE_HZ, speed_rpm=1800)
    with pytest.raises(RecordError, match="a channel is constant"):
        track_speed(constant, **TRACK)
    with pytest.raises(RecordError, match="sample 0 is nan"):
        track_speed([np.nan, 1], **TRACK)


@pytest.mark.data
@pytest.mark.parametrize(
    ("number", "nominal_rpm", "true_rpm"),
    [(105, 1772, 1795.9), (130, 1797, 1795.7), (158, 1772, 1796.6), (279, 1732, 1773.8), (222, 1772, 1796.2)],
)
def test_real_records_turn_as_measured_whatever_their_label_says(number, nominal_rpm, true_rpm, cwru_dir):
    from scipy.io import loadmat

    x = loadmat(cwru_dir / f"{number}.mat")[f"X{number}_DE_time"].ravel()
    found_rpm, level_db = refine_speed(x, rate_hz=12000, speed_rpm=nominal_rpm)
    assert found_rpm == pytest.approx(true_rpm, abs=0.5)
    assert level_db > 15
    _, track_rpm, certainty = track_speed(
        x, rate_hz=12000, range_rpm=(1200, 2200), orders=range(1, 21), window_s=2, slope_rpm_s=20
    )
    assert np.median(track_rpm) == pytest.approx(true_rpm, abs=2)
    assert np.median(certainty) > 0.9
