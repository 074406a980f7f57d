"""Exporting a Run: what is written computes what the Run computes, or nothing is written."""

import errno
import hashlib
import importlib.util
import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")
onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

import faultdiag  # noqa: E402
from faultdiag.datasets.examples import Examples  # noqa: E402
from faultdiag.errors import MissingExtraError, ParameterError, RunError  # noqa: E402
from faultdiag.inference.engines import KerasEngine  # noqa: E402
from faultdiag.runs.document import read_document  # noqa: E402
from faultdiag.runs.export import onnx_layers  # noqa: E402
from faultdiag.runs.export.description import describe  # noqa: E402
from faultdiag.runs.export.exporting import export_run, export_unfinished  # noqa: E402
from faultdiag.runs.export.table import EXPORTERS  # noqa: E402
from faultdiag.runs.exported import load_exported  # noqa: E402
from faultdiag.runs.folder import check_finished  # noqa: E402
from faultdiag.runs.probabilities import largest_difference  # noqa: E402
from faultdiag.views.pool import WindowPool  # noqa: E402
from faultdiag.windows import Windows, tile  # noqa: E402

pytestmark = pytest.mark.keras


def state(folder):
    """Content of every file below a folder."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def broken(monkeypatch, offset):
    """Let every dense layer be written with another bias."""
    folded = onnx_layers._folded

    def moved(layer, norm=None):
        kernel, bias = folded(layer, norm)
        return kernel, bias + offset * np.arange(len(bias)) if layer.name == "logits" else bias

    monkeypatch.setattr(onnx_layers, "_folded", moved)


def test_the_run_records_its_onnx_file(folder):
    before = state(folder)
    report = export_run(folder)
    entry = read_document(folder).onnx
    assert (report.path, report.golden) == (folder / "model.onnx", folder / "golden.npz")
    assert report.max_difference < 1e-5
    assert report.n_inputs == 32
    assert entry == {
        "file": "model.onnx",
        "golden": "golden.npz",
        "max_difference": report.max_difference,
        "sha256": sha256(report.path),
        "golden_sha256": sha256(report.golden),
    }
    changed = {str(path) for path, content in state(folder).items() if before.get(path) != content}
    assert changed == {"model.onnx", "golden.npz", "run.json"}
    assert len(list(folder.iterdir())) == len(before) + 2


def test_nothing_else_of_run_json_changes(folder):
    before = read_document(folder)
    export_run(folder)
    after = read_document(folder)
    assert after.model_copy(update={"onnx": before.onnx}) == before
    check_finished(folder)


def test_what_is_written_is_what_is_read(folder, tone_run):
    export_run(folder)
    exported = load_exported(folder, read_document(folder))
    x = np.random.default_rng(0).standard_normal((40, 256, 1)).astype(np.float32)
    assert largest_difference(exported.logits(x), np.asarray(tone_run.network(x))) < 1e-5


def test_the_description_is_inside_the_file(folder, document):
    report = export_run(folder)
    (entry,) = onnx.load(report.path).metadata_props
    assert json.loads(entry.value) == describe(document)


def test_golden_outputs_are_those_of_keras(folder, tone_run):
    with np.load(export_run(folder).golden, allow_pickle=False) as golden:
        assert (golden["inputs"].shape, golden["logits"].shape) == ((4, 256, 1), (4, 3))
        expected = np.asarray(tone_run.network(golden["inputs"]))
        np.testing.assert_allclose(golden["logits"], expected, rtol=1e-5, atol=1e-5)


def test_training_exports_the_same(folder, tone_run):
    report = export_run(folder)
    for path in (report.path, report.golden):
        assert path.read_bytes() == (tone_run.folder / path.name).read_bytes()


def test_a_run_in_memory_is_exported_as_its_folder(folder):
    assert export_run(faultdiag.load_run(folder)).path == folder / "model.onnx"


def test_an_export_elsewhere_leaves_the_run_alone(folder, tmp_path, document):
    before = state(folder)
    report = export_run(folder, out=tmp_path / "mine.onnx")
    assert state(folder) == before
    assert report.golden == tmp_path / "mine.onnx.golden.npz"
    assert json.loads((tmp_path / "mine.onnx.json").read_text()) == describe(document)
    assert {path.name for path in tmp_path.iterdir()} == {
        *("run", "mine.onnx", "mine.onnx.json", "mine.onnx.golden.npz")
    }
    assert export_run(folder, out=str(tmp_path / "mine.onnx")).path == tmp_path / "mine.onnx"  # once more


@pytest.mark.slow
@pytest.mark.parametrize("to", ["litert", "savedmodel"])
def test_other_formats_lie_in_the_run_with_their_description(to, folder, document):
    pytest.importorskip("tensorflow", reason=f"{to} is written by TensorFlow")
    for module, _ in EXPORTERS.load(to).needs:
        pytest.importorskip(module, reason=f"{to} needs {module}")
    before = state(folder)
    for _ in range(2):  # a second export replaces the first
        report = export_run(folder, to)
        assert report.max_difference < 1e-5
    assert before.items() <= state(folder).items()
    assert report.path == folder / EXPORTERS.load(to).file
    assert report.golden == folder / f"{report.path.name}.golden.npz"
    assert json.loads((folder / f"{report.path.name}.json").read_text()) == describe(document)


@pytest.mark.parametrize("offset", [0.01, np.nan])
def test_a_network_that_computes_something_else_is_not_kept(offset, folder, monkeypatch):
    export_run(folder)
    before = state(folder)
    broken(monkeypatch, offset)
    with pytest.raises(RunError, match=r"run: model\.onnx was not kept: its probabilities are up to .* off"):
        export_run(folder)
    assert state(folder) == before
    assert not [path for path in folder.iterdir() if path.is_dir()]


def test_rounding_is_no_reason(folder, monkeypatch):
    broken(monkeypatch, 1e-6)
    assert 0 < export_run(folder).max_difference < 1e-4


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interruption_leaves_what_was_there(folder, error, monkeypatch):
    export_run(folder)
    before = state(folder)

    def interrupt(*arguments):
        raise error

    monkeypatch.setattr("faultdiag.runs.export.exporting.golden_bytes", interrupt)
    with pytest.raises(error):
        export_run(folder)
    assert state(folder) == before


def test_an_unfinished_run_is_refused(folder):
    part = folder.rename(folder.with_name("run.part"))
    with pytest.raises(RunError, match=r"run\.part: unfinished; 'faultdiag train --resume "):
        export_run(part)


def test_a_damaged_run_is_refused(folder):
    with (folder / "model.keras").open("ab") as file:
        file.write(b"x")
    with pytest.raises(RunError, match=r"model\.keras: damaged: its SHA-256 is not the one in run\.json"):
        export_run(folder)


def test_no_run_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="no Run folder '.*none'"):
        export_run(tmp_path / "none")


def test_an_unknown_format_is_refused_with_near_names(folder):
    with pytest.raises(ParameterError, match="unknown export format 'onxx'; did you mean onnx"):
        export_run(folder, "onxx")


@pytest.mark.parametrize(
    ("to", "module", "extra"), [("onnx", "onnx", "train"), ("litert", "ai_edge_litert", "litert")]
)
def test_a_missing_library_is_named_with_its_extra(to, module, extra, folder, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == module else find(name))
    expected = re.escape(f"export to {to} ({module} is not installed) needs an optional part: pip install")
    with pytest.raises(MissingExtraError, match=rf"{expected} .*\[{extra}\]"):
        export_run(folder, to)


@pytest.mark.parametrize("to", ["litert", "savedmodel"])
def test_another_backend_at_work_is_refused(to, folder, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(ParameterError, match="'tensorflow': this process already computes with 'jax'"):
        export_run(folder, to)


@pytest.mark.parametrize(
    ("out", "reason"),
    [
        (".", "is a folder; name a file, or a folder that is not there yet"),
        ("..", "is a folder; name a file"),
        ("run", "is a folder; name a file"),
        ("no/a.onnx", "there is no folder 'no'; make it first"),
        ("run/a.onnx", "is inside the Run; without --out it is written there"),
    ],
)
def test_a_place_for_no_export_is_refused(out, reason, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ParameterError, match=f"--out '{re.escape(out)}'.*{re.escape(reason)}"):
        export_run(folder, out=out)


def test_no_permission_is_one_line(folder, monkeypatch):
    def refuse(*arguments, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", refuse)
    with pytest.raises(RunError, match=r"run: cannot write: Permission denied"):
        export_run(folder)


@pytest.mark.parametrize("write", ["write_bytes", "write_text"])
def test_a_full_disk_is_one_line(write, folder, monkeypatch):
    before = state(folder)

    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, write, full)
    with pytest.raises(RunError, match="cannot write: No space left on device"):
        export_run(folder)
    monkeypatch.undo()
    assert state(folder) == before


def test_a_view_of_another_faultdiag_is_one_line(folder):
    values = json.loads((folder / "run.json").read_text())
    values["view"]["name"] = "later"
    (folder / "run.json").write_text(json.dumps(values))
    with pytest.raises(RunError, match=r"run\.json: not a view of this faultdiag: unknown view 'later'"):
        export_run(folder)


def test_an_unfinished_run_gets_its_file_or_the_reason(folder, document, monkeypatch):
    (folder / "run.json").unlink()
    assert export_unfinished(folder, document)["file"] == "model.onnx"
    (folder / "model.onnx").unlink()
    broken(monkeypatch, 1.0)
    entry = export_unfinished(folder, document)
    assert set(entry) == {"file", "reason"}
    assert entry["file"] is None
    assert "was not kept" in entry["reason"]
    assert not (folder / "model.onnx").exists()


@pytest.mark.parametrize("error", [ImportError, TypeError])
def test_a_broken_library_is_a_reason_too(error, folder, document, monkeypatch):
    def fail(*arguments):
        raise error("several\nlines")

    monkeypatch.setattr("faultdiag.runs.export.exporting.golden_bytes", fail)
    assert export_unfinished(folder, document) == {"file": None, "reason": "failed: several lines"}


@pytest.fixture(scope="session")
def real_run(cwru_dir, tmp_path_factory):
    """A small network trained for a moment on one record of each state."""
    files = {"normal": 97, "inner": 105, "ball": 118, "outer": 130}
    records = []
    for label, number in files.items():
        record = faultdiag.read(cwru_dir / f"{number}.mat", channel="DE")
        beginning = record.samples[:, :48000]
        records.append(replace(record, source=beginning, rate_hz=12000.0, label=label, group=label))
    examples = Examples(name="four", task="fault", classes=tuple(files), records=tuple(records))
    settings = {
        "data.window": 1024,
        "split": "chronological",
        "network.name": "vibration",
        "fit.epochs": 2,
        "fit.batch_size": 32,
    }
    out = tmp_path_factory.mktemp("real") / "run"
    return faultdiag.train(examples, settings=settings, out=out, device="cpu"), records


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize("to", ["onnx", "litert"])
def test_labels_of_real_windows_are_identical(to, real_run, tmp_path):
    for module, _ in EXPORTERS.load(to).needs:
        pytest.importorskip(module, reason=f"{to} needs {module}")
    run, records = real_run
    prepared = tuple(run.preparation(record) for record in records)
    pool = WindowPool(np.arange(4), prepared)
    cuts = [Windows.of(i, tile(0, int(n), length=1024, hop=512), 1024) for i, n in enumerate(pool.lengths)]
    tensors = pool.tensors(run.view, Windows.join(cuts, 1024))
    expected = KerasEngine(run.network).logits(tensors)
    assert len(set(expected.argmax(axis=1))) > 1
    forward = EXPORTERS.load(to).open(export_run(run, to, tmp_path / "network").path)
    found = np.concatenate([forward(batch) for batch in np.array_split(tensors, 8)])
    np.testing.assert_array_equal(found.argmax(axis=1), expected.argmax(axis=1))
    assert largest_difference(found, expected) < 1e-4


def test_every_row_of_the_table_is_an_exporter():
    for name in EXPORTERS:
        exporter = EXPORTERS.load(name)
        assert "/" not in exporter.file
        assert 0 < len(EXPORTERS.describe(name)) < 80
