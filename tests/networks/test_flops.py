"""Operations of a layer by hand, and of whole networks beside TensorFlow's own count."""

import contextlib
from collections import Counter

import pytest

keras = pytest.importorskip("keras")

from faultdiag.errors import ParameterError  # noqa: E402
from faultdiag.networks import presets  # noqa: E402
from faultdiag.networks.aprelu import APReLU  # noqa: E402
from faultdiag.networks.describe import describe  # noqa: E402
from faultdiag.networks.flops import layer_flops  # noqa: E402
from faultdiag.networks.squeeze_excitation import SqueezeExcitationReLU  # noqa: E402

pytestmark = pytest.mark.keras

layers = keras.layers


def flops(layer, input_shape):
    layer.build((None, *input_shape))
    return layer_flops(layer, input_shape, tuple(layer.compute_output_shape((None, *input_shape))[1:]))


@pytest.mark.parametrize(
    ("layer", "input_shape", "count"),
    [
        (layers.Conv1D(7, 5, padding="same"), (100, 3), 100 * 7 * (2 * 5 * 3 + 1)),
        (layers.Conv2D(7, 3, strides=2, padding="same", use_bias=False), (9, 8, 3), 5 * 4 * 7 * 2 * 9 * 3),
        (layers.Conv3D(2, 2, padding="valid"), (4, 4, 4, 3), 27 * 2 * (2 * 8 * 3 + 1)),
        (layers.Dense(10), (64,), 10 * (2 * 64 + 1)),
        (layers.BatchNormalization(), (100, 3), 2 * 300),
        (layers.ReLU(), (100, 3), 300),
        (layers.Activation("tanh"), (100, 3), 300),
        (layers.LeakyReLU(), (100, 3), 600),
        (layers.PReLU(shared_axes=[1]), (100, 3), 600),
        (layers.AveragePooling1D(1, strides=2), (100, 3), 0),
        (layers.MaxPooling1D(4), (100, 3), 25 * 3 * 4),
        (layers.GlobalAveragePooling2D(), (10, 10, 3), 300),
        (layers.Dropout(0.5), (100, 3), 0),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, layers.Layer) else "",
)
def test_a_layer_by_hand(layer, input_shape, count):
    assert flops(layer, input_shape) == count


# two dense layers 16 -> 2 -> 8 and 8 -> 2 -> 8 with bias, normalisation and function
SLOPES = {"both": 2 * (16 * 2 + 2 * 8) + 4 * 10, "one": 2 * (8 * 2 + 2 * 8) + 4 * 10}


@pytest.mark.parametrize(
    ("kind", "inputs", "each", "slopes"),
    [
        (APReLU, "both", 6, "both"),  # max, min, two sums, product, sum
        (APReLU, "average", 5, "one"),
        (APReLU, "positive", 5, "one"),
        (SqueezeExcitationReLU, "both", 5, "both"),  # max, min, two sums, product
        (SqueezeExcitationReLU, "average", 3, "one"),  # max, sum, product
        (SqueezeExcitationReLU, "positive", 3, "one"),
        (SqueezeExcitationReLU, "negative", 4, "one"),
    ],
)
def test_a_rectifier_with_slopes_by_hand(kind, inputs, each, slopes):
    assert flops(kind(reduction=4, inputs=inputs), (100, 8)) == each * 800 + SLOPES[slopes]


def test_a_layer_of_another_kind_is_named():
    with pytest.raises(ParameterError, match="layer 'memory' is a LSTM, whose operations are not known"):
        flops(layers.LSTM(3, name="memory"), (10, 2))


def profiled(model):
    """TensorFlow's count of floating-point operations by kind, for one input in use."""
    tf = pytest.importorskip("tensorflow")
    if keras.backend.backend() != "tensorflow":
        pytest.skip("TensorFlow's profiler counts networks on TensorFlow")
    spec = tf.TensorSpec((1, *model.input_shape[1:]), tf.float32)
    graph = tf.function(lambda x: model(x, training=False)).get_concrete_function(spec).graph
    profiler = tf.compat.v1.profiler
    options = profiler.ProfileOptionBuilder(profiler.ProfileOptionBuilder.float_operation())
    with contextlib.redirect_stdout(None):
        found = profiler.profile(graph, cmd="op", options=options.with_empty_output().build())
    counts, left = Counter(), [found]
    while left:
        node = left.pop()
        counts[node.name] += node.float_ops
        left += node.children
    return found.total_float_ops, counts


@pytest.mark.parametrize("name", ["paper_m6", "record16", "vibration"])
def test_networks_beside_the_profiler_of_tensorflow(name):
    """The same for all kernels and biases; in all within 2 %, for it counts normalisations by their parts."""
    preset = getattr(presets, name)
    shape, n_classes = preset.published
    model = preset(input_shape=shape, n_classes=n_classes, activation="relu")
    total, counts = profiled(model)
    ours = sum(
        layer_flops(layer, tuple(layer.input.shape[1:]), tuple(layer.output.shape[1:]))
        for layer in model.layers
        if isinstance(layer, layers.Conv1D | layers.Conv2D | layers.Dense)
    )
    assert ours == counts["Conv2D"] + counts["MatMul"] + counts["BiasAdd"]
    assert describe(model).flops == pytest.approx(total, rel=0.02)
