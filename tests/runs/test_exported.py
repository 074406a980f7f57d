"""The exported network of a Run: what it computes, and that nothing damaged or foreign is believed."""

import hashlib
import io
import subprocess
import sys

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from faultdiag.errors import RunError
from faultdiag.runs.document import RunDocument
from faultdiag.runs.exported import load_exported

WEIGHTS = np.random.default_rng(0).standard_normal((8, 3)).astype(np.float32)
CLASSES = ("normal", "inner", "outer")


def linear(
    *,
    inputs="signal",
    outputs="logits",
    shape=("batch", 8, 1),
    weights=WEIGHTS,
    kind=TensorProto.FLOAT,
    more_inputs=(),
    flat=(-1, 8),
):
    """A network of one matrix, written here and not by the exporter."""
    n_classes = weights.shape[1]
    graph = helper.make_graph(
        [
            helper.make_node("Cast", [inputs], ["floats"], to=TensorProto.FLOAT),
            helper.make_node("Reshape", ["floats", "flat"], ["rows"]),
            helper.make_node("MatMul", ["rows", "weights"], ["found"]),
            helper.make_node("Reshape", ["found", "back"], [outputs]),
        ],
        "linear",
        [helper.make_tensor_value_info(name, kind, shape) for name in (inputs, *more_inputs)],
        [helper.make_tensor_value_info(outputs, TensorProto.FLOAT, ("batch", n_classes))],
        [
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(np.array(flat, np.int64), "flat"),
            numpy_helper.from_array(np.array([-1, n_classes], np.int64), "back"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def logits(inputs):
    return inputs[..., 0] @ WEIGHTS


def golden(n=4, **other):
    content = io.BytesIO()
    np.savez(content, **({"inputs": signals(n), "logits": logits(signals(n))} | other))
    return content.getvalue()


def signals(n, seed=1):
    return np.random.default_rng(seed).standard_normal((n, 8, 1)).astype(np.float32)


@pytest.fixture
def export(tmp_path):
    """Write the files of an exported Run; return what its run.json says."""

    def write(model=None, examples=None, **more):
        contents = {
            "model.onnx": linear() if model is None else model,
            "golden.npz": golden() if examples is None else examples,
        }
        for name, content in contents.items():
            (tmp_path / name).write_bytes(content)
        hashes = [hashlib.sha256(content).hexdigest() for content in contents.values()]
        about = {"file": "model.onnx", "golden": "golden.npz", "max_difference": 0.0}
        return document(about | {"sha256": hashes[0], "golden_sha256": hashes[1]} | more)

    return write


def document(about):
    return RunDocument(
        faultdiag_version="0.1.0",
        created="2026-01-01T00:00:00.000000+00:00",
        input="signal",
        dataset="some",
        task="fault",
        classes=CLASSES,
        data={"channels": ("DE",), "rate_hz": 12e3, "lowpass_hz": None, "window": 8, "test_hop": 8},
        view={"name": "raw", "state": {"n_channels": 1, "length": 8}},
        network={"name": "residual", "options": {}, "input_shape": (8, 1), "n_parameters": 24},
        recipe={},
        training={},
        trained_on=(),
        metrics={"results": ()},
        calibration={},
        onnx=about,
        files={},
    )


def refused(folder, about):
    """The one line about what is wrong; it always says how to renew the network."""
    with pytest.raises(RunError) as caught:
        load_exported(folder, about)
    said = str(caught.value)
    assert "\n" not in said
    assert f"'faultdiag export {folder} --to onnx'" in said
    return said


@pytest.mark.parametrize("n", [0, 1, 15, 16, 17, 100])
def test_it_computes_any_number_of_windows(export, tmp_path, n):
    found = load_exported(tmp_path, export()).logits(signals(n, seed=2))
    assert (found.shape, found.dtype) == ((n, 3), np.float32)
    np.testing.assert_allclose(found, logits(signals(n, seed=2)), rtol=1e-5, atol=1e-6)


def test_any_view_of_memory_is_taken(export, tmp_path):
    network, everything = load_exported(tmp_path, export()), signals(64)
    np.testing.assert_array_equal(network.logits(everything[::-3]), network.logits(everything)[::-3])
    np.testing.assert_array_equal(network.logits(np.asfortranarray(everything)), network.logits(everything))


def test_the_batch_may_have_any_name(export, tmp_path):
    load_exported(tmp_path, export(linear(shape=(None, 8, 1))))
    load_exported(tmp_path, export(linear(shape=("n", "length", 1))))


def test_a_run_without_export_says_why_and_how_to_get_one(tmp_path):
    said = refused(tmp_path, document({"file": None, "reason": "onnx is not installed"}))
    assert said.startswith(f"{tmp_path}: has no exported network (onnx is not installed); ")
    assert "has no exported network (None)" in refused(tmp_path, document({}))


@pytest.mark.parametrize("name", ["model.onnx", "golden.npz"])
def test_a_missing_file_is_named(export, tmp_path, name):
    about = export()
    (tmp_path / name).unlink()
    assert refused(tmp_path, about).startswith(f"{tmp_path / name}: cannot be read: No such file")


@pytest.mark.parametrize("name", ["model.onnx", "golden.npz"])
@pytest.mark.parametrize("place", [0, 0.5, -1])
def test_one_changed_byte_is_found(export, tmp_path, name, place):
    about = export()
    content = bytearray((tmp_path / name).read_bytes())
    content[int(place * len(content)) if place > 0 else place] ^= 1
    (tmp_path / name).write_bytes(content)
    said = refused(tmp_path, about)
    assert said.startswith(f"{tmp_path / name}: damaged: its SHA-256 is not the one in run.json")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("sha256", None, "onnx.file is 'model.onnx' with sha256 None"),
        ("golden", None, "onnx.golden is None"),
        ("golden", 3, "onnx.golden is 3"),
        ("golden_sha256", 1.5, "with golden_sha256 1.5"),
        ("file", "../model.onnx", "onnx.file is '../model.onnx'"),
        ("file", "/etc/hostname", "onnx.file is '/etc/hostname'"),
        ("file", "", "onnx.file is ''"),
    ],
)
def test_an_entry_that_names_no_file_of_the_run_is_damage(export, tmp_path, key, value, said):
    found = refused(tmp_path, export(**{key: value}))
    assert found.startswith(f"{tmp_path / 'run.json'}: damaged: ")
    assert said in found


@pytest.mark.parametrize("content", [b"", b"junk" * 999, linear()[:-100], b"\x08"])
def test_what_onnxruntime_cannot_load_is_one_line(export, tmp_path, content, capfd):
    said = refused(tmp_path, export(content))
    assert said.startswith(f"{tmp_path / 'model.onnx'}: no network that onnxruntime can load; ")
    assert capfd.readouterr() == ("", "")


FOREIGN = {
    "length": linear(shape=("batch", 4, 2)),
    "channels": linear(shape=("batch", 8, 2), flat=(-1, 8)),
    "rank": linear(shape=("batch", 8)),
    "fixed classes": linear(weights=WEIGHTS[:, :2]),
    "input's name": linear(inputs="x"),
    "output's name": linear(outputs="y"),
    "type": linear(kind=TensorProto.DOUBLE),
    "two inputs": linear(more_inputs=("other",)),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_network_with_other_inputs_or_outputs_is_refused(export, tmp_path, what):
    said = refused(tmp_path, export(FOREIGN[what]))
    assert said.startswith(f"{tmp_path / 'model.onnx'}: not the network in run.json: ")


def test_another_network_of_the_same_form_gives_itself_away(export, tmp_path):
    said = refused(tmp_path, export(linear(weights=WEIGHTS[:, ::-1].copy())))
    assert "its probabilities of the golden inputs are " in said
    assert "off, more than 1e-04" in said


@pytest.mark.parametrize(("scale", "accepted"), [(1 + 1e-6, True), (1 + 1e-2, False)])
def test_a_difference_counts_beyond_the_tolerance(export, tmp_path, scale, accepted):
    about = export(linear(weights=(WEIGHTS * scale).astype(np.float32)))
    if accepted:
        load_exported(tmp_path, about)
    else:
        refused(tmp_path, about)


def test_a_network_that_computes_no_numbers_is_refused(export, tmp_path):
    weights = WEIGHTS.copy()
    weights[0] = np.nan
    assert "golden inputs are nan off" in refused(tmp_path, export(linear(weights=weights)))


@pytest.mark.parametrize(
    "examples",
    [
        b"",
        b"junk" * 99,
        golden()[:-30],
        golden(0),
        golden(inputs=signals(4).astype(np.float64)),
        golden(logits=logits(signals(3))),
        golden(logits=logits(signals(4))[:, :2]),
        golden(inputs=np.zeros((4, 9, 1), np.float32), logits=np.zeros((4, 3), np.float32)),
        golden(inputs=np.float32(1), logits=np.float32(1)),
        golden(inputs=np.array([{}] * 4)),
    ],
)
def test_what_is_no_pair_of_golden_arrays_is_refused(export, tmp_path, examples):
    said = refused(tmp_path, export(examples=examples))
    assert said.startswith(f"{tmp_path / 'golden.npz'}: no golden inputs and outputs of this Run; ")


def test_golden_arrays_without_their_names_are_refused(export, tmp_path):
    content = io.BytesIO()
    np.savez(content, x=signals(4))
    assert "no golden inputs and outputs" in refused(tmp_path, export(examples=content.getvalue()))


def test_a_network_that_fails_when_it_computes_is_one_line(export, tmp_path, capfd):
    """It takes pairs of windows: the golden ones are even in number."""
    network = load_exported(tmp_path, export(linear(flat=(2, -1, 8)), golden(2)))
    with pytest.raises(RunError, match=r"model\.onnx: cannot compute \(") as caught:
        network.logits(signals(3))
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_network_that_answers_for_other_windows_is_one_line(export, tmp_path):
    """It takes two windows for one."""
    weights = np.concatenate([WEIGHTS, WEIGHTS])
    about = export(linear(weights=weights, flat=(-1, 16)))
    with pytest.raises(RunError, match=r"gives logits of shape \[2, 3\] for 4 windows and 3 classes"):
        load_exported(tmp_path, about)


def test_without_onnxruntime_it_says_so(export, tmp_path, monkeypatch):
    for name in [n for n in sys.modules if n.partition(".")[0] == "onnxruntime"] or ["onnxruntime"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(RunError, match=r"onnxruntime cannot be imported .*; install it again, or") as caught:
        load_exported(tmp_path, export())
    assert "\n" not in str(caught.value)


def test_it_keeps_to_the_cores_that_the_process_may_use(export, tmp_path):
    """One core: windows are computed one after the other, with the same result."""
    load_exported(tmp_path, export())
    code = (
        "import os, sys, json, pathlib, threading, numpy as np\n"
        "if hasattr(os, 'sched_setaffinity'): os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\n"
        "from faultdiag.runs.document import RunDocument\n"
        "from faultdiag.runs.exported import load_exported\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "document = RunDocument(**json.loads((folder / 'run.json').read_text()))\n"
        "network = load_exported(folder, document)\n"
        "found = network.logits(np.load(folder / 'inputs.npy'))\n"
        "np.save(folder / 'logits.npy', found)\n"
        "print(threading.active_count())\n"
    )
    about = export()
    (tmp_path / "run.json").write_text(about.to_json())
    np.save(tmp_path / "inputs.npy", signals(200))
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    if sys.platform == "linux":
        assert done.stdout == "2\n", "the main thread and one that computes"
    np.testing.assert_array_equal(
        np.load(tmp_path / "logits.npy"), load_exported(tmp_path, about).logits(signals(200))
    )
