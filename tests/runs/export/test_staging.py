"""Files appear together or not at all."""

import errno
from pathlib import Path

import pytest

from faultdiag.errors import RunError
from faultdiag.runs.export.staging import staged


def content(folder):
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


def test_files_appear_at_the_end_and_replace_the_old_ones(tmp_path):
    (tmp_path / "a").write_text("old")
    (tmp_path / "other").write_text("kept")
    with staged(tmp_path) as stage:
        (stage / "a").write_text("new")
        (stage / "b").write_text("new")
        assert content(tmp_path) == {"a": "old", "other": "kept"}
    assert content(tmp_path) == {"a": "new", "b": "new", "other": "kept"}
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_interruption_leaves_everything_as_it_was(tmp_path, error):
    (tmp_path / "a").write_text("old")
    with pytest.raises(error), staged(tmp_path) as stage:
        (stage / "a").write_text("half")
        raise error
    assert content(tmp_path) == {"a": "old"}
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_replaces_a_folder(tmp_path):
    for number in (1, 2):
        with staged(tmp_path) as stage:
            (stage / "model").mkdir()
            (stage / "model" / f"{number}").write_text("x")
    assert [path.name for path in (tmp_path / "model").iterdir()] == ["2"]
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_run_json_comes_last(tmp_path, monkeypatch):
    order = []
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, to: (order.append(to.name), replace(self, to))[1])
    with staged(tmp_path) as stage:
        for name in ("run.json", "a", "z"):
            (stage / name).write_text(name)
    assert sorted(order[:2]) == ["a", "z"]
    assert order[2] == "run.json"


def test_a_folder_that_cannot_be_written_to_is_one_line(tmp_path):
    wrong = pytest.raises(RunError, match=r"none: cannot write: No such file or directory")
    with wrong, staged(tmp_path / "none"):
        pytest.fail("there is nothing to write to")


def test_a_full_disk_leaves_everything_as_it_was(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("old")

    def full(number):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RunError, match="cannot write: No space left on device"), staged(tmp_path) as stage:
        (stage / "a").write_text("new")
    assert content(tmp_path) == {"a": "old"}
    assert len(list(tmp_path.iterdir())) == 1
