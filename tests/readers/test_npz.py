import zipfile

import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.readers.npz import read


def save(path, *, compressed=True, **arrays):
    (np.savez_compressed if compressed else np.savez)(path, **arrays)
    return path


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["<f4", ">f8", "i2"])
def test_the_only_array_with_what_scalars_say(tmp_path, rng, compressed, order, dtype):
    x = np.asarray(rng.integers(-99, 99, (3, 100)), dtype, order)
    path = save(tmp_path / "a.npz", compressed=compressed, x=x, fs=12000, RPM=np.array([1797.0]), load=2.0)
    (record,) = read(path)
    assert (record.rate_hz, record.speed_rpm, record.rows) == (12000.0, 1797.0, "unknown")
    assert record.origin == str(path)
    np.testing.assert_array_equal(record.samples, x)
    assert len(read(path, rows="signals")) == 3


def test_labels_beside_the_signal_are_no_signals(tmp_path, rng):
    x = rng.standard_normal(100)
    (record,) = read(save(tmp_path / "a.npz", x=x, labels=np.array(["a", "b"]), mask=np.ones(100, bool)))
    np.testing.assert_array_equal(record.samples[0], x)


def test_objects_beside_the_signal_are_left_alone(tmp_path, rng):
    x = rng.standard_normal(100)
    path = save(tmp_path / "a.npz", x=x, meta=np.array([{"a": 1}, None]), table=np.zeros(3, [("a", "f8")]))
    np.testing.assert_array_equal(read(path)[0].samples[0], x)
    with pytest.raises(RecordError, match=r"a\.npz: meta: holds Python objects or records"):
        read(path, variable="meta")


def test_a_rate_that_is_no_number_is_not_passed_over(tmp_path):
    with pytest.raises(RecordError, match=r"a\.npz: fs is <U3, no real number"):
        read(save(tmp_path / "a.npz", x=np.ones(5), fs="12k"))


def test_several_arrays_must_be_chosen_from(tmp_path, rng):
    x, y = rng.standard_normal(100), rng.standard_normal((2, 50)).astype(np.float32)
    path = save(tmp_path / "a.npz", x=x, y=y, n=3)
    listed = r"x \(100 float64\), y \(2x50 float32\), n \(scalar int64\); choose one with --variable x"
    with pytest.raises(RecordError, match=f"several arrays: {listed}"):
        read(path)
    np.testing.assert_array_equal(read(path, variable="y")[0].samples, y)
    with pytest.raises(ParameterError, match="no array 'z'; there are: n, x, y"):
        read(path, variable="z")


def test_no_array_with_an_axis(tmp_path):
    with pytest.raises(RecordError, match=r"no array with an axis among fs \(scalar int64\)"):
        read(save(tmp_path / "a.npz", fs=12000))


def test_a_type_that_is_no_number(tmp_path):
    with pytest.raises(RecordError, match="samples are complex128"):
        read(save(tmp_path / "a.npz", z=np.ones(5, complex)))
    with pytest.raises(RecordError, match=r"a\.npz: o: holds Python objects"):
        read(save(tmp_path / "a.npz", o=np.array([1, None])))


def test_archives_of_something_else(tmp_path):
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(RecordError, match="an archive without arrays"):
        read(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", "hello")
    with pytest.raises(RecordError, match=r"a\.npz: x: not a NumPy array, it looks like text"):
        read(path)
    path.write_bytes(b"1,2\n")
    with pytest.raises(RecordError, match="not a NumPy archive, it looks like text"):
        read(path)


def test_two_arrays_of_one_name(tmp_path):
    path = save(tmp_path / "a.npz", x=np.ones(3))
    data = path.read_bytes()
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("x.npy", data)
    with pytest.raises(RecordError, match=r"two of its arrays have one name: \['x', 'x'\]"):
        read(path)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_another_way_of_compression(tmp_path, compression):
    path = save(tmp_path / "a.npz", x=np.ones(3))
    with zipfile.ZipFile(path) as archive:
        member = archive.read("x.npy")
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("x.npy", member)
    with pytest.raises(RecordError, match=f"array 'x' is compressed in way {compression}"):
        read(path)


def test_a_header_that_claims_two_gigabytes(tmp_path):
    path = save(tmp_path / "a.npz", x=np.ones(100))
    with zipfile.ZipFile(path) as archive:
        member = archive.read("x.npy").replace(b"(100,), }      ", b"(268435456,), }")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", member)
    with pytest.raises(RecordError, match="array 'x' claims 2147483648 bytes in a member of 928"):
        read(path)


def test_an_array_that_would_fill_the_memory(tmp_path):
    path = save(tmp_path / "a.npz", x=np.zeros(30_000_000, np.int8))
    with pytest.raises(RecordError, match="compressed bytes would become 120000000"):
        read(path)


@pytest.mark.parametrize("compressed", [False, True])
def test_a_changed_byte_is_noticed_by_the_checksum(tmp_path, rng, compressed):
    path = save(tmp_path / "a.npz", compressed=compressed, x=rng.standard_normal(1000))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(RecordError, match=r"a\.npz: damaged or truncated archive: "):
        read(path)


def test_a_truncated_archive(tmp_path):
    path = save(tmp_path / "a.npz", x=np.ones(100))
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(RecordError, match="damaged or truncated archive: File is not a zip file"):
        read(path)


def test_a_member_that_is_shorter_than_the_list_says(tmp_path):
    """The list at the end claims 800 bytes of samples, as the array's header does; 792 are stored."""
    path = save(tmp_path / "a.npz", compressed=False, x=np.zeros(100))
    with zipfile.ZipFile(path) as archive:
        (info,) = archive.infolist()
        member = archive.read(info)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", member[:-8])
        (info,) = archive.infolist()
    data = bytearray(path.read_bytes())
    listed = data.rindex(b"PK\x01\x02")
    data[listed + 24 : listed + 28] = len(member).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(RecordError, match="truncated: 792 of 800 bytes of array 'x' are there"):
        read(path)


def test_arrays_of_one_length_are_channels_under_their_names(tmp_path, rng):
    acc, key = rng.standard_normal(100), rng.integers(0, 5, 100).astype(np.int16)
    (record,) = read(
        save(tmp_path / "a.npz", acc=acc, key=key, fs=12000.0, rpm=1797.0, labels=np.array(["a"]))
    )
    assert record.channels == ("acc", "key")
    assert (record.rate_hz, record.speed_rpm, record.rows) == (12000.0, 1797.0, "channels")
    np.testing.assert_array_equal(record.samples, [acc, key])
    np.testing.assert_array_equal(read(tmp_path / "a.npz", variable="key")[0].samples, [key])


def test_an_array_of_times_is_no_channel_and_says_the_rate(tmp_path, rng):
    x, t = rng.standard_normal(100), np.arange(100) / 2000
    (record,) = read(save(tmp_path / "a.npz", t=t, acc=x))
    assert (record.channels, record.rate_hz) == (("acc",), 2000.0)
    with pytest.raises(RecordError, match="a.npz: t and time are both times; keep one"):
        read(save(tmp_path / "a.npz", t=t, acc=x, time=t))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_times_beside_a_rate_are_no_channel_either(tmp_path, rng, dtype):
    """As float32 the times of a long record are rounded to more than a hundredth of a step."""
    t, x = np.arange(300_000) / 12000, rng.standard_normal(300_000)
    (record,) = read(save(tmp_path / "a.npz", t=t.astype(dtype), acc=x, fs=12000))
    assert (record.channels, record.rate_hz) == (("acc",), 12000.0)
    np.testing.assert_array_equal(record.samples, [x])


@pytest.mark.parametrize(("name", "steps_in_a_second"), [("t", 1), ("t_ms", 1000)])
def test_times_that_contradict_the_rate(tmp_path, name, steps_in_a_second):
    arrays = {name: np.arange(100) * (steps_in_a_second / 2000), "acc": np.ones(100)}
    assert read(save(tmp_path / "a.npz", **arrays, fs=2001))[0].rate_hz == 2001
    with pytest.raises(RecordError, match=f"99 steps at 12000 Hz, and 0.0495 s by {name}; correct"):
        read(save(tmp_path / "a.npz", **arrays, fs=12000))


@pytest.mark.parametrize("name", ["rpm", "Speed_RPM", "shaft_rpm"])
@pytest.mark.parametrize("dtype", ["f4", "i2"])
def test_an_array_of_speeds_is_the_speed_over_time(tmp_path, rng, name, dtype):
    acc, rpm = rng.standard_normal((2, 100)), np.linspace(600, 1500, 100).astype(dtype)
    t = np.arange(100) / 2000
    (record,) = read(save(tmp_path / "a.npz", t=t, x=acc[0], y=acc[1], **{name: rpm}))
    assert (record.channels, record.rate_hz) == (("x", "y"), 2000.0)
    np.testing.assert_array_equal(record.samples, acc)
    np.testing.assert_array_equal(record.speed_rpm, rpm)


@pytest.mark.parametrize("shape", [(100,), (100, 1)])
def test_the_only_signal_beside_its_speed(tmp_path, rng, shape):
    x, rpm = rng.standard_normal(100), np.linspace(600, 1500, 100)
    path = save(tmp_path / "a.npz", acc=x.reshape(shape), rpm=rpm.reshape(shape), fs=12000)
    for record in (*read(path), *read(path, variable="acc")):
        assert (record.channels, record.rate_hz) == (("ch0",), 12000.0)
        np.testing.assert_array_equal(record.samples, [x])
        np.testing.assert_array_equal(record.speed_rpm, rpm)
    (speed,) = read(path, variable="rpm")
    np.testing.assert_array_equal(speed.samples, [rpm])
    assert speed.speed_rpm is None


@pytest.mark.parametrize(("rows", "n_records"), [("unknown", 1), ("signals", 3), ("samples", 1)])
def test_a_speed_for_each_sample_of_a_table(tmp_path, rng, rows, n_records):
    table, rpm = rng.standard_normal((3, 100)), np.linspace(600, 1500, 100)
    records = read(save(tmp_path / "a.npz", acc=table.T if rows == "samples" else table, rpm=rpm), rows=rows)
    assert len(records) == n_records
    for record in records:
        np.testing.assert_array_equal(record.speed_rpm, rpm)


def test_a_constant_speed_is_one_number(tmp_path, rng):
    path = save(tmp_path / "a.npz", acc=rng.standard_normal(100), rpm=np.full(100, 1500), fs=12000)
    assert read(path)[0].speed_rpm == 1500.0


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_a_speed_that_cannot_be(tmp_path, bad):
    rpm = np.linspace(600, 1500, 100)
    rpm[[7, 9]] = bad
    with pytest.raises(RecordError, match=rf"a\.npz: rpm is {bad:g} at sample 7, not positive and finite"):
        read(save(tmp_path / "a.npz", acc=np.ones(100), rpm=rpm))


@pytest.mark.parametrize("other", [1500.0, np.linspace(600, 1500, 100)])
def test_two_speeds(tmp_path, other):
    with pytest.raises(RecordError, match="several speeds, rpm.* among them; keep one"):
        read(save(tmp_path / "a.npz", acc=np.ones(100), rpm=np.linspace(600, 1500, 100), speed_rpm=other))


def test_a_speed_of_another_length_is_not_guessed_at(tmp_path, rng):
    x = rng.standard_normal(100)
    path = save(tmp_path / "a.npz", acc=x, rpm=np.linspace(600, 1500, 10))
    with pytest.raises(RecordError, match="several arrays: acc .*, rpm .* --variable acc"):
        read(path)
    assert read(path, variable="acc")[0].speed_rpm is None


def test_a_speed_with_times_alone_is_the_signal(tmp_path):
    rpm, t = np.linspace(600, 1500, 100), np.arange(100) / 2000
    (record,) = read(save(tmp_path / "a.npz", t=t, rpm=rpm))
    assert (record.channels, record.rate_hz, record.speed_rpm) == (("rpm",), 2000.0, None)


@pytest.mark.parametrize("other", [np.ones(99), np.ones((1, 100)), np.ones((2, 100))])
def test_arrays_of_different_shapes_are_no_channels(tmp_path, other):
    with pytest.raises(RecordError, match="several arrays: acc .* choose one with --variable acc"):
        read(save(tmp_path / "a.npz", acc=np.ones(100), other=other))


def test_many_arrays_that_would_fill_the_memory(tmp_path):
    path = save(tmp_path / "a.npz", **{name: np.zeros(9_000_000, np.int8) for name in "abc"})
    with pytest.raises(RecordError, match="compressed bytes would become 108000000"):
        read(path)
    assert read(path, variable="a")[0].n_samples == 9_000_000
