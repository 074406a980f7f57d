"""Golden inputs: simulated, repeatable, small, and what the view of the Run gives."""

import io

import numpy as np
import pytest

from faultdiag.errors import RunError
from faultdiag.runs.export.golden import golden_bytes, n_golden, simulated_inputs

pytestmark = pytest.mark.keras

IMAGE_VIEW = {"name": "image", "state": {"height": 9, "width": 6, "n_channels": 3, "mean": 0.5}}


def test_inputs_are_windows_through_the_view(document):
    inputs = simulated_inputs(document, 5)
    assert (inputs.shape, inputs.dtype) == ((5, 256, 1), np.float32)
    np.testing.assert_allclose(inputs.mean(axis=1), 0, atol=1e-6)  # as the view raw makes every window
    np.testing.assert_allclose(inputs.std(axis=1), 1, rtol=1e-6)


def test_inputs_are_the_same_every_time_and_others_for_another_seed(document):
    np.testing.assert_array_equal(simulated_inputs(document, 3), simulated_inputs(document, 3))
    assert np.any(simulated_inputs(document, 3) != simulated_inputs(document, 3, seed=1))


def test_no_two_inputs_and_channels_are_alike(document):
    data = document.data.model_copy(update={"channels": ("a", "b")})
    view = {"name": "raw", "state": {"n_channels": 2, "length": 256}}
    inputs = simulated_inputs(document.model_copy(update={"data": data, "view": view}), 8)
    rows = np.swapaxes(inputs, 1, 2).reshape(16, 256)
    correlation = np.corrcoef(rows) - np.eye(16)
    assert np.abs(correlation).max() < 0.9


def test_images_pass_their_view(document):
    inputs = simulated_inputs(document.model_copy(update={"input": "image", "view": IMAGE_VIEW}), 4)
    assert inputs.shape == (4, 9, 6, 3)
    assert inputs.min() >= -0.5
    assert inputs.max() <= 0.5
    assert inputs.std() > 0.1


@pytest.mark.parametrize("view", [{"name": "none", "state": {}}, {"name": "raw", "state": {"a": 1}}, {}])
def test_an_unknown_view_is_one_line(document, view):
    with pytest.raises(RunError, match=r"run\.json: not a view of this faultdiag: ") as caught:
        simulated_inputs(document.model_copy(update={"view": view}), 1)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("shape", [(4096, 1), (2048, 8), (32, 32, 3), (64, 64, 2), (7,)])
def test_the_file_is_small(shape):
    n = n_golden(shape)
    assert 1 <= n <= 4
    inputs = np.random.default_rng(0).standard_normal((n, *shape)).astype(np.float32)
    assert len(golden_bytes(inputs, inputs[:, :1].reshape(n, -1))) < 200_000


def test_the_file_gives_back_what_went_in():
    inputs, logits = np.ones((2, 3, 1), np.float32), np.array([[1, 2], [3, 4]], np.float32)
    with np.load(io.BytesIO(golden_bytes(inputs, logits)), allow_pickle=False) as arrays:
        assert sorted(arrays.files) == ["inputs", "logits"]
        np.testing.assert_array_equal(arrays["inputs"], inputs)
        np.testing.assert_array_equal(arrays["logits"], logits)
