"""``faultdiag predict``: documents, exit codes, and one bad file among good ones."""

import csv
import io
import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner

from faultdiag.cli import main

pytestmark = pytest.mark.keras

FIELDS = {
    *("file", "signal", "status", "label", "probability", "probabilities", "windows", "share"),
    *("run", "warnings", "physics", "agrees", "unlike", "error"),
}


@pytest.fixture
def invoke(tone_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words, run=tone_run.folder):
        named = [] if run is None else ["--run", str(run)]
        return CliRunner().invoke(main, ["predict", *map(str, words), *named])

    return run


@pytest.fixture
def outer(tone_dir):
    return tone_dir / "outer" / "outer-0" / "signal.npy"


def test_json_is_one_document_with_the_documented_fields(invoke, outer):
    done = invoke(outer, "--rate", 12000, "--json")
    assert done.exit_code == 0
    (answer,) = json.loads(done.stdout)
    assert set(answer) == FIELDS
    assert (answer["label"], answer["status"], answer["signal"]) == ("outer", "ok", 0)
    assert sum(answer["probabilities"].values()) == pytest.approx(1.0)
    assert answer["probability"] == max(answer["probabilities"].values())
    assert (answer["physics"], answer["agrees"], answer["error"]) == (None, None, None)
    assert answer["unlike"] is False


def test_text_says_label_and_what_was_assumed(invoke, outer):
    done = invoke(outer)
    assert done.stdout.splitlines()[0].startswith(f"{outer}: outer (")
    assert "--rate" in done.stdout


@pytest.mark.parametrize("backend", ["onnx", "tensorflow"])
def test_a_signal_unlike_the_training_data_is_flagged_whatever_computes(invoke, tmp_path, backend):
    path = tmp_path / "noise.npy"
    np.save(path, np.random.default_rng(0).standard_normal(24000))
    words = [path, "--rate", 12000, "--backend", backend]
    answer, note, _ = invoke(*words).stdout.splitlines()
    assert answer.endswith("windows agree, unlike the training data")
    assert note.startswith("  note: unlike the training data: its distance from them is ")
    assert invoke(*words, "--quiet").stdout == answer + "\n"
    (row,) = csv.DictReader(io.StringIO(invoke(*words, "--csv").stdout))
    assert row["unlike"] == "True"
    assert row["warnings"] == note.removeprefix("  note: ")


def test_csv_has_a_row_a_signal_and_a_column_a_class(invoke, tone_dir):
    done = invoke(tone_dir, "--rate", 12000, "--csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 9
    assert all(row["label"] in row["file"] for row in rows)
    assert {"p_normal", "p_inner", "p_outer"} <= set(rows[0])


def test_one_bad_file_leaves_the_others_judged_and_exits_with_1(invoke, outer, tmp_path):
    bad = tmp_path / "short.npy"
    np.save(bad, np.zeros(10))
    done = invoke(bad, outer, "--rate", 12000, "--json")
    assert done.exit_code == 1
    first, second = json.loads(done.stdout)
    assert (first["status"], first["label"]) == ("error", None)
    assert str(bad) in first["error"]
    assert second["label"] == "outer"


def test_a_missing_file_is_code_2(invoke):
    done = invoke("no-such-file.npy")
    assert done.exit_code == 2
    assert "no-such-file.npy" in done.stderr


def test_a_contradicting_rate_is_code_1_in_one_line(invoke, tmp_path):
    path = tmp_path / "rated.npz"
    np.savez(path, signal=np.random.default_rng(0).normal(size=4096), rate_hz=12000.0)
    done = invoke(path, "--rate", 48000)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "12000" in done.stderr
    assert "48000" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_json_and_csv_at_once_is_a_usage_error(invoke, outer):
    done = invoke(outer, "--json", "--csv")
    assert done.exit_code == 2
    assert "choose one" in done.stderr


def test_a_folder_that_cannot_be_made_is_said_before_anything_is_judged(invoke, outer, tmp_path):
    (tmp_path / "taken").write_text("x")
    done = invoke(outer, "-o", "taken")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: taken: cannot write")


def test_out_gets_tables_and_a_picture_for_each_signal(invoke, outer, tmp_path):
    out = tmp_path / "answers"
    done = invoke(outer, "--rate", 12000, "-o", out)
    assert str(out) in done.stdout
    assert json.loads((out / "predictions.json").read_text())[0]["label"] == "outer"
    (picture,) = out.glob("*.png")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_without_a_run_the_newest_one_is_taken_and_named(invoke, outer, tone_run, tmp_path):
    shutil.copytree(tone_run.folder, tmp_path / "runs" / "mine")
    done = invoke(outer, "--rate", 12000, "--json", run=None)
    assert json.loads(done.stdout)[0]["run"] == "runs/mine"


def test_without_any_run_one_line_says_how_to_train_one(invoke, outer):
    done = invoke(outer, run=None)
    assert done.exit_code == 2
    assert "faultdiag train" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_results_go_to_stdout_and_all_else_to_stderr(invoke, outer, tone_run, tmp_path):
    shutil.copytree(tone_run.folder, tmp_path / "runs" / "mine")
    done = invoke(outer, "--rate", 12000, run=None)
    answer, run = done.stdout.splitlines()
    assert answer.startswith(f"{outer}: outer (")
    assert run == f"Run: runs/mine{tone_run.worth()}"
    assert done.stderr == ""


def test_a_folder_without_signals_is_code_1_in_one_line(invoke, tmp_path):
    (tmp_path / "empty").mkdir()
    done = invoke("empty")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Error: empty: no signal file; readable are csv, csv.gz, mat, npy, npz, wav\n"


def test_quiet_is_one_line_a_signal(invoke, tone_dir):
    plain, quiet = invoke(tone_dir), invoke(tone_dir, "--quiet")
    kept = [
        line for line in plain.stdout.splitlines() if ": " in line and not line.startswith(("  ", "Run:"))
    ]
    assert len(kept) == 9
    assert (quiet.stdout.splitlines(), quiet.stderr) == (kept, "")


def test_each_backend_gives_the_answer(invoke, outer):
    one, other = (
        json.loads(invoke(outer, "--rate", 12000, "--json", "--backend", name).stdout)[0]
        for name in ("onnx", "tensorflow")
    )
    assert one["probabilities"] == pytest.approx(other["probabilities"], abs=1e-4)
    assert one["label"] == other["label"] == "outer"


def test_a_damaged_export_is_code_1_in_one_line(invoke, outer, tone_run, tmp_path):
    run = shutil.copytree(tone_run.folder, tmp_path / "damaged")
    (run / "golden.npz").unlink()
    done = invoke(outer, run=run)
    assert (done.exit_code, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert f"'faultdiag export {run} --to onnx' renews it" in done.stderr


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--backend", "onnx", "--device", "gpu"], "backend 'onnx' computes on the CPU, not on 'gpu'"),
        (["--backend", "theano"], "'theano' is not one of"),
        (["--device", "tpu"], "unknown device 'tpu'"),
        (["--speed", "-5"], "speed_rpm must be positive and finite, got -5"),
        (["--rate", "0"], "rate_hz must be positive and finite, got 0"),
        (["--rate", "fast"], "'fast' is not a valid float"),
        (["--rows", "columns"], "'columns'"),
        (["--devcie", "cpu"], "'--device'"),
    ],
)
def test_wrong_words_are_code_2(invoke, outer, more, said):
    done = invoke(outer, *more)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_channel_that_the_file_lacks_is_code_1_and_names_those_there_are(invoke, outer):
    done = invoke(outer, "--channel", "DE")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no channel 'DE'; there are: ch0" in done.stderr


def test_short_rows_name_the_option(invoke, tmp_path):
    np.save(tmp_path / "table.npy", np.zeros((900, 2)))
    done = invoke("table.npy")
    assert done.exit_code == 1
    assert "say what rows are with --rows samples|signals|channels" in done.stderr


def test_missing_numbers_name_the_option_that_fills_them(invoke, outer, tmp_path):
    samples = np.load(outer)
    samples[10:20] = np.nan
    np.save(tmp_path / "gap.npy", samples)
    done = invoke("gap.npy")
    assert done.exit_code == 1
    assert "--nan interpolate fills short gaps" in done.stderr
    assert "gap.npy: outer" in invoke("gap.npy", "--nan", "interpolate").stdout


def test_a_run_that_is_not_there_is_code_2(invoke, outer):
    done = invoke(outer, run="nowhere")
    assert done.exit_code == 2
    assert "'nowhere' does not exist" in done.stderr
