import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultdiag.errors import RecordError
from faultdiag.readers.npy_header import read_header, refuse_objects


def header_of(data):
    return read_header(io.BytesIO(data), "a.npy")


def npy(text, *, version=(1, 0), n_bytes=None):
    """A header of this text, right or wrong."""
    body = text.encode("latin-1") + b"\n"
    size = (len(body) if n_bytes is None else n_bytes).to_bytes(2 if version == (1, 0) else 4, "little")
    return b"\x93NUMPY" + bytes(version) + size + body


GOOD = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }"


@given(
    st.sampled_from(["<f8", ">f4", "<i2", "|u1", "<c16", "|b1", "<U5", "<M8[us]", "<f2"]),
    st.lists(st.integers(0, 9), max_size=4),
    st.booleans(),
    st.sampled_from([(1, 0), (2, 0), (3, 0)]),
)
def test_what_numpy_writes_is_what_is_read(dtype, shape, is_fortran, version):
    stream = io.BytesIO()
    array = np.zeros(shape, dtype, "F" if is_fortran else "C")
    np.lib.format.write_array(stream, array, version=version)
    n_bytes = stream.tell()
    stream.seek(0)
    header = read_header(stream, "a.npy")
    assert stream.tell() == header.start == n_bytes - array.nbytes
    assert (header.dtype, header.shape, header.n_bytes) == (array.dtype, array.shape, array.nbytes)
    # an array that is in both orders is written as C
    assert header.order == ("F" if array.flags.fnc else "C")


def test_the_order_of_the_keys_is_free():
    assert header_of(npy("{'shape': (7,), 'descr': '>i4', 'fortran_order': True}")).shape == (7,)


def test_another_format_is_named():
    with pytest.raises(RecordError, match="a.npy: not a NumPy array, it looks like text"):
        header_of(b"1.0, 2.0\n" * 20)


@pytest.mark.parametrize("version", [(9, 0), (1, 1)])
def test_a_version_that_does_not_exist(version):
    with pytest.raises(RecordError, match=rf"NumPy format version \[{version[0]}, {version[1]}\] is unknown"):
        header_of(npy(GOOD, version=version))


def test_a_header_that_claims_two_gigabytes():
    with pytest.raises(RecordError, match="damaged: the header claims 2000000000 bytes"):
        header_of(npy(GOOD, version=(2, 0), n_bytes=2_000_000_000))


def test_a_header_that_is_cut():
    with pytest.raises(RecordError, match="truncated: 60 of the 100 bytes of the header are there"):
        header_of(npy(GOOD, n_bytes=100))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), ",
        "{'descr': '<f8', 'fortran_order': False}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'more': 1}",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (3, 4)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': [3, 4]}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3, -4)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4.0)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3, True)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3, open('x'))}",
        "('descr', 'fortran_order', 'shape')",
        "{'descr': '<f8', 'fortran_order': False, 'shape': " + "(" * 500 + ")" * 500 + "}",
        "{[]: 1}",
        "'\0'",
        "'a' 'b'\\c'",
    ],
)
def test_a_header_that_is_none(text):
    with pytest.raises(RecordError, match="a.npy: damaged: the header is b"):
        header_of(npy(text))


@pytest.mark.parametrize("descr", ["<f9", "f8", "<f8,<f8", "<x4", "", "<M8[parsec]", "<f8[2]"])
def test_a_type_that_does_not_exist(descr):
    with pytest.raises(RecordError, match="a.npy: damaged: there is no type "):
        header_of(npy(f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': (3,)}}"))


@pytest.mark.parametrize("array", [np.array([1, None]), np.zeros(2, [("x", "f8")])])
def test_objects_and_records_are_refused(array):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array)
    header = header_of(stream.getvalue())
    assert header.shape == (2,)
    with pytest.raises(RecordError, match="a.npy: holds Python objects or records.* of real numbers"):
        refuse_objects(header, "a.npy")
