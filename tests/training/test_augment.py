"""Augmentation: nothing in use, the stated statistics in training, and one network underneath."""

import keras
import numpy as np
import pytest
from scipy import stats

from faultdiag.errors import ParameterError
from faultdiag.training.augment import RandomMask, RandomNoise, RandomSign, augmented
from faultdiag.training.recipe import Augment

pytestmark = pytest.mark.keras

LAYERS = [
    lambda seed: RandomNoise(level=0.5, seed=seed),
    lambda seed: RandomSign(seed=seed),
    lambda seed: RandomMask(share=0.4, seed=seed),
]
each_layer = pytest.mark.parametrize("make", LAYERS, ids=["noise", "sign", "mask"])
SIGNALS = np.random.default_rng(0).standard_normal((4, 50, 2)).astype(np.float32)
IMAGES = np.random.default_rng(1).standard_normal((4, 20, 10, 3)).astype(np.float32)


def changed(layer, x):
    return np.asarray(keras.ops.convert_to_numpy(layer(x, training=True)))


@each_layer
@pytest.mark.parametrize("x", [SIGNALS, IMAGES], ids=["signals", "images"])
def test_it_is_off_in_use(make, x):
    layer = make(3)
    np.testing.assert_array_equal(np.asarray(layer(x)), x)
    np.testing.assert_array_equal(np.asarray(layer(x, training=False)), x)


@each_layer
@pytest.mark.parametrize("x", [SIGNALS, IMAGES], ids=["signals", "images"])
def test_it_keeps_shape_and_type(make, x):
    layer = make(3)
    found = changed(layer, x)
    assert (found.shape, found.dtype) == (x.shape, x.dtype)
    assert layer.compute_output_shape((None, *x.shape[1:])) == (None, *x.shape[1:])


@each_layer
def test_the_seed_repeats_it_and_each_call_differs(make):
    x = np.ones((64, 50, 1), np.float32)
    one, same, other = make(3), make(3), make(4)
    first = changed(one, x)
    np.testing.assert_array_equal(first, changed(same, x))
    assert not np.array_equal(first, changed(one, x))
    assert not np.array_equal(first, changed(other, x))


@each_layer
def test_its_random_numbers_are_a_variable(make):
    """So a checkpoint that restores every variable restores them."""
    layer = make(3)
    x = np.ones((64, 50, 1), np.float32)
    changed(layer, x)
    (state,) = layer.variables
    kept = np.asarray(state)
    second = changed(layer, x)
    state.assign(kept)
    np.testing.assert_array_equal(changed(layer, x), second)


def test_noise_has_a_deviation_by_lot_between_zero_and_the_level():
    x = np.zeros((2000, 400, 1), np.float32)
    noise = changed(RandomNoise(level=0.5, seed=1), x)[..., 0]
    deviations = noise.std(axis=1)
    # 400 samples tell a deviation to 1/sqrt(800) = 3.5 %
    assert deviations.max() < 0.5 * 1.16
    assert stats.kstest(deviations, stats.uniform(0, 0.5).cdf).pvalue > 1e-3
    assert abs(noise.mean()) < 5 * 0.3 / np.sqrt(noise.size)
    standard = (noise / deviations[:, None])[deviations > 0.05].ravel()[:20000]
    assert stats.kstest(standard, "norm").pvalue > 1e-3


def test_about_half_of_the_signs_turn_and_each_input_turns_whole():
    found = changed(RandomSign(seed=1), np.ones((2000, 5, 2), np.float32))
    assert set(np.unique(found)) == {-1, 1}
    assert (found == found[:, :1, :1]).all()
    n_turned = int((found[:, 0, 0] < 0).sum())
    assert stats.binomtest(n_turned, 2000, 0.5).pvalue > 1e-3


def test_a_mask_is_one_stretch_of_at_most_its_share_for_all_channels():
    length, share = 200, 0.3
    found = changed(RandomMask(share=share, seed=1), np.ones((2000, length, 2), np.float32))
    np.testing.assert_array_equal(found[..., 0], found[..., 1])
    gone = found[..., 0] == 0
    assert set(np.unique(found)) == {0, 1}
    lengths = gone.sum(axis=1)
    assert lengths.max() <= share * length + 1
    assert lengths.mean() == pytest.approx(share * length / 2, rel=0.05)
    n_edges = np.abs(np.diff(np.pad(gone, ((0, 0), (1, 1))).astype(int), axis=1)).sum(axis=1)
    assert set(n_edges) <= {0, 2}


def test_a_mask_prefers_neither_end():
    found = changed(RandomMask(share=0.5, seed=1), np.ones((40000, 20, 1), np.float32))
    hits = (found[..., 0] == 0).sum(axis=0)
    for early, late in zip(hits[:10], hits[:9:-1], strict=True):
        assert stats.binomtest(int(early), int(early + late), 0.5).pvalue > 1e-4
    assert hits.min() > 0


def test_a_mask_of_an_image_is_a_band_of_rows():
    found = changed(RandomMask(share=0.5, seed=1), np.ones((50, 40, 6, 3), np.float32))
    assert (found == found[:, :, :1, :1]).all()


@pytest.fixture
def network():
    return keras.Sequential([keras.Input((16, 1)), keras.layers.Flatten(), keras.layers.Dense(3)])


def test_the_augmented_model_shares_the_weights(network):
    model = augmented(network, Augment(noise=0.1, flip_sign=True, mask=0.2), seed=5, steps=10)
    assert [id(v) for v in model.trainable_variables] == [id(v) for v in network.trainable_variables]
    x = np.random.default_rng(0).standard_normal((8, 16, 1)).astype(np.float32)
    network.set_weights([np.ones_like(w) for w in network.get_weights()])
    np.testing.assert_array_equal(np.asarray(model(x)), np.asarray(network(x)))
    assert not np.array_equal(np.asarray(model(x, training=True)), np.asarray(network(x, training=True)))


@pytest.mark.parametrize(
    ("augment", "kinds"),
    [
        (Augment(), []),
        (Augment(noise=0.1), [RandomNoise]),
        (Augment(flip_sign=True), [RandomSign]),
        (Augment(mask=0.1), [RandomMask]),
        (Augment(mask=0.1, noise=0.1, flip_sign=True), [RandomSign, RandomNoise, RandomMask]),
    ],
)
def test_only_what_is_asked_for_is_there(network, augment, kinds):
    model = augmented(network, augment, seed=0, steps=10)
    found = [
        type(layer) for layer in model.layers if isinstance(layer, RandomSign | RandomNoise | RandomMask)
    ]
    assert found == kinds


def test_the_network_itself_is_never_compiled(network):
    model = augmented(network, Augment(), seed=0, steps=10)
    model.compile("sgd", "mse")
    assert model is not network
    assert not network.compiled


def test_layers_draw_independently(network):
    model = augmented(network, Augment(noise=0.1, flip_sign=True, mask=0.2), seed=5, steps=10)
    states = [tuple(np.asarray(v).ravel().tolist()) for v in model.non_trainable_variables]
    assert len(set(states)) == 3


def test_the_largest_seed_of_a_recipe_works(network):
    model = augmented(network, Augment(noise=0.1, flip_sign=True, mask=0.2), seed=2**31 - 1, steps=10)
    assert np.isfinite(np.asarray(model(np.ones((2, 16, 1)), training=True))).all()


def test_a_mask_needs_a_length():
    anything = keras.Sequential([keras.Input((None, 1)), keras.layers.GlobalAveragePooling1D()])
    with pytest.raises(ParameterError, match=r"augment\.mask: needs inputs of a fixed length"):
        augmented(anything, Augment(mask=0.1), seed=0, steps=10)


def flat_network(shape):
    inputs = keras.Input(shape)
    return keras.Model(inputs, keras.layers.Dense(2)(keras.layers.Flatten()(inputs)))


def kinds(augment, shape=(8, 8, 3)):
    model = augmented(flat_network(shape), augment, seed=1, steps=10)
    return [type(layer).__name__ for layer in model.layers[1:-1]]


def test_a_mirror_by_lot_is_part_of_the_warp():
    assert kinds(Augment(rotate_deg=10, mirror="random")) == ["RandomAffine"]
    assert kinds(Augment(mirror="random")) == ["RandomMirror"]
    assert kinds(Augment(rotate_deg=10, mirror="alternating")) == ["RandomMirror", "RandomAffine"]
    assert kinds(Augment(crop=2, cutout=3)) == ["RandomCrop", "RandomCutout"]


@pytest.mark.parametrize(
    "options",
    [{"zoom": 0.1}, {"shift": 0.1}, {"shear_deg": 5}, {"mirror": "random"}, {"crop": 2}, {"cutout": 3}],
)
def test_what_is_for_images_is_refused_for_signals(options):
    (name,) = options
    with pytest.raises(ParameterError, match=f"augment.{name}: needs images of a fixed size"):
        augmented(flat_network((50, 1)), Augment(**options), seed=1, steps=10)


def test_a_crop_larger_than_the_image_is_refused():
    with pytest.raises(ParameterError, match="augment.crop: 8 pixels of an image of 8 x 9"):
        augmented(flat_network((8, 9, 3)), Augment(crop=8), seed=1, steps=10)


def test_mixup_blends_the_losses_of_both_labels():
    model = augmented(flat_network((4, 4, 1)), Augment(mixup=0.4), seed=1, steps=10)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    x, y, weights = np.zeros((2, 4, 4, 1), np.float32), np.array([0, 1]), np.array([1.0, 3.0])
    (mixup,) = (layer for layer in model.layers if type(layer).__name__ == "RandomMixup")
    model(x, training=True)
    share = float(keras.ops.convert_to_numpy(mixup.share))
    logits = np.array([[1.0, 0.0], [2.0, 0.0]], np.float32)
    loss = np.log(np.exp(logits).sum(axis=1, keepdims=True)) - logits  # [image, label]
    own = (weights[0] * loss[0, 0] + weights[1] * loss[1, 1]) / 2
    other = (weights[1] * loss[0, 1] + weights[0] * loss[1, 0]) / 2

    def found(training):
        return float(keras.ops.convert_to_numpy(model.compute_loss(x, y, logits, weights, training=training)))

    np.testing.assert_allclose(found(True), share * own + (1 - share) * other, rtol=1e-5)
    np.testing.assert_allclose(found(False), own, rtol=1e-5)


def test_mixup_trains():
    x = np.random.default_rng(0).standard_normal((8, 4, 4, 1)).astype(np.float32)
    model = augmented(flat_network((4, 4, 1)), Augment(mixup=1.0), seed=1, steps=2)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    history = model.fit(x, np.arange(8) % 2, batch_size=4, epochs=1, verbose=0).history
    assert np.isfinite(history["loss"]).all()
