"""The residual network against a NumPy one, its shortcut alone, and counts from a formula."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

keras = pytest.importorskip("keras")

from faultdiag.errors import ParameterError  # noqa: E402
from faultdiag.networks.aprelu import APReLU  # noqa: E402
from faultdiag.networks.residual import build  # noqa: E402
from faultdiag.networks.squeeze_excitation import SqueezeExcitationReLU  # noqa: E402

pytestmark = pytest.mark.keras

array = keras.ops.convert_to_numpy
each_rank = pytest.mark.parametrize("rank", [1, 2, 3], ids=["1-D", "2-D", "3-D"])


def of_kind(model, *names):
    return [layer for layer in model.layers if type(layer).__name__.startswith(names)]


def convolved(x, layer):
    """Convolution that keeps ceil(n / stride) positions, the odd one of the padding behind."""
    kernel, bias = array(layer.kernel), array(layer.bias)
    rank, strides = x.ndim - 2, layer.strides
    sizes = [-(-n // s) for n, s in zip(x.shape[1:-1], strides, strict=True)]
    padding = [
        max((m - 1) * s + k - n, 0)
        for m, s, k, n in zip(sizes, strides, kernel.shape, x.shape[1:-1], strict=False)
    ]
    padded = np.pad(x, [(0, 0), *((p // 2, p - p // 2) for p in padding), (0, 0)])
    y = np.zeros((len(x), *sizes, kernel.shape[-1])) + bias
    for tap in itertools.product(*(range(k) for k in kernel.shape[:rank])):
        cut = [slice(t, t + (m - 1) * s + 1, s) for t, m, s in zip(tap, sizes, strides, strict=True)]
        y += padded[:, *cut] @ kernel[tap]
    return y


def shortcut(x, filters, stride, n_before=0):
    """Every stride-th position, zero channels behind, or some of them before."""
    kept = x[:, *[slice(None, None, stride)] * (x.ndim - 2)]
    more = filters - x.shape[-1]
    zeros = [np.zeros((*kept.shape[:-1], n)) for n in (n_before, more - n_before)]
    return np.concatenate([zeros[0], kept, zeros[1]], axis=-1)


@each_rank
@pytest.mark.parametrize("activation", ["aprelu", "relu"])
def test_the_network_is_its_description(rank, activation, shake, batch_norm, aprelu_of):
    shape = (13, 8, 5)[:rank]
    stages = ((4, 2, 1), (6, 1, 2))
    model = build(
        input_shape=(*shape, 2),
        n_classes=3,
        stem_filters=4,
        stem_stride=2,
        stages=stages,
        activation=activation,
        reduction=2,
    )
    shake(model)
    convs, norms = iter(of_kind(model, "Conv")), iter(of_kind(model, "BatchNorm"))
    rectifiers = iter(of_kind(model, "APReLU", "ReLU"))

    def rectified(x):
        x, layer = batch_norm(x, next(norms), training=False), next(rectifiers)
        return np.maximum(x, 0) if activation == "relu" else aprelu_of(x, layer, training=False)

    x = np.random.default_rng(5).standard_normal((3, *shape, 2))
    y = convolved(x, next(convs))
    for filters, blocks, stride in stages:
        for number in range(blocks):
            raw = y
            y = convolved(rectified(y), next(convs))
            y = convolved(rectified(y), next(convs))
            y += shortcut(raw, filters, 1 if number else stride)
    y = rectified(y).mean(axis=tuple(range(1, rank + 1)))
    logits = y @ array(model.get_layer("logits").kernel) + array(model.get_layer("logits").bias)
    assert [*convs, *norms, *rectifiers] == []
    np.testing.assert_allclose(model.predict(x, verbose=0), logits, rtol=1e-4, atol=1e-4)


def silent(kind, *, rank, stride, filters):
    """A stem that hands its input of 2 channels on, and one block whose two convolutions give zeros."""
    model = build(
        input_shape=(*(9, 6, 7)[:rank], 2),
        n_classes=2,
        stem_filters=2,
        stages=((filters, 1, stride),),
        shortcut=kind,
        activation="relu",
    )
    stem, *others = of_kind(model, "Conv")
    for conv in others:
        if conv.kernel_size[0] == 3:
            conv.set_weights([np.zeros(w.shape) for w in conv.get_weights()])
    kernel = np.zeros(stem.kernel.shape)
    kernel[(1,) * rank] = np.eye(2)
    stem.set_weights([kernel, np.zeros(2)])
    return model


def block_of(model):
    """What the model's only block gives for an input by lot, and that input."""
    (added,) = of_kind(model, "Add")
    x = np.random.default_rng(2).standard_normal((3, *model.input_shape[1:])).astype(np.float32)
    return keras.Model(model.input, added.output).predict(x, verbose=0), x


@each_rank
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(
    ("kind", "filters", "n_before"),
    [("pad", 5, 0), ("pad-both", 5, 1), ("pad-both", 6, 2), ("pad-both", 2, 0)],
)
def test_a_block_without_weights_is_its_shortcut(kind, filters, n_before, rank, stride):
    found, x = block_of(silent(kind, rank=rank, stride=stride, filters=filters))
    np.testing.assert_allclose(found, shortcut(x, filters, stride, n_before), atol=1e-6)


@each_rank
@pytest.mark.parametrize(
    ("filters", "stride"), [(5, 1), (2, 2), (1, 3)], ids=["wider", "shorter", "narrower"]
)
def test_a_projection_is_a_convolution_of_kernel_1_of_the_raw_input(filters, stride, rank, shake):
    model = silent("projection", rank=rank, stride=stride, filters=filters)
    (projection,) = [conv for conv in of_kind(model, "Conv") if conv.kernel_size[0] == 1]
    shake(projection)
    found, x = block_of(model)
    kernel, bias = array(projection.kernel), array(projection.bias)
    kept = x[:, *[slice(None, None, stride)] * rank]
    expected = kept @ kernel.reshape(2, filters) + bias
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_a_projection_stands_only_where_the_shape_changes():
    model = build(input_shape=(16, 1), n_classes=2, stages=((16, 2, 1), (16, 2, 2)), shortcut="projection")
    assert [conv.output.shape for conv in of_kind(model, "Conv") if conv.kernel_size == (1,)] == [
        (None, 8, 16)
    ]
    assert len(of_kind(model, "Add")) == 4


@each_rank
def test_without_shortcuts_a_silent_block_lets_nothing_through(rank):
    model = silent("none", rank=rank, stride=2, filters=5)
    assert of_kind(model, "Add") == []
    found = model.predict(np.ones((2, *model.input_shape[1:])), verbose=0)
    np.testing.assert_allclose(found, np.zeros((2, 2)), atol=1e-6)


def parameter_count(input_shape, n_classes, stem, stages, kernel, reduction):
    """All variables, and those that are trained."""
    rank, channels = len(input_shape) - 1, input_shape[-1]

    def rectifier(c):
        hidden = c // reduction
        dense = 2 * c * hidden + hidden + hidden * c + c
        return np.array([4 * c + dense + 4 * hidden + 4 * c, 2 * c + dense + 2 * hidden + 2 * c])

    total = np.zeros(2, int) + stem[1] ** rank * channels * stem[0] + stem[0]
    channels = stem[0]
    for filters, blocks, _ in stages:
        for _ in range(blocks):
            total += rectifier(channels) + kernel**rank * channels * filters + filters
            total += rectifier(filters) + kernel**rank * filters * filters + filters
            channels = filters
    return tuple(total + rectifier(channels) + channels * n_classes + n_classes)


def trainable(model):
    return sum(int(np.prod(v.shape)) for v in model.trainable_variables)


@settings(max_examples=6)
@given(
    rank=st.integers(1, 3),
    channels=st.integers(1, 3),
    n_classes=st.integers(2, 12),
    stem_kernel=st.integers(1, 5),
    kernel=st.integers(1, 3),
    reduction=st.integers(1, 4),
    more=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 2), st.integers(1, 2)), max_size=3),
)
def test_variables_are_those_of_a_formula(rank, channels, n_classes, stem_kernel, kernel, reduction, more):
    widths = itertools.accumulate((width for width, _, _ in more), initial=4)
    stages = tuple((w, n, s) for w, (_, n, s) in zip(list(widths)[1:], more, strict=True))
    shape = (*(8,) * rank, channels)
    model = build(
        input_shape=shape,
        n_classes=n_classes,
        stem_filters=4,
        stem_kernel=stem_kernel,
        stages=stages,
        kernel=kernel,
        reduction=reduction,
    )
    expected = parameter_count(shape, n_classes, (4, stem_kernel), stages, kernel, reduction)
    assert (model.count_params(), trainable(model)) == expected


@each_rank
@pytest.mark.parametrize("kind", ["pad", "pad-both", "projection", "none"])
def test_any_length_is_admitted(rank, kind):
    model = build(input_shape=(*(None,) * rank, 3), n_classes=4, stages=((19, 1, 2),), shortcut=kind)
    rng = np.random.default_rng(0)
    for n in (1, 7, 12):
        assert model(rng.standard_normal((2, *(n,) * rank, 3))).shape == (2, 4)


def test_the_mean_over_positions_forgets_where_a_pattern_stands():
    """Far from the ends, a shift by whole steps of all strides changes nothing."""
    model = build(input_shape=(256, 1), n_classes=3, stem_stride=2, stages=((16, 1, 2),), reduction=4)
    x = np.zeros((2, 256, 1), np.float32)
    x[0, 100:110, 0] = x[1, 140:150, 0] = np.random.default_rng(0).standard_normal(10)
    first, second = model.predict(x, verbose=0)
    np.testing.assert_allclose(first, second, rtol=1e-5)


def test_settings_reach_every_layer():
    model = build(input_shape=(16, 1), n_classes=2, reduction=8, momentum=0.7, epsilon=1e-2, l2=1e-2)
    rectifiers, norms = of_kind(model, "APReLU"), of_kind(model, "BatchNorm")
    assert len(rectifiers) == len(norms) == 7
    norms += [norm for r in rectifiers for norm in (r.squeeze_norm, r.excite_norm)]
    assert {(norm.momentum, norm.epsilon) for norm in norms} == {(0.7, 1e-2)}
    assert {layer.reduction for layer in rectifiers} == {8}
    penalised = [v for v in model.trainable_variables if v.name in ("kernel", "gamma")]
    expected = 1e-2 * sum(np.sum(np.square(array(v), dtype=float)) for v in penalised)
    assert float(sum(model.losses)) == pytest.approx(expected, rel=1e-5)
    assert len(model.losses) == len(penalised)


@pytest.mark.parametrize(
    ("activation", "kind"),
    [
        ("lrelu", keras.layers.LeakyReLU),
        ("prelu", keras.layers.PReLU),
        ("relu", keras.layers.ReLU),
        ("se_relu", SqueezeExcitationReLU),
        ("sigmoid", keras.layers.Activation),
    ],
)
def test_another_rectifier_takes_the_place_of_every_aprelu(activation, kind):
    model = build(input_shape=(16, 1), n_classes=2, activation=activation)
    assert not [layer for layer in model.layers if type(layer) is APReLU]
    assert len([layer for layer in model.layers if type(layer) is kind]) == 7


@pytest.mark.parametrize(("seen", "n_means"), [("both", 2), ("average", 1), ("positive", 1), ("negative", 1)])
def test_what_the_slopes_see_is_an_option(seen, n_means):
    model = build(input_shape=(16, 1), n_classes=2, stages=(), slope_inputs=seen)
    (layer,) = of_kind(model, "APReLU")
    assert layer.inputs == seen
    assert layer.squeeze.kernel.shape == (n_means * 16, 1)


def test_the_name_says_what_it_is():
    assert build(input_shape=(8, 8, 1), n_classes=2, activation="relu").name == "residual_relu_2d"


@pytest.mark.parametrize(("shape", "rank"), [((), 0), ((3,), 0), ((2, 2, 2, 2, 1), 4)])
def test_the_rank_is_1_to_3(shape, rank):
    with pytest.raises(ParameterError, match=f"rank 1 to 3 beside the channels, got rank {rank}"):
        build(input_shape=shape, n_classes=2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_classes": 1}, "at least 2 classes, got 1"),
        ({"activation": "gelu"}, "unknown activation 'gelu'; did you mean .*relu"),
        ({"shortcut": "identity"}, "unknown shortcut 'identity'; there are: none, pad, pad-both, projection"),
        ({"slope_inputs": "mean"}, "unknown inputs 'mean'"),
        ({"as_large_as": "gelu"}, "unknown activation 'gelu'"),
        ({"stages": ((8, 1, 1),)}, "a stage of 8 filters follows 16 channels; stages may not narrow"),
        ({"stages": ((16, 0, 1),)}, "a stage needs at least 1 block, got 0"),
        ({"stages": ((16, 1, 0),)}, "must be positive, got 16, 3, 0"),
        ({"stem_filters": 0}, "must be positive, got 0, 3, 1"),
        ({"kernel": -1}, "must be positive, got 16, -1, 1"),
        ({"reduction": 32}, "reduction 32 leaves no hidden unit for 16 channels"),
        ({"reduction": 0}, "reduction must be 1 or more, got 0"),
    ],
)
def test_wrong_options_are_named(options, message):
    with pytest.raises(ParameterError, match=message):
        build(**{"input_shape": (32, 1), "n_classes": 2} | options)
