"""Receptive fields against a search for every sample that an output depends on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultdiag.errors import ParameterError
from faultdiag.networks.reach import Reach

layers = st.fixed_dictionaries(
    {
        "kernel": st.integers(1, 5),
        "stride": st.integers(1, 3),
        "dilation": st.integers(1, 2),
        "padding": st.sampled_from(["same", "valid"]),
    }
)


def marked(masks, kernel, stride, dilation, padding):
    """Behind a layer: for each position the set of input samples that reach it, padding left out."""
    n, long = len(masks), (kernel - 1) * dilation + 1
    n_out = -(-n // stride) if padding == "same" else (n - long) // stride + 1
    before = max((n_out - 1) * stride + long - n, 0) // 2 if padding == "same" else 0
    places = [[i * stride - before + tap * dilation for tap in range(kernel)] for i in range(n_out)]
    return [set().union(*(masks[p] for p in taps if 0 <= p < n)) for taps in places]


@given(n=st.integers(30, 60), chain=st.lists(layers, max_size=3))
def test_the_outermost_samples_are_those_of_a_search(n, chain):
    reach, masks = Reach(n), [{i} for i in range(n)]
    for layer in chain:
        if (layer["kernel"] - 1) * layer["dilation"] >= reach.n:
            return
        reach, masks = reach.through(**layer), marked(masks, **layer)
    assert reach.n == len(masks)
    for i, found in enumerate(masks):
        first, last = reach.first + i * reach.hop, reach.last + i * reach.hop
        assert not found or (first <= min(found) and max(found) <= last)
        if first >= 0 and last < n:
            assert (min(found), max(found)) == (first, last)


def test_a_sum_sees_what_either_part_sees():
    whole = Reach(64)
    left = whole.through(kernel=2, stride=1)  # the odd zero stands behind: samples i and i + 1
    right = whole.through(kernel=3, stride=1)
    assert (left.first, left.last) == (0, 1)
    assert (right.first, right.last) == (-1, 1)
    joined = left.joined(right)
    assert (joined.first, joined.last, joined.n_seen) == (-1, 1, 3)


def test_fields_of_stacked_kernels_add_up():
    reach = Reach(1000)
    for _ in range(10):
        reach = reach.through(kernel=3, stride=1)
    assert reach.n_seen == 1 + 10 * 2


def test_strides_multiply():
    reach = Reach(1000).through(kernel=3, stride=2).through(kernel=3, stride=5)
    assert (reach.n, reach.hop, reach.n_seen) == (100, 10, 3 + 2 * 2)


def test_a_kernel_longer_than_the_input_is_told():
    with pytest.raises(ParameterError, match="input: 4 samples are too few for a kernel of 9"):
        Reach(4).through(kernel=5, stride=1, dilation=2, padding="valid")


def test_the_start_sees_itself():
    assert np.array_equal([Reach(7).n_seen, Reach(7).hop], [1, 1])
