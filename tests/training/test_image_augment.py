"""Augmentation of images against SciPy's warp, moved pixels and counts."""

import math

import keras
import numpy as np
import pytest
from scipy import ndimage

from faultdiag.training.affine import affine_maps
from faultdiag.training.image_augment import (
    RandomAffine,
    RandomCrop,
    RandomCutout,
    RandomMirror,
    RandomMixup,
    warped,
)

pytestmark = pytest.mark.keras

array = keras.ops.convert_to_numpy
LAYERS = {
    "affine": lambda seed: RandomAffine(
        rotate_deg=30, shear_deg=20, shift=0.1, zoom=0.2, mirror=True, seed=seed
    ),
    "crop": lambda seed: RandomCrop(pixels=4, seed=seed),
    "mirror": lambda seed: RandomMirror(seed=seed),
    "alternating": lambda seed: RandomMirror(steps=1, seed=seed),
    "cutout": lambda seed: RandomCutout(pixels=5, seed=seed),
}
each_layer = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)


def images(n=6, height=12, width=9, seed=1):
    """Pixels as the view gives them: whole numbers / 255 less a mean."""
    pixels = np.random.default_rng(seed).integers(0, 256, (n, height, width, 3))
    return (pixels / 255 - 0.47).astype(np.float32)


def test_the_warp_is_that_of_scipy():
    x, u = images(), np.random.default_rng(2).uniform(-1, 1, (7, 6))
    maps = affine_maps(
        angle=u[0] * 0.5,
        shear=u[1] * 0.5,
        down=u[2] * 3,
        right=u[3] * 3,
        zoom=(1 + 0.2 * u[4], 1 + 0.2 * u[5]),
        mirror=np.sign(u[6]),
        xp=np,
    )
    found = array(warped(x, maps.astype(np.float32)))
    centre = np.array([(12 - 1) / 2, (9 - 1) / 2])
    for i, matrix in enumerate(maps):
        offset = matrix[:, 2] + centre - matrix[:, :2] @ centre
        for colour in range(3):
            expected = ndimage.affine_transform(
                x[i, :, :, colour], matrix[:, :2], offset=offset, order=1, mode="nearest"
            )
            np.testing.assert_allclose(found[i, :, :, colour], expected, atol=2e-5)


@each_layer
def test_it_is_off_in_use_and_repeats_by_its_seed(make):
    x = images(n=40)
    np.testing.assert_array_equal(array(make(3)(x)), x)
    np.testing.assert_array_equal(array(make(3)(x, training=True)), array(make(3)(x, training=True)))
    layer = make(3)
    first, second = (array(layer(x, training=True)) for _ in range(2))
    assert first.shape == x.shape
    assert not np.array_equal(first, second)


@each_layer
def test_half_precision_of_the_network_changes_nothing(make):
    x = images(n=20)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        half = array(make(3)(x, training=True))
    finally:
        keras.config.set_dtype_policy(before)
    np.testing.assert_array_equal(half, array(make(3)(x, training=True)))


def test_an_affine_layer_of_nothing_changes_nothing():
    x = images()
    np.testing.assert_allclose(array(RandomAffine(seed=1)(x, training=True)), x, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "value", "corner"),
    [("shift", 0.25, None), ("zoom", 0.5, None), ("rotate_deg", 45, None), ("shear_deg", 45, None)],
)
def test_each_part_moves_pixels_no_further_than_it_says(name, value, corner):
    """Images whose value is their row, or their column: what comes out says where it was."""
    n, size = 400, 33
    rows = np.tile(np.arange(size, dtype=np.float32)[:, None, None], (n, 1, size, 1))
    layer = RandomAffine(**{name: value}, seed=4)
    moved = (
        array(layer(rows, training=True))[:, 16 - 4 : 16 + 5, 16 - 4 : 16 + 5, 0] - rows[0, 12:21, 12:21, 0]
    )
    if name == "shift":
        found, most = np.abs(moved[:, 4, 4]), 0.25 * size
    elif name == "zoom":
        found, most = np.abs(moved[:, 8, 4]) / 4, 0.5
    elif name == "rotate_deg":  # the row of a place 4 to the right: 4 * sin(angle)
        found, most = np.abs(moved[:, 4, 8]) / 4, math.sin(math.radians(45))
    else:  # shear takes 4 * sin(angle) from the row of such a place
        found, most = np.abs(moved[:, 4, 8]) / 4, math.sin(math.radians(45))
    assert found.max() <= most + 1e-4
    assert found.max() > 0.95 * most


def test_a_crop_is_a_part_of_the_reflected_image():
    x = images(n=50)
    found = array(RandomCrop(pixels=2, seed=1)(x, training=True))
    padded = np.pad(x, [(0, 0), (2, 2), (2, 2), (0, 0)], mode="reflect")
    places = set()
    for image, wide in zip(found, padded, strict=True):
        fits = [
            (i, j) for i in range(5) for j in range(5) if np.array_equal(image, wide[i : i + 12, j : j + 9])
        ]
        assert len(fits) == 1
        places.add(fits[0])
    assert len(places) > 15


def is_mirrored(x, found):
    same, other = (np.all(found == y, axis=(1, 2, 3)) for y in (x, x[:, :, ::-1]))
    assert np.all(same ^ other)
    return other


def test_about_every_second_image_is_mirrored():
    x = images(n=400)
    assert 160 < is_mirrored(x, array(RandomMirror(seed=1)(x, training=True))).sum() < 240


def test_two_epochs_show_both_sides_of_every_image():
    x = images(n=400)
    layer = RandomMirror(steps=2, seed=1)
    epochs = []
    for _ in range(3):
        parts = [is_mirrored(part, array(layer(part, training=True))) for part in (x[:200], x[200:])]
        epochs.append(np.concatenate(parts))
    np.testing.assert_array_equal(epochs[0], ~epochs[1])
    np.testing.assert_array_equal(epochs[0], epochs[2])
    assert 160 < epochs[0].sum() < 240


def test_an_image_keeps_its_lot_in_another_batch():
    x = images(n=40)
    whole = is_mirrored(x, array(RandomMirror(steps=9, seed=1)(x, training=True)))
    turned = is_mirrored(x[::-1], array(RandomMirror(steps=9, seed=7)(x[::-1], training=True)))
    np.testing.assert_array_equal(whole, turned[::-1])


def test_a_cutout_is_a_square_of_zeros():
    x = np.ones((300, 12, 9, 3), np.float32)
    gone = array(RandomCutout(pixels=3, seed=1)(x, training=True)) == 0
    for image in gone:
        rows, columns = image[:, :, 0].any(axis=1), image[:, :, 0].any(axis=0)
        np.testing.assert_array_equal(image, np.outer(rows, columns)[:, :, None].repeat(3, axis=2))
        assert 2 <= rows.sum() <= 3
        assert 2 <= columns.sum() <= 3
    centre_hits = gone[:, :, :, 0].mean(axis=0)
    assert centre_hits[1:-1, 1:-1].min() > 0.03  # every pixel is hit, 9 in 108 of the times inside
    assert abs(centre_hits[2:-2, 2:-2].mean() - 9 / 108) < 0.02


def test_mixup_blends_the_batch_with_itself_turned_around():
    x = images(n=8)
    layer = RandomMixup(alpha=0.5, seed=1)
    found = array(layer(x, training=True))
    share = float(array(layer.share))
    assert 0 < share < 1
    np.testing.assert_allclose(found, share * x + (1 - share) * x[::-1], atol=1e-6)


def test_shares_of_mixup_have_the_moments_of_the_beta_distribution():
    layer, x = RandomMixup(alpha=0.5, seed=1), images(n=1, height=1, width=1)
    shares = []
    for _ in range(400):
        layer(x, training=True)
        shares.append(float(array(layer.share)))
    assert abs(np.mean(shares) - 0.5) < 0.06
    assert abs(np.var(shares) - 1 / (4 * (2 * 0.5 + 1))) < 0.02
