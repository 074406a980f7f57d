import numpy as np
import pytest

from faultdiag.errors import RecordError
from faultdiag.readers import disk
from faultdiag.readers.disk import DiskArray, DiskSignal, stack
from faultdiag.records import Record, SampleSource


def on_disk(path, samples, *, order, dtype="<f4", before=b"header"):
    """The array ``[channels, n]`` as a file of this order, and the signal that reads it."""
    path.write_bytes(before + samples.astype(dtype).tobytes(order))
    n_channels, n = samples.shape
    return DiskSignal(
        path=path,
        start=len(before),
        dtype=np.dtype(dtype),
        shape=samples.shape,
        strides=(n, 1) if order == "C" else (1, n_channels),
        float_dtype=np.dtype(np.float32),
    )


@pytest.fixture
def samples(rng):
    return rng.integers(-1000, 1000, (3, 5000)).astype(np.float32)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<i2", ">i2"])
@pytest.mark.parametrize(
    ("start", "stop"), [(0, 5000), (0, 1), (17, 4321), (4999, 5000), (4000, 9000), (7, 7)]
)
def test_any_stretch_in_any_order(tmp_path, samples, order, dtype, start, stop):
    signal = on_disk(tmp_path / "a", samples, order=order, dtype=dtype)
    assert isinstance(signal, SampleSource)
    np.testing.assert_array_equal(signal.read(start, stop), samples[:, start:stop], strict=True)


@pytest.mark.parametrize("order", ["C", "F"])
def test_pieces_join_without_a_seam(tmp_path, samples, order, monkeypatch):
    monkeypatch.setattr(disk, "_PIECE_BYTES", 100)
    signal = on_disk(tmp_path / "a", samples, order=order)
    np.testing.assert_array_equal(signal.read(3, 4000), samples[:, 3:4000])


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", [(7,), (3, 7), (2, 3, 7)])
def test_strides_count_numbers_as_numpy_counts_bytes(tmp_path, shape, order):
    array = DiskArray(tmp_path / "a", 0, np.dtype("f8"), shape, order)
    assert array.strides == tuple(n // 8 for n in np.empty(shape, "f8", order).strides)


def test_a_file_that_has_become_shorter(tmp_path, samples):
    signal = on_disk(tmp_path / "a", samples, order="C")
    signal.path.write_bytes(signal.path.read_bytes()[:-4])
    assert signal.read(0, 4999).shape == (3, 4999)
    with pytest.raises(RecordError, match="a: has become shorter since it was opened"):
        signal.read(0, 5000)


def test_a_file_that_has_gone(tmp_path, samples):
    signal = on_disk(tmp_path / "a", samples, order="C")
    signal.path.unlink()
    with pytest.raises(RecordError, match="a: cannot be read any more: No such file"):
        signal.read(0, 10)


def test_stack_reads_channels_from_several_places(tmp_path, samples, rng):
    signal = on_disk(tmp_path / "a", samples, order="F")
    more = rng.standard_normal((2, 5000))
    stacked = stack([signal, more])
    assert isinstance(stacked, SampleSource)
    assert stacked.shape == (5, 5000)
    np.testing.assert_array_equal(stacked.read(5, 50), np.concatenate([samples, more])[:, 5:50])
    record = Record(source=stacked).select(["4", "0"])
    np.testing.assert_array_equal(record.read(5, 50), np.stack([more[1], samples[0]])[:, 5:50])


def test_stack_keeps_what_is_in_memory_there(samples):
    np.testing.assert_array_equal(stack([samples, samples[:1]]), np.concatenate([samples, samples[:1]]))
    assert stack([samples]) is samples
