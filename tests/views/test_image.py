"""The view `image`: bytes in 0..1 less one mean, which comes from the training images."""

import numpy as np
import pytest

from faultdiag.errors import ParameterError
from faultdiag.views.image import ImageView


def images(n=6, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, 4, 5, 3), np.uint8)


def test_the_mean_is_one_number_over_pixels_and_channels():
    x = images()
    assert ImageView.fit(x).mean == pytest.approx(sum(x.ravel().tolist()) / x.size / 255, rel=1e-12)


def test_a_pixel_is_its_share_of_255_less_the_mean():
    view = ImageView(height=1, width=3, n_channels=1, mean=0.25)
    tensor = view(np.array([[[0], [51], [255]]], np.uint8))
    assert tensor.dtype == np.float32
    np.testing.assert_allclose(tensor[0, :, 0], [-0.25, -0.05, 0.75], atol=1e-7)


def test_training_images_get_mean_0_and_others_are_centred_by_them():
    train, test = images(), images(seed=1) // 2
    view = ImageView.fit(train)
    assert view(train).mean(dtype=np.float64) == pytest.approx(0, abs=1e-7)
    expected = test.astype(np.float64) / 255 - train.astype(np.float64).mean() / 255
    np.testing.assert_allclose(view(test), expected, atol=1e-6)
    assert abs(view(test).mean()) > 0.1


def test_the_mean_of_many_bright_images_is_exact():
    assert ImageView.fit(np.full((2000, 32, 32, 3), 255, np.uint8)).mean == 1.0


def test_a_batch_is_each_image():
    view, x = ImageView.fit(images()), images(seed=2)
    np.testing.assert_array_equal(view(x.reshape(2, 3, 4, 5, 3))[1, 2], view(x[5]))


def test_the_shape_is_the_image():
    assert ImageView.fit(images()).shape == (4, 5, 3)


@pytest.mark.parametrize(
    ("x", "got"),
    [
        (np.zeros((2, 4, 5, 3)), r"float64 \[2, 4, 5, 3\]"),
        (np.zeros((4, 5, 3), np.uint8), r"uint8 \[4, 5, 3\]"),
    ],
)
def test_images_to_fit_are_bytes_with_four_axes(x, got):
    with pytest.raises(ParameterError, match=rf"bytes of shape \[n, height, width, channels\], got {got}"):
        ImageView.fit(x)


@pytest.mark.parametrize(
    ("x", "got"),
    [
        (np.zeros((2, 5, 4, 3), np.uint8), r"uint8 \[2, 5, 4, 3\]"),
        (np.zeros((5, 3), np.uint8), r"uint8 \[5, 3\]"),
        (np.zeros((2, 4, 5, 3), np.float32), r"float32 \[2, 4, 5, 3\]"),
    ],
)
def test_other_images_are_refused(x, got):
    with pytest.raises(ParameterError, match=rf"bytes of shape \[\.\.\., 4, 5, 3\], got {got}"):
        ImageView.fit(images())(x)
