"""``faultdiag evaluate``: what the Run was trained on is left out, or said to be in."""

import csv
import io
import json

import numpy as np
import pytest
from click.testing import CliRunner

from faultdiag.cli import main

pytestmark = pytest.mark.keras

FIELDS = {
    *("split", "holds_out", "leaky", "leaky_classes", "windows", "records", "accuracy", "macro_f1"),
    *("fault_macro_f1", "record_accuracy", "record_macro_f1", "record_fault_macro_f1", "undetermined"),
    "rms_only",
    "mirror_accuracy",
    "unlike",
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
    assert set(document) == {"run", "task", "classes", "seconds", "results", "notes"}
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


def test_csv_is_a_flat_row(tone_run, files):
    (row,) = csv.DictReader(io.StringIO(invoke(tone_run.folder, *files, "--csv").stdout))
    (result,) = json.loads(invoke(tone_run.folder, *files, "--json").stdout)["results"]
    assert set(row) == FIELDS - {"rms_only"} | {"rms_only_accuracy", "rms_only_macro_f1"}
    assert float(row["accuracy"]) == result["accuracy"]
    assert float(row["rms_only_macro_f1"]) == result["rms_only"]["macro_f1"]


def test_json_and_csv_at_once_is_a_usage_error(tone_run, files):
    done = invoke(tone_run.folder, *files, "--json", "--csv")
    assert done.exit_code == 2
    assert "choose one" in done.stderr


def test_quiet_says_nothing_but_the_result(tone_run, tone_dir):
    plain = invoke(tone_run.folder, "--dataset", "folder", "--data-dir", tone_dir)
    quiet = invoke(tone_run.folder, "--dataset", "folder", "--data-dir", tone_dir, "--quiet")
    assert "note: the rate is not known" in plain.stdout
    kept = [line for line in plain.stdout.splitlines() if not line.startswith("note: ")]
    assert (quiet.stdout.splitlines(), quiet.stderr) == (kept, "")


def test_the_exported_network_and_keras_judge_alike(tone_run, files):
    one, other = (
        json.loads(invoke(tone_run.folder, *files, "--json", "--backend", name).stdout)["results"]
        for name in ("onnx", "tensorflow")
    )
    assert one == other


def test_a_missing_run_is_code_2():
    assert invoke("no-such-run").exit_code == 2


def test_nothing_left_is_one_line_with_code_1(tone_run, tones, tmp_path):
    trained = {record.group for record in tone_run.document.trained_on}
    for record in tones.records:
        if record.group in trained:
            place = tmp_path / record.label / record.group
            place.mkdir(parents=True)
            np.save(place / "a.npy", record.samples[0])
    words = ["--dataset", "folder", "--data-dir", tmp_path, "--rate", "12000"]
    done = invoke(tone_run.folder, *words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "--include-training judges them all the same" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--dataset", "foldr"], 2, "did you mean folder?"),
        (["--dataset", "folder", "--task", "faults"], 2, "did you mean fault?"),
        (["--dataset", "folder"], 2, "needs --data-dir"),
        (["--dataset", "folder", "--data-dir", "nowhere"], 2, "nowhere"),
        (["--dataset", "simulated", "--rate", "12000"], 2, "no option 'rate_hz'"),
        (["--dataset", "simulated", "--device", "tpu"], 2, "'tpu'"),
    ],
)
def test_wrong_words_are_one_line(tone_run, more, code, said):
    done = invoke(tone_run.folder, *more)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_class_that_the_run_does_not_know_is_code_1(tone_run, tmp_path):
    for label in ("normal", "ball"):
        (tmp_path / label).mkdir()
        np.save(tmp_path / label / "a.npy", np.random.default_rng(0).standard_normal(2048))
    done = invoke(tone_run.folder, "--dataset", "folder", "--data-dir", tmp_path, "--rate", "12000")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "classes ball are none of the Run's (normal, inner, outer)" in done.stderr


def test_a_run_of_unnamed_data_needs_a_data_set(tone_run):
    """It was trained on examples in memory, which have no row among the data sets."""
    done = invoke(tone_run.folder)
    assert done.exit_code == 2
    assert "unknown data set 'tones'" in done.stderr
