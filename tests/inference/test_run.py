"""A Run in use: the network in memory and the one from disk agree, and damage is found before it is used."""

import json
import shutil

import numpy as np
import pytest

from faultdiag.errors import ParameterError, RunError
from faultdiag.inference.engines import KerasEngine
from faultdiag.inference.predict import predict
from faultdiag.inference.rms import RmsRule
from faultdiag.inference.run import Run, load_run, newest_run
from faultdiag.runs.exported import ExportedNetwork
from faultdiag.runs.probabilities import softmax
from faultdiag.views.preparation import Preparation
from faultdiag.views.raw import RawView

pytestmark = pytest.mark.keras


@pytest.fixture
def folder(tone_run, tmp_path):
    return shutil.copytree(tone_run.folder, tmp_path / "run")


def edit(folder, **more):
    document = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(document | more))


def tensors(n, seed=0):
    return np.random.default_rng(seed).standard_normal((n, 256, 1)).astype(np.float32)


def test_a_loaded_run_is_the_trained_one(tone_run, folder):
    loaded = load_run(folder)
    assert loaded.document == tone_run.document
    assert loaded.classes == ("normal", "inner", "outer")
    assert loaded.results == tone_run.results
    for a, b in zip(loaded.network.get_weights(), tone_run.network.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(
        KerasEngine(loaded.network).logits(tensors(5)), tone_run.engine.logits(tensors(5))
    )


def test_it_has_its_parts(tone_run):
    assert tone_run.view == RawView(n_channels=1, length=256)
    assert tone_run.preparation == Preparation(("ch0",), 12000.0, None)
    assert tone_run.rms_rule == RmsRule(**tone_run.document.training["rms_rule"])


def test_a_run_without_rms_rule_has_none(tone_run):
    training = tone_run.document.training | {"rms_rule": None}
    assert Run(tone_run.folder, tone_run.document.model_copy(update={"training": training})).rms_rule is None


def test_an_older_run_has_no_likeness_and_flags_nothing(tone_run, folder):
    edit(folder, calibration={"temperature": None, "abstain": None, "reason": "none"})
    older = load_run(folder)
    assert older.likeness is None
    noise = np.random.default_rng(0).standard_normal(4000)
    (answer,) = older.predict(noise, rate_hz=12000.0)
    assert (answer.status, answer.unlike, answer.warnings) == ("ok", None, [])
    assert tone_run.predict(noise, rate_hz=12000.0)[0].unlike is True


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"means": [[0.0]]},
            r"means and whitening have shapes \(\(1, 1\), \(1, 10, 10\)\), the windows need",
        ),
        ({"means": [[0.0], []]}, "calibration.unlike: "),
        ({"more": 1}, "unexpected keyword argument 'more'"),
    ],
)
def test_a_likeness_of_other_windows_is_damage_in_one_line(folder, change, said):
    calibration = json.loads((folder / "run.json").read_text())["calibration"]
    edit(folder, calibration=calibration | {"unlike": calibration["unlike"] | change})
    with pytest.raises(RunError, match=said) as caught:
        load_run(folder).ready()
    assert "\n" not in str(caught.value)


def test_its_report_is_the_document_of_train(tone_run):
    report = tone_run.report()
    assert list(report) == ["run", "task", "classes", "seconds", "results", "notes"]
    assert report["run"] == str(tone_run.folder)
    assert report["results"] == tone_run.results
    assert report["notes"] == tone_run.notes
    assert json.loads(json.dumps(report)) == report


def test_probabilities_are_the_softmax_of_the_logits_of_the_view(tone_run):
    windows = np.random.default_rng(0).standard_normal((9, 1, 256))
    found = tone_run.probabilities(windows)
    expected = softmax(np.asarray(tone_run.network(tone_run.view(windows))))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-6)


def test_run_predicts_and_evaluates_as_the_functions_do(tone_run, tones):
    assert tone_run.predict(tones.records[0])[0].label == tones.records[0].label
    (result,) = tone_run.evaluate(tones)
    assert result["records"] == 3


def test_one_changed_byte_of_the_model_is_found_before_it_is_opened(folder, monkeypatch):
    content = bytearray((folder / "model.keras").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.keras").write_bytes(content)
    monkeypatch.setattr("faultdiag.runs.network.build_network", lambda *a, **k: pytest.fail("it was opened"))
    with pytest.raises(RunError, match=r"model\.keras: damaged: its SHA-256 is not the one in run\.json"):
        load_run(folder)


def test_a_folder_that_is_not_there_is_a_wrong_parameter(tmp_path):
    with pytest.raises(
        ParameterError, match="no Run folder '.*none'; 'faultdiag runs list' names those there are"
    ):
        load_run(tmp_path / "none")


def test_the_network_is_loaded_when_it_is_needed(folder, monkeypatch):
    monkeypatch.setattr("faultdiag.runs.network.load_network", lambda *a: pytest.fail("it was loaded"))
    monkeypatch.setattr("faultdiag.inference.run.load_exported", lambda *a: pytest.fail("it was loaded"))
    load_run(folder)


def test_a_loaded_run_computes_with_its_exported_network_a_trained_one_with_keras(tone_run, folder):
    assert isinstance(load_run(folder).engine, ExportedNetwork)
    assert isinstance(load_run(folder, device="cpu").engine, ExportedNetwork)
    assert isinstance(load_run(folder, backend="onnx").engine, ExportedNetwork)
    assert isinstance(load_run(folder, backend="tensorflow").engine, KerasEngine)
    assert isinstance(tone_run.engine, KerasEngine)
    assert tone_run.engine.model is tone_run.network


def test_both_compute_the_same(folder):
    windows = np.random.default_rng(0).standard_normal((100, 1, 256))
    one, other = (load_run(folder, backend=name).probabilities(windows) for name in ("onnx", "tensorflow"))
    np.testing.assert_allclose(one, other, atol=1e-4)
    np.testing.assert_array_equal(one.argmax(axis=1), other.argmax(axis=1))


def test_a_run_without_export_computes_with_keras(folder):
    edit(folder, onnx={"file": None, "reason": "not exported"})
    assert isinstance(load_run(folder).engine, KerasEngine)
    with pytest.raises(RunError, match=r"has no exported network \(not exported\); 'faultdiag export "):
        load_run(folder, backend="onnx").ready()


def test_a_damaged_export_is_said_with_its_remedy_and_keras_computes_all_the_same(folder):
    (folder / "model.onnx").write_bytes(b"junk")
    with pytest.raises(RunError, match=r"model\.onnx: damaged: its SHA-256 .* --to onnx' renews it"):
        load_run(folder).predict(np.arange(600.0))
    assert load_run(folder, backend="tensorflow").predict(np.sin(np.arange(600.0)))[0].status == "ok"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"backend": "onxx"}, "unknown backend 'onxx'"),
        ({"device": "tpu"}, "unknown device 'tpu'"),
        ({"backend": "onnx", "device": "gpu"}, "backend 'onnx' computes on the CPU"),
    ],
)
def test_what_shall_compute_must_be_known(folder, options, said):
    with pytest.raises(ParameterError, match=said):
        load_run(folder, **options).ready()


@pytest.mark.parametrize(
    "view", [{}, {"name": "raw"}, {"name": "raw", "state": {"size": 3}}, {"name": "x", "state": {}}]
)
def test_a_view_that_is_none_of_ours_is_a_fault_of_the_run(folder, view):
    edit(folder, view=view)
    with pytest.raises(RunError, match=r"run\.json: not a view of this faultdiag: ") as caught:
        load_run(folder).predict(np.arange(600.0))
    assert "\n" not in str(caught.value)


def test_a_network_that_is_none_of_ours_is_a_fault_of_the_run(folder):
    edit(folder, network={"name": "x", "options": {}, "input_shape": [256, 1], "n_parameters": 1})
    with pytest.raises(RunError, match=r"run\.json: unknown network 'x'"):
        load_run(folder, backend="tensorflow").predict(np.arange(600.0))


def test_the_newest_run_of_the_kind_is_taken(tone_run, tmp_path):
    for name, created, kind in (("a", "2020", "signal"), ("b", "2030", "signal"), ("c", "2040", "image")):
        edit(shutil.copytree(tone_run.folder, tmp_path / name), created=created, input=kind)
    assert newest_run("signal", tmp_path).folder.name == "b"
    assert newest_run("image", tmp_path).folder.name == "c"


def test_a_damaged_newest_run_is_not_passed_over_in_silence(tone_run, tmp_path):
    for name, created in (("a", "2020"), ("b", "2030")):
        edit(shutil.copytree(tone_run.folder, tmp_path / name), created=created)
    (tmp_path / "b" / "model.keras").unlink()
    with pytest.raises(RunError, match=r"b: damaged: model\.keras is missing"):
        newest_run("signal", tmp_path)


@pytest.mark.parametrize("kind", ["signal", "image"])
def test_without_a_run_it_says_how_to_train_one(tmp_path, kind):
    with pytest.raises(ParameterError, match=f"no finished Run for {kind}s in .*; train one with") as caught:
        newest_run(kind, tmp_path)
    assert "or name one with --run" in str(caught.value)


def test_its_worth_is_the_result_on_what_it_had_never_seen(tone_run):
    (unseen,) = [result for result in tone_run.results if not result["leaky"]]
    assert f"{100 * unseen['accuracy']:.1f} %" in tone_run.worth()
    metrics = tone_run.document.metrics.model_copy(update={"results": tone_run.document.metrics.results[:1]})
    seen = Run(tone_run.folder, tone_run.document.model_copy(update={"metrics": metrics}))
    assert seen.worth() == ", never judged on bearings that it has not seen"


# which Run predicts


def test_a_run_may_be_named_by_its_folder(tone_run, tone_of):
    for run in (tone_run.folder, str(tone_run.folder)):
        (answer,) = predict(tone_of("inner"), run=run, rate_hz=12000.0)
        assert answer.label == "inner"


def test_the_newest_run_is_taken(tone_run, tone_of, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, created in (("old", "2020"), ("new", "2030"), ("older", "2010")):
        folder = shutil.copytree(tone_run.folder, tmp_path / "runs" / name)
        document = tone_run.document.model_copy(update={"created": f"{created}-01-01T00:00:00+00:00"})
        (folder / "run.json").write_text(document.to_json())
    assert predict(tone_of("inner"), rate_hz=12000.0)[0].run == "runs/new"


def test_predict_without_a_run_says_how_to_train_one(tone_of, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ParameterError, match="train one with 'faultdiag train --dataset simulated'"):
        predict(tone_of("inner"))


def test_an_unfinished_run_is_refused(tone_run, tone_of, tmp_path):
    part = shutil.copytree(tone_run.folder, tmp_path / "run.part")
    with pytest.raises(RunError, match=r"run\.part: unfinished; 'faultdiag train --resume"):
        predict(tone_of("inner"), run=part)
