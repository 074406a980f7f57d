"""``faultdiag export`` prints where the file is and how near it is."""

import json
import shutil

import click
import pytest
from click.testing import CliRunner

from faultdiag.cli import main
from faultdiag.cli.export import export
from faultdiag.runs.export.table import EXPORTERS

pytestmark = pytest.mark.keras


@pytest.fixture
def folder(tone_run, tmp_path):
    pytest.importorskip("onnx", reason="export to ONNX")
    return shutil.copytree(tone_run.folder, tmp_path / "run")


def invoke(*words):
    return CliRunner().invoke(main, ["export", *(str(word) for word in words)])


def test_the_answer_is_one_line(folder):
    done = invoke(folder)
    assert done.exit_code == 0
    assert done.output.startswith(f"{folder / 'model.onnx'}: probabilities within ")
    assert done.output.endswith(" of Keras' on 32 inputs\n")
    assert done.output.count("\n") == 1


def test_json_is_one_document(folder, tmp_path):
    done = invoke(folder, "--to", "onnx", "-o", tmp_path / "mine.onnx", "--json")
    document = json.loads(done.output)
    assert 0 <= document.pop("max_difference") < 1e-4
    assert document == {
        "run": str(folder),
        "to": "onnx",
        "file": str(tmp_path / "mine.onnx"),
        "golden": str(tmp_path / "mine.onnx.golden.npz"),
        "inputs": 32,
    }


def test_a_wrong_format_is_a_wrong_command(folder):
    done = invoke(folder, "--to", "onx")
    assert done.exit_code == 2
    assert "Error: unknown export format 'onx'; did you mean onnx?" in done.output


def test_an_unfinished_run_is_the_files_fault(folder):
    done = invoke(folder.rename(folder.with_name("run.part")))
    assert done.exit_code == 1
    assert "unfinished; 'faultdiag train --resume" in done.output


def test_no_run_is_a_wrong_command(tmp_path):
    assert invoke(tmp_path / "none").exit_code == 2


def test_help_names_the_formats_of_the_table():
    (to,) = (option for option in export.params if option.name == "to")
    assert isinstance(to, click.Option)
    assert sorted(to.metavar.split("|")) == sorted(EXPORTERS._table)
