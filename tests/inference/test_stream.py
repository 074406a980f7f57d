"""Windows out of a stream: the same whatever the pieces, and no more of it in memory than needed."""

import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultdiag.inference.stream import windows_of
from faultdiag.windows import tile


def cut(signal, sizes):
    """The signal in pieces of these sizes, and the rest."""
    edges = np.minimum(np.cumsum([0, *sizes]), signal.shape[1])
    pieces = [signal[:, a:b] for a, b in itertools.pairwise(edges)]
    return [*pieces, signal[:, edges[-1] :]]


def joined(batches, length, n_channels):
    return np.concatenate([*batches, np.empty((0, n_channels, length))])


@given(
    n=st.integers(0, 120),
    n_channels=st.integers(1, 3),
    length=st.integers(1, 20),
    hop=st.integers(1, 50),
    at_most=st.integers(1, 7),
    sizes=st.lists(st.integers(0, 40), max_size=12),
)
def test_the_windows_are_the_same_whatever_the_pieces(n, n_channels, length, hop, at_most, sizes):
    signal = np.arange(n_channels * n, dtype=float).reshape(n_channels, n)
    batches = list(windows_of(cut(signal, sizes), length=length, hop=hop, at_most=at_most))
    assert all(1 <= len(batch) <= at_most for batch in batches)
    expected = [signal[:, start : start + length] for start in tile(0, n, length=length, hop=hop)]
    found = joined(batches, length, n_channels)
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_hop_beyond_the_length_skips_samples_across_pieces():
    pieces = [np.array([[float(i)]]) for i in range(11)]
    found = joined(windows_of(pieces, length=2, hop=5), 2, 1)
    np.testing.assert_array_equal(found[:, 0], [[0, 1], [5, 6]])


def test_a_signal_shorter_than_a_window_has_none():
    assert list(windows_of([np.zeros((1, 7))], length=8, hop=8)) == []
    assert list(windows_of([], length=8, hop=8)) == []


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_of_the_samples_stays(dtype):
    (batch,) = windows_of([np.zeros((1, 8), dtype)], length=8, hop=8)
    assert batch.dtype == dtype


def test_an_hour_takes_no_more_memory_than_a_minute():
    def peak(n_blocks):
        blocks = (np.zeros((1, 10_000), np.float32) for _ in range(n_blocks))
        tracemalloc.start()
        n_windows = sum(len(batch) for batch in windows_of(blocks, length=256, hop=128))
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert n_windows == (n_blocks * 10_000 - 256) // 128 + 1
        return size

    assert peak(400) < 1.2 * peak(20)
