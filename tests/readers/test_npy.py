import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.readers.npy import read


def save(path, array):
    np.save(path, array)
    return path


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", [(300,), (3, 100), (2, 3, 50)])
@pytest.mark.parametrize("dtype", ["<f4", ">f8", "i2"])
def test_signals_are_read_from_disk_in_stretches(tmp_path, rng, order, shape, dtype):
    array = np.asarray(rng.integers(-99, 99, shape), dtype, order)
    records = read(save(tmp_path / "a.npy", array))
    parts = list(array) if len(shape) == 3 else [np.atleast_2d(array)]
    for record, part in zip(records, parts, strict=True):
        assert not isinstance(record.source, np.ndarray)
        np.testing.assert_array_equal(record.samples, part)
        np.testing.assert_array_equal(np.concatenate(list(record.blocks(7)), axis=1), part)


def test_rows_and_origins(tmp_path, rng):
    matrix = rng.standard_normal((3, 50))
    path = save(tmp_path / "a.npy", matrix)
    assert read(path)[0].rows == "unknown"
    assert [r.origin for r in read(path, rows="signals")] == [f"{path}[{i}]" for i in range(3)]
    np.testing.assert_array_equal(read(path, rows="samples")[0].samples, matrix.T)


def test_missing_samples_are_named_where_they_are_read(tmp_path):
    array = np.zeros(1000, np.float32)
    array[700] = np.nan
    (record,) = read(save(tmp_path / "a.npy", array))
    assert not record.read(0, 700).any()
    with pytest.raises(RecordError, match=r"a\.npy: channel ch0 is nan at sample 700"):
        record.read(600, 800)


def test_a_truncated_file_tells_both_sizes(tmp_path):
    path = save(tmp_path / "a.npy", np.zeros(100))
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(
        RecordError, match="truncated: the header claims 800 bytes of samples and 790 are there"
    ):
        read(path)


def test_a_header_that_claims_two_gigabytes(tmp_path):
    path = save(tmp_path / "a.npy", np.zeros(100))
    path.write_bytes(path.read_bytes().replace(b"(100,), }      ", b"(268435456,), }"))
    with pytest.raises(
        RecordError, match="truncated: the header claims 2147483648 bytes of samples and 800 "
    ):
        read(path)


def test_bytes_behind_the_array(tmp_path):
    path = save(tmp_path / "a.npy", np.zeros(100))
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(
        RecordError, match="damaged: the header claims 800 bytes of samples and 804 are there"
    ):
        read(path)


def test_an_array_has_no_name(tmp_path):
    with pytest.raises(ParameterError, match="one array without a name; leave out 'x'"):
        read(save(tmp_path / "a.npy", np.zeros(9)), variable="x")


def test_objects_are_refused(tmp_path):
    with pytest.raises(RecordError, match=r"a\.npy: holds Python objects or records"):
        read(save(tmp_path / "a.npy", np.array([1, None])))


def test_complex_samples_are_refused(tmp_path):
    with pytest.raises(RecordError, match=r"a\.npy: samples are complex128"):
        read(save(tmp_path / "a.npy", np.zeros(9, complex)))
