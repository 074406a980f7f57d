"""Epochs on the device train the Keras model as Keras itself does; the warp is that of SciPy."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("jax", reason="the JAX backend: jax is not installed")
pytestmark = pytest.mark.keras

TOOLS = Path(__file__).parents[3] / "tools"

# a process of its own, as a process has one backend; one step is an epoch, so the order plays no part
SAME = """
import sys
sys.path[:0] = sys.argv[1:]
import jax
import keras
import numpy as np
from gpu.keras_side import Epochs
from rivals.ours import our_network
from rivals.tasks import TASKS
from rivals.transfer import copy_weights

task = TASKS["record16"]._replace(input_shape=(8, 8, 3), batch=6, stages=((32, 1, 2),))
inputs, labels = task.example()
ours, keras_own = our_network(task), our_network(task)
copy_weights(ours, keras_own)
sgd = [keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True) for _ in range(2)]
keras_own.compile(sgd[0], keras.losses.SparseCategoricalCrossentropy(from_logits=True))
epochs = Epochs(ours, sgd[1], 6, lambda key, x: x)
for number in range(2):
    loss = float(epochs(jax.random.key(number), inputs, labels))
    expected = keras_own.train_on_batch(inputs, labels)
    assert abs(loss - expected) < 1e-4 * expected, (loss, expected)
epochs.put_back()
for a, b in zip(ours.weights + sgd[1].variables, keras_own.weights + sgd[0].variables, strict=True):
    np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-3, atol=1e-5, err_msg=a.path)
"""


def test_the_warp_is_that_of_scipy(images, maps, seen):
    from gpu.keras_side import warped

    np.testing.assert_allclose(warped(images, maps), seen(images, maps), atol=1e-2)


def test_augmented_images_are_numbers_about_zero(images):
    import jax
    from gpu.keras_side import augmented

    found = np.asarray(augmented(jax.random.key(0), images))
    assert found.shape == images.shape
    assert -0.48 < found.min() < -0.3
    assert 0.3 < found.max() < 0.53


def test_epochs_train_as_keras_does(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    done = subprocess.run(
        [sys.executable, "-c", SAME, TOOLS, TOOLS.parent], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
