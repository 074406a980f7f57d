"""The twins in PyTorch compute what our networks compute, forward, backward and after a step."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the twins in PyTorch: torch is not installed")

from rivals.ours import our_network  # noqa: E402 (the twins need torch)
from rivals.tasks import LEARNING_RATE, TASKS  # noqa: E402
from rivals.transfer import as_torch, copy_to_twin, tensors_of, weights_of  # noqa: E402
from rivals.twin import sgd, twin, twin_inputs, twin_step  # noqa: E402

pytestmark = [pytest.mark.keras, pytest.mark.usefixtures("one_thread")]
SMALL = {"record16": (16, 16, 3), "paper-m12": (256, 1)}


def made(network, activation, shaken, dtype=torch.float32):
    task = TASKS[network]._replace(input_shape=SMALL[network])
    ours, theirs = shaken(our_network(task, activation)), twin(task, activation).to(dtype)
    copy_to_twin(weights_of(ours), theirs)
    inputs, labels = task.example(6)
    return ours, theirs, inputs, labels, twin_inputs(task, torch.from_numpy(inputs).to(dtype))


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("network", TASKS)
@pytest.mark.parametrize("activation", ["aprelu", "relu"])
@pytest.mark.parametrize("training", [False, True])
def test_the_twin_says_what_our_network_says(network, activation, training, shaken):
    ours, theirs, inputs, _, same = made(network, activation, shaken, torch.float64)
    with torch.no_grad():
        found = theirs.train(training)(same).numpy()
    expected = np.asarray(ours(inputs.astype(np.float64), training=training))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6 * np.abs(expected).max())


def test_a_step_of_the_twin_is_a_step_of_ours(shaken):
    """Gradient, penalty and Nesterov's momentum, seen from the weights after two steps."""
    import keras

    ours, theirs, inputs, labels, same = made("record16", "aprelu", shaken)
    ours.compile(
        keras.optimizers.SGD(LEARNING_RATE, momentum=0.9, nesterov=True),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    start = flat([as_torch(v.numpy()) for v in ours.trainable_variables])
    optimizer = sgd(theirs.train())
    for _ in range(2):
        ours.train_on_batch(inputs, labels)
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(theirs(same), torch.from_numpy(labels)).backward()
        optimizer.step()
    tensors = tensors_of(theirs, weights_of(ours)).items()
    arrays = {path: tensor.detach().numpy() for path, tensor in tensors}
    moved = flat([as_torch(v.numpy()) for v in ours.trainable_variables]) - start
    theirs_moved = flat([arrays[v.path] for v in ours.trainable_variables]) - start
    assert np.linalg.norm(theirs_moved - moved) < 1e-3 * np.linalg.norm(moved)


def flat(arrays):
    return np.concatenate([array.ravel() for array in arrays])


def test_a_step_of_the_twin_returns_its_loss():
    step = twin_step(TASKS["record16"]._replace(batch=4))
    losses = [step() for _ in range(5)]
    assert losses[-1] < losses[0]
