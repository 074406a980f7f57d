import pytest

from faultdiag.errors import RecordError
from faultdiag.readers.folders import find_signals, signal_files


def test_signals_are_found_by_the_ending_of_a_reader(tmp_path):
    for name in ("b.NPY", "a.csv.gz", "sub/c.mat", "no.txt", "no.npy.gz", "npy", ".a.npy", "manifest.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "folder.npy").mkdir()
    found = ["a.csv.gz", "b.NPY", "sub/c.mat"]
    assert [path.relative_to(tmp_path).as_posix() for path in find_signals(tmp_path)] == found
    assert signal_files(str(tmp_path)) == find_signals(tmp_path)


def test_a_file_is_itself_be_it_there_or_not(tmp_path):
    assert signal_files(tmp_path / "a.npy") == [tmp_path / "a.npy"]


def test_a_folder_without_signals_is_one_line(tmp_path):
    (tmp_path / "a.txt").touch()
    with pytest.raises(RecordError, match="no signal file; readable are csv, csv.gz, mat") as caught:
        signal_files(tmp_path)
    assert str(tmp_path) in str(caught.value)
