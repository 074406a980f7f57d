"""One map instead of five: the product of the matrices that it stands for."""

import math

import numpy as np

from faultdiag.training.affine import affine_maps


def drawn(n, seed=2):
    u = np.random.default_rng(seed).uniform(-1, 1, (7, n))
    return {
        "angle": u[0] * math.radians(30),
        "shear": u[1] * math.radians(30),
        "down": u[2] * 3,
        "right": u[3] * 3,
        "zoom": (1 + 0.2 * u[4], 1 + 0.2 * u[5]),
        "mirror": np.sign(u[6]),
    }


def product(d, i):
    """Rotation * shift * shear * zoom, then the mirror, as matrices of their own."""
    cos, sin = math.cos(d["angle"][i]), math.sin(d["angle"][i])
    shear = d["shear"][i]
    factors = [
        [[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]],
        [[1, 0, d["down"][i]], [0, 1, d["right"][i]], [0, 0, 1]],
        [[1, -math.sin(shear), 0], [0, math.cos(shear), 0], [0, 0, 1]],
        np.diag([d["zoom"][0][i], d["zoom"][1][i], 1]),
        np.diag([1, d["mirror"][i], 1]),
    ]
    return np.linalg.multi_dot([np.array(f, float) for f in factors])[:2]


def test_the_map_is_the_product_of_its_parts():
    d = drawn(20)
    maps = affine_maps(**d, xp=np)
    np.testing.assert_allclose(maps, [product(d, i) for i in range(20)], atol=1e-12)


def test_nothing_drawn_changes_nothing():
    none, one = np.zeros(1), np.ones(1)
    maps = affine_maps(angle=none, shear=none, down=none, right=none, zoom=(one, one), mirror=one, xp=np)
    np.testing.assert_array_equal(maps[0], [[1, 0, 0], [0, 1, 0]])
