"""One map instead of five: the product of the matrices that it stands for."""

import math

import numpy as np
from gpu.augmentation import N_DRAWS, affine_maps


def product(draws, size):
    """Rotation * shift * shear * zoom, then the mirror, as matrices of their own."""
    angle, shear = math.radians(30) * draws[0], math.radians(30) * draws[1]
    cos, sin = math.cos(angle), math.sin(angle)
    mirror = 1.0 if draws[6] > 0 else -1.0
    factors = [
        [[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]],
        [[1, 0, draws[2] * size / 8], [0, 1, draws[3] * size / 8], [0, 0, 1]],
        [[1, -math.sin(shear), 0], [0, math.cos(shear), 0], [0, 0, 1]],
        np.diag([1 + 0.2 * draws[4], 1 + 0.2 * draws[5], 1]),
        np.diag([1, mirror, 1]),
    ]
    return np.linalg.multi_dot([np.array(f, float) for f in factors])[:2]


def test_the_map_is_the_product_of_its_parts():
    draws = np.random.default_rng(0).uniform(-1, 1, (N_DRAWS, 20))
    maps = affine_maps(draws, 32, np)
    assert maps.shape == (20, 2, 3)
    np.testing.assert_allclose(maps, [product(d, 32) for d in draws.T], atol=1e-12)


def test_nothing_drawn_changes_nothing():
    draws = np.zeros((N_DRAWS, 1))
    draws[6] = 1
    np.testing.assert_array_equal(affine_maps(draws, 32, np)[0], [[1, 0, 0], [0, 1, 0]])
