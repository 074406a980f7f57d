import numpy as np
import pytest
import scipy.io

from faultdiag.errors import ParameterError, RecordError
from faultdiag.readers.mat import contents, read, read_variables


def save(path, *, compressed=False, **variables):
    scipy.io.savemat(path, variables, do_compression=compressed, oned_as="column")
    return path


def signals(rng, n=500):
    return {name: rng.standard_normal(n) for name in ("DE", "FE", "BA")}


@pytest.mark.parametrize("compressed", [False, True])
def test_channels_of_a_record_with_its_speed(tmp_path, rng, compressed):
    values = signals(rng)
    variables = {f"X105_{channel}_time": x for channel, x in values.items()}
    path = save(tmp_path / "105.mat", **variables, X105RPM=np.uint16(1797), compressed=compressed)
    (record,) = read(path)
    assert record.channels == ("DE", "FE", "BA")
    assert record.speed_rpm == 1797.0
    assert record.rate_hz is None
    assert record.origin == str(path)
    assert isinstance(record.source, np.ndarray) == compressed  # what is not compressed stays on disk
    np.testing.assert_array_equal(record.samples, np.stack(list(values.values())))
    np.testing.assert_array_equal(record.read(100, 150), record.samples[:, 100:150])


@pytest.mark.parametrize("name", ["99.mat", "99_part.mat", "099.mat", "normal_99_2hp.mat"])
def test_the_number_in_the_file_name_chooses_the_record(tmp_path, rng, name):
    mine, other = rng.standard_normal((2, 100))
    path = save(
        tmp_path / name, X098_DE_time=other, X098RPM=1772.0, ans=1.0, X099_DE_time=mine, X099RPM=1750.0
    )
    (record,) = read(path)
    np.testing.assert_array_equal(record.samples[0], mine)
    assert record.speed_rpm == 1750.0


def test_a_foreign_channel_is_not_taken(tmp_path, rng):
    mine, other = rng.standard_normal(100), rng.standard_normal(70)
    (record,) = read(save(tmp_path / "175.mat", X217_DE_time=other, X175_DE_time=mine, X175RPM=1730.0))
    assert record.channels == ("DE",)
    np.testing.assert_array_equal(record.samples[0], mine)


def test_the_only_record_needs_no_number(tmp_path, rng):
    """174.mat holds X173_*, 3001.mat holds X056_DE_time alone, and 277.mat an `i` besides."""
    x = rng.standard_normal(100)
    (record,) = read(save(tmp_path / "174.mat", X173_DE_time=x, X173RPM=1725.0))
    assert (record.channels, record.speed_rpm) == (("DE",), 1725.0)
    (record,) = read(save(tmp_path / "3001.mat", i=np.arange(1000.0), X056_DE_time=x))
    assert (record.channels, record.speed_rpm) == (("DE",), None)


def test_records_without_a_number_to_choose_by(tmp_path):
    path = save(tmp_path / "both.mat", X098_DE_time=np.ones(9), X099_DE_time=np.ones(9))
    with pytest.raises(
        RecordError, match=r"records X098, X099 \(X098_DE_time \(9x1 double\).*--variable X098"
    ):
        read(path)


def test_variable_takes_a_record_or_an_array(tmp_path, rng):
    de, fe = rng.standard_normal((2, 50))
    path = save(tmp_path / "98.mat", X098_DE_time=-de, X099_DE_time=de, X099_FE_time=fe, X099RPM=1750.0)
    (record,) = read(path, variable="X099")
    assert record.channels == ("DE", "FE")
    (record,) = read(path, variable="X099_FE_time")
    assert (record.channels, record.speed_rpm) == (("FE",), 1750.0)
    np.testing.assert_array_equal(record.samples, fe[None])


def test_a_variable_that_is_not_there(tmp_path):
    path = save(tmp_path / "97.mat", X097_DE_time=np.ones(9), X097RPM=1797.0)
    with pytest.raises(ParameterError, match="no variable 'X097_DE'; did you mean .*X097_DE_time.*X097RPM"):
        read(path, variable="X097_DE")


def test_channels_of_unequal_length(tmp_path):
    path = save(tmp_path / "97.mat", X097_DE_time=np.ones(9), X097_FE_time=np.ones(8))
    with pytest.raises(RecordError, match=r"unequal length: X097_DE_time \(9x1 double\), X097_FE_time \(8x1"):
        read(path)


def test_a_channel_that_is_no_signal(tmp_path):
    path = save(tmp_path / "97.mat", X097_DE_time=np.ones((9, 2)))
    with pytest.raises(RecordError, match=r"channel X097_DE_time has shape \[9, 2\]"):
        read(path)
    path = save(tmp_path / "97.mat", X097_DE_time="text")
    with pytest.raises(RecordError, match="'X097_DE_time' is char; only real numbers"):
        read(path)


@pytest.mark.parametrize(
    ("speed", "said"),
    [
        (np.ones(2), r"X097RPM has shape \[2, 1\]"),
        (-5.0, "rpm is -5, not positive"),
        ("fast", "'X097RPM' is char"),
    ],
)
def test_a_speed_that_cannot_be(tmp_path, speed, said):
    with pytest.raises(RecordError, match=said):
        read(save(tmp_path / "97.mat", X097_DE_time=np.ones(9), X097RPM=speed))


@pytest.mark.parametrize("compressed", [False, True])
def test_the_only_array_with_what_scalars_say(tmp_path, rng, compressed):
    x = rng.standard_normal(100).astype(np.float32)
    path = save(tmp_path / "a.mat", Fs=25600.0, rpm=1200.0, z10_1=x, note="run 3", compressed=compressed)
    (record,) = read(path)
    assert (record.rate_hz, record.speed_rpm, record.channels) == (25600.0, 1200.0, ("ch0",))
    assert record.samples.dtype == np.float32
    np.testing.assert_array_equal(record.samples[0], x)


def test_matrices_follow_rows(tmp_path, rng):
    matrix = rng.standard_normal((3, 40))
    path = save(tmp_path / "a.mat", x=matrix)
    assert read(path)[0].rows == "unknown"
    assert [r.origin for r in read(path, rows="signals")] == [f"{path}[{i}]" for i in range(3)]
    np.testing.assert_array_equal(read(path, rows="channels")[0].samples, matrix)
    np.testing.assert_array_equal(read(path, rows="samples")[0].samples, matrix.T)


def test_several_arrays(tmp_path):
    path = save(tmp_path / "a.mat", x=np.ones(9), y=np.ones((2, 9), np.int16), fs=100.0)
    with pytest.raises(
        RecordError, match=r"several arrays: x \(9x1 double\), y \(2x9 int16\); .*--variable x"
    ):
        read(path)
    assert read(path, variable="y")[0].n_channels == 2


def test_no_array(tmp_path):
    with pytest.raises(
        RecordError, match=r"no numeric array .* there are: note \(1x2 char\), fs \(1x1 double\)"
    ):
        read(save(tmp_path / "a.mat", note="hi", fs=100.0))
    with pytest.raises(RecordError, match="there are: no variables"):
        read(save(tmp_path / "a.mat"))


def test_complex_numbers_are_refused(tmp_path):
    with pytest.raises(RecordError, match="'z' is complex double; only real numbers"):
        read(save(tmp_path / "a.mat", z=np.arange(5) * 1j))


def test_a_rate_that_is_no_number_is_not_passed_over(tmp_path, mat5):
    path = mat5.write(tmp_path / "a.mat", mat5.array("x", np.ones(9)), mat5.array("fs", [1.0], flags=0x200))
    with pytest.raises(RecordError, match="'fs' is logical"):
        read(path)


def test_contents_and_variables(tmp_path, rng):
    x = rng.standard_normal((3, 4))
    path = save(tmp_path / "a.mat", x=x, note="hi", n=np.int8(3))
    assert contents(path) == [("x", "double", (3, 4)), ("note", "char", (1, 2)), ("n", "int8", (1, 1))]
    variables = read_variables(path)
    assert list(variables) == ["x", "n"]
    assert len(variables) == 2
    np.testing.assert_array_equal(variables["x"], x)
    assert variables["n"].dtype == np.int8
    assert "note" not in variables


@pytest.mark.data
def test_every_real_record_is_read(cwru_dir, hitsm_dir):
    for path in sorted(cwru_dir.glob("*.mat")):
        (record,) = read(path)
        assert record.channels in (("DE",), ("DE", "FE"), ("DE", "FE", "BA"))
        says_no_speed = path.stem == "99_part" or int(path.stem) > 3000
        assert record.speed_rpm is None if says_no_speed else 1700 < record.speed_rpm < 1800
    for path in hitsm_dir.rglob("*.mat"):
        (record,) = read(path)
        assert (record.n_channels, record.n_samples) == (1, 262144)
        assert 0 < record.samples.std() < 10
