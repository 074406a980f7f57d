"""The ONNX file: its description inside, Keras' exporter where a layer is foreign, one line on damage."""

import importlib.util
import json

import numpy as np
import pytest

keras = pytest.importorskip("keras")
onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from faultdiag.errors import MissingExtraError, ParameterError, RunError  # noqa: E402
from faultdiag.runs.export.onnx_file import METADATA_KEY, open_onnx, write_onnx  # noqa: E402

pytestmark = pytest.mark.keras

ABOUT = {"classes": ["a", "ü"], "data": {"rate_hz": None}}


def network(*between):
    x = y = keras.Input((20, 2), name="vibration")
    for layer in between:
        y = layer(y)
    return keras.Model(x, keras.layers.Dense(3, name="answer")(keras.layers.GlobalAveragePooling1D()(y)))


@keras.saving.register_keras_serializable(package="tests")
class Foreign(keras.layers.Layer):
    def call(self, x):
        return keras.ops.sin(x)


@pytest.fixture
def x():
    return np.random.default_rng(0).standard_normal((4, 20, 2)).astype(np.float32)


def test_the_file_is_the_network_with_its_description(tmp_path, x):
    made = network(keras.layers.Conv1D(3, 3))
    write_onnx(made, ABOUT, tmp_path / "a.onnx")
    np.testing.assert_allclose(open_onnx(tmp_path / "a.onnx")(x), made(x), rtol=1e-5, atol=1e-6)
    (entry,) = onnx.load(tmp_path / "a.onnx").metadata_props
    assert entry.key == METADATA_KEY == "faultdiag"
    assert json.loads(entry.value) == ABOUT


def test_names_and_sizes_are_those_of_the_contract(tmp_path):
    import onnxruntime

    write_onnx(network(), ABOUT, tmp_path / "a.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "a.onnx", providers=["CPUExecutionProvider"])
    ends = [*session.get_inputs(), *session.get_outputs()]
    assert [(end.name, end.type, end.shape) for end in ends] == [
        ("signal", "tensor(float)", ["batch", 20, 2]),
        ("logits", "tensor(float)", ["batch", 3]),
    ]


def test_the_same_network_gives_the_same_bytes(tmp_path):
    made = network(keras.layers.Conv1D(3, 3))
    for name in ("a", "b"):
        write_onnx(made, ABOUT, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.slow
def test_a_foreign_layer_is_written_by_keras(tmp_path, x, capfd):
    if importlib.util.find_spec("tf2onnx") is None:
        pytest.skip("tf2onnx is not installed: Keras' own exporter")
    made = network(Foreign())
    expected = made(x)  # Keras exports what has been called
    write_onnx(made, ABOUT, tmp_path / "a.onnx")
    np.testing.assert_allclose(open_onnx(tmp_path / "a.onnx")(x), expected, rtol=1e-5, atol=1e-6)
    model = onnx.load(tmp_path / "a.onnx")
    assert "Sin" in [node.op_type for node in model.graph.node]
    assert ([v.name for v in model.graph.input], [v.name for v in model.graph.output]) == (
        ["signal"],
        ["logits"],
    )
    assert json.loads(model.metadata_props[0].value) == ABOUT
    assert capfd.readouterr() == ("", "")


def test_a_foreign_layer_needs_tf2onnx(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"layer 'odd'.*tf2onnx is not installed.*faultdiag\[train\]"):
        write_onnx(network(Foreign(name="odd")), ABOUT, tmp_path / "a.onnx")


def test_a_foreign_layer_needs_tensorflow(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(
        ParameterError, match=r"layer 'odd'.*computes with 'jax'; set KERAS_BACKEND=tensorflow"
    ):
        write_onnx(network(Foreign(name="odd")), ABOUT, tmp_path / "a.onnx")


def test_what_keras_cannot_write_is_one_line(tmp_path, monkeypatch):
    def refuse(*arguments, **options):
        raise ValueError("several\nlines")

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    made = network(Foreign(name="odd"))
    monkeypatch.setattr(made, "export", refuse)
    with pytest.raises(RunError, match=r"layer 'odd'.* failed \(ValueError: several lines\)"):
        write_onnx(made, ABOUT, tmp_path / "a.onnx")


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"not a model"])
def test_a_damaged_file_is_one_line(tmp_path, content, capfd):
    (tmp_path / "a.onnx").write_bytes(content)
    with pytest.raises(RunError, match=r"a\.onnx: onnxruntime cannot load it \(") as caught:
        open_onnx(tmp_path / "a.onnx")(np.zeros((1, 20, 2), np.float32))
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_what_cannot_be_computed_is_one_line(tmp_path, capfd):
    write_onnx(network(), ABOUT, tmp_path / "a.onnx")
    with pytest.raises(RunError, match=r"a\.onnx: onnxruntime cannot compute it \(.*") as caught:
        open_onnx(tmp_path / "a.onnx")(np.zeros((1, 21, 2), np.float32))
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")
