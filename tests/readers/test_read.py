import os
from pathlib import Path

import numpy as np
import pytest
import scipy.io

import faultdiag
from faultdiag.errors import ParameterError, RecordError
from faultdiag.readers import read, read_signals
from faultdiag.readers.read import speed_conflict
from faultdiag.readers.table import READERS
from faultdiag.records import Record


@pytest.fixture
def path(tmp_path, rng):
    """Two channels at 1000 Hz and 1500 rpm."""
    path = tmp_path / "a.npz"
    np.savez(path, x=rng.standard_normal((2, 100)), fs=1000.0, rpm=1500.0)
    return path


def test_one_signal_is_a_record_and_several_are_a_list(tmp_path, rng):
    cube = rng.standard_normal((3, 2, 50))
    path = tmp_path / "a.npy"
    np.save(path, cube)
    records = read(path)
    assert [r.origin for r in records] == [f"{path}[0]", f"{path}[1]", f"{path}[2]"]
    np.save(path, cube[:1])
    assert isinstance(read(path), Record)
    assert len(read_signals(path)) == 1
    assert read(path).origin == str(path)


def test_the_public_name_is_the_same():
    assert faultdiag.read is read


@pytest.mark.parametrize("kind", [str, Path])
def test_a_path_may_be_a_text(path, kind):
    assert read(kind(path)).origin == str(path)


def test_what_the_file_says_is_used(path):
    record = read(path)
    assert (record.rate_hz, record.speed_rpm) == (1000.0, 1500.0)


def test_what_is_given_is_used_where_the_file_says_nothing(tmp_path):
    np.save(tmp_path / "a.npy", np.ones(9))
    record = read(tmp_path / "a.npy", rate_hz=12000, speed_rpm=1797)
    assert (record.rate_hz, record.speed_rpm) == (12000, 1797)


def test_a_given_rate_must_not_contradict_the_file(path):
    assert read(path, rate_hz=1000.0005).rate_hz == 1000.0
    with pytest.raises(ParameterError, match=r"the file says 1000 Hz, .* the given 1000\.002 Hz"):
        read(path, rate_hz=1000.002)


def test_a_given_speed_wins(path):
    assert read(path, speed_rpm=900.0).speed_rpm == 900.0


@pytest.mark.parametrize("name", ["rate_hz", "speed_rpm"])
@pytest.mark.parametrize("value", [0, -5.0, np.nan, np.inf])
def test_rate_and_speed_are_positive(path, name, value):
    with pytest.raises(ParameterError, match=f"{name} must be positive and finite, got {value}"):
        read(path, **{name: value})


@pytest.mark.parametrize(
    ("said", "given", "conflict"),
    [
        (1000.0, 1010.0, None),
        (1000.0, 1011.0, "a: the file says 1000 rpm, the given 1011 rpm is used"),
        (1000.0, 989.0, "a: the file says 1000 rpm, the given 989 rpm is used"),
        (np.array([900.0, 1100.0]), 1001.0, None),
        (None, 1000.0, None),
        (1000.0, None, None),
    ],
)
def test_a_speed_conflicts_above_one_percent(said, given, conflict):
    record = Record(source=np.zeros((1, 2)), speed_rpm=said, origin="a")
    assert speed_conflict(record, given) == conflict


@pytest.mark.parametrize(
    ("channel", "rows"),
    [("ch1", [1]), ("1", [1]), (1, [1]), (("ch1", "ch0"), [1, 0]), ([0], [0]), ((), [])],
)
def test_channels_by_name_and_by_position(path, channel, rows):
    record = read(path, channel=channel)
    np.testing.assert_array_equal(record.samples, read(path).samples[rows])


def test_a_channel_that_is_not_there(path):
    with pytest.raises(ParameterError, match=r"a\.npz: no channel 'DE'; there are: ch0, ch1"):
        read(path, channel="DE")


def test_missing_samples_in_memory_are_found_at_once(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("DE\n1\nnan\n3\n")
    with pytest.raises(RecordError, match=r"a\.csv: channel DE is nan at sample 1; --nan interpolate"):
        read(path)
    record = read(path, nan="interpolate")
    np.testing.assert_array_equal(record.source, [[1, 2, 3]])


def test_missing_samples_on_disk_are_found_when_read(tmp_path):
    np.save(tmp_path / "a.npy", np.array([1, np.nan, 3]))
    with pytest.raises(RecordError, match="channel ch0 is nan at sample 1"):
        read(tmp_path / "a.npy").samples  # noqa: B018 - reads from disk
    assert read(tmp_path / "a.npy", nan="interpolate").samples.tolist() == [[1, 2, 3]]


def test_a_policy_that_does_not_exist(path):
    with pytest.raises(ParameterError, match="nan 'zero' is none of refuse, interpolate"):
        read(path, nan="zero")


def test_variable_and_rows_reach_the_reader(path):
    assert len(read(path, rows="signals")) == 2
    with pytest.raises(ParameterError, match="no array 'y'"):
        read(path, variable="y")


@pytest.mark.parametrize("name", ["absent.npy", "absent.xyz", "absent/a.npy", "x" * 300 + ".npy"])
def test_a_file_that_is_not_there(tmp_path, name):
    with pytest.raises((ParameterError, RecordError), match="file not found: |File name too long"):
        read(tmp_path / name)


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "a.npy").mkdir()
    with pytest.raises(ParameterError, match=r"a\.npy is a folder; name a file of signals"):
        read(tmp_path / "a.npy")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes: this system has none")
def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(ParameterError, match="no regular file"):
        read(tmp_path / "a.csv")


def test_an_ending_that_names_no_format(tmp_path):
    (tmp_path / "a.xlsx").write_text("1")
    with pytest.raises(ParameterError, match="ending '.xlsx' names no format; there are: ") as caught:
        read(tmp_path / "a.xlsx")
    assert all(f".{ending}" in str(caught.value) for ending in READERS)


def test_an_empty_file(tmp_path):
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(RecordError, match=r"a\.csv: the file is empty"):
        read(tmp_path / "a.csv")


def test_a_file_that_may_not_be_read(path, monkeypatch):
    def refuse(*args, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(READERS, "load", lambda name: refuse)
    with pytest.raises(RecordError, match=r"a\.npz: cannot be read: Permission denied"):
        read(path)


@pytest.mark.data
def test_real_records(cwru_dir):
    record = read(cwru_dir / "105.mat", rate_hz=12000, channel="DE")
    theirs = scipy.io.loadmat(cwru_dir / "105.mat")["X105_DE_time"].ravel()
    np.testing.assert_array_equal(record.samples[0], theirs)
    assert record.mean_speed_rpm == 1797
    # reference level: DE of inner race faults of 7 mil
    assert 0.29 <= record.samples.std() <= 0.31
