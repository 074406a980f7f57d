import hashlib

import pytest

from faultdiag.datasets import verify as module
from faultdiag.datasets.files import DataFile
from faultdiag.datasets.verify import Verdict, refuse_wrong, verify
from faultdiag.errors import DatasetError, ParameterError

GOOD = b"good bytes"


@pytest.fixture
def five_files(monkeypatch):
    sha256 = hashlib.sha256(GOOD).hexdigest()
    files = tuple(DataFile(f"{n}.mat", len(GOOD), sha256, ()) for n in range(1, 6))
    monkeypatch.setattr(module, "data_files", lambda name: files)


@pytest.mark.usefixtures("five_files")
def test_each_file_has_the_status_that_it_deserves(tmp_path):
    (tmp_path / "1.mat").write_bytes(GOOD)
    (tmp_path / "2.mat").write_bytes(GOOD[:-1])
    (tmp_path / "3.mat").write_bytes(GOOD[::-1])
    (tmp_path / "4_part.mat").write_bytes(b"")
    verdicts = verify("cwru", tmp_path)
    assert [v.file for v in verdicts] == ["1.mat", "2.mat", "3.mat", "4.mat", "5.mat"]
    assert [v.status for v in verdicts] == ["ok", "wrong size", "wrong hash", "part", "missing"]
    with pytest.raises(
        DatasetError, match=r"'cwru': 2 files .*: 2\.mat \(wrong size\), 3\.mat \(wrong hash\);"
    ):
        refuse_wrong("cwru", verdicts)


@pytest.mark.usefixtures("five_files")
def test_a_whole_file_beside_its_part_is_judged_itself(tmp_path):
    (tmp_path / "1.mat").write_bytes(GOOD)
    (tmp_path / "1_part.mat").write_bytes(b"")
    assert verify("cwru", tmp_path)[0].status == "ok"


@pytest.mark.usefixtures("five_files")
def test_the_cache_folder_is_looked_at_by_default(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "cache_folder", lambda name: tmp_path / name)
    assert {v.status for v in verify("cwru")} == {"missing"}
    (tmp_path / "cwru").mkdir()
    (tmp_path / "cwru" / "5.mat").write_bytes(GOOD)
    assert verify("cwru")[4].status == "ok"


def test_what_is_missing_is_not_wrong():
    refuse_wrong("cwru", [Verdict("1.mat", "missing"), Verdict("2.mat", "part"), Verdict("3.mat", "ok")])


def test_many_wrong_files_are_counted_and_a_few_named():
    with pytest.raises(DatasetError, match=r"9 files .*4\.mat \(wrong size\) \.\.\.; delete them"):
        refuse_wrong("cwru", [Verdict(f"{n}.mat", "wrong size") for n in range(9)])


def test_a_folder_that_does_not_exist(tmp_path):
    with pytest.raises(ParameterError, match="there is no folder '.*absent'"):
        verify("cwru", tmp_path / "absent")


def test_a_set_without_files_cannot_be_verified(tmp_path):
    with pytest.raises(ParameterError, match="'folder' has no files of its own"):
        verify("folder", tmp_path)
