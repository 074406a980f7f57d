import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from faultdiag.errors import ParameterError, RecordError
from faultdiag.readers.arrays import arrange, described_by, list_arrays
from faultdiag.readers.disk import DiskArray


@pytest.fixture(params=["memory", "C", "F"])
def place(request, tmp_path):
    """Puts an array in memory, or on disk in either order."""

    def put(array):
        if request.param == "memory":
            return array
        path = tmp_path / "array"
        path.write_bytes(b"header" + array.tobytes(request.param))
        return DiskArray(path, 6, array.dtype, array.shape, request.param)

    return put


@pytest.mark.parametrize("shape", [(50,), (50, 1), (1, 50)])
@pytest.mark.parametrize("rows", ["unknown", "channels", "signals", "samples"])
def test_a_line_of_numbers_is_one_signal_whatever_rows_says(place, rng, shape, rows):
    array = rng.standard_normal(shape)
    (record,) = arrange(place(array), rows=rows)
    np.testing.assert_array_equal(record.samples, array.reshape(1, 50))
    assert (record.rows, record.origin) == ("channels", "array")


def test_rows_of_a_matrix(place, rng):
    matrix = rng.standard_normal((3, 40))
    array = place(matrix)
    for rows, said in [("unknown", "unknown"), ("channels", "channels")]:
        (record,) = arrange(array, rows=rows)
        assert record.rows == said
        np.testing.assert_array_equal(record.samples, matrix)
    signals = arrange(array, rows="signals", origin="a.npy")
    assert [s.origin for s in signals] == ["a.npy[0]", "a.npy[1]", "a.npy[2]"]
    for signal, row in zip(signals, matrix, strict=True):
        assert signal.rows == "channels"
        np.testing.assert_array_equal(signal.samples, row[None])
    (record,) = arrange(array, rows="samples")
    assert record.rows == "channels"
    np.testing.assert_array_equal(record.samples, matrix.T)
    np.testing.assert_array_equal(record.read(1, 3), matrix.T[:, 1:3])


@pytest.mark.parametrize("shape", [(4, 3, 20), (4, 1, 20), (1, 3, 20)])
def test_signals_of_channels(place, rng, shape):
    cube = rng.standard_normal(shape)
    signals = arrange(place(cube), rate_hz=100.0, speed_rpm=60.0, nan="interpolate")
    assert len(signals) == shape[0]
    for signal, part in zip(signals, cube, strict=True):
        np.testing.assert_array_equal(signal.samples, part)
        np.testing.assert_array_equal(signal.read(7, 12), part[:, 7:12])
        assert (signal.rate_hz, signal.speed_rpm, signal.nan) == (100.0, 60.0, "interpolate")


@pytest.mark.parametrize(
    ("dtype", "becomes"),
    [
        *[(code, "f4") for code in ("i1", "u1", "i2", "u2", ">i2", "f2", ">f2", "f4", ">f4")],
        *[(code, "f8") for code in ("i4", "u4", "i8", "u8", ">i8", "f8", ">f8", "longdouble")],
    ],
)
def test_numbers_become_the_shorter_float_that_holds_them(place, dtype, becomes):
    values = np.array([0, 1, 100, 127]).astype(dtype)
    (record,) = arrange(place(values))
    assert record.samples.dtype == np.dtype(becomes)
    np.testing.assert_array_equal(record.samples[0], [0, 1, 100, 127])


@pytest.mark.parametrize("code", ["i1", "u1", "i2", "u2"])
def test_the_ends_of_small_integers_are_exact(code):
    ends = np.array([np.iinfo(code).min, np.iinfo(code).max], code)
    assert arrange(ends)[0].samples[0].astype(code).tolist() == ends.tolist()


@pytest.mark.parametrize(
    ("array", "name"),
    [
        (np.ones(3, bool), "bool"),
        (np.ones(3, complex), "complex128"),
        (np.array([1, None]), "object"),
        (np.array(["a"]), "<U1"),
        (np.array([1], "M8[s]"), r"datetime64\[s\]"),
        (np.zeros(3, [("x", "f8")]), r"\[\('x', '<f8'\)\]"),
    ],
)
def test_other_types_are_refused(array, name):
    with pytest.raises(RecordError, match=f"array: samples are {name}; only real numbers"):
        arrange(array)


@pytest.mark.parametrize("shape", [(0,), (0, 5), (5, 0), (1, 0), (2, 3, 0)])
def test_no_samples(shape):
    with pytest.raises(RecordError, match=r"shape \[.*0.*\] has no samples"):
        arrange(np.empty(shape))


@pytest.mark.parametrize("shape", [(), (2, 2, 2, 2)])
def test_no_axis_or_too_many(shape):
    with pytest.raises(RecordError, match=r"an array of shape \[.*\] is no signal"):
        arrange(np.ones(shape))


def test_rows_of_another_kind():
    with pytest.raises(ParameterError, match="rows 'columns' is none of channels, signals, samples, unknown"):
        arrange(np.ones((2, 5)), rows="columns")


@given(arrays(np.int16, st.tuples(st.integers(2, 5), st.integers(2, 30))), st.data())
def test_samples_and_channels_are_one_matrix_and_its_transpose(matrix, data):
    start, stop = sorted(data.draw(st.tuples(st.integers(0, 30), st.integers(0, 30))))
    (as_channels,), (as_samples,) = arrange(matrix, rows="channels"), arrange(matrix.T, rows="samples")
    np.testing.assert_array_equal(as_channels.read(start, stop), as_samples.read(start, stop))


@pytest.mark.parametrize(
    ("scalars", "said"),
    [
        ({}, (None, None)),
        ({"fs": 12000.0}, (12000.0, None)),
        ({"Fs": 12000.0, "rate_hz": 12000.0, "load": -1.0}, (12000.0, None)),
        ({"SPEED_RPM": 1797.0, "sampling_rate": 8.0}, (8.0, 1797.0)),
    ],
)
def test_names_of_rates_and_speeds(scalars, said):
    assert described_by(scalars, "a") == said


@pytest.mark.parametrize("value", [0.0, -1.0, np.inf, np.nan])
def test_a_rate_must_be_positive(value):
    with pytest.raises(RecordError, match=f"a.npz: fs is {value:g}, not positive"):
        described_by({"fs": value}, "a.npz")


def test_a_file_that_contradicts_itself():
    with pytest.raises(RecordError, match="contradicts itself: fs = 100, rate_hz = 200"):
        described_by({"fs": 100.0, "rate_hz": 200.0}, "a.npz")


def test_a_list_of_arrays_is_not_endless():
    text = list_arrays([(f"x{i}", (2, 3), "float64") for i in range(25)] + [("y", (), "int64")])
    assert text.startswith("x0 (2x3 float64), x1 ")
    assert text.endswith("x19 (2x3 float64), and 6 more")
    assert list_arrays([("y", (), "int64")]) == "y (scalar int64)"
