"""What every row of READERS holds to."""

import importlib
import itertools
from pathlib import Path

import numpy as np
import pytest

from faultdiag.errors import FaultdiagError, ParameterError, RecordError
from faultdiag.readers import read, read_signals
from faultdiag.readers.table import READERS

TESTS = Path(__file__).parents[1]
ENDINGS = list(READERS)

SAYS_RATE = {"csv", "csv.gz", "mat", "npz", "wav"}
SAYS_SPEED = {"mat", "npz"}
HAS_VARIABLES = {"mat", "npz"}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_row_has_a_file_a_test_and_a_sample(ending, sample_files):
    reader = READERS.load(ending)
    module = importlib.import_module(reader.__module__)
    assert "read" in module.__all__
    assert (TESTS / "readers" / f"test_{reader.__module__.rpartition('.')[2]}.py").is_file()
    assert sample_files[ending].is_file()
    assert READERS.describe(ending)


@pytest.mark.parametrize("kind", [str, Path])
@pytest.mark.parametrize("ending", ENDINGS)
def test_known_samples_come_back(ending, kind, sample_files, known_samples):
    path = kind(sample_files[ending])
    record = read(path)
    np.testing.assert_array_equal(record.samples, known_samples, strict=True)
    assert record.channels == ("ch0", "ch1")
    assert record.origin == str(path)
    assert record.rate_hz == (1000.0 if ending in SAYS_RATE else None)
    assert record.speed_rpm == (1500.0 if ending in SAYS_SPEED else None)
    assert [r.origin for r in read_signals(path)] == [record.origin]


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_reader_itself_returns_a_list(ending, sample_files, known_samples):
    (record,) = READERS.load(ending)(sample_files[ending])
    np.testing.assert_array_equal(record.read(10, 20), known_samples[:, 10:20])


@pytest.mark.parametrize("ending", ENDINGS)
def test_blocks_join_to_the_whole(ending, sample_files, known_samples):
    blocks = list(read(sample_files[ending]).blocks(7))
    assert {block.dtype for block in blocks} == {np.dtype(np.float64)}
    np.testing.assert_array_equal(np.concatenate(blocks, axis=1), known_samples)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_ending_may_be_in_capitals(ending, sample_files, tmp_path):
    path = tmp_path / f"SAMPLE.{ending.upper()}"
    path.write_bytes(sample_files[ending].read_bytes())
    assert read(path).n_samples == 60


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_channel_is_chosen(ending, sample_files, known_samples):
    np.testing.assert_array_equal(read(sample_files[ending], channel="ch1").samples, known_samples[1:])
    with pytest.raises(ParameterError, match="no channel 'absent'"):
        read(sample_files[ending], channel="absent")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_variable_is_chosen_where_there_are_names(ending, sample_files, known_samples):
    if ending in HAS_VARIABLES:
        np.testing.assert_array_equal(read(sample_files[ending], variable="x").samples, known_samples)
    with pytest.raises(ParameterError, match="absent"):
        read(sample_files[ending], variable="absent")


@pytest.mark.parametrize("ending", ENDINGS)
def test_rate_and_speed_may_be_given(ending, sample_files):
    record = read(sample_files[ending], rate_hz=1000, speed_rpm=900)
    assert (record.rate_hz, record.speed_rpm) == (1000, 900)
    if ending in SAYS_RATE:
        with pytest.raises(ParameterError, match="the file says 1000 Hz"):
            read(sample_files[ending], rate_hz=999)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_empty_file(ending, tmp_path):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"")
    with pytest.raises(RecordError, match="the file is empty"):
        read(path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_absent_file(ending, tmp_path):
    with pytest.raises(ParameterError, match="file not found: .*absent") as caught:
        read(tmp_path / f"absent.{ending}")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("nan", ["refuse", "interpolate"])
def test_a_missing_sample(ending, nan, sample_files, known_samples, tmp_path, write_sample):
    samples = known_samples.copy()
    samples[1, 30] = np.nan
    path = write_sample(ending, tmp_path / f"a.{ending}", samples)
    if nan == "refuse":
        with pytest.raises(RecordError, match="channel ch1 is nan at sample 30; --nan interpolate"):
            _ = read(path).samples
    else:
        filled = read(path, nan=nan).samples
        assert filled[1, 30] == pytest.approx(samples[1, [29, 31]].mean())


@pytest.mark.parametrize(("ending", "content"), list(itertools.permutations(ENDINGS, 2)))
def test_the_content_of_another_format_is_named(ending, content, sample_files, tmp_path):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(sample_files[content].read_bytes())
    names = {
        "csv": "text",
        "csv.gz": "gzip",
        "mat": "a MATLAB 5 file",
        "npy": "a NumPy array",
        "npz": "a zip archive",
        "wav": "RIFF",
    }
    with pytest.raises(RecordError, match=f"a.{ending}: not .*, it looks like {names[content]}"):
        read(path)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "content", [b"\x89HDF\r\n\x1a\n" + bytes(600), b"RIFF0000WAVE", b"\x89PNG\r\n\x1a\n\0"]
)
def test_foreign_content_is_named(ending, content, tmp_path):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(content)
    with pytest.raises(RecordError, match="HDF5|RIFF|PNG"):
        read(path)


@pytest.mark.parametrize("ending", sorted(set(ENDINGS) - {"csv"}))
def test_half_a_file_is_refused(ending, sample_files, tmp_path):
    """Only a text may end anywhere."""
    content = sample_files[ending].read_bytes()
    path = tmp_path / f"a.{ending}"
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(FaultdiagError, match=f"a.{ending}"):
        read(path)
