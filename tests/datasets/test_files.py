from pathlib import Path

import pytest

from faultdiag.datasets.files import (
    absent_files,
    cache_folder,
    data_files,
    existing_folder,
    find_file,
    part_name,
)
from faultdiag.errors import ParameterError


def test_a_set_without_files_has_none():
    assert data_files("folder") == ()


def test_an_unknown_set_is_refused():
    with pytest.raises(ParameterError, match=r"unknown data set 'cwur'; did you mean cwru\?"):
        data_files("cwur")


def test_sets_have_folders_of_their_own_in_the_cache():
    assert cache_folder("cwru") != cache_folder("folder")
    assert cache_folder("cwru").parts[-2:] == ("datasets", "cwru")


def test_a_folder_that_is_none_is_refused(tmp_path):
    assert existing_folder("cwru", tmp_path) == tmp_path
    (tmp_path / "file").write_text("")
    for wrong in ("absent", "file"):
        with pytest.raises(ParameterError, match=rf"'cwru': there is no folder '.*{wrong}'"):
            existing_folder("cwru", tmp_path / wrong)


def test_the_whole_file_wins_over_its_part(tmp_path):
    assert find_file(tmp_path, "99.mat") is None
    (tmp_path / "99_part.mat").write_text("")
    assert find_file(tmp_path, "99.mat") == tmp_path / "99_part.mat"
    (tmp_path / "99.mat").write_text("")
    assert find_file(tmp_path, "99.mat") == tmp_path / "99.mat"


def test_part_names_keep_the_ending():
    assert part_name("a.b.csv") == "a.b_part.csv"


def test_absent_files_keep_their_order(tmp_path):
    (tmp_path / "2.mat").write_text("")
    (tmp_path / "4_part.mat").write_text("")
    assert absent_files(tmp_path, ["5.mat", "4.mat", "2.mat", "1.mat"]) == ["5.mat", "1.mat"]
    assert absent_files(Path("/nowhere"), ["1.mat"]) == ["1.mat"]
