"""``faultdiag diagnose``: text, JSON, CSV, exit codes."""

import csv
import io
import json

import numpy as np
import pytest
from click.testing import CliRunner

from faultdiag.cli import main
from faultdiag.datasets.rig import Assembly, simulate_bearing
from faultdiag.kinematics.bearing import Bearing


@pytest.fixture(scope="module")
def pump(tmp_path_factory):
    rng = np.random.default_rng(1)
    samples = simulate_bearing(
        bearing=Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04),
        fault="inner",
        rate_hz=12000.0,
        duration_s=6.0,
        speed_rpm=1763.0,
        snr_db=3.0,
        assembly=Assembly.draw(rng),
        rng=rng,
    )
    path = tmp_path_factory.mktemp("pump") / "pump.npy"
    np.save(path, samples.astype(np.float32))
    return path


def invoke(*words):
    return CliRunner().invoke(main, ["diagnose", *map(str, words)])


GIVEN = ("--rate", 12000, "--speed", 1750, "--bearing", "6205")


def test_a_mechanic_is_told_what_is_wrong(pump):
    done = invoke(pump, *GIVEN)
    assert done.exit_code == 0, done.stderr
    first, second, *_ = done.stdout.splitlines()
    assert first.startswith(f"{pump}, ch0: inner (")
    assert "The inner race is damaged" in second


def test_json_holds_the_fields_that_are_promised(pump):
    (answer,) = json.loads(invoke(pump, *GIVEN, "--json").stdout)
    assert {"file", "status", "label", "also", "confidence", "hypotheses", "speed_rpm", "evidence"} <= set(
        answer
    )
    hypothesis = set(answer["hypotheses"][0])
    assert hypothesis == {
        "label",
        "confidence",
        "score",
        "frequency_hz",
        "p_value",
        "effect",
        "limit",
        "part",
    }
    assert {one["limit"] for one in answer["hypotheses"]} == {0.1}
    line = answer["evidence"][0]
    assert set(line) == {"hypothesis", "harmonic", "expected_hz", "found_hz", "level_db", "text"}


def test_csv_has_a_row_a_channel(pump):
    (row,) = csv.DictReader(io.StringIO(invoke(pump, *GIVEN, "--csv").stdout))
    assert (row["label"], row["channel"]) == ("inner", "ch0")
    assert float(row["c_inner"]) > float(row["c_outer"])


def test_what_a_file_says_ends_in_1_and_the_others_are_answered(pump, tmp_path):
    np.save(tmp_path / "short.npy", np.arange(2000.0))
    done = invoke(tmp_path / "short.npy", pump, *GIVEN)
    assert done.exit_code == 1
    assert "Error: " in done.stderr
    assert "are too short for 1750 rpm: 20 turns take" in done.stderr
    assert "ch0: inner" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rate", 12000, "--speed", 1750, "--gear", "32:80"), "write the teeth of driving and driven gear"),
        (("--rate", 12000, "--speed", 1750, "--reference", "none.npy"), "'none.npy' does not exist"),
        (("--rate", 12000, "--speed", 1750, "--bearing", "6205-XX"), "6205"),
        ((*GIVEN, "--tacho", "1"), "--speed and --tacho both say the speed"),
        ((*GIVEN, "--json", "--csv"), "--json and --csv are two forms"),
    ],
)
def test_what_the_command_line_alone_shows_ends_in_2(pump, words, said):
    done = invoke(pump, *words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_report_is_one_page_beside_the_answer(pump, tmp_path):
    path = tmp_path / "new" / "out.html"
    done = invoke(pump, *GIVEN, "--report", path)
    assert done.exit_code == 0, done.stderr
    assert done.stdout == f"{invoke(pump, *GIVEN).stdout}Report: {path}\n"
    page = path.read_text(encoding="utf-8")
    assert "Inner race damaged" in page
    assert page.count("<img src=") == 2
    assert "6205; strikes per turn of the shaft" in page
    assert "12000 Hz, as said" in page
    assert "1750 rpm, as said" in page


def test_a_report_leaves_json_csv_and_quiet_as_they_are(pump, tmp_path):
    path = tmp_path / "out.html"
    for form in ("--json", "--csv"):
        done = invoke(pump, *GIVEN, form, "--report", path)
        assert done.stdout == invoke(pump, *GIVEN, form).stdout
        assert done.stderr == f"Report: {path}\n"
    quiet = invoke(pump, *GIVEN, "--quiet", "--report", path)
    assert "Report" not in quiet.stdout + quiet.stderr


def test_what_a_file_says_stands_in_the_report_too(pump, tmp_path):
    np.save(tmp_path / "short.npy", np.arange(2000.0))
    done = invoke(tmp_path / "short.npy", pump, *GIVEN, "--report", tmp_path / "out.html")
    assert done.exit_code == 1
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "Not diagnosed" in page
    assert "are too short for 1750 rpm" in page


@pytest.mark.parametrize(
    ("name", "said"), [("", "is a folder; a report is one file"), ("pump.npy", "let its name end in .html")]
)
def test_a_report_that_would_replace_something_else_is_refused(pump, tmp_path, name, said):
    done = invoke(pump, *GIVEN, "--report", tmp_path / name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_every_signal_in_it(pump, tmp_path):
    done = invoke(pump.parent, *GIVEN)
    assert (done.exit_code, done.stdout) == (0, invoke(pump, *GIVEN).stdout)
    none = invoke(tmp_path, *GIVEN)
    assert none.exit_code == 1
    assert "no signal file; readable are csv" in none.stderr


def test_a_row_of_an_error_comes_before_longer_ones(pump, tmp_path):
    np.save(tmp_path / "short.npy", np.arange(2000.0))
    done = invoke(tmp_path / "short.npy", pump, *GIVEN, "--csv")
    short, inner = csv.DictReader(io.StringIO(done.stdout))
    assert (short["status"], short["c_inner"]) == ("error", "")
    assert (inner["label"], float(inner["c_inner"]) > 0.5) == ("inner", True)
