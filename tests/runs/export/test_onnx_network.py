"""Whole networks: the ONNX model gives the logits of Keras, for every row of the tables."""

import os
import subprocess
import sys
from typing import get_args

import numpy as np
import pytest

keras = pytest.importorskip("keras")
pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from faultdiag.networks.plan import Shortcut  # noqa: E402
from faultdiag.networks.residual import build  # noqa: E402
from faultdiag.networks.table import ACTIVATIONS, NETWORKS  # noqa: E402
from faultdiag.runs.export.onnx_network import onnx_model  # noqa: E402

pytestmark = pytest.mark.keras

SHAPES = {"signal": (45, 1), "signals": (44, 3), "image": (9, 10, 3), "volume": (6, 5, 4, 2)}
SMALL = {
    "stem_filters": 4,
    "stem_kernel": 4,
    "stem_stride": 2,
    "stages": ((4, 1, 1), (7, 1, 2)),
    "reduction": 2,
}
each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


def inputs(shape, n=5):
    return np.random.default_rng(3).standard_normal((n, *shape)).astype(np.float32)


def difference(network, x, run_onnx):
    """Return the largest difference over the largest logit: those of an untrained network are any size."""
    expected = keras.ops.convert_to_numpy(network(x, training=False))
    assert np.ptp(expected) > 1e-3
    return np.abs(run_onnx(onnx_model(network), x) - expected).max() / np.abs(expected).max()


@each_shape
@pytest.mark.parametrize("activation", ACTIVATIONS.names())
def test_every_activation_in_every_rank(shape, activation, shaken, run_onnx):
    network = build(input_shape=shape, n_classes=3, activation=activation, **SMALL)
    assert difference(shaken(network), inputs(shape), run_onnx) < 1e-5


@each_shape
@pytest.mark.parametrize("shortcut", get_args(Shortcut))
def test_every_shortcut_in_every_rank(shape, shortcut, shaken, run_onnx):
    network = build(input_shape=shape, n_classes=3, shortcut=shortcut, **SMALL)
    assert difference(shaken(network), inputs(shape), run_onnx) < 1e-5


@pytest.mark.parametrize("name", NETWORKS.names())
def test_every_network_of_the_table(name, shaken, run_onnx):
    network = NETWORKS.load(name)(input_shape=(96, 2), n_classes=5)
    assert difference(network, inputs((96, 2), n=2), run_onnx) < 1e-4


@pytest.mark.parametrize("n", [1, 2, 7])
def test_any_number_of_inputs_at_once(n, shaken, run_onnx):
    network = shaken(build(input_shape=(45, 1), n_classes=3, **SMALL))
    assert difference(network, inputs((45, 1), n), run_onnx) < 1e-5


@pytest.mark.parametrize("shape", [(None, 2), (None, 12, 2), (None, None, 2)])
@pytest.mark.parametrize("size", [13, 32, 47])
def test_inputs_of_any_size(shape, size, shaken, run_onnx):
    network = shaken(build(input_shape=shape, n_classes=3, **SMALL))
    x = inputs(tuple(size if n is None else n for n in shape))
    assert difference(network, x, run_onnx) < 1e-5


def operators(network):
    return [node.op_type for node in onnx_model(network).graph.node]


def test_only_normalisations_behind_other_things_are_left():
    network = build(input_shape=(45, 1), n_classes=3, **SMALL)
    found = operators(network)
    assert found.count("Conv") == 5
    # of five, the second in each of two blocks follows a convolution, and the first one the stem's two uses
    assert found.count("BatchNormalization") == 3


def test_a_convolution_that_is_looked_at_elsewhere_keeps_its_output(shaken, run_onnx):
    x = keras.Input((20, 2), name="signal")
    y = keras.layers.Conv1D(3, 3, padding="same")(x)
    z = keras.layers.add([keras.layers.BatchNormalization()(y), y])
    network = shaken(keras.Model(x, keras.layers.GlobalAveragePooling1D()(z)))
    assert difference(network, inputs((20, 2)), run_onnx) < 1e-5


def test_a_convolution_that_is_the_output_keeps_it_too():
    x = keras.Input((20, 2), name="signal")
    y = keras.layers.Conv1D(3, 3)(x)
    keras.layers.BatchNormalization()(y)
    assert operators(keras.Model(x, y)).count("Conv") == 1


def test_a_foreign_layer_is_named():
    x = keras.Input((20, 2), name="signal")
    network = keras.Model(x, keras.layers.LSTM(3, name="foreign")(x))
    assert onnx_model(network) == "foreign"


def twice():
    x = keras.Input((20, 2), name="signal")
    layer = keras.layers.Conv1D(2, 3, padding="same")
    return keras.Model(x, keras.layers.GlobalAveragePooling1D()(layer(layer(x))))


def two_ended():
    x = keras.Input((20, 2), name="signal")
    y = keras.layers.GlobalAveragePooling1D()(x)
    return keras.Model(x, [y, y])


def no_graph():
    return keras.Sequential([keras.Input((20, 2)), keras.layers.GlobalAveragePooling1D()])


@pytest.mark.parametrize("make", [twice, two_ended, no_graph])
def test_what_is_no_graph_of_one_way_is_named_as_a_whole(make):
    network = make()
    assert onnx_model(network) == network.name


CODE = """
import sys
import numpy as np
sys.modules["tensorflow"] = None  # from here on it cannot be imported
from faultdiag.networks.residual import build
from faultdiag.runs.export.onnx_network import onnx_model

build_options = {options!r}
network = build(input_shape=(45, 1), n_classes=3, **build_options)
x = np.linspace(-1, 1, 90, dtype=np.float32).reshape(2, 45, 1)
import onnxruntime
model = onnx_model(network).SerializeToString()
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
found = session.run(None, {{"signal": x}})[0]
assert np.abs(found - np.asarray(network(x))).max() < 1e-5
"""


@pytest.mark.slow
def test_another_backend_writes_it_without_tensorflow():
    pytest.importorskip("jax", reason="the backend jax")
    code = CODE.format(options=SMALL | {"stages": ()})
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
