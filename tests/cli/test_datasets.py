import csv
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from faultdiag.cli.datasets import datasets
from faultdiag.datasets import fetch as fetch_module
from faultdiag.datasets import verify as verify_module
from faultdiag.datasets.files import DataFile
from faultdiag.datasets.load import load_dataset
from faultdiag.datasets.table import DATASETS
from faultdiag.diagnosis import labelled_records, labels
from faultdiag.errors import DatasetError, ParameterError
from faultdiag.records import Record

FILES = tuple(
    DataFile(name, len(name), hashlib.sha256(name.encode()).hexdigest(), tasks)
    for name, tasks in (("1.mat", ("fault",)), ("2.mat", ("severity",)), ("3.mat", ()))
)


@pytest.fixture
def three_files(monkeypatch, tmp_path):
    """The data set cwru with three small files, which a download writes without a network."""

    def write(files, folder, *, base_url, page, progress):
        folder.mkdir(exist_ok=True)
        for file in files:
            (folder / file.name).write_text(file.name)
            if progress:
                progress(file.name, 5, 15)
                progress(file.name, 6, 15)

    monkeypatch.setattr(fetch_module, "download", write)
    for module in (fetch_module, verify_module):
        monkeypatch.setattr(module, "data_files", lambda name: FILES)
        monkeypatch.setattr(module, "cache_folder", lambda name: tmp_path / "cache")


def run(*args):
    return CliRunner().invoke(datasets, [str(arg) for arg in args])


def test_list_names_every_data_set_with_its_description():
    lines = run("list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == DATASETS.names()
    assert all(DATASETS.describe(line.split()[0]) in line for line in lines)


def test_list_as_json():
    rows = json.loads(run("list", "--json").stdout)
    assert [row["name"] for row in rows] == DATASETS.names()
    assert {row["name"]: row["description"] for row in rows}["cwru"] == DATASETS.describe("cwru")


def test_info_prints_the_card():
    assert (
        "homepage: https://engineering.case.edu/bearingdatacenter" in run("info", "cwru").stdout.splitlines()
    )
    assert json.loads(run("info", "cwru", "--json").stdout)["geometry"]["DE"]["n_balls"] == 9


@pytest.mark.parametrize("command", ["info", "fetch", "verify"])
def test_an_unknown_name_is_left_to_the_main_command(command):
    result = run(command, "cwur")
    assert isinstance(result.exception, ParameterError)
    assert "did you mean cwru" in str(result.exception)


@pytest.mark.usefixtures("three_files")
@pytest.mark.parametrize(
    ("options", "names"),
    [
        ((), ["1.mat"]),
        (("--task", "severity"), ["2.mat"]),
        (("--all",), ["1.mat", "2.mat", "3.mat"]),
    ],
)
def test_fetch_gets_what_the_task_needs_or_all(tmp_path, options, names):
    result = run("fetch", "cwru", "--data-dir", tmp_path / "new", *options)
    assert result.exit_code == 0
    assert result.stdout == f"{tmp_path / 'new'}\n"
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == names
    assert result.stderr.splitlines() == [f"fetching {name} (0 of 0 MB)" for name in names]


@pytest.mark.usefixtures("three_files")
def test_fetch_goes_to_the_cache_by_default_and_can_be_quiet(tmp_path):
    result = run("fetch", "cwru", "--quiet")
    assert (result.stdout, result.stderr) == (f"{tmp_path / 'cache'}\n", "")
    document = json.loads(run("fetch", "cwru", "--json").stdout)
    assert document == {"name": "cwru", "folder": str(tmp_path / "cache")}


def test_fetch_all_and_a_task_contradict_each_other():
    result = run("fetch", "cwru", "--all", "--task", "fault")
    assert result.exit_code == 2
    assert "--task and --all contradict each other" in result.stderr


@pytest.mark.usefixtures("three_files")
def test_verify_prints_the_status_of_every_file(tmp_path):
    (tmp_path / "1.mat").write_text("1.mat")
    (tmp_path / "3_part.mat").write_text("")
    result = run("verify", "cwru", "--data-dir", tmp_path)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "1.mat        ok",
        "2.mat        missing",
        "3.mat        part",
        "3 files: 1 ok, 1 missing, 1 part; `faultdiag datasets fetch cwru --all` gets the missing ones",
    ]
    for name in ("2.mat", "3.mat"):
        (tmp_path / name).write_text(name)
    assert run("verify", "cwru", "--data-dir", tmp_path).stdout.splitlines()[-1] == "3 files: 3 ok"


@pytest.mark.usefixtures("three_files")
def test_verify_fails_if_a_file_is_wrong_after_it_has_printed_all(tmp_path):
    (tmp_path / "2.mat").write_text("2.mta")
    result = run("verify", "cwru", "--data-dir", tmp_path, "--json")
    assert isinstance(result.exception, DatasetError)
    assert "2.mat (wrong hash)" in str(result.exception)
    assert [row["status"] for row in json.loads(result.stdout)] == ["missing", "wrong hash", "missing"]


@pytest.fixture(scope="module")
def swapped(tmp_path_factory):
    """Twelve records with a manifest: an inner and an outer race swapped, a ball called normal, a sound
    bearing called outer, and one whose label is none of a bearing.
    """
    folder = tmp_path_factory.mktemp("swapped")
    called = {
        "inner-0": "outer",
        "outer-1": "inner",
        "ball-2": "normal",
        "normal-1": "outer",
        "normal-2": "belt",
    }
    found = load_dataset("simulated", n_bearings=3, duration_s=4.0, snr_db=6.0)
    lines = ["path,label,rate_hz,speed_rpm"]
    for record in found.records[::4]:
        np.save(folder / f"{record.group}.npy", record.samples)
        lines.append(f"{record.group}.npy,{called.get(record.group, record.label)},12000,{record.speed_rpm}")
    (folder / "manifest.csv").write_text("\n".join(lines))
    return folder


def outcomes(rows):
    found = {}
    for row in rows:
        found.setdefault(row["outcome"], set()).add(Path(row["file"]).stem)
    return found


def test_labels_that_the_physics_contradicts_are_listed_and_end_in_1(swapped):
    words = ("verify", "folder", "--physics", "--data-dir", swapped, "--bearing", "6205")
    result = run(*words)
    assert result.exit_code == 1
    table, contradicting, silent, rest = result.stdout.split("\n\n")
    assert [line.split() for line in table.splitlines()] == [
        ["label", "records", "agrees", "contradicts", "shows", "nothing", "not", "judged"],
        ["normal", "2", "0", "1", "0", "1"],
        ["outer", "4", "2", "1", "1", "0"],
        ["belt", "1", "0", "0", "0", "1"],
        ["inner", "3", "2", "1", "0", "0"],
        ["ball", "2", "2", "0", "0", "0"],
    ]
    assert contradicting.startswith("contradicts:\n")
    assert f"{swapped / 'inner-0.npy'}, ch0, labelled outer: inner (" in contradicting
    assert len(contradicting.splitlines()) == 4
    assert silent.startswith(f"shows nothing:\n  {swapped / 'normal-1.npy'}, ch0, labelled outer: ")
    assert len(silent.splitlines()) == 2
    assert f"{swapped / 'normal-0.npy'}, ch0, labelled normal: It cannot be said" in rest
    assert "normal-2.npy, ch0, labelled belt: label 'belt' names no inner race" in rest
    assert result.stderr == "diagnosing 12 records\n"


def test_checked_labels_as_json_and_csv(swapped):
    words = ("verify", "folder", "--physics", "--data-dir", swapped, "--bearing", "6205", "--quiet")
    expected = {
        "contradicts": {"inner-0", "outer-1", "ball-2"},
        "shows nothing": {"normal-1"},
        "not judged": {"normal-0", "normal-2"},
        "agrees": {"inner-1", "inner-2", "outer-0", "outer-2", "ball-0", "ball-1"},
    }
    document = json.loads(run(*words, "--json").stdout)
    assert (document["name"], document["notes"]) == ("folder", [])
    assert outcomes(document["records"]) == expected
    assert {row["label"]: row["contradicts"] for row in document["rows"]}["inner"] == 1
    result = run(*words, "--csv")
    assert outcomes(csv.DictReader(io.StringIO(result.stdout))) == expected
    assert (result.exit_code, result.stderr) == (1, "")


def test_without_a_contradiction_the_exit_code_is_0_and_notes_go_to_stderr(monkeypatch):
    record = Record(source=np.zeros((1, 9)), label="inner", origin="a.npy")
    monkeypatch.setattr(
        labelled_records, "labelled_records", lambda *_, **__: ([(record, None)], ["b.npy is not there"])
    )
    check = labels.LabelCheck("a.npy", "ch0", "", "inner", "agrees", "inner")
    monkeypatch.setattr(labels, "check_label", lambda record, bearing: check)
    result = run("verify", "folder", "--physics", "--bearing", "6205")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 2
    assert result.stderr == "diagnosing 1 records\nnote: b.npy is not there\n"


def test_records_that_are_not_judged_for_one_reason_take_one_line(monkeypatch):
    record = Record(source=np.zeros((1, 9)), origin="a.npy")
    found = [(replace(record, label=label), None) for label in ("belt", "cage", "belt")]
    monkeypatch.setattr(labelled_records, "labelled_records", lambda *_, **__: (found, []))
    result = run("verify", "folder", "--physics", "--bearing", "6205")
    assert result.exit_code == 0
    belt, cage = result.stdout.partition("not judged:\n")[2].splitlines()
    assert belt.startswith("  a.npy, ch0, labelled belt and 1 more: label 'belt' names no")
    assert cage.startswith("  a.npy, ch0, labelled cage: label 'cage' names no")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--bearing", "6205"), "--bearing is of use with --physics alone"),
        (("--set", "12k_FE"), "--set is of use with --physics alone"),
        (("--speed", "1500"), "--speed is of use with --physics alone"),
        (("--physics", "--json", "--csv"), "--json and --csv are two forms"),
    ],
)
def test_options_that_would_do_nothing_are_refused(words, said):
    result = run("verify", "cwru", *words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_what_the_physics_lacks_is_left_to_the_main_command(tmp_path):
    lost = run("verify", "folder", "--physics", "--data-dir", tmp_path)
    assert isinstance(lost.exception, ParameterError)
    assert "name it with --bearing" in str(lost.exception)
    empty = run("verify", "cwru", "--physics", "--data-dir", tmp_path)
    assert isinstance(empty.exception, DatasetError)
    assert "none of its files is in" in str(empty.exception)


@pytest.mark.usefixtures("three_files")
def test_verified_files_as_csv(tmp_path):
    (tmp_path / "1.mat").write_text("1.mat")
    rows = csv.DictReader(io.StringIO(run("verify", "cwru", "--data-dir", tmp_path, "--csv").stdout))
    assert list(rows)[:2] == [{"file": "1.mat", "status": "ok"}, {"file": "2.mat", "status": "missing"}]
