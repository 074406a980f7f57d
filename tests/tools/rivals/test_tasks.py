"""The tasks are the published ones."""

import numpy as np
import pytest
from rivals.tasks import TASKS


@pytest.mark.parametrize(
    ("network", "shape"), [("record16", (100, 32, 32, 3)), ("paper-m12", (128, 4096, 1))]
)
def test_a_batch_has_the_published_shape(network, shape):
    inputs, labels = TASKS[network].example()
    assert inputs.shape == shape
    assert inputs.dtype == np.float32
    assert labels.shape == shape[:1]
    assert set(labels) <= set(range(TASKS[network].n_classes))


def test_examples_of_any_number_are_the_same_again():
    first, again = TASKS["record16"].example(3), TASKS["record16"].example(3)
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
