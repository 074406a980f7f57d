"""Kernels change their order of axes on the way to PyTorch, vectors do not."""

import numpy as np
import pytest
from rivals.ours import our_network
from rivals.tasks import TASKS
from rivals.transfer import as_keras, as_torch, copy_weights

pytestmark = pytest.mark.keras


@pytest.mark.parametrize(("shape", "axes"), [((5,), (0,)), ((2, 3), (1, 0)), ((3, 2, 4, 5), (3, 2, 0, 1))])
def test_axes_of_a_kernel(shape, axes):
    array = np.arange(np.prod(shape)).reshape(shape)
    np.testing.assert_array_equal(as_torch(array), array.transpose(axes))
    np.testing.assert_array_equal(as_keras(as_torch(array)), array)


def test_every_weight_is_copied(shaken):
    source, target = shaken(our_network(TASKS["record16"])), our_network(TASKS["record16"])
    copy_weights(source, target)
    for ours, theirs in zip(source.weights, target.weights, strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


def test_another_network_is_refused():
    with pytest.raises(ValueError, match="must match"):
        copy_weights(our_network(TASKS["record16"], "relu"), our_network(TASKS["record16"]))
