"""``faultdiag evaluate``: what the Run was trained on is left out, or said to be in."""

import json

import pytest
from click.testing import CliRunner

from faultdiag.cli import main

pytestmark = pytest.mark.keras

FIELDS = {
    *("split", "holds_out", "leaky", "leaky_classes", "windows", "records", "accuracy", "macro_f1"),
    *("fault_macro_f1", "record_accuracy", "record_macro_f1", "record_fault_macro_f1", "undetermined"),
    "rms_only",
}


def invoke(*words):
    return CliRunner().invoke(main, ["evaluate", *map(str, words)])


@pytest.fixture
def files(tone_dir):
    return "--dataset", "folder", "--data-dir", tone_dir, "--rate", "12000"


def test_json_has_the_documented_fields(tone_run, files):
    done = invoke(tone_run.folder, *files, "--json")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert set(document) == {"run", "task", "classes", "seconds", "results"}
    (result,) = document["results"]
    assert set(result) == FIELDS
    assert set(result["rms_only"]) == {"accuracy", "macro_f1"}


def test_trained_records_are_known_by_their_samples_and_left_out(tone_run, files):
    trained = len(tone_run.document.trained_on)
    (result,) = json.loads(invoke(tone_run.folder, *files, "--json").stdout)["results"]
    assert result["records"] == 9 - trained
    assert result["leaky"] is False


def test_including_them_is_marked_leaky(tone_run, files):
    done = invoke(tone_run.folder, *files, "--include-training", "--json")
    (result,) = json.loads(done.stdout)["results"]
    assert (result["records"], result["leaky"]) == (9, True)


def test_text_has_a_table_and_a_sentence(tone_run, files):
    lines = invoke(tone_run.folder, *files).stdout.splitlines()
    assert lines[0].startswith("test")
    assert lines[-1].endswith(".")


def test_a_missing_run_is_code_2():
    assert invoke("no-such-run").exit_code == 2
