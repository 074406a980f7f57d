import numpy as np
import pytest

from faultdiag.errors import RecordError
from faultdiag.signal.samples import as_samples


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_are_passed_on_without_a_copy(dtype):
    x = np.ones((2, 3), dtype)
    assert as_samples(x) is x or np.shares_memory(as_samples(x), x)
    assert as_samples(x).dtype == dtype


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        (np.int8, "f4"),
        (np.int16, "f4"),
        (np.uint16, "f4"),
        (np.float16, "f4"),
        (np.int32, "f8"),
        (np.uint64, "f8"),
    ],
)
def test_what_is_converted_keeps_its_value(dtype, expected):
    x = np.array([0, 1, 100], dtype)
    y = as_samples(x)
    assert y.dtype == np.dtype(expected)
    assert y.tolist() == x.tolist()


@pytest.mark.parametrize("x", [np.array([1j]), np.array([True]), np.array(["a"]), np.array([None])])
def test_what_is_no_real_number_is_refused(x):
    with pytest.raises(RecordError, match=f"must be real numbers, got {x.dtype}"):
        as_samples(x)


@pytest.mark.parametrize("x", [[], np.zeros((2, 0)), 1.0])
def test_nothing_is_refused(x):
    with pytest.raises(RecordError, match=r"no samples: the shape is \["):
        as_samples(x)


def test_the_first_sample_that_is_not_finite_is_named():
    with pytest.raises(RecordError, match="sample 11 is nan"):
        as_samples([0, np.nan, np.inf], start=10)
    with pytest.raises(RecordError, match=r"sample 1 of row \[1, 0\] is inf"):
        as_samples([[[0.0, 0.0]], [[1.0, np.inf]]])
