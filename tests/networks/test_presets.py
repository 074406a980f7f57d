"""Presets: the counts of their publications, record 16 layer by layer, and ours for vibration."""

import inspect

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from faultdiag.networks import residual  # noqa: E402
from faultdiag.networks.presets import (  # noqa: E402
    author_2020_06,
    paper_m6,
    paper_m9,
    paper_m12,
    record16,
    vibration,
)
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


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ({"activation": "relu"}, 89_994),
        ({"activation": "prelu"}, 90_266),
        ({"activation": "se_relu"}, 93_791),
        ({"reduction": 1}, 130_346),
        ({"stages": ((16, 1, 1), (32, 1, 2), (64, 1, 2))}, 79_349),
        ({"stages": ((16, 1, 1), (32, 1, 2), (64, 1, 2)), "reduction": 1}, 111_434),
    ],
)
def test_record_16_with_something_else_instead(options, count):
    assert record16(input_shape=(32, 32, 3), n_classes=10, **options).count_params() == count


@pytest.mark.parametrize(
    ("preset", "activation", "count"),
    [
        (paper_m6, "aprelu", 8_824),
        (paper_m9, "aprelu", 13_360),
        (paper_m12, "aprelu", 17_896),
        (paper_m6, "relu", 4_048),
        (paper_m9, "relu", 6_232),
        (paper_m12, "relu", 8_416),
    ],
)
def test_trainable_weights_of_the_networks_of_the_paper(preset, activation, count):
    model = preset(input_shape=(4096, 1), n_classes=8, activation=activation)
    assert sum(int(np.prod(v.shape)) for v in model.trainable_variables) == count


@pytest.mark.parametrize(("preset", "n_blocks"), [(paper_m6, 6), (paper_m9, 9), (paper_m12, 12)])
def test_the_paper_s_network_halves_the_signal_twice(preset, n_blocks):
    model = preset(input_shape=(4096, 1), n_classes=8, activation="relu")
    blocks = [layer.output.shape[1:] for layer in model.layers if isinstance(layer, keras.layers.Add)]
    third = n_blocks // 3
    assert blocks == [(4096, 4)] * third + [(2048, 8)] * third + [(1024, 16)] * third
    convs = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv1D)]
    assert {conv.kernel_size for conv in convs} == {(3,)}
    assert len(convs) == 1 + 2 * n_blocks


def test_the_hidden_layers_of_the_paper_are_as_wide_as_the_network():
    model = paper_m6(input_shape=(4096, 1), n_classes=8)
    rectifiers = [layer for layer in model.layers if type(layer).__name__ == "APReLU"]
    assert [r.squeeze.units for r in rectifiers] == [4] * 5 + [8] * 4 + [16] * 4 != []


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "lrelu", "prelu", "aprelu"])
@pytest.mark.parametrize("shortcut", ["pad", "none"], ids=["ResNet", "ConvNet"])
def test_every_comparison_of_the_paper_is_an_option(activation, shortcut):
    model = paper_m6(input_shape=(64, 1), n_classes=8, activation=activation, shortcut=shortcut)
    n_sums = len([layer for layer in model.layers if isinstance(layer, keras.layers.Add)])
    assert n_sums == (6 if shortcut == "pad" else 0)
    assert model.predict(np.ones((2, 64, 1)), verbose=0).shape == (2, 8)


@pytest.mark.slow
def test_the_author_s_network_of_june_2020_has_its_30_million_variables():
    model = author_2020_06(input_shape=(32, 32, 3), n_classes=10)
    assert model.count_params() == 30_693_879
    rectifiers = [layer for layer in model.layers if type(layer).__name__ == "APReLU"]
    assert len(rectifiers) == 2 * 60 + 1
    assert {(r.shared, r.squeeze.units, r.excite.units) for r in rectifiers} == {(True, 2, 1)}


@pytest.mark.parametrize(("preset", "shape"), [(record16, (512, 2)), (paper_m6, (28, 28, 1))])
def test_a_preset_works_in_the_other_rank(preset, shape):
    model = preset(input_shape=shape, n_classes=4)
    assert model.predict(np.ones((2, *shape)), verbose=0).shape == (2, 4)
    assert {len(layer.kernel_size) for layer in model.layers if hasattr(layer, "kernel_size")} == {
        len(shape) - 1
    }


def test_kernels_in_the_other_rank_have_the_same_lengths():
    """Every kernel of 3 x 3 becomes one of 3, and nothing else changes in number."""
    flat, other = (
        record16(input_shape=(32, 32, 3), n_classes=10),
        record16(input_shape=(1024, 3), n_classes=10),
    )
    kernels = [v for v in flat.trainable_variables if v.name == "kernel" and len(v.shape) == 4]
    assert flat.count_params() - other.count_params() == sum(6 * v.shape[-1] * v.shape[-2] for v in kernels)


@pytest.mark.parametrize("preset", [author_2020_06, paper_m6, paper_m9, paper_m12, record16, vibration])
def test_a_preset_says_what_it_was_published_for(preset):
    shape, n_classes = preset.published
    assert min(shape) >= 1
    assert n_classes >= 2


def test_vibration_sees_a_long_stretch_first_and_thins_it_out():
    network = vibration(input_shape=(2048, 1), n_classes=4)
    convs = [layer for layer in network.layers if isinstance(layer, keras.layers.Conv1D)]
    assert convs[0].kernel.shape == (64, 1, 16)
    assert [conv.output.shape[1] for conv in convs] == [256, 256, 256, 128, 128, 64, 64, 32, 32]


@pytest.mark.parametrize("preset", [author_2020_06, paper_m12, record16, vibration])
def test_a_preset_has_every_option_of_the_builder_and_only_these(preset):
    assert set(inspect.signature(preset).parameters) == set(inspect.signature(residual.build).parameters)
    check_options("preset", preset, {"activation": "relu", "reduction": 2})
