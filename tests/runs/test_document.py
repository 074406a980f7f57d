"""run.json: written and read back to the same document; more fields are let be, wrong ones named."""

import json

import pytest

from faultdiag.errors import RunError
from faultdiag.runs.document import FORMAT_VERSION, RunDocument, read_document

RESULT = {
    "split": "group",
    "holds_out": "one bearing",
    "leaky": False,
    "leaky_classes": ("normal",),
    "windows": 9,
    "records": 3,
    "accuracy": 1 / 3,
    "macro_f1": 0.3,
    "fault_macro_f1": None,
    "record_accuracy": 1.0,
    "record_macro_f1": 1.0,
    "record_fault_macro_f1": None,
    "undetermined": 0.0,
    "rms_only": {"accuracy": 0.1, "macro_f1": 0.1},
}
VALUES = {
    "faultdiag_version": "0.1.0",
    "created": "2026-01-01T00:00:00.000000+00:00",
    "input": "signal",
    "dataset": "some",
    "task": "fault",
    "classes": ("normal", "inner", "äußere"),
    "data": {
        "channels": ("DE",),
        "rate_hz": 12e3,
        "lowpass_hz": (4500.0, 5000.0),
        "window": 8,
        "test_hop": 4,
    },
    "view": {"name": "raw", "state": {"n_channels": 1, "length": 8}},
    "network": {"name": "residual", "options": {"kernel": 3}, "input_shape": (8, 1), "n_parameters": 1},
    "recipe": {"seed": 1},
    "training": {"seconds": 0.1},
    "trained_on": ({"origin": "a.mat", "group": "a", "label": "inner", "sha256": "00"},),
    "metrics": {"results": (RESULT,)},
    "calibration": {"temperature": None},
    "onnx": {"file": None},
    "files": {"model.keras": "00"},
}


@pytest.fixture
def write(tmp_path):
    def write(**more):
        values = json.loads(RunDocument(**VALUES).to_json()) | more
        (tmp_path / "run.json").write_text(json.dumps(values), encoding="utf-8")
        return tmp_path

    return write


def error(folder):
    with pytest.raises(RunError) as caught:
        read_document(folder)
    assert "\n" not in str(caught.value)
    assert "run.json" in str(caught.value)
    return str(caught.value)


def test_a_document_comes_back_as_it_was(tmp_path):
    document = RunDocument(**VALUES)
    (tmp_path / "run.json").write_text(document.to_json(), encoding="utf-8")
    assert read_document(tmp_path) == document
    assert document.format_version == FORMAT_VERSION


def test_it_ends_in_a_newline_and_is_read_by_people():
    text = RunDocument(**VALUES).to_json()
    assert text.endswith("}\n")
    assert len(text.splitlines()) > 20


def test_more_fields_are_let_be(write):
    """A newer faultdiag of the same format may say more."""
    assert read_document(write(mood="good", data=dict(VALUES["data"], gain=2))) == RunDocument(**VALUES)


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [
        ("classes", ["one"], "classes"),
        ("classes", None, "classes"),
        ("input", "sound", "input"),
        ("data", {}, "data.channels"),
        ("metrics", {}, "metrics.results"),
        ("metrics", {"results": [RESULT | {"accuracy": "high"}]}, "metrics.results.0.accuracy"),
        ("network", {"name": 7}, "network.name"),
        ("trained_on", [{}], "trained_on.0.origin"),
        ("files", {"model.keras": 1}, "files.model.keras"),
    ],
)
def test_a_wrong_field_is_named(write, field, value, where):
    assert f"damaged: {where}: " in error(write(**{field: value}))


@pytest.mark.parametrize("version", [FORMAT_VERSION + 1, 10**30, "2", None, 1.5, [1]])
def test_another_version_is_refused_with_its_value(write, version):
    text = error(write(format_version=version))
    assert f"format version {version!r}, this faultdiag reads up to {FORMAT_VERSION}" in text


def test_a_document_that_is_no_utf8_is_damaged(tmp_path):
    (tmp_path / "run.json").write_bytes(b"\xff\xfe")
    assert "damaged: not the JSON of a Run" in error(tmp_path)


def test_a_folder_in_its_place_is_no_run(tmp_path):
    (tmp_path / "run.json").mkdir()
    assert "no Run: run.json cannot be read (Is a directory)" in error(tmp_path)
