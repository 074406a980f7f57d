"""Rectifiers against formulas in NumPy, in training and in use, at every rank."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from faultdiag.networks.activations import Settings  # noqa: E402
from faultdiag.networks.table import ACTIVATIONS  # noqa: E402

pytestmark = pytest.mark.keras

array = keras.ops.convert_to_numpy
each_rank = pytest.mark.parametrize("rank", [1, 2, 3], ids=["1-D", "2-D", "3-D"])
PLAIN = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "relu": lambda x: np.where(x > 0, x, 0),
    "lrelu": lambda x: np.where(x > 0, x, 0.1 * x),
    "prelu": lambda x: np.where(x > 0, x, 0.25 * x),
}
"""Before any training; those with state come below."""


def signal(rank, channels=8):
    return np.random.default_rng(rank).standard_normal((4, *(7, 5, 3)[:rank], channels)).astype(np.float32)


def made(name, rank, **settings):
    layer = ACTIVATIONS.load(name)(Settings(rank=rank, **{"reduction": 2} | settings))
    layer.build((None, *(None,) * rank, 8))
    return layer


@each_rank
@pytest.mark.parametrize("name", PLAIN)
def test_a_function_of_each_number(name, rank):
    x, layer = signal(rank), made(name, rank)
    for training in (False, True):
        np.testing.assert_allclose(array(layer(x, training=training)), PLAIN[name](x), rtol=1e-5, atol=1e-6)


@each_rank
def test_prelu_has_one_slope_a_channel(rank):
    x, layer = signal(rank), made("prelu", rank)
    slopes = np.linspace(-1, 2, 8)
    layer.set_weights([slopes.reshape(layer.alpha.shape)])
    assert layer.count_params() == 8
    assert layer.losses == []
    np.testing.assert_allclose(array(layer(x)), np.where(x > 0, x, slopes * x), rtol=1e-5, atol=1e-6)


@each_rank
@pytest.mark.parametrize("training", [False, True], ids=["in use", "in training"])
def test_aprelu_and_its_gated_twin(rank, training, shake, slopes_of):
    x = signal(rank)
    for name in ("aprelu", "se_relu"):
        layer = made(name, rank)
        shake(layer)
        slopes = slopes_of(x, layer, training=training)
        expected = np.where(x > 0, x, slopes * x) if name == "aprelu" else slopes * np.where(x > 0, x, 0)
        found = array(layer(x, training=training))
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5, err_msg=name)


@each_rank
@pytest.mark.parametrize("training", [False, True], ids=["in use", "in training"])
def test_a_shared_slope_comes_from_the_means_over_all_channels(rank, training, shake, slopes_of):
    """As one slope for an input of which the channels are positions of a single channel."""
    x, layer = signal(rank), made("aprelu_shared", rank)
    shake(layer)
    slope = slopes_of(x.reshape(4, -1, 1), layer, training=training).reshape(4, *(1,) * (rank + 1))
    found = array(layer(x, training=training))
    np.testing.assert_allclose(found, np.where(x > 0, x, slope * x), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("reduction", [1, 16])
def test_a_shared_slope_has_two_hidden_units_whatever_the_reduction(reduction):
    layer = made("aprelu_shared", 1, reduction=reduction)
    assert layer.squeeze.units == 2
    assert layer.count_params() == (2 * 2 + 2) + 8 + (2 + 1) + 4


@pytest.mark.parametrize("name", ["aprelu", "aprelu_shared", "se_relu"])
def test_settings_reach_the_slope_network(name):
    layer = made(name, 1, slope_inputs="negative", momentum=0.7, epsilon=0.01, l2=0.5)
    assert layer.inputs == "negative"
    assert {(norm.momentum, norm.epsilon) for norm in (layer.squeeze_norm, layer.excite_norm)} == {
        (0.7, 0.01)
    }
    assert {float(dense.kernel_regularizer.l2) for dense in (layer.squeeze, layer.excite)} == {0.5}
