"""Presets: record 16 layer by layer as it was counted with stock layers, and ours for vibration."""

import inspect

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from faultdiag.networks import residual  # noqa: E402
from faultdiag.networks.presets import record16, vibration  # noqa: E402
from faultdiag.registry import check_options  # noqa: E402

pytestmark = pytest.mark.keras

# name of the kind of layer, its output, its variables
STEM = [("Conv2D", (32, 32, 16), 448)]
BLOCK_1 = [
    ("BatchNormalization", (32, 32, 16), 64),
    ("APReLU", (32, 32, 16), 133),
    ("Conv2D", (32, 32, 32), 4640),
    ("BatchNormalization", (32, 32, 32), 128),
    ("APReLU", (32, 32, 32), 362),
    ("Conv2D", (32, 32, 32), 9248),
]
BLOCK_2 = [
    ("BatchNormalization", (32, 32, 32), 128),
    ("APReLU", (32, 32, 32), 362),
    ("Conv2D", (16, 16, 32), 9248),
    ("BatchNormalization", (16, 16, 32), 128),
    ("APReLU", (16, 16, 32), 362),
    ("Conv2D", (16, 16, 32), 9248),
]
BLOCK_3 = [
    ("BatchNormalization", (16, 16, 32), 128),
    ("APReLU", (16, 16, 32), 362),
    ("Conv2D", (8, 8, 64), 18496),
    ("BatchNormalization", (8, 8, 64), 256),
    ("APReLU", (8, 8, 64), 1108),
    ("Conv2D", (8, 8, 64), 36928),
]
HEAD = [
    ("BatchNormalization", (8, 8, 64), 256),
    ("APReLU", (8, 8, 64), 1108),
    ("Dense", (10,), 650),
]


@pytest.fixture(scope="module")
def network():
    return record16(input_shape=(32, 32, 3), n_classes=10)


def test_record_16_layer_by_layer(network):
    found = [
        (type(layer).__name__, layer.output.shape[1:], layer.count_params())
        for layer in network.layers
        if layer.count_params()
    ]
    assert found == [*STEM, *BLOCK_1, *BLOCK_2, *BLOCK_3, *HEAD]


def test_record_16_stage_by_stage():
    parts = (STEM, BLOCK_1, BLOCK_2, BLOCK_3, HEAD)
    assert [sum(n for _, _, n in part) for part in parts] == [448, 14575, 19476, 57278, 2014]


def test_record_16_in_all(network):
    assert network.count_params() == 93_791
    assert sum(int(np.prod(v.shape)) for v in network.trainable_variables) == 92_669
    assert len(network.trainable_variables) == 86
    assert len(network.variables) == 128


def test_record_16_penalises_kernels_and_scales(network):
    assert len(network.losses) == 43
    penalised = [v for v in network.trainable_variables if v.name in ("kernel", "gamma")]
    expected = 1e-4 * sum(np.sum(np.square(v.numpy(), dtype=float)) for v in penalised)
    assert float(sum(network.losses)) == pytest.approx(expected, rel=1e-5)


def test_record_16_normalises_as_the_author_does(network):
    norms = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert {(norm.momentum, norm.epsilon) for norm in norms} == {(0.9, 1e-3)}


def test_record_16_starts_with_truncated_he_normal_kernels(network):
    """The deviation is sqrt(2 / fan in), cut at two deviations of the uncut normal."""
    conv = next(layer for layer in reversed(network.layers) if isinstance(layer, keras.layers.Conv2D))
    kernel, deviation = conv.kernel.numpy(), np.sqrt(2 / (9 * 64))
    assert kernel.std() == pytest.approx(deviation, rel=0.02)
    assert np.abs(kernel).max() <= 2 * deviation / 0.87962566 + 1e-6
    assert not conv.bias.numpy().any()


def test_record_16_with_relu_instead():
    assert record16(input_shape=(32, 32, 3), n_classes=10, activation="relu").count_params() == 89_994


def test_vibration_sees_a_long_stretch_first_and_thins_it_out():
    network = vibration(input_shape=(2048, 1), n_classes=4)
    convs = [layer for layer in network.layers if isinstance(layer, keras.layers.Conv1D)]
    assert convs[0].kernel.shape == (64, 1, 16)
    assert [conv.output.shape[1] for conv in convs] == [256, 256, 256, 128, 128, 64, 64, 32, 32]


@pytest.mark.parametrize("preset", [record16, vibration])
def test_a_preset_has_every_option_of_the_builder_and_only_these(preset):
    assert set(inspect.signature(preset).parameters) == set(inspect.signature(residual.build).parameters)
    check_options("preset", preset, {"activation": "relu", "reduction": 2})
