"""What SciPy sees through an affine map."""

import numpy as np
import pytest
from scipy import ndimage


@pytest.fixture
def seen():
    def look(images, maps):
        centre = (images.shape[1] - 1) / 2
        found = np.empty(images.shape)
        for image, (matrix, out) in zip(images, zip(maps, found, strict=True), strict=True):
            linear, shift = matrix[:, :2], matrix[:, 2]
            offset = centre + shift - linear @ [centre, centre]
            for channel in range(images.shape[-1]):
                plane = image[..., channel].astype(float)
                out[..., channel] = ndimage.affine_transform(plane, linear, offset, order=1, mode="nearest")
        return found

    return look


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (5, 12, 12, 3), np.uint8)


@pytest.fixture
def maps():
    from gpu.augmentation import N_DRAWS, affine_maps

    draws = np.random.default_rng(1).uniform(-1, 1, (N_DRAWS, 5)).astype(np.float32)
    return affine_maps(draws, 12, np)
