"""The Run folder: made in part, finished in one step, never half written; every damage is one line."""

import errno
import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from faultdiag.errors import ParameterError, RunError
from faultdiag.runs.document import FORMAT_VERSION
from faultdiag.runs.folder import (
    check_finished,
    find_runs,
    finish,
    new_part,
    read_card,
    sha256_of,
    write_safely,
    writing,
)


@pytest.fixture
def run(tmp_path):
    """The smallest folder that is a finished Run."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "model.keras").write_bytes(b"abc")
    (folder / "card.md").write_text("# ü\n", encoding="utf-8")
    write_document(folder)
    return folder


def write_document(folder, **more):
    values = {
        "format_version": FORMAT_VERSION,
        "faultdiag_version": "0.1.0",
        "created": "2026-01-01T00:00:00.000000+00:00",
        "input": "signal",
        "dataset": "some",
        "task": "fault",
        "classes": ["normal", "inner"],
        "data": {"channels": ["ch0"], "rate_hz": None, "lowpass_hz": None, "window": 8, "test_hop": 8},
        "view": {"name": "raw", "state": {"n_channels": 1, "length": 8}},
        "network": {"name": "residual", "options": {}, "input_shape": [8, 1], "n_parameters": 1},
        "recipe": {},
        "training": {},
        "trained_on": [],
        "metrics": {"results": []},
        "calibration": {},
        "onnx": {},
        # of the three bytes abc: the first example of FIPS 180-2
        "files": {"model.keras": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    }
    (folder / "run.json").write_text(json.dumps(values | more), encoding="utf-8")


def error(folder, kind=RunError):
    with pytest.raises(kind) as caught:
        check_finished(folder)
    assert "\n" not in str(caught.value)
    assert str(folder) in str(caught.value)
    return str(caught.value)


def test_a_new_run_is_a_part_with_a_name_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parts = {new_part("cwru", "fault") for _ in range(3)}
    assert len(parts) == 3
    for part in parts:
        assert part.is_dir()
        found = re.fullmatch(r"runs/cwru-fault-(\d{8}T\d{6}Z)-[0-9a-f]{4}\.part", part.as_posix())
        made = datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        assert abs(datetime.now(UTC) - made) < timedelta(minutes=1)


def test_a_new_run_may_be_named(tmp_path):
    assert new_part("cwru", "fault", tmp_path / "a" / "mine.v2") == tmp_path / "a" / "mine.v2.part"


@pytest.mark.parametrize("name", ["mine", "mine.part"])
def test_what_exists_is_not_written_over(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(ParameterError, match=f"{name} exists already; name another folder with --out"):
        new_part("cwru", "fault", tmp_path / "mine")


def refuse(*arguments, **options):
    raise PermissionError(errno.EACCES, "Permission denied")


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(RunError, match=r"mine\.part: cannot write: Permission denied"):
        new_part("cwru", "fault", tmp_path / "mine")


def test_a_file_in_the_way_of_a_folder_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="cannot write: Not a directory"):
        new_part("cwru", "fault", tmp_path / "file" / "mine")


def test_finish_takes_the_ending_off(tmp_path):
    part = new_part("cwru", "fault", tmp_path / "mine")
    (part / "a").touch()
    assert finish(part) == tmp_path / "mine"
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["a"]
    assert not part.exists()


def test_finish_writes_over_nothing(tmp_path):
    part = new_part("cwru", "fault", tmp_path / "mine")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a").touch()
    with pytest.raises(RunError, match="mine: cannot write: Directory not empty"):
        finish(part)


def test_writing_turns_what_the_system_says_into_one_line(tmp_path):
    with pytest.raises(RunError, match="here: cannot write: Input/output error"), writing(Path("here")):
        raise OSError(errno.EIO, "Input/output error")
    with pytest.raises(RunError, match="here: cannot write: odd"), writing(Path("here")):
        raise OSError("odd")


def test_a_file_is_written_whole(tmp_path):
    path = tmp_path / "a"
    for content in (b"first", b"second, longer", b""):
        write_safely(path, content)
        assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a"
    write_safely(path, b"first")

    def full(number):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RunError, match=r"/a: cannot write: No space left on device"):
        write_safely(path, b"second")
    assert path.read_bytes() == b"first"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_the_hash_of_a_file(run):
    assert sha256_of(run / "model.keras").startswith("ba7816bf")


def test_a_file_that_cannot_be_hashed_is_one_line(run, monkeypatch):
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(RunError, match=r"model\.keras: cannot be read: Permission denied"):
        sha256_of(run / "model.keras")


def test_a_whole_run_is_finished(run):
    assert check_finished(run).classes == ("normal", "inner")


def test_no_folder_is_a_wrong_parameter(tmp_path):
    text = error(tmp_path / "none", ParameterError)
    assert "'faultdiag runs list' names those there are" in text


def test_an_unfinished_run_is_refused_with_the_command_that_finishes_it(run):
    part = run.rename(run.with_name("my run.part"))
    assert f"unfinished; 'faultdiag train --resume '{part}'' finishes it" in error(part)


def test_a_changed_byte_of_the_model_is_noticed(run):
    (run / "model.keras").write_bytes(b"abd")
    assert "model.keras: damaged: its SHA-256 is not the one in run.json; train again" in error(run)


def test_a_missing_model_is_noticed(run):
    (run / "model.keras").unlink()
    assert "damaged: model.keras is missing; train again" in error(run)


def test_a_missing_document_is_noticed(run):
    (run / "run.json").unlink()
    assert "no Run: run.json cannot be read (No such file or directory)" in error(run)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "null", "{}", '"a"', "[" * 20000, "\x00"])
def test_a_document_of_garbage_is_damaged(run, text):
    (run / "run.json").write_text(text)
    assert "run.json: damaged: not the JSON of a Run; train again" in error(run)


def test_a_newer_format_asks_for_a_newer_faultdiag(run):
    write_document(run, format_version=FORMAT_VERSION + 1)
    text = error(run)
    assert f"format version {FORMAT_VERSION + 1}, this faultdiag reads up to {FORMAT_VERSION}" in text
    assert "install a newer faultdiag" in text


def test_runs_are_found_newest_first(run, tmp_path):
    for name, created in (("old", "2025-01-01"), ("new", "2027-01-01")):
        write_document(shutil.copytree(run, tmp_path / name), created=f"{created}T00:00:00.000000+00:00")
    assert [path.name for path, _ in find_runs(tmp_path)] == ["new", "run", "old"]


def test_what_is_no_finished_run_is_passed_over(run, tmp_path):
    shutil.copytree(run, tmp_path / "unfinished.part")
    shutil.copytree(run, tmp_path / "damaged")
    (tmp_path / "damaged" / "run.json").write_text("{")
    write_document(shutil.copytree(run, tmp_path / "newer"), format_version=FORMAT_VERSION + 1)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    assert [path.name for path, _ in find_runs(tmp_path)] == ["run"]


def test_no_folder_holds_no_runs(tmp_path):
    assert find_runs(tmp_path / "none") == []


def test_the_card_is_read_as_utf8(run):
    assert read_card(run) == "# ü\n"


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_card_that_cannot_be_read_is_one_line(run, content):
    (run / "card.md").unlink() if content is None else (run / "card.md").write_bytes(content)
    with pytest.raises(RunError, match=r"card\.md: cannot be read \(") as caught:
        read_card(run)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("out", ["", ".", "..", "mine.part"])
def test_a_name_that_cannot_be_a_runs_is_refused(out):
    with pytest.raises(
        ParameterError, match=re.escape(f"--out {str(Path(out))!r} is no name for a new folder")
    ):
        new_part("cwru", "fault", Path(out))
