"""Ours is what the engine compiles: the published network, its optimiser, no augmentation."""

import math

import pytest
from rivals.ours import compiled_ours, our_network
from rivals.tasks import TASKS

pytestmark = pytest.mark.keras


@pytest.mark.parametrize(("network", "n_trainable"), [("record16", 92_669), ("paper-m12", 17_896)])
def test_the_network_has_the_published_size(network, n_trainable):
    model = our_network(TASKS[network])
    assert sum(math.prod(v.shape) for v in model.trainable_variables) == n_trainable


def test_it_is_compiled_as_it_is_trained():
    model = compiled_ours(TASKS["record16"])
    assert (model.optimizer.momentum, model.optimizer.nesterov) == (0.9, True)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.01)
    assert len(model.losses) == 43
