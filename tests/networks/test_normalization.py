"""The fused batch normalisation against Keras' own and the formula in NumPy."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from faultdiag.networks.normalization import BatchNormalization, counts_passes  # noqa: E402

pytestmark = pytest.mark.keras

array = keras.ops.convert_to_numpy
SHAPES = [(6, 11, 5), (6, 5, 4, 5), (6, 3, 2, 4, 5)]
MANY_CHANNELS = [(6, 11, 20), (6, 5, 4, 20)]
each_rank = pytest.mark.parametrize("shape", SHAPES + MANY_CHANNELS, ids=str)


def inputs(shape, seed=1):
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(shape) * rng.uniform(0.3, 3, shape[-1]) + 5).astype(np.float32)


def made(shape, shake, kind=BatchNormalization, **options):
    layer = kind(momentum=0.8, epsilon=1e-3, **options)
    layer.build(shape)
    shake(layer)
    return layer


@each_rank
def test_output_and_memory_in_training_are_the_formula(shape, shake, batch_norm):
    layer, x = made(shape, shake), inputs(shape)
    before = [array(v).astype(float) for v in (layer.moving_mean, layer.moving_variance)]
    y = array(layer(x, training=True))
    np.testing.assert_allclose(y, batch_norm(x.astype(float), layer, training=True), rtol=1e-4, atol=1e-5)
    axes = tuple(range(x.ndim - 1))
    moments = x.astype(float).mean(axis=axes), x.astype(float).var(axis=axes)
    remembered = layer.moving_mean, layer.moving_variance
    for found, old, batch in zip(remembered, before, moments, strict=True):
        np.testing.assert_allclose(array(found), 0.8 * old + 0.2 * batch, rtol=1e-5)


@each_rank
@pytest.mark.parametrize("training", [True, False])
def test_it_is_keras_own_layer(shape, shake, training):
    """Outputs, what is remembered and all gradients, in both modes."""
    if keras.backend.backend() != "tensorflow":
        pytest.skip("takes gradients with TensorFlow")
    import tensorflow as tf

    found = []
    x, upstream = tf.constant(inputs(shape)), inputs(shape, seed=2) - 5
    for kind in (BatchNormalization, keras.layers.BatchNormalization):
        layer = made(shape, shake, kind)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, training=training)
        places = [x, layer.gamma.value, layer.beta.value]
        found.append([y, *tape.gradient(y, places, upstream), layer.moving_mean, layer.moving_variance])
    for ours, theirs in zip(*found, strict=True):
        scale = np.abs(array(theirs)).max()
        np.testing.assert_allclose(array(ours), array(theirs), rtol=0, atol=1e-5 * scale)


def test_one_operation_does_it_in_training_on_a_cpu(shake):
    if keras.backend.backend() != "tensorflow":
        pytest.skip("is an operation of TensorFlow")
    import tensorflow as tf

    layer = made(MANY_CHANNELS[1], shake)
    kinds = {}
    for training in (True, False):
        traced = tf.function(lambda x, mode=training: layer(x, training=mode)).get_concrete_function(
            tf.TensorSpec((None, *MANY_CHANNELS[1][1:]))
        )
        kinds[training] = {operation.type for operation in traced.graph.get_operations()}
    assert "FusedBatchNormV3" in kinds[True]
    assert "FusedBatchNormV3" not in kinds[False]


def test_a_frozen_layer_keeps_its_memory(shake, batch_norm):
    layer, x = made(SHAPES[0], shake), inputs(SHAPES[0])
    layer.trainable = False
    before = array(layer.moving_mean)
    expected = batch_norm(x.astype(float), layer, training=False)
    np.testing.assert_allclose(array(layer(x, training=True)), expected, rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(array(layer.moving_mean), before)


@pytest.mark.parametrize("options", [{"scale": False}, {"center": False}, {"axis": 1}])
def test_what_the_operation_cannot_do_is_left_to_keras(options, shake):
    x, found = inputs(SHAPES[1]), []
    for kind in (BatchNormalization, keras.layers.BatchNormalization):
        found.append(array(made(SHAPES[1], shake, kind, **options)(x, training=True)))
    np.testing.assert_array_equal(*found)


def test_a_mask_leaves_positions_out(shake):
    x, found = inputs(SHAPES[0]), []
    mask = np.arange(11) < 7
    for kind in (BatchNormalization, keras.layers.BatchNormalization):
        layer = made(SHAPES[0], shake, kind)
        found.append(array(layer(x, training=True, mask=np.tile(mask, (6, 1)))))
    np.testing.assert_array_equal(*found)


def test_one_position_in_all_has_no_variance():
    layer = BatchNormalization(momentum=0.5)
    layer.build((1, 1, 3))
    np.testing.assert_allclose(array(layer(np.ones((1, 1, 3), np.float32), training=True)), 0, atol=1e-6)
    np.testing.assert_allclose(array(layer.moving_variance), 0.5)


def test_plain_keras_saves_and_loads_it(shake, tmp_path):
    x = inputs(SHAPES[0])
    model = keras.Sequential([keras.Input(SHAPES[0][1:]), BatchNormalization(momentum=0.7)])
    shake(model)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    assert isinstance(loaded.layers[0], BatchNormalization)
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), model.predict(x, verbose=0))
    assert loaded.layers[0].get_config() == model.layers[0].get_config()


def test_passes_count_for_single_precision_on_tensorflows_cpu_only():
    single = keras.ops.ones((2, 3))
    assert counts_passes(single) == (keras.backend.backend() == "tensorflow")
    assert not counts_passes(keras.ops.ones((2, 3), "float64"))
    assert not counts_passes(keras.ops.ones((2, 3), "bfloat16"))
    assert not counts_passes(keras.Input((3,)))
