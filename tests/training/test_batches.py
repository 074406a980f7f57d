"""Batches: every window once an epoch, in an order of seed and epoch alone; classes that weigh the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultdiag.records import Record
from faultdiag.training.batches import WindowBatches, class_weights
from faultdiag.views.pool import WindowPool
from faultdiag.views.raw import RawView
from faultdiag.windows import Windows, tile

pytestmark = pytest.mark.keras

LENGTH, HOP = 8, 4


@pytest.fixture
def pool():
    """Three records of ramps, so that no two windows are alike."""
    rng = np.random.default_rng(0)
    records = tuple(
        Record(source=rng.standard_normal((1, 30 + 7 * i)).astype(np.float32), rate_hz=100.0)
        for i in range(3)
    )
    return WindowPool(np.array([0, 1, 1]), records)


@pytest.fixture
def windows(pool):
    cuts = [
        Windows.of(i, tile(0, int(n), length=LENGTH, hop=HOP), LENGTH) for i, n in enumerate(pool.lengths)
    ]
    return Windows.join(cuts, LENGTH)


def batches(pool, windows, **options):
    return WindowBatches(
        pool, windows, RawView(n_channels=1, length=LENGTH), **{"batch_size": 5, "seed": 3} | options
    )


def tensors(made):
    return np.concatenate([made[i][0] for i in range(len(made))])


def rows(array):
    return sorted(map(tuple, array.reshape(len(array), -1).tolist()))


def test_an_epoch_has_every_window_exactly_once(pool, windows):
    made = batches(pool, windows)
    every = rows(pool.tensors(RawView(n_channels=1, length=LENGTH), windows))
    assert len(set(every)) == len(windows)
    for epoch in range(3):
        made.epoch = epoch
        assert rows(tensors(made)) == every


def test_the_last_batch_is_the_rest(pool, windows):
    made = batches(pool, windows)
    sizes = [len(made[i][0]) for i in range(len(made))]
    assert sum(sizes) == len(windows)
    assert set(sizes[:-1]) == {5}
    assert 1 <= sizes[-1] <= 5


def test_labels_go_with_their_windows(pool, windows):
    made = batches(pool, windows)
    of_row = dict(
        zip(
            map(bytes, pool.tensors(RawView(n_channels=1, length=LENGTH), windows)),
            pool.truth(windows),
            strict=True,
        )
    )
    for i in range(len(made)):
        found, labels = made[i]
        assert [of_row[bytes(x)] for x in found] == labels.tolist()


def test_the_order_depends_on_seed_and_epoch_alone(pool, windows):
    made, again = batches(pool, windows), batches(pool, windows)
    again.epoch = 5  # what came before an epoch does not matter
    again.epoch = made.epoch = 2
    np.testing.assert_array_equal(tensors(made), tensors(again))
    again.epoch = 3
    assert not np.array_equal(tensors(made), tensors(again))
    other = batches(pool, windows, seed=4)
    other.epoch = 2
    assert not np.array_equal(tensors(made), tensors(other))


def test_without_a_seed_windows_keep_their_order(pool, windows):
    made = batches(pool, windows, seed=None)
    made.epoch = 7
    np.testing.assert_array_equal(tensors(made), pool.tensors(RawView(n_channels=1, length=LENGTH), windows))


def test_a_batch_carries_the_weights_of_its_labels(pool, windows):
    made = batches(pool, windows, weights=np.array([2.0, 0.5]))
    for i in range(len(made)):
        _, labels, weights = made[i]
        np.testing.assert_array_equal(weights, np.where(labels == 0, 2.0, 0.5))
        assert weights.dtype == np.float32


@given(st.lists(st.integers(1, 50), min_size=2, max_size=6))
def test_class_weights_make_classes_count_the_same(counts):
    labels = np.repeat(np.arange(len(counts)), counts)
    weights = class_weights(labels, len(counts))
    assert np.mean(weights[labels]) == pytest.approx(1)
    totals = weights * counts
    np.testing.assert_allclose(totals, totals[0])


def test_class_weights_of_equal_classes_are_one():
    np.testing.assert_array_equal(class_weights(np.array([0, 1, 2, 0, 1, 2]), 3), [1, 1, 1])


def test_a_class_without_windows_has_a_finite_weight():
    assert np.isfinite(class_weights(np.array([0, 0, 2]), 3)).all()
