"""Windows: tiles lie whole in their stretch, and an overlap is a shared sample."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultdiag.errors import ParameterError
from faultdiag.windows import Windows, tile

windows = st.builds(
    lambda pairs, length: Windows(
        np.array([p[0] for p in pairs], np.int64), np.array([p[1] for p in pairs], np.int64), length
    ),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60)), max_size=6),
    st.integers(1, 12),
)


def samples(some: Windows) -> set[tuple[int, int]]:
    """Every (record, sample) that the windows hold."""
    pairs = zip(some.record.tolist(), some.start.tolist(), strict=True)
    return {(record, start + i) for record, start in pairs for i in range(some.length)}


@given(start=st.integers(0, 50), size=st.integers(-5, 90), length=st.integers(1, 20), hop=st.integers(1, 20))
def test_tiles_are_all_windows_that_lie_whole_in_the_stretch(start, size, length, hop):
    stop = start + size
    expected = [s for s in range(start, stop, hop) if s + length <= stop]
    assert tile(start, stop, length=length, hop=hop).tolist() == expected


@pytest.mark.parametrize(("length", "hop"), [(0, 1), (1, 0), (-3, 1)])
def test_a_window_and_its_hop_have_a_sample_at_least(length, hop):
    with pytest.raises(ParameterError, match=f"must be at least 1 sample, got {length} and {hop}$"):
        tile(0, 10, length=length, hop=hop)


@given(one=windows, other=windows)
def test_overlap_means_a_shared_sample(one, other):
    assert one.overlaps(other) == bool(samples(one) & samples(other))


@given(one=windows, other=windows)
def test_overlap_is_mutual(one, other):
    assert one.overlaps(other) == other.overlaps(one)


@given(some=windows, others=windows)
def test_joined_windows_are_all_of_them_in_order(some, others):
    other = Windows(others.record, others.start, some.length)
    joined = Windows.join([some, other], some.length)
    assert len(joined) == len(some) + len(other)
    assert joined.start.tolist() == some.start.tolist() + other.start.tolist()
    assert joined.record.tolist() == some.record.tolist() + other.record.tolist()
    assert joined.length == some.length


def test_nothing_joined_is_nothing():
    none = Windows.join([], 8)
    assert (len(none), none.record.dtype, none.start.dtype, none.length) == (0, np.int64, np.int64, 8)


def test_windows_of_one_record():
    some = Windows.of(3, tile(0, 10, length=4, hop=3), 4)
    assert (some.record.tolist(), some.start.tolist(), len(some)) == ([3, 3, 3], [0, 3, 6], 3)


def test_windows_are_taken_by_position():
    some = Windows.of(3, np.array([0, 3, 6]), 4).take(np.array([2, 0]))
    assert (some.record.tolist(), some.start.tolist(), some.length) == ([3, 3], [6, 0], 4)


def test_batches_are_the_windows_in_order():
    windows = Windows(np.arange(7), np.arange(7) * 10, 5)
    batches = list(windows.batches(3))
    assert [len(batch) for batch in batches] == [3, 3, 1]
    assert Windows.join(batches, 5).start.tolist() == windows.start.tolist()
    assert all(batch.length == 5 for batch in batches)
