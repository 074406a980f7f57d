"""Predictions as files."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest

from faultdiag.errors import RunError
from faultdiag.inference.prediction import Prediction
from faultdiag.inference.report import prediction_rows, write_predictions

GOOD = Prediction(
    file="site/pump.npy",
    signal=0,
    status="ok",
    label="inner",
    probability=0.8,
    probabilities={"normal": 0.2, "inner": 0.8},
    windows=4,
    share=0.75,
    run="runs/r",
    warnings=["one", "two"],
    trace=np.tile([0.2, 0.8], (4, 1)),
    window_s=0.5,
)
BAD = replace(
    GOOD,
    file="fan.npy",
    status="error",
    label=None,
    probability=None,
    probabilities={},
    error="too short",
    trace=None,
)


def test_rows_are_flat_and_have_the_same_columns():
    good, bad = prediction_rows([GOOD, BAD])
    assert list(good) == list(bad)
    assert (good["p_inner"], good["p_normal"], good["warnings"]) == (0.8, 0.2, "one; two")
    assert (bad["p_inner"], bad["error"]) == (None, "too short")


def test_a_row_says_whether_its_signal_is_unlike_the_training_data():
    rows = prediction_rows([replace(GOOD, unlike=True), replace(GOOD, unlike=False), GOOD])
    assert [row["unlike"] for row in rows] == [True, False, None]


def test_a_folder_gets_tables_and_one_picture_for_each_judged_signal(tmp_path):
    out = tmp_path / "new" / "answers"
    write_predictions([GOOD, BAD], out)
    assert [a["label"] for a in json.loads((out / "predictions.json").read_text())] == ["inner", None]
    with (out / "predictions.csv").open(newline="") as file:
        assert [row["label"] for row in csv.DictReader(file)] == ["inner", ""]
    assert [path.name for path in out.glob("*.png")] == ["000-pump-0.png"]


def test_two_files_of_one_name_do_not_overwrite_each_other(tmp_path):
    write_predictions([GOOD, replace(GOOD, file="other/pump.npy")], tmp_path)
    assert len(list(tmp_path.glob("*.png"))) == 2


def test_a_place_that_is_a_file_is_one_line(tmp_path):
    (tmp_path / "taken").write_text("x")
    with pytest.raises(RunError, match="taken: cannot write"):
        write_predictions([GOOD], tmp_path / "taken")
