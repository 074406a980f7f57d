import hashlib
import json

import pytest
from click.testing import CliRunner

from faultdiag.cli.datasets import datasets
from faultdiag.datasets import fetch as fetch_module
from faultdiag.datasets import verify as verify_module
from faultdiag.datasets.files import DataFile
from faultdiag.datasets.table import DATASETS
from faultdiag.errors import DatasetError, ParameterError

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
    assert result.stdout.splitlines() == ["1.mat        ok", "2.mat        missing", "3.mat        part"]


@pytest.mark.usefixtures("three_files")
def test_verify_fails_if_a_file_is_wrong_after_it_has_printed_all(tmp_path):
    (tmp_path / "2.mat").write_text("2.mta")
    result = run("verify", "cwru", "--data-dir", tmp_path, "--json")
    assert isinstance(result.exception, DatasetError)
    assert "2.mat (wrong hash)" in str(result.exception)
    assert [row["status"] for row in json.loads(result.stdout)] == ["missing", "wrong hash", "missing"]
