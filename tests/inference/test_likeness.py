"""What is compared of windows has known values; the limit keeps to its share of false alarms."""

import json

import numpy as np
import pytest
from scipy.spatial.distance import mahalanobis

from faultdiag.datasets.gear_rig import Gearbox, GearTrain, simulate_gearbox
from faultdiag.datasets.simulated import examples
from faultdiag.errors import ParameterError
from faultdiag.inference.likeness import (
    FLOOR,
    RESOLUTION,
    Likeness,
    fit_likeness,
    window_statistics,
)
from faultdiag.records import Record
from faultdiag.views.pool import WindowPool
from faultdiag.windows import Windows, tile

N_OCTAVES, N_WIDE = 8, 6
"""Of 2,048 samples, 1,024 lines: 0 to 8 lines, then up to 16, 32 ... 1,024; six hold 16 lines or more."""


def parts(windows):
    """The statistics of windows of 2,048 samples by name."""
    found = window_statistics(windows)
    assert found.shape[-1] == N_OCTAVES + N_WIDE + 2
    shares, peaks, rest = np.split(found, [N_OCTAVES, N_OCTAVES + N_WIDE], axis=-1)
    return shares, peaks, rest[..., 0], rest[..., 1]


def tone(line):
    return np.sin(2 * np.pi * line * np.arange(2048) / 2048 + 0.3)


def test_a_tone_lies_in_its_octave_and_stands_over_it_as_its_hann_window_says():
    shares, peaks, kurtosis, _ = parts(tone(300))  # lines 257 to 512: 256 lines
    assert shares[6] == pytest.approx(0, abs=1e-4)
    assert np.all(np.delete(shares, 6) < np.log(1e-4))
    # of a Hann window the middle line has 1, its neighbours 1/4 each
    assert peaks[4] == pytest.approx(np.log(256 / 1.5), abs=1e-2)
    assert kurtosis == pytest.approx(np.log(1.5), abs=1e-3)


def test_white_noise_fills_octaves_by_their_width():
    shares, peaks, kurtosis, n_top = parts(np.random.default_rng(0).standard_normal((400, 2048)))
    mean = np.exp(shares).mean(axis=0)
    np.testing.assert_allclose(mean, np.array([8, 8, 16, 32, 64, 128, 256, 512]) / 1024, rtol=0.05)
    assert np.exp(shares).sum(axis=-1) == pytest.approx(1, abs=1e-4)
    # the largest of n exponential lines is the n-th harmonic number times their mean, less for Hann's overlap
    assert 0.8 < np.exp(peaks[:, -1]).mean() / np.sum(1 / np.arange(1, 513)) < 1.05
    assert np.exp(kurtosis).mean() == pytest.approx(3, abs=0.05)
    assert np.exp(n_top).mean() < 2.5


def test_a_square_wave_is_at_the_top_all_the_time():
    _, _, kurtosis, n_top = parts(np.sign(tone(10)))
    assert kurtosis == pytest.approx(0, abs=1e-5)
    assert n_top == pytest.approx(np.log(2049))


@pytest.mark.parametrize("gain", [1e-6, 1e6])
def test_gain_and_offset_change_nothing(gain):
    x = np.random.default_rng(0).standard_normal((3, 2, 2048))
    np.testing.assert_allclose(window_statistics(gain * (x + 5)), window_statistics(x), atol=1e-9)


def test_many_windows_are_as_each_and_stay_as_they_were():
    x = np.random.default_rng(0).standard_normal((3, 2, 300)).astype(np.float32)
    before = x.copy()
    found = window_statistics(x)
    for i in range(3):
        for channel in range(2):
            np.testing.assert_allclose(found[i, channel], window_statistics(x[i, channel]), rtol=1e-5)
    np.testing.assert_array_equal(x, before)


def test_a_channel_that_does_not_vary_is_like_no_other():
    still = window_statistics(np.full((1, 2048), 5.0, np.float32))
    assert np.isfinite(still).all()
    np.testing.assert_allclose(still[0, :N_OCTAVES], np.log(FLOOR))


@pytest.mark.parametrize("length", [16, 17, 31, 256, 2047])
def test_windows_of_any_length_have_finite_statistics(length):
    assert np.isfinite(window_statistics(np.random.default_rng(0).standard_normal((2, 1, length)))).all()


# the limit


def drawn(n_bearings, *, seed=0, shift=0.0, spread=1.0, n_windows=6):
    """Statistics of two channels: bearings of two classes differ more than their windows do."""
    rng = np.random.default_rng(seed)
    bearings = rng.standard_normal((n_bearings, 1, 2, 5)) + shift
    statistics = bearings + spread * rng.standard_normal((n_bearings, n_windows, 2, 5))
    group = np.repeat(np.arange(n_bearings), n_windows)
    return statistics.reshape(-1, 2, 5), group


def fitted(statistics, group, label=None):
    label = group % 2 if label is None else label
    return Likeness.fit(statistics, record=group, group=group, label=label)


def flagged(likeness, statistics, group):
    """Share of bearings beyond the limit."""
    means = [likeness._of(statistics[group == name]).mean() for name in np.unique(group)]
    return np.mean(np.exp(means) > likeness.limit(int(np.sum(group == group[0]))))


def test_distances_are_those_of_mahalanobis():
    statistics, group = drawn(8)
    likeness = fitted(statistics, group)
    centres = np.array([statistics[group == name].mean(axis=0) for name in range(8)])
    np.testing.assert_allclose(likeness.means, centres.mean(axis=0))
    squares = np.zeros(len(statistics))
    for channel in range(2):
        within = np.mean(
            [np.cov(statistics[group == name, channel].T, bias=True) for name in range(8)], axis=0
        )
        covariance = within + np.cov(centres[:, channel].T) + RESOLUTION**2 * np.eye(5)
        inverse = np.linalg.inv(covariance)
        mean = likeness.means[channel]
        squares += [mahalanobis(row, mean, inverse) ** 2 for row in statistics[:, channel]]
    np.testing.assert_allclose(np.exp(2 * likeness._of(statistics)), squares / 10 + FLOOR, rtol=1e-6)


@pytest.mark.parametrize("n_bearings", [8, 30])
@pytest.mark.parametrize("n_windows", [1, 20])
def test_few_new_bearings_are_flagged_however_many_windows_they_have(n_bearings, n_windows):
    """Whatever bearings trained; strange ones are flagged all the same."""
    shares = []
    for seed in range(20):
        likeness = fitted(*drawn(n_bearings, seed=seed))
        shares.append(flagged(likeness, *drawn(200, seed=100 + seed, n_windows=n_windows)))
    assert np.mean(shares) < 0.03
    likeness = fitted(*drawn(30))
    assert flagged(likeness, *drawn(200, seed=1, shift=8.0, n_windows=n_windows)) > 0.95


def test_the_distance_of_each_bearing_is_taken_from_the_others():
    """One that is far away would else hide in its own mean and deviation."""
    statistics, group = drawn(8)
    statistics[group == 3] += 30
    without = statistics[group != 3], group[group != 3]
    assert fitted(statistics, group).between > 3 * fitted(*without).between


def test_no_bearing_that_was_left_out_is_flagged():
    statistics, group = drawn(30)
    statistics[group == 3] += 30
    likeness = fitted(statistics, group)
    others = statistics[group != 3]
    own = fitted(others, group[group != 3])._of(statistics[group == 3])
    assert likeness.limit(10**9) == pytest.approx(np.exp(own.mean()))


def test_more_windows_make_a_closer_limit():
    likeness = fitted(*drawn(20))
    limits = [likeness.limit(n) for n in (1, 4, 10**9)]
    assert sorted(limits, reverse=True) == limits
    assert limits[-1] == pytest.approx(np.exp(likeness.usual + likeness.between))


def test_the_only_bearing_of_a_class_is_not_left_out():
    statistics, group = drawn(7)
    statistics[group == 6] += 30  # a class by itself
    likeness = fitted(statistics, group, label=np.where(group == 6, 2, group % 2))
    assert likeness.bearings == 6
    assert likeness.limit(6) < fitted(statistics, group, label=np.zeros_like(group)).limit(6)


def test_too_few_bearings_set_no_limit():
    assert fitted(*drawn(4)).bearings == 4
    assert fitted(*drawn(3), label=np.zeros(18)) is None
    statistics, group = drawn(6)
    assert fitted(statistics, group, label=group) is None  # one of each class


def test_the_most_distant_record_counts():
    statistics, group = drawn(8)
    statistics[::6] += 10
    apart = Likeness.fit(statistics, record=np.arange(48), group=group, label=group % 2)
    assert apart.usual > fitted(statistics, group).usual


def test_its_state_is_json_and_gives_it_back():
    likeness = fitted(*drawn(8))
    state = json.loads(json.dumps(likeness.state()))
    again = Likeness(**state)
    assert again.state() == likeness.state() == state
    assert again.limit(3) == likeness.limit(3)


def test_it_is_for_its_windows_alone():
    shape = (2, window_statistics(np.zeros(256)).shape[-1])
    likeness = Likeness(np.zeros(shape), np.zeros((*shape, shape[1])))
    assert likeness.checked(n_channels=2, length=256) is likeness
    with pytest.raises(ParameterError, match=r"shapes \(\(2, 10\), .* the windows need \(\(1, 10\)"):
        likeness.checked(n_channels=1, length=256)
    with pytest.raises(ParameterError, match=r"the windows need \(\(2, 16\)"):
        likeness.checked(n_channels=2, length=2048)


# signals


def test_images_and_short_windows_have_none():
    images = WindowPool(np.zeros(4, np.int64), images=np.zeros((4, 8, 8, 3), np.uint8))
    assert fit_likeness(images, Windows.whole(np.arange(4)), np.arange(4)) is None
    records = tuple(Record(source=np.random.default_rng(i).normal(size=(1, 64))) for i in range(6))
    pool = WindowPool(np.arange(6) % 2, records)

    def likeness(length):
        cuts = [Windows.of(i, tile(0, 64, length=length, hop=length), length) for i in range(6)]
        return fit_likeness(pool, Windows.join(cuts, length), np.arange(6))

    assert likeness(15) is None
    assert likeness(16).bearings == 6


def cut(samples):
    n = samples.shape[-1] // 2048
    return np.asarray(samples, np.float32).reshape(-1)[: n * 2048].reshape(n, 1, 2048)


def windows_of(records):
    windows = [
        Windows.of(i, tile(0, r.n_samples, length=2048, hop=2048), 2048) for i, r in enumerate(records)
    ]
    return Windows.join(windows, 2048)


def clipped(samples):
    level = np.std(samples)
    return np.clip(samples, -level, level)


def test_on_the_simulated_rig_new_bearings_pass_and_other_signals_do_not():
    data = [examples(seed=seed, n_bearings=5, duration_s=2.0) for seed in range(4)]
    records = data[0].records + data[1].records
    groups = np.concatenate([data[0].groups, np.char.add(data[1].groups, " of the second lot")])
    pool = WindowPool(np.concatenate([data[0].labels, data[1].labels]), records)
    likeness = fit_likeness(pool, windows_of(records), groups)
    assert likeness.bearings == 40

    def unlike(samples):
        windows = cut(samples)
        return np.exp(likeness.log_distances(windows).mean()) > likeness.limit(len(windows))

    new = [record.samples for record in data[2].records + data[3].records]
    assert np.mean([unlike(x) for x in new]) < 0.05
    assert np.mean([unlike(clipped(x)) for x in new]) > 0.95
    rng = np.random.default_rng(0)
    gears = [
        simulate_gearbox(
            gearbox=Gearbox.draw(GearTrain(((20, 41),)), rng),
            fault="normal",
            rate_hz=12000.0,
            duration_s=2.0,
            speed_rpm=1700.0,
            rng=rng,
        )[0][0]
        for _ in range(10)
    ]
    assert np.mean([unlike(x) for x in gears]) > 0.8
    assert unlike(np.sin(2 * np.pi * 50 * np.arange(24000) / 12000))
    assert unlike(np.cumsum(rng.standard_normal(24000)))
    assert unlike(np.round(0.3 * rng.standard_normal(24000)))
