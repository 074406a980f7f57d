"""Muon against the singular value decomposition, and what it leaves to SGD."""

import keras
import numpy as np
import pytest

from faultdiag.training.muon import Muon, orthogonalized

pytestmark = pytest.mark.keras

KERNELS = {"signal": (5, 4, 7), "image": (3, 3, 6, 8), "pointwise": (1, 1, 4, 16), "volume": (2, 2, 2, 3, 4)}
each_kernel = pytest.mark.parametrize("shape", KERNELS.values(), ids=KERNELS)


def random(shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def polar(kernel):
    """The nearest matrix whose singular values are all 1, as a kernel."""
    left, _, right = np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]), full_matrices=False)
    return (left @ right).reshape(kernel.shape)


def cosine(one, other):
    return float(np.sum(one * other) / np.linalg.norm(one) / np.linalg.norm(other))


@each_kernel
def test_the_direction_is_that_of_the_polar_factor(shape):
    kernel = random(shape) * np.geomspace(1, 0.1, shape[-1], dtype=np.float32)
    found = keras.ops.convert_to_numpy(orthogonalized(kernel))
    assert cosine(found, polar(kernel)) > 0.97
    assert cosine(kernel, polar(kernel)) < 0.95
    values = np.linalg.svd(found.reshape(-1, shape[-1]), compute_uv=False)
    assert 0.6 < values.min() < values.max() < 1.3


def test_the_size_of_a_gradient_does_not_matter():
    kernel = random((3, 3, 6, 8))
    same = [keras.ops.convert_to_numpy(orthogonalized(scale * kernel)) for scale in (1e-6, 1e6)]
    np.testing.assert_allclose(*same, rtol=1e-3, atol=1e-5)


@each_kernel
def test_a_step_keeps_the_norm_and_has_the_length_that_was_asked_for(shape):
    start, gradient = random(shape), random(shape, seed=1)
    kernel = keras.Variable(start)
    Muon(0.5, kernel_share=0.2, momentum=0.0).apply([keras.ops.convert_to_tensor(gradient)], [kernel])
    norm = np.linalg.norm(start)
    moved = start / norm - 0.5 * 0.2 * unit(keras.ops.convert_to_numpy(orthogonalized(gradient)))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(kernel), norm * unit(moved), rtol=1e-4, atol=1e-5)


def unit(x):
    return x / np.linalg.norm(x)


def test_the_momentum_is_nesterovs():
    """Two gradients: the second step goes along g2 + m (g2 + m g1)."""
    first, second, start = (random((3, 2, 4), seed) for seed in range(3))
    kernel = keras.Variable(start)
    optimizer = Muon(0.1, kernel_share=1.0, momentum=0.8)
    optimizer.apply([keras.ops.convert_to_tensor(first)], [kernel])
    before = keras.ops.convert_to_numpy(kernel)
    optimizer.apply([keras.ops.convert_to_tensor(second)], [kernel])
    along = keras.ops.convert_to_numpy(orthogonalized(second + 0.8 * (second + 0.8 * first)))
    norm = np.linalg.norm(start)
    expected = norm * unit(before - 0.1 * norm * unit(along))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(kernel), expected, rtol=1e-4, atol=1e-5)


def test_a_gradient_of_zeros_leaves_a_kernel_alone():
    start = random((3, 2, 4))
    kernel = keras.Variable(start)
    Muon(0.1, kernel_share=1.0).apply([keras.ops.zeros(start.shape)], [kernel])
    np.testing.assert_allclose(keras.ops.convert_to_numpy(kernel), start, rtol=1e-6)


def test_other_weights_move_as_by_sgd():
    values, gradients = [random((4, 3)), random((3,), 1)], [random((4, 3), 2), random((3,), 3)]
    moved = []
    for optimizer in (
        Muon(0.1, kernel_share=9.0, weight_decay=0.1),
        keras.optimizers.SGD(0.1, 0.9, True, 0.1),
    ):
        weights = [keras.Variable(value) for value in values]
        for _ in range(3):
            optimizer.apply([keras.ops.convert_to_tensor(g) for g in gradients], weights)
        moved.append([keras.ops.convert_to_numpy(weight) for weight in weights])
    for found, expected in zip(*moved, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_it_can_be_made_again():
    optimizer = Muon(0.3, kernel_share=0.2, momentum=0.7, weight_decay=0.01)
    again = Muon.from_config(optimizer.get_config())
    assert again.get_config() == optimizer.get_config()
    assert (again.kernel_share, again.momentum, again.nesterov) == (0.2, 0.7, True)
