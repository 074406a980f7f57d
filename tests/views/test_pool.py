"""WindowPool: windows are slices of their records, and what is said of them is said of the record."""

import numpy as np
import pytest

from faultdiag.records import Record
from faultdiag.views.image import ImageView
from faultdiag.views.pool import WindowPool
from faultdiag.views.raw import RawView
from faultdiag.windows import Windows

WINDOWS = Windows(np.array([2, 0, 0, 1]), np.array([0, 7, 3, 40]), 10)


def record(seed, n=60, **about):
    samples = np.random.default_rng(seed).standard_normal((2, n)).astype(np.float32)
    return Record(source=samples, **{"rate_hz": 100.0} | about)


@pytest.fixture
def pool():
    ramp = np.linspace(900, 1100, 60)
    records = (record(0, speed_rpm=1750), record(1, n=50), record(2, speed_rpm=ramp))
    return WindowPool(np.array([1, 0, 2]), records)


@pytest.fixture
def pictures():
    images = np.random.default_rng(3).integers(0, 256, (5, 4, 4, 1), np.uint8)
    return WindowPool(np.arange(5) % 2, images=images)


def test_samples_are_slices_of_the_records(pool):
    samples = pool.samples(WINDOWS)
    assert samples.shape == (4, 2, 10)
    for window, number, start in zip(samples, [2, 0, 0, 1], [0, 7, 3, 40], strict=True):
        np.testing.assert_array_equal(window, pool.records[number].source[:, start : start + 10])


def test_tensors_are_the_view_of_the_samples(pool):
    view = RawView(n_channels=2, length=10)
    np.testing.assert_array_equal(pool.tensors(view, WINDOWS), view(pool.samples(WINDOWS)))


def test_the_view_is_told_rate_and_speeds(pool):
    told = {}

    class Listener:
        def __call__(self, samples, rate_hz, speed_rpm):
            told.update(rate_hz=rate_hz, speed_rpm=speed_rpm)
            return samples

    pool.tensors(Listener(), WINDOWS)
    assert told["rate_hz"] == 100
    np.testing.assert_allclose(told["speed_rpm"], [1000, 1750, 1750, np.nan])


def test_truth_and_lengths_go_by_record(pool):
    assert pool.truth(WINDOWS).tolist() == [2, 1, 1, 0]
    assert pool.lengths.tolist() == [60, 50, 60]


@pytest.mark.parametrize(
    ("rates_hz", "common_hz"), [((5, 5), 5), ((5, 6), None), ((None, None), None), ((5, None), None)]
)
def test_the_rate_is_the_one_that_all_have(rates_hz, common_hz):
    records = tuple(record(i, rate_hz=rate_hz) for i, rate_hz in enumerate(rates_hz))
    assert WindowPool(np.zeros(2, np.int64), records).rate_hz == common_hz


def test_an_image_is_a_window_of_length_1(pictures):
    windows = Windows(np.array([4, 1]), np.zeros(2, np.int64), 1)
    np.testing.assert_array_equal(pictures.samples(windows), pictures.images[[4, 1]])
    assert pictures.lengths.tolist() == [1] * 5
    assert pictures.truth(windows).tolist() == [0, 1]
    assert np.isnan(pictures.speed_rpm(windows)).all()
    assert pictures.rate_hz is None
    view = ImageView.fit(pictures.images)
    np.testing.assert_array_equal(pictures.tensors(view, windows), view(pictures.images[[4, 1]]))


def test_the_hash_is_that_of_the_samples_and_no_others(pool):
    samples = pool.records[0].source
    assert len(pool.sha256(0)) == 64
    # of equal samples, wherever they come from and whatever is said about them
    again = WindowPool(np.zeros(1, np.int64), (Record(source=samples.astype(np.float64), label="x"),))
    assert again.sha256(0) == pool.sha256(0)
    known = {pool.sha256(i) for i in range(3)}
    assert len(known) == 3
    for place in ((0, 0), (1, 59), (0, 30)):
        other = samples.copy()
        other[place] = np.nextafter(other[place], np.float32(9))
        known.add(WindowPool(np.zeros(1, np.int64), (Record(source=other),)).sha256(0))
    assert len(known) == 6


def test_every_pixel_is_in_the_hash(pictures):
    known = {pictures.sha256(i) for i in range(5)}
    changed = pictures.images.copy()
    changed[2, 3, 3, 0] ^= 1
    assert WindowPool(pictures.labels, images=changed).sha256(2) not in known
    assert WindowPool(pictures.labels, images=changed).sha256(1) in known
