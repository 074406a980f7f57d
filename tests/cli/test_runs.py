"""``faultdiag runs`` lists what is finished and shows its card."""

import json
import shutil

import pytest
from click.testing import CliRunner

from faultdiag.cli import main

pytestmark = pytest.mark.keras


@pytest.fixture
def folder(tone_run, tmp_path):
    """Two finished Runs, an unfinished one and something else."""
    shutil.copytree(tone_run.folder, tmp_path / "first")
    shutil.copytree(tone_run.folder, tmp_path / "second")
    shutil.copytree(tone_run.folder, tmp_path / "third.part")
    (tmp_path / "other").mkdir()
    document = json.loads((tmp_path / "second" / "run.json").read_text())
    document["created"] = "2100-01-01T00:00:00+00:00"
    (tmp_path / "second" / "run.json").write_text(json.dumps(document))
    return tmp_path


def invoke(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_list_is_newest_first_and_leaves_out_what_is_unfinished(folder):
    rows = json.loads(invoke("runs", "list", "--in", folder, "--json").output)
    assert [row["name"] for row in rows] == [str(folder / "second"), str(folder / "first")]


def test_list_tells_the_accuracy_of_each_test(folder, tone_run):
    done = invoke("runs", "list", "--in", folder)
    for result in tone_run.results:
        leaky = " (leaky)" if result["leaky"] else ""
        assert f"{result['split']}{leaky} {100 * result['accuracy']:.1f} %" in done.output


def test_list_of_a_folder_that_is_not_there_is_code_2_in_one_line(tmp_path):
    done = invoke("runs", "list", "--in", tmp_path / "nope", "--json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "nope' does not exist" in done.stderr


def test_list_of_an_empty_folder_says_so(tmp_path):
    done = invoke("runs", "list", "--in", tmp_path)
    assert done.exit_code == 0
    assert done.output == f"no finished Run in {tmp_path}\n"


def test_show_prints_the_card(folder):
    done = invoke("runs", "show", folder / "first")
    assert done.exit_code == 0
    assert done.output.rstrip("\n") == (folder / "first" / "card.md").read_text().rstrip("\n")


def test_show_as_json_is_the_document(folder):
    shown = json.loads(invoke("runs", "show", folder / "first", "--json").output)
    assert shown["classes"] == ["normal", "inner", "outer"]
    assert shown["format_version"] == 1


def test_show_refuses_an_unfinished_run_in_one_line(folder):
    done = invoke("runs", "show", folder / "third.part")
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {folder / 'third.part'}: unfinished")
    assert len(done.stderr.splitlines()) == 1


def test_without_any_run_so_far_the_document_is_empty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert invoke("runs", "list").stdout == "no finished Run in runs\n"
    done = invoke("runs", "list", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])


def test_list_has_the_documented_fields(folder):
    rows = json.loads(invoke("runs", "list", "--in", folder, "--json").stdout)
    assert all(set(row) == {"name", "description"} for row in rows)


def test_show_of_no_folder_is_code_2(tmp_path):
    done = invoke("runs", "show", tmp_path / "none")
    assert done.exit_code == 2
    assert "none" in done.stderr


def damage(folder, what):
    if what == "byte":
        content = bytearray((folder / "model.keras").read_bytes())
        content[100] ^= 1
        (folder / "model.keras").write_bytes(content)
    elif what == "missing":
        (folder / "model.keras").unlink()
    elif what == "garbage":
        (folder / "run.json").write_text("[" * 10)
    elif what == "newer":
        document = json.loads((folder / "run.json").read_text())
        (folder / "run.json").write_text(json.dumps(document | {"format_version": 99}))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("byte", "model.keras: damaged: its SHA-256 is not the one in run.json; train again"),
        ("missing", "damaged: model.keras is missing; train again"),
        ("garbage", "run.json: damaged: not the JSON of a Run; train again"),
        ("newer", "format version 99, this faultdiag reads up to 1; install a newer faultdiag"),
        ("unfinished", "unfinished; 'faultdiag train --resume "),
    ],
)
@pytest.mark.parametrize("command", [["runs", "show"], ["evaluate"], ["predict", "--run"]])
def test_a_run_that_cannot_be_used_is_one_line_everywhere(folder, tone_dir, command, what, said):
    run = folder / ("third.part" if what == "unfinished" else "first")
    damage(run, what)
    done = invoke(*command, run, *([tone_dir] if command[0] == "predict" else []))
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr
    assert str(run) in done.stderr
    assert len(done.stderr.splitlines()) == 1
