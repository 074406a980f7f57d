"""A layer that changes its input in training only."""

import keras
import numpy as np
import pytest

from faultdiag.training.random_layer import RandomLayer

pytestmark = pytest.mark.keras


class Added(RandomLayer):
    """Adds a number drawn anew."""

    def changed(self, x):
        return x + keras.random.uniform((), seed=self.generator)


def test_it_acts_in_training_only_and_keeps_the_shape():
    layer, x = Added(seed=1), np.zeros((3, 2), np.float32)
    np.testing.assert_array_equal(layer(x), x)
    assert np.all(keras.ops.convert_to_numpy(layer(x, training=True)) > 0)
    assert layer.compute_output_shape((None, 2)) == (None, 2)


def test_its_numbers_go_on_from_a_variable():
    layer, again, x = Added(seed=1), Added(seed=2), np.zeros(1, np.float32)
    layer(x, training=True)
    for to, source in zip(again.variables, layer.variables, strict=True):
        to.assign(source)
    np.testing.assert_array_equal(layer(x, training=True), again(x, training=True))
