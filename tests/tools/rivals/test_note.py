"""The note's program is the network of ours, layer by layer and number by number."""

import numpy as np
import pytest
from rivals.note import compiled_note, note_network
from rivals.ours import our_network
from rivals.tasks import TASKS
from rivals.transfer import copy_weights

pytestmark = pytest.mark.keras


def test_the_note_has_as_many_variables_as_published():
    assert note_network(TASKS["record16"]).count_params() == 93_791


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("network", TASKS)
@pytest.mark.parametrize("training", [False, True])
def test_the_note_says_what_our_network_says(network, training, shaken):
    import keras

    task = TASKS[network]
    if task.rank == 1:
        task = task._replace(input_shape=(256, 1))  # of another length, to be quick
    ours, note = shaken(our_network(task)), note_network(task)
    copy_weights(ours, note)
    inputs = task.example(6)[0].astype(np.float64)
    expected = np.asarray(ours(inputs, training=training))
    chosen = np.asarray(note(inputs, training=training))
    note.layers[-1].activation = keras.activations.linear  # its logits: a softmax hides most of them
    found = np.asarray(note(inputs, training=training))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6 * np.abs(expected).max())
    np.testing.assert_allclose(chosen, keras.ops.softmax(expected), rtol=1e-4, atol=1e-12)


def test_the_note_has_the_penalty_of_ours(shaken):
    task = TASKS["record16"]
    ours, note = shaken(our_network(task)), note_network(task)
    copy_weights(ours, note)
    assert float(sum(note.losses)) == pytest.approx(float(sum(ours.losses)), rel=1e-5)
    assert len(note.losses) == 43


def test_the_note_is_compiled_with_the_defaults_of_keras():
    model = compiled_note(TASKS["record16"])
    plain = compiled_defaults()
    assert model.jit_compile == plain.jit_compile
    assert (model.optimizer.momentum, model.optimizer.nesterov) == (0.9, True)


def compiled_defaults():
    import keras

    inputs = keras.Input((2,))
    plain = keras.Model(inputs, keras.layers.Dense(1)(inputs))
    plain.compile()
    return plain
