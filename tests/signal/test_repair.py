import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.repair import fill_marked, find_clipped, find_dropouts, find_outliers


def noise(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def ringing(n=5000, rate=0.2, decay=0.97):
    """Noise through a resonance: an AR process of order 2."""
    x = noise(n)
    for t in range(2, n):
        x[t] += 2 * decay * np.cos(2 * np.pi * rate) * x[t - 1] - decay**2 * x[t - 2]
    return x


def test_spikes_are_found_and_nothing_else():
    x = noise(3, 2000)
    x[0, [0, 700, 1999]] = 25, -30, 40
    x[2, 300] = -25
    expected = np.zeros(x.shape, bool)
    expected[0, [0, 700, 1999]] = True
    expected[2, 300] = True
    np.testing.assert_array_equal(find_outliers(x), expected)


def test_the_threshold_counts_robust_standard_deviations():
    x = noise(100_001)
    share = find_outliers(x, threshold=3, half_width=100).mean()
    assert share == pytest.approx(0.0027, rel=0.3)  # of a normal distribution


def test_an_impact_that_rings_is_no_outlier_but_a_spike_of_its_height_is():
    t = np.arange(1000)
    impact = np.where(t < 500, 0, 40 * np.exp(-(t - 500) / 30) * np.cos(t))
    x = noise(1000) + impact
    assert not find_outliers(x).any()
    x[200] = 40
    assert np.flatnonzero(find_outliers(x)).tolist() == [200]


def test_outliers_do_not_depend_on_scale_or_offset():
    x = noise(5000) ** 3
    found = find_outliers(x)
    assert 0 < found.sum() < 500
    np.testing.assert_array_equal(find_outliers(-3 * x + 8), found)
    assert not find_outliers(np.full(50, 2.0)).any()


def test_dropouts_are_runs_of_one_value_in_their_own_channel():
    x = noise(2, 2, 100)
    x[0, 0, :20] = 0
    x[0, 1, 50:66] = 3
    x[0, 1, 66:81] = 4  # one sample too short
    x[1, 0, 84:] = -1
    x[1, 1, 0] = -1  # the next row goes on with the value of the row before
    expected = np.zeros(x.shape, bool)
    expected[0, 0, :20] = True
    expected[0, 1, 50:66] = True
    expected[1, 0, 84:] = True
    np.testing.assert_array_equal(find_dropouts(x), expected)


def test_two_dropouts_that_touch_are_both_found():
    x = np.array([1, 2, 2, 2, 5, 5, 5, 7])
    assert find_dropouts(x, min_samples=3).astype(int).tolist() == [0, 1, 1, 1, 1, 1, 1, 0]
    assert find_dropouts(x, min_samples=4).sum() == 0


def test_a_channel_that_never_varies_is_one_dropout():
    assert find_dropouts(np.zeros((2, 30))).all()
    assert find_dropouts([5.0]).tolist() == [False]


def test_clipped_samples_are_those_at_the_ends_of_the_range():
    x = noise(2, 10_000)
    clipped = np.clip(x, -2.5, 2.5)
    np.testing.assert_array_equal(find_clipped(clipped), np.abs(clipped) == 2.5)
    assert find_clipped(clipped).mean() == pytest.approx(0.0124, rel=0.2)
    assert not find_clipped(x).any()


def test_ends_that_mirror_each_other_count_together_others_alone():
    x = np.append(noise(1000) / 10, [1.0, 1.0, -0.9995])
    assert np.flatnonzero(find_clipped(x)).tolist() == [1000, 1001, 1002]
    x[-1] = -0.99
    assert not find_clipped(x).any()
    assert np.flatnonzero(find_clipped(x, min_samples=2)).tolist() == [1000, 1001]


def test_a_known_full_scale_marks_single_samples():
    x = np.array([0.0, 5.0, -5.0, 4.9])
    assert find_clipped(x, full_scale=5).tolist() == [False, True, True, False]


def test_a_gap_in_a_tone_is_filled_with_the_tone():
    t = np.arange(20_000)
    x = np.sin(0.3 * t) + 0.5 * np.cos(1.1 * t) + 4
    marked = np.zeros(x.shape, bool)
    marked[[100, 105, 106, 900]] = True
    marked[5000:5016] = True
    broken = np.where(marked, np.nan, x)
    np.testing.assert_allclose(fill_marked(broken, marked=marked), x, atol=0.02)


def test_gaps_in_a_ringing_signal_are_filled_far_better_than_by_straight_lines():
    x = ringing()
    marked = np.zeros(x.shape, bool)
    for start in range(50, 4900, 60):
        marked[start : start + 2] = True
    good, bad = np.flatnonzero(~marked), np.flatnonzero(marked)
    line = np.interp(bad, good, x[good]) - x[bad]
    filled = fill_marked(x, marked=marked)[bad] - x[bad]
    assert filled.std() < 0.4 * line.std()


def test_marked_samples_are_the_least_squares_of_the_prediction_errors():
    # an independent solution: all equations of the prediction, by a general solver
    x = ringing(600)
    marked = np.zeros(600, bool)
    marked[[200, 201, 203, 240, 300]] = True
    filled = fill_marked(x, marked=marked)
    from faultdiag.signal.prediction import prediction_coefficients

    start = x.copy()
    start[marked] = np.interp(np.flatnonzero(marked), np.flatnonzero(~marked), x[~marked])
    taps = np.append(1, -prediction_coefficients(start, order=32))
    errors = np.zeros((600, 600))
    for t in range(32, 600):
        errors[t, t - 32 : t + 1] = taps[::-1]
    centred = np.where(marked, 0, x - start.mean())
    solution = np.linalg.lstsq(errors[:, marked], -errors @ centred, rcond=None)[0]
    np.testing.assert_allclose(filled[marked], solution + start.mean(), atol=1e-9)


def test_filling_leaves_good_samples_and_good_channels_as_they_are():
    x = noise(2, 3, 500)
    marked = np.zeros(x.shape, bool)
    marked[0, 1, 40:44] = True
    marked[1, 2, [0, 499]] = True
    filled = fill_marked(x, marked=marked)
    np.testing.assert_array_equal(filled[~marked], x[~marked])
    np.testing.assert_allclose(fill_marked(x[0, 1], marked=marked[0, 1]), filled[0, 1])
    assert np.abs(filled[1, 2, [0, 499]]).max() < 2
    np.testing.assert_array_equal(fill_marked(x, marked=np.zeros(x.shape, bool)), x)


def test_filling_does_not_depend_on_the_order_in_memory():
    x = noise(3, 400)
    marked = np.zeros(x.shape, bool)
    marked[:, 100:103] = True
    expected = fill_marked(x, marked=marked)
    np.testing.assert_array_equal(fill_marked(np.asfortranarray(x), marked=marked), expected)
    assert (expected[:, 100:103] != 0).all()


def test_filling_a_constant_channel_continues_it():
    marked = np.arange(200) == 50
    np.testing.assert_array_equal(fill_marked(np.where(marked, 9.0, 2.0), marked=marked), np.full(200, 2.0))


@pytest.mark.parametrize(
    "function",
    [find_outliers, find_dropouts, find_clipped, lambda x: fill_marked(x, marked=np.abs(x) > 25_000)],
)
def test_the_input_is_not_changed_and_integers_are_as_floats(function):
    x = np.round(8000 * noise(2, 2000)).astype(np.int16)
    before = x.copy()
    np.testing.assert_allclose(function(x), function(x.astype(float)), atol=1e-2)
    np.testing.assert_array_equal(x, before)


def test_filling_scales_and_keeps_the_precision():
    x = ringing(1000)
    marked = np.arange(1000) % 97 == 5
    filled = fill_marked(x, marked=marked)
    np.testing.assert_allclose(fill_marked(3 * x, marked=marked), 3 * filled, rtol=1e-9)
    single = fill_marked(x.astype(np.float32), marked=marked)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, filled, atol=1e-4)
    given = x.copy()
    fill_marked(given, marked=marked)
    np.testing.assert_array_equal(given, x)


def test_runs_that_are_too_long_are_refused_with_their_place():
    x, marked = noise(2, 500), np.zeros((2, 500), bool)
    marked[1, 100:117] = True
    with pytest.raises(RecordError, match="17 marked samples in a row from sample 100 on .* at most 16; cut"):
        fill_marked(x, marked=marked)
    assert np.isfinite(fill_marked(x, marked=marked, max_samples=17)).all()


def test_what_cannot_be_filled_is_refused():
    x = noise(150)
    with pytest.raises(ParameterError, match=r"marked has shape \[3\], the signal \[150\]"):
        fill_marked(x, marked=[True, False, True])
    with pytest.raises(RecordError, match="filling gaps takes at least 100 samples, the signal has 75"):
        fill_marked(x, marked=np.arange(150) % 2 == 0)
    with pytest.raises(RecordError, match="sample 3 is nan"):
        fill_marked(np.where(np.arange(150) == 3, np.nan, x), marked=np.arange(150) == 4)
    with pytest.raises(ParameterError, match="max_samples must be at least 1, got 0"):
        fill_marked(x, marked=x > 9, max_samples=0)


def test_arguments_out_of_range_are_named():
    x = noise(50)
    with pytest.raises(ParameterError, match="threshold must be a positive number, got 0"):
        find_outliers(x, threshold=0)
    with pytest.raises(ParameterError, match="half_width must be at least 1, got 0"):
        find_outliers(x, half_width=0)
    with pytest.raises(RecordError, match="half_width 25 takes at least 51 samples, the signal has 50"):
        find_outliers(x, half_width=25)
    with pytest.raises(ParameterError, match="min_samples must be at least 2, got 1"):
        find_dropouts(x, min_samples=1)
    with pytest.raises(ParameterError, match="min_samples must be at least 2, got 1"):
        find_clipped(x, min_samples=1)
    with pytest.raises(ParameterError, match="full_scale must be a positive number, got -1"):
        find_clipped(x, full_scale=-1)
    with pytest.raises(RecordError, match=r"all 50 samples of row \[1\] are 0; leave out"):
        find_clipped(np.stack([x, 0 * x]))


def record(folder, number, place="DE"):
    from scipy.io import loadmat

    return loadmat(folder / f"{number}.mat")[f"X{number:03d}_{place}_time"].ravel()


@pytest.mark.data
@pytest.mark.parametrize(
    ("number", "place", "n_clipped"),
    [(200, "DE", 8), (236, "DE", 4), (237, "DE", 3), (302, "FE", 23), (105, "DE", 0), (130, "DE", 0)],
)
def test_clipped_samples_of_real_records_are_all_found(number, place, n_clipped, cwru_dir):
    assert find_clipped(record(cwru_dir, number, place)).sum() == n_clipped


@pytest.mark.data
@pytest.mark.parametrize("number", [105, 130, 169])
def test_faults_of_a_bearing_are_no_faults_of_the_measurement(number, cwru_dir):
    x = record(cwru_dir, number)
    assert not find_outliers(x).any()
    assert not find_dropouts(x).any()
