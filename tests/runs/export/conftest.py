"""A finished Run to export, and networks whose every weight matters."""

import json
import shutil

import numpy as np
import pytest


@pytest.fixture
def folder(tone_run, tmp_path):
    """A Run as it is before any export."""
    folder = shutil.copytree(tone_run.folder, tmp_path / "run")
    for name in ("model.onnx", "golden.npz"):
        (folder / name).unlink()
    values = json.loads((folder / "run.json").read_text())
    values["onnx"] = {"file": None, "reason": "not exported"}
    (folder / "run.json").write_text(json.dumps(values))
    return folder


@pytest.fixture
def document(tone_run):
    return tone_run.document


@pytest.fixture(scope="session")
def shaken():
    """A function that moves the weights of a network away from a start that is half zeros and ones."""

    def shake(network, seed=0):
        rng = np.random.default_rng(seed)
        moved = []
        for variable in network.weights:
            lot = 0.2 * rng.standard_normal(variable.shape)
            positive = variable.path.endswith(("gamma", "variance"))
            moved.append(np.asarray(variable) + (np.abs(lot) if positive else lot))
        network.set_weights(moved)
        return network

    return shake


@pytest.fixture(scope="session")
def run_onnx():
    """A function that computes an ONNX model on inputs."""
    runtime = pytest.importorskip("onnxruntime")

    def run(model, inputs):
        session = runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return session.run(["logits"], {"signal": inputs})[0]

    return run
