"""A finished Run: everything is there, and the figures in it agree with each other."""

import csv
import importlib.util
import json
import shutil
import tomllib

import numpy as np
import pytest

from faultdiag import __version__
from faultdiag.errors import RunError
from faultdiag.inference.likeness import fit_likeness
from faultdiag.inference.metrics import accuracy_and_f1
from faultdiag.inference.rms import RmsRule, log_rms
from faultdiag.runs.backend import Device
from faultdiag.runs.document import read_document
from faultdiag.runs.exported import load_exported
from faultdiag.runs.folder import sha256_of
from faultdiag.runs.probabilities import largest_difference
from faultdiag.training.checkpoint import CHECKPOINT, Progress
from faultdiag.training.finish import finish_run
from faultdiag.training.job import BEGUN
from faultdiag.training.material import gather
from faultdiag.training.recipe import Recipe, make_recipe

pytestmark = pytest.mark.keras


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def document(tone_run):
    return tone_run.document


@pytest.fixture
def results(tone_run):
    return tone_run.results


@pytest.fixture
def material(tones, tone_settings):
    return gather(make_recipe(tones, settings=tone_settings), tones)


def test_everything_of_the_design_is_there_and_nothing_else(tone_run):
    assert sorted(path.name for path in tone_run.folder.iterdir()) == [
        "card.md",
        "confusion.csv",
        "confusion.png",
        "golden.npz",
        "history.csv",
        "history.png",
        "log.txt",
        "model.keras",
        "model.onnx",
        "recipe.toml",
        "results.png",
        "run.json",
    ]


def test_pictures_are_pngs(tone_run):
    for path in tone_run.folder.glob("*.png"):
        assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_run_json_is_the_document(tone_run, document):
    assert read_document(tone_run.folder) == document
    text = (tone_run.folder / "run.json").read_text(encoding="utf-8")
    assert json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON")) is not None


def test_run_json_says_what_was_done(document, tones):
    assert (document.format_version, document.faultdiag_version) == (1, __version__)
    assert (document.input, document.dataset, document.task) == ("signal", "tones", "fault")
    assert document.classes == tones.classes
    data = document.data
    assert (data.channels, data.rate_hz, data.window, data.test_hop) == (("ch0",), 12000.0, 256, 256)
    assert document.view == {"name": "raw", "state": {"n_channels": 1, "length": 256, "rate_hz": None}}
    assert (document.network.name, document.network.input_shape) == ("residual", (256, 1))
    assert document.files.keys() == {"model.keras"}
    assert (document.onnx["file"], document.onnx["golden"]) == ("model.onnx", "golden.npz")
    assert document.calibration["temperature"] is None
    assert document.calibration["reason"]


def test_the_likeness_is_that_of_the_training_windows(document, material):
    expected = fit_likeness(material.pool, material.split.train, material.examples.groups)
    assert document.calibration["unlike"] == expected.state()
    assert expected.bearings == 6


def test_hashes_are_those_of_the_files(tone_run, document):
    for name, sha256 in document.files.items():
        assert sha256_of(tone_run.folder / name) == sha256


def test_recipe_toml_is_the_recipe(tone_run, document, tones, tone_settings):
    recipe = Recipe(**tomllib.loads((tone_run.folder / "recipe.toml").read_text(encoding="utf-8")))
    assert recipe == make_recipe(tones, settings=tone_settings)
    assert document.recipe == recipe.model_dump(mode="json")


def test_the_history_has_every_epoch(tone_run, document):
    history = rows(tone_run.folder / "history.csv")
    assert [int(row["epoch"]) for row in history] == [1, 2, 3, 4, 5]
    assert {"loss", "crossentropy", "accuracy", "val_crossentropy", "val_accuracy"} <= set(history[0])
    assert all(np.isfinite(float(value)) for row in history for value in row.values())
    best = min(history, key=lambda row: float(row["val_crossentropy"]))
    assert document.training["best_epoch"] == int(best["epoch"])
    assert document.training["epochs"] == 5


def test_the_confusion_agrees_with_the_results(tone_run, document, results):
    table = rows(tone_run.folder / "confusion.csv")
    for result in results:
        mine = [row for row in table if row["test"] == result["split"]]
        assert [row["true"] for row in mine] == list(tone_run.classes)
        counts = np.array([[int(row[name]) for name in tone_run.classes] for row in mine])
        assert counts.sum() == result["windows"]
        assert counts.trace() / counts.sum() == pytest.approx(result["accuracy"])


def test_results_name_every_test_and_its_leaks(results, material):
    assert len(results) == len(material.split.tests) == 2
    for result, part in zip(results, material.split.tests, strict=True):
        assert (result["split"], result["holds_out"]) == (part.split, part.holds_out)
        assert (result["leaky"], result["leaky_classes"]) == (part.leaky, list(part.leaky_classes))
        assert result["windows"] == len(part.windows)
        assert result["records"] == len(set(part.windows.record))
        assert result["undetermined"] == 0.0


def test_the_network_has_learnt_the_tones(results):
    assert [result["record_accuracy"] for result in results] == [1.0, 1.0]


def test_the_rms_rule_is_that_of_the_training_windows(document, results, material):
    pool, train = material.pool, material.split.train
    rule = RmsRule.fit(log_rms(pool.samples(train)), pool.truth(train))
    assert RmsRule(**document.training["rms_rule"]) == rule
    for result, part in zip(results, material.split.tests, strict=True):
        found = rule.predict(log_rms(pool.samples(part.windows)))
        assert result["rms_only"] == accuracy_and_f1(pool.truth(part.windows), found)


def test_what_was_trained_on_is_listed_with_hashes(document, material, tones):
    held_out = {tones.records[i].group for i in material.split.tests[1].windows.record}
    listed = {record.group for record in document.trained_on}
    assert listed == {record.group for record in tones.records} - held_out
    assert len({record.sha256 for record in document.trained_on}) == len(document.trained_on) == 6
    assert all(record.group.startswith(record.label) for record in document.trained_on)


def test_the_log_has_what_was_shown(tone_run):
    log = (tone_run.folder / "log.txt").read_text(encoding="utf-8")
    assert "until it is whole: " in log
    assert all(f"epoch {epoch}/5: loss" in log for epoch in range(1, 6))


@pytest.fixture
def part(tmp_path):
    folder = tmp_path / "run.part"
    folder.mkdir()
    for name in (CHECKPOINT, BEGUN):
        (folder / name).touch()
    return folder


def finished(folder, material, network):
    history = [{"epoch": 1, "crossentropy": 1.0, "accuracy": 0.5}]
    progress = Progress(epoch=1, history=history)
    return finish_run(folder, material, network, progress, Device("tensorflow", "cpu"), seconds=1.0)


def test_the_folder_gets_its_name_and_loses_the_checkpoint(part, material, tone_run):
    run = finished(part, material, tone_run.network)
    assert run.folder == part.with_name("run")
    assert not part.exists()
    assert not {CHECKPOINT, BEGUN} & {path.name for path in run.folder.iterdir()}
    assert run.results == tone_run.results


def test_nothing_held_out_makes_a_run_without_results(part, tones, tone_settings, tone_run):
    material = gather(make_recipe(tones, settings=tone_settings | {"split": "none"}), tones)
    run = finished(part, material, tone_run.network)
    assert run.results == []
    assert (run.folder / "confusion.csv").read_text() == ""
    assert not (run.folder / "results.png").exists()
    assert (run.folder / "history.png").exists()
    assert "nothing is held out: no result can be given" in (run.folder / "card.md").read_text()


def test_the_exported_network_is_that_of_the_run(tone_run, document):
    exported = load_exported(tone_run.folder, document)
    x = np.random.default_rng(0).standard_normal((20, 256, 1)).astype(np.float32)
    assert largest_difference(exported.logits(x), np.asarray(tone_run.network(x))) < 1e-5
    assert not [note for note in tone_run.notes if "not exported" in note]


def test_a_training_without_an_export_says_why_and_is_whole(part, material, tone_run, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "onnx" else find(name))
    run = finished(part, material, tone_run.network)
    assert run.document.onnx["file"] is None
    assert "(onnx is not installed)" in run.document.onnx["reason"]
    assert run.notes[-1] == f"not exported: {run.document.onnx['reason']}"
    assert run.notes[-1] in (run.folder / "card.md").read_text()
    assert not {"model.onnx", "golden.npz"} & {path.name for path in run.folder.iterdir()}
    assert run.results == tone_run.results


def test_a_folder_that_cannot_be_written_is_one_line_and_stays_a_part(part, material, tone_run, monkeypatch):
    def full(figure, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("faultdiag.training.finish.save_picture", full)
    with pytest.raises(RunError, match=r"run\.part: cannot write: No space left on device"):
        finished(part, material, tone_run.network)
    assert (part / CHECKPOINT).exists(), "it can be resumed"
    assert not part.with_name("run").exists()


def test_a_folder_of_that_name_in_the_way_is_one_line(part, material, tone_run):
    in_the_way = part.with_name("run")
    in_the_way.mkdir()
    (in_the_way / "mine.txt").touch()
    with pytest.raises(RunError, match="run: cannot write: Directory not empty"):
        finished(part, material, tone_run.network)
    shutil.rmtree(in_the_way)
    assert (part / CHECKPOINT).exists(), "it can be resumed"
