"""APReLU against its formula in NumPy, finite differences, and what training mode implies."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from faultdiag.errors import ParameterError  # noqa: E402
from faultdiag.networks.aprelu import APReLU  # noqa: E402

pytestmark = pytest.mark.keras

array = keras.ops.convert_to_numpy

SHAPES = [(6, 11, 8), (6, 5, 4, 8), (6, 3, 2, 4, 8)]
each_rank = pytest.mark.parametrize("shape", SHAPES, ids=["1-D", "2-D", "3-D"])
each_mode = pytest.mark.parametrize("training", [True, False], ids=["training", "inference"])


def inputs(shape, seed=1):
    """Channels of different level and sign, so that no mean is near zero by chance."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape) * rng.uniform(0.3, 3, shape[-1]) + rng.uniform(-1, 1, shape[-1])


@pytest.fixture
def made(shake):
    def layer(shape, **options):
        made = APReLU(**{"reduction": 2, "dtype": "float64"} | options)
        made.build(shape)
        shake(made)
        return made

    return layer


@each_rank
@each_mode
def test_output_is_the_formula(made, aprelu_of, shape, training):
    layer, x = made(shape), inputs(shape)
    expected = aprelu_of(x, layer, training=training)
    np.testing.assert_allclose(array(layer(x, training=training)), expected, rtol=1e-9, atol=1e-12)


@each_rank
@each_mode
def test_slopes_are_the_formula_one_for_each_input_and_channel(made, slopes_of, shape, training):
    layer, x = made(shape), inputs(shape)
    expected = slopes_of(x, layer, training=training)
    found = array(layer.slopes(x, training=training))
    assert found.shape == expected.shape == (6, *(1,) * (len(shape) - 2), 8)
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert len(np.unique(found)) == found.size


@each_mode
@pytest.mark.parametrize("seen", ["both", "average", "positive", "negative"])
@pytest.mark.parametrize("shared", [False, True], ids=["channel-wise", "shared"])
def test_every_variant_is_its_formula(made, aprelu_of, slopes_of, training, seen, shared):
    layer, x = made(SHAPES[1], inputs=seen, shared=shared), inputs(SHAPES[1])
    found = array(layer.slopes(x, training=training))
    assert found.shape == (6, 1, 1, 1 if shared else 8)
    np.testing.assert_allclose(found, slopes_of(x, layer, training=training), rtol=1e-9)
    expected = aprelu_of(x, layer, training=training)
    np.testing.assert_allclose(array(layer(x, training=training)), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("shape", [(5, 1024, 8), (5, 32, 32, 8), (5, 16, 8, 8, 8)], ids=["1-D", "2-D", "3-D"])
@pytest.mark.parametrize("options", [{}, {"shared": True}, {"inputs": "average"}], ids=str)
def test_large_single_precision_inputs_in_training_are_the_formula(made, aprelu_of, shape, options):
    """Where TensorFlow computes on a CPU these go another way, in fewer passes."""
    layer, x = made(shape, dtype="float32", **options), inputs(shape).astype(np.float32)
    expected = aprelu_of(x.astype(float), layer, training=True)
    np.testing.assert_allclose(array(layer(x, training=True)), expected, rtol=1e-4, atol=1e-5)


@each_rank
def test_slopes_move_negative_values_only(made, shape):
    layer, x = made(shape), inputs(shape)
    y, slope = array(layer(x)), array(layer.slopes(x))
    np.testing.assert_array_equal(y[x >= 0], x[x >= 0])
    np.testing.assert_allclose((y / x)[x < 0], np.broadcast_to(slope, x.shape)[x < 0], rtol=1e-12)
    assert np.all((slope > 0) & (slope < 1))


def test_training_moves_the_remembered_statistics_a_tenth_of_the_way(made):
    layer, x = made(SHAPES[0]), inputs(SHAPES[0])
    norms = (layer.squeeze_norm, layer.excite_norm)
    before = [(array(n.moving_mean), array(n.moving_variance)) for n in norms]
    layer(x, training=False)
    for norm, (mean, variance) in zip(norms, before, strict=True):
        np.testing.assert_array_equal(array(norm.moving_mean), mean)
        np.testing.assert_array_equal(array(norm.moving_variance), variance)
    layer(x, training=True)
    means = np.concatenate([np.minimum(x, 0).mean(axis=1), np.maximum(x, 0).mean(axis=1)], axis=1)
    batch = means @ array(layer.squeeze.kernel) + array(layer.squeeze.bias)
    expected = 0.9 * before[0][0] + 0.1 * batch.mean(axis=0), 0.9 * before[0][1] + 0.1 * batch.var(axis=0)
    np.testing.assert_allclose(array(layer.squeeze_norm.moving_mean), expected[0], rtol=1e-10)
    np.testing.assert_allclose(array(layer.squeeze_norm.moving_variance), expected[1], rtol=1e-10)
    assert np.all(array(layer.excite_norm.moving_mean) != before[1][0])


@each_rank
def test_a_new_layer_trained_on_one_input_halves_every_negative_value(shape):
    """Normalised over a batch of one, every value is 0 whatever the input is, and sigmoid(0) is 1/2."""
    layer, x = APReLU(reduction=2), inputs((1, *shape[1:])).astype(np.float32)
    layer.build(x.shape)
    np.testing.assert_array_equal(array(layer.slopes(x, training=True)), 0.5)
    np.testing.assert_array_equal(array(layer(x, training=True)), np.where(x > 0, x, x / 2))


@each_mode
def test_gradients_agree_with_finite_differences(made, training):
    if keras.backend.backend() != "tensorflow":
        pytest.skip("takes the gradient with TensorFlow")
    import tensorflow as tf

    layer, rng = made(SHAPES[1]), np.random.default_rng(3)
    x = tf.Variable(inputs(SHAPES[1]))
    weights = rng.standard_normal(x.shape)
    places = [x, *(v.value for v in layer.trainable_variables)]

    def value():
        return tf.reduce_sum(layer(x, training=training) * weights)

    with tf.GradientTape() as tape:
        found = value()
    for place, gradient in zip(places, tape.gradient(found, places), strict=True):
        direction, start, step = rng.standard_normal(place.shape), place.numpy(), 1e-6
        sides = []
        for sign in (1, -1):
            place.assign(start + sign * step * direction)
            sides.append(value().numpy())
        place.assign(start)
        expected = (sides[0] - sides[1]) / (2 * step)
        assert np.sum(gradient.numpy() * direction) == pytest.approx(expected, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(("channels", "reduction", "count"), [(16, 16, 133), (32, 16, 362), (64, 16, 1108)])
def test_variables_of_record_16(channels, reduction, count):
    layer = APReLU(reduction=reduction)
    layer.build((None, None, None, channels))
    assert layer.count_params() == count
    assert layer.squeeze.kernel.shape == (2 * channels, channels // reduction)


def test_penalty_is_on_kernels_and_scales_and_nothing_else(made):
    layer = made(SHAPES[0], l2=0.25)
    penalised = (layer.squeeze.kernel, layer.squeeze_norm.gamma, layer.excite.kernel, layer.excite_norm.gamma)
    expected = [0.25 * np.sum(np.square(array(v))) for v in penalised]
    np.testing.assert_allclose(sorted(float(loss) for loss in layer.losses), sorted(expected), rtol=1e-9)


def test_build_leaves_the_configuration_as_it_was():
    options = {"reduction": 2, "shared": True, "inputs": "positive"}
    options |= {"momentum": 0.8, "epsilon": 1e-5, "l2": 1e-3}
    layer = APReLU(**options, name="rectifier")
    before = layer.get_config()
    layer(inputs(SHAPES[0]))
    assert layer.get_config() == before
    assert options.items() <= before.items()
    again = APReLU.from_config(before)
    assert again.get_config() == before


@each_rank
def test_plain_keras_saves_and_loads_it(made, shake, tmp_path, shape):
    x = inputs(shape).astype(np.float32)
    model = keras.Sequential([keras.Input(shape[1:]), APReLU(reduction=3, momentum=0.7)])
    shake(model)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), model.predict(x, verbose=0))
    assert loaded.layers[0].get_config() == model.layers[0].get_config()


def test_half_precision_computes_in_it_and_stays_near(shake):
    x = inputs(SHAPES[1]).astype(np.float32)
    layers = [APReLU(reduction=2, dtype=policy) for policy in ("float32", "mixed_bfloat16")]
    for layer in layers:
        layer.build(x.shape)
        shake(layer)
    single, half = (layer(x) for layer in layers)
    assert keras.backend.standardize_dtype(half.dtype) == "bfloat16"
    assert {keras.backend.standardize_dtype(v.dtype) for v in layers[1].variables} == {"float32"}
    np.testing.assert_allclose(array(keras.ops.cast(half, "float32")), array(single), rtol=0.03, atol=0.03)


def test_any_length_and_the_shape_of_the_input():
    layer = APReLU(reduction=1)
    assert layer.compute_output_shape((None, None, 8)) == (None, None, 8)
    assert layer(keras.Input((None, 8))).shape == (None, None, 8)
    for n in (1, 5, 40):
        assert layer(inputs((2, n, 8))).shape == (2, n, 8)


def test_inputs_are_one_of_four():
    with pytest.raises(ParameterError, match="unknown inputs 'averag3'; did you mean average"):
        APReLU(inputs="averag3")


def test_one_shared_slope_has_two_hidden_units_at_most():
    assert APReLU(reduction=1, shared=True)(inputs(SHAPES[0])).shape == SHAPES[0]
    with pytest.raises(
        ParameterError, match="reduction 3 leaves no hidden unit for one shared slope; take at most 2"
    ):
        APReLU(reduction=3, shared=True).build((None, 5, 8))


@pytest.mark.parametrize("reduction", [0, -2])
def test_reduction_must_be_positive(reduction):
    with pytest.raises(ParameterError, match=f"reduction must be 1 or more, got {reduction}"):
        APReLU(reduction=reduction)


def test_reduction_must_leave_a_hidden_unit():
    message = "reduction 16 leaves no hidden unit for 8 channels; take at most 8"
    with pytest.raises(ParameterError, match=message):
        APReLU(reduction=16).build((None, 5, 8))
    with pytest.raises(ParameterError, match=message):
        APReLU(reduction=16)(inputs(SHAPES[0]))
