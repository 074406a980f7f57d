"""Each kind of layer, alone: its operators give what Keras gives, or it is said that it is not written."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")
pytest.importorskip("onnx")

from faultdiag.networks.aprelu import APReLU  # noqa: E402
from faultdiag.networks.squeeze_excitation import SqueezeExcitationReLU  # noqa: E402
from faultdiag.runs.export.onnx_layers import RULES, rule_of  # noqa: E402
from faultdiag.runs.export.onnx_network import onnx_model  # noqa: E402

pytestmark = pytest.mark.keras
layers = keras.layers

SHAPES = {1: (21, 3), 2: (8, 7, 3), 3: (5, 6, 4, 3)}
each_rank = pytest.mark.parametrize("rank", SHAPES)


def around(layer, shape, shaken, seed=0):
    """A network of the layer and a mean, if there are still axes to average."""
    inputs = keras.Input(shape, name="signal")
    x = layer(inputs)
    if len(x.shape) > 2:
        rank = len(x.shape) - 2
        x = getattr(layers, f"GlobalAveragePooling{rank}D")()(x)
    return shaken(keras.Model(inputs, x), seed)


def check(network, shape, run_onnx, n=3):
    x = 2 * np.random.default_rng(5).standard_normal((n, *shape)).astype(np.float32)
    expected = keras.ops.convert_to_numpy(network(x, training=False))
    np.testing.assert_allclose(run_onnx(onnx_model(network), x), expected, rtol=1e-4, atol=1e-5)


def of_rank(name, rank):
    return getattr(layers, f"{name}{rank}D")


@each_rank
@pytest.mark.parametrize(
    "options",
    [
        {"padding": "same"},
        {"padding": "valid", "use_bias": False},
        {"padding": "same", "strides": 2},
        {"padding": "same", "strides": 3},
        {"padding": "valid", "strides": 3},
        {"padding": "same", "groups": 3},
    ],
    ids=str,
)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_convolutions(rank, options, size, shaken, run_onnx):
    if rank == 3 and options.get("groups", 1) > 1:
        pytest.skip("3-D convolutions in groups: TensorFlow does not compute them on a CPU")
    network = around(of_rank("Conv", rank)(6, size, **options), SHAPES[rank], shaken)
    check(network, SHAPES[rank], run_onnx)


@each_rank
@pytest.mark.parametrize("options", [{}, {"scale": False}, {"center": False}, {"epsilon": 0.1}], ids=str)
def test_batch_normalisation(rank, options, shaken, run_onnx):
    check(around(layers.BatchNormalization(**options), SHAPES[rank], shaken), SHAPES[rank], run_onnx)


def test_a_subclass_of_batch_normalisation_is_one(shaken, run_onnx):
    class Fused(layers.BatchNormalization):
        pass

    check(around(Fused(), SHAPES[1], shaken), SHAPES[1], run_onnx)


@each_rank
@pytest.mark.parametrize("kind", [APReLU, SqueezeExcitationReLU])
@pytest.mark.parametrize("seen", ["both", "average", "positive", "negative"])
@pytest.mark.parametrize(
    "options", [{"reduction": 1}, {"reduction": 2}, {"shared": True, "reduction": 1}], ids=str
)
def test_rectifiers_with_slopes(rank, kind, seen, options, shaken, run_onnx):
    shape = (*SHAPES[rank][:-1], 4)
    check(around(kind(inputs=seen, **options), shape, shaken), shape, run_onnx)


@each_rank
@pytest.mark.parametrize(
    "layer",
    [
        layers.ReLU,
        layers.LeakyReLU,
        layers.PReLU,
        lambda: layers.PReLU(shared_axes=[1]),
        lambda: layers.Activation("relu"),
        lambda: layers.Activation("sigmoid"),
        lambda: layers.Activation("tanh"),
        lambda: layers.Activation("linear"),
        lambda: layers.Dropout(0.5),
        layers.Identity,
    ],
)
def test_functions_of_one_number(rank, layer, shaken, run_onnx):
    check(around(layer(), SHAPES[rank], shaken), SHAPES[rank], run_onnx)


@pytest.mark.parametrize("slope", [0.3, -0.4, 1.7])
def test_prelu_whatever_its_slopes(slope, shaken, run_onnx):
    network = around(layers.PReLU(shared_axes=[1]), SHAPES[1], shaken)
    network.set_weights([np.full((1, 3), slope, np.float32)])
    check(network, SHAPES[1], run_onnx)


@each_rank
@pytest.mark.parametrize(
    "options", [{"pool_size": 1, "strides": 2}, {"pool_size": 2}, {"pool_size": 3, "strides": 2}]
)
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_average_pooling(rank, options, padding, shaken, run_onnx):
    layer = of_rank("AveragePooling", rank)(padding=padding, **options)
    check(around(layer, SHAPES[rank], shaken), SHAPES[rank], run_onnx)


@each_rank
@pytest.mark.parametrize("width", [(0, 3), (1, 2)])
def test_zero_channels(rank, width, shaken, run_onnx):
    def pad(x):
        return keras.ops.pad(x, [(0, 0)] * (rank + 1) + [width])

    check(around(pad, SHAPES[rank], shaken), SHAPES[rank], run_onnx)


def test_zero_positions(shaken, run_onnx):
    check(
        around(lambda x: keras.ops.pad(x, [(0, 0), (2, 1), (0, 0)]), SHAPES[1], shaken), SHAPES[1], run_onnx
    )


@pytest.mark.parametrize("n", [2, 3])
def test_sums(n, shaken, run_onnx):
    def total(x):
        return layers.add([x, *[layers.Conv1D(3, 1)(x) for _ in range(n - 1)]])

    check(around(total, SHAPES[1], shaken), SHAPES[1], run_onnx)


@pytest.mark.parametrize("use_bias", [True, False])
def test_dense(use_bias, shaken, run_onnx):
    def mean_and_dense(x):
        return layers.Dense(5, use_bias=use_bias)(layers.GlobalAveragePooling1D()(x))

    check(around(mean_and_dense, SHAPES[1], shaken), SHAPES[1], run_onnx)


@pytest.mark.parametrize(
    "make",
    [
        lambda: layers.Conv1D(4, 3, activation="relu"),
        lambda: layers.Conv1D(4, 3, padding="causal"),
        lambda: layers.Conv1D(4, 3, dilation_rate=2),
        lambda: layers.Conv1D(4, 3, data_format="channels_first"),
        lambda: layers.Dense(4),  # on an input with axes
        lambda: layers.BatchNormalization(axis=1),
        lambda: layers.ReLU(max_value=6.0),
        lambda: layers.ReLU(negative_slope=0.1),
        lambda: layers.ReLU(threshold=0.5),
        lambda: layers.Activation("gelu"),
        lambda: layers.MaxPooling1D(2),
        lambda: layers.AveragePooling1D(2, data_format="channels_first"),
        lambda: layers.GlobalAveragePooling1D(keepdims=True),
        lambda: layers.GlobalAveragePooling1D(data_format="channels_first"),
    ],
)
def test_what_is_not_written_is_named(make, shaken):
    layer = make()
    inputs = keras.Input((21, 3), name="signal")
    network = keras.Model(inputs, layer(inputs))
    assert onnx_model(network) == layer.name


def test_a_pad_that_is_not_with_zeros_is_not_written():
    inputs = keras.Input((21, 3), name="signal")
    padded = keras.ops.pad(inputs, [(0, 0), (1, 1), (0, 0)], mode="reflect")
    network = keras.Model(inputs, layers.GlobalAveragePooling1D()(padded))
    assert onnx_model(network) == network.operations[1].name


def test_the_more_special_kind_comes_first():
    for number, (kinds, _) in enumerate(RULES):
        for kind in kinds if isinstance(kinds, tuple) else (kinds,):
            earlier = tuple(k for ks, _ in RULES[:number] for k in (ks if isinstance(ks, tuple) else (ks,)))
            assert not issubclass(kind, earlier), kind


def test_an_unknown_kind_has_no_rule():
    assert rule_of(layers.LSTM(3)) is None
