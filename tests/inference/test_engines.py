"""What computes a Run: which of the two is taken, and what Keras is given."""

import numpy as np
import pytest

from faultdiag.errors import MissingExtraError, ParameterError, RunError
from faultdiag.inference.engines import KerasEngine, keras_network, uses_exported
from faultdiag.inference.run import Run

pytestmark = pytest.mark.keras

EXPORTED = {"file": "model.onnx", "golden": "golden.npz", "sha256": "", "golden_sha256": ""}
NOT_EXPORTED = {"file": None, "reason": "not exported"}


@pytest.fixture
def document(tone_run):
    return lambda onnx: tone_run.document.model_copy(update={"onnx": onnx})


def tensors(n, seed=0):
    return np.random.default_rng(seed).standard_normal((n, 256, 1)).astype(np.float32)


@pytest.mark.parametrize(
    ("onnx", "backend", "device", "expected"),
    [
        (EXPORTED, None, "auto", True),
        (EXPORTED, None, "cpu", True),
        (EXPORTED, None, "gpu", False),
        (EXPORTED, None, "gpu:1", False),
        (EXPORTED, "tensorflow", "auto", False),
        (EXPORTED, "onnx", "cpu", True),
        (NOT_EXPORTED, None, "auto", False),
        (NOT_EXPORTED, "jax", "cpu", False),
        (NOT_EXPORTED, "onnx", "auto", True),  # and loading it says that there is none
        ({}, None, "auto", False),
    ],
)
def test_the_exported_network_computes_where_nothing_else_is_asked_for(
    document, onnx, backend, device, expected
):
    assert uses_exported(document(onnx), backend, device) is expected


@pytest.mark.parametrize("device", ["gpu", "gpu:0", "tpu"])
def test_the_exported_network_knows_the_cpu_alone(document, device):
    with pytest.raises(ParameterError, match=f"backend 'onnx' computes on the CPU, not on '{device}'"):
        uses_exported(document(EXPORTED), "onnx", device)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5, 512, 513, 1030])
def test_logits_do_not_depend_on_how_batches_are_filled_up(tone_run, n):
    everything = tensors(1030)
    plain = np.asarray(tone_run.network(everything[:n])) if n else np.empty((0, 3))
    found = KerasEngine(tone_run.network).logits(everything[:n])
    assert found.shape == (n, 3)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, plain, rtol=1e-4, atol=1e-5)


def test_batches_have_a_few_sizes_only():
    """Each size is compiled once."""
    sizes = set()

    class Counts:
        output_shape = (None, 3)

        def predict_on_batch(self, batch):
            sizes.add(len(batch))
            return np.zeros((len(batch), 3))

    for n in range(1, 1100, 7):
        assert KerasEngine(Counts()).logits(np.zeros((n, 4), np.float32)).shape == (n, 3)
    assert sizes <= {2**k for k in range(10)}


def missing(*_):
    raise MissingExtraError("a network (no backend of Keras is installed)", "train")


def test_without_keras_and_without_export_both_remedies_are_named(tone_run, document, monkeypatch):
    monkeypatch.setattr("faultdiag.runs.backend.use_backend", missing)
    run = Run(tone_run.folder, document(NOT_EXPORTED))
    with pytest.raises(
        RunError, match=r"has no exported network \(not exported\), and Keras is not"
    ) as caught:
        run.ready()
    assert 'pip install "faultdiag[train]"' in str(caught.value)
    assert f"'faultdiag export {tone_run.folder} --to onnx'" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("onnx", "backend"), [(NOT_EXPORTED, "jax"), (EXPORTED, "tensorflow"), (EXPORTED, None)]
)
def test_without_keras_who_asks_for_it_is_told_how_to_install_it(
    tone_run, document, monkeypatch, onnx, backend
):
    monkeypatch.setattr("faultdiag.runs.backend.use_backend", missing)
    with pytest.raises(MissingExtraError, match="no backend of Keras is installed"):
        keras_network(tone_run.folder, document(onnx), backend, "auto")
