"""The gated twin of APReLU: the same weights, another product."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from faultdiag.errors import ParameterError  # noqa: E402
from faultdiag.networks.aprelu import APReLU  # noqa: E402
from faultdiag.networks.squeeze_excitation import SqueezeExcitationReLU  # noqa: E402

pytestmark = pytest.mark.keras

array = keras.ops.convert_to_numpy


@pytest.mark.parametrize("options", [{}, {"inputs": "average"}, {"shared": True, "reduction": 1}])
def test_it_has_the_weights_of_aprelu(options):
    shapes = []
    for kind in (APReLU, SqueezeExcitationReLU):
        layer = kind(**{"reduction": 4} | options)
        layer.build((None, 9, 8))
        shapes.append([(variable.name, variable.shape, variable.trainable) for variable in layer.variables])
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("inputs", ["both", "average", "positive", "negative"])
def test_the_positive_part_is_aprelu_s_negative_one_turned_round(inputs, shake):
    """With the same slopes s, aprelu(x) - relu(x) = s * min(x, 0), so the gate is known from it."""
    x = np.random.default_rng(0).standard_normal((3, 20, 8)).astype(np.float32)
    leaky, gated = (kind(reduction=2, inputs=inputs) for kind in (APReLU, SqueezeExcitationReLU))
    for layer in (leaky, gated):
        layer.build(x.shape)
        shake(layer)
    below = array(leaky(x)) - np.maximum(x, 0)
    slopes = below.sum(axis=1, keepdims=True) / np.minimum(x, 0).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(array(gated(x)), slopes * np.maximum(x, 0), rtol=1e-4, atol=1e-5)


def test_the_gate_lies_between_0_and_1():
    layer = SqueezeExcitationReLU(reduction=2)
    x = 100 * np.random.default_rng(1).standard_normal((4, 6, 8)).astype(np.float32)
    found = array(layer(x, training=True))
    assert (found >= 0).all()
    assert (found <= np.maximum(x, 0)).all()


def test_plain_keras_saves_and_loads_it(tmp_path):
    model = keras.Sequential([keras.Input((None, 8)), SqueezeExcitationReLU(reduction=2, inputs="positive")])
    x = np.random.default_rng(2).standard_normal((4, 6, 8)).astype(np.float32)
    model(x, training=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    assert type(loaded.layers[-1]) is SqueezeExcitationReLU
    np.testing.assert_array_equal(array(loaded(x)), array(model(x)))


def test_a_wrong_reduction_is_told():
    with pytest.raises(ParameterError, match="reduction must be 1 or more, got 0"):
        SqueezeExcitationReLU(reduction=0)
