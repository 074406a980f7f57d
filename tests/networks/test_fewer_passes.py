"""Normalisation and APReLU in few passes against their plain formulas, differentiated by TensorFlow."""

import numpy as np
import pytest

pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from faultdiag.networks.fewer_passes import normalized, rectified  # noqa: E402

pytestmark = pytest.mark.keras


def plain(x, slopes_of):
    axes = list(range(1, len(x.shape) - 1))
    negative, positive = tf.minimum(x, 0.0), tf.nn.relu(x)
    slopes = slopes_of(tf.reduce_mean(negative, axes), tf.reduce_mean(positive, axes))
    shape = (-1, *(1,) * len(axes), slopes.shape[-1])
    return positive + tf.reshape(slopes, shape) * negative


def arrays(shape, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(shape) * rng.uniform(0.3, 3, shape[-1]) + rng.uniform(-1, 1, shape[-1])
    return tf.constant(x, tf.float32), tf.constant(rng.standard_normal(shape), tf.float32)


def slope_network(n_channels, n_slopes, seed=2):
    """A dense layer on both means, and its kernel."""
    rng = np.random.default_rng(seed)
    kernel = tf.Variable(rng.standard_normal((2 * n_channels, n_slopes)), dtype=tf.float32)
    return (lambda n, p: tf.sigmoid(tf.concat([n, p], -1) @ kernel)), kernel


# 64 positions fall into rows evenly, 35 by five or seven, 37 not at all
@pytest.mark.parametrize("shape", [(4, 64, 6), (4, 35, 6), (4, 37, 6), (4, 8, 5, 6), (4, 2, 3, 4, 6)])
@pytest.mark.parametrize("n_slopes", [6, 1], ids=["channel-wise", "shared"])
@pytest.mark.parametrize("traced", [True, False], ids=["graph", "eager"])
def test_output_and_gradients_are_those_of_the_formula(shape, n_slopes, traced):
    x, upstream = arrays(shape)
    slopes_of, kernel = slope_network(6, n_slopes)

    def of(rectifier):
        def run(x, upstream):
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = rectifier(x, slopes_of)
            return [y, *tape.gradient(y, [x, kernel], upstream)]

        return tf.function(run)(x, upstream) if traced else run(x, upstream)

    for found, expected in zip(of(rectified), of(plain), strict=True):
        scale = np.abs(expected.numpy()).max()
        np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=0, atol=3e-6 * scale)


def test_batches_of_any_size_pass_one_graph():
    slopes_of, _ = slope_network(3, 3)
    traced = tf.function(lambda x: rectified(x, slopes_of), input_signature=[tf.TensorSpec((None, 16, 3))])
    for n in (1, 5):
        x, _ = arrays((n, 16, 3), seed=n)
        np.testing.assert_allclose(traced(x).numpy(), plain(x, slopes_of).numpy(), rtol=1e-6, atol=1e-6)


def test_zero_has_the_slope_of_the_negative_side_as_in_the_formula():
    def half(negative, positive):
        return 0.5 * tf.ones_like(negative)

    x = tf.zeros((2, 4, 3))
    gradients = []
    for rectifier in (rectified, plain):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = rectifier(x, half)
        gradients.append(tape.gradient(y, x).numpy())
    np.testing.assert_array_equal(*gradients)


@pytest.mark.parametrize("shape", [(4, 64, 6), (4, 35, 6), (4, 37, 6), (4, 8, 5, 70), (4, 2, 3, 4, 6)])
def test_normalized_is_the_formula_and_so_are_its_gradients(shape):
    x, upstream = arrays(shape)
    axes = tuple(range(len(shape) - 1))
    rng = np.random.default_rng(4)
    scale, offset = (tf.constant(rng.uniform(0.5, 2, shape[-1]), tf.float32) for _ in range(2))

    def formula(x, scale, offset, epsilon):
        mean = tf.reduce_mean(x, axes)
        variance = tf.reduce_mean(tf.square(x - mean), axes)
        return (x - mean) / tf.sqrt(variance + epsilon) * scale + offset, mean, variance

    found = []
    for way, dtype in ((normalized, tf.float32), (formula, tf.float64)):
        places = [tf.cast(a, dtype) for a in (x, scale, offset)]
        with tf.GradientTape() as tape:
            tape.watch(places)
            y, *moments = way(*places, 1e-3)
        found.append([y, *moments, *tape.gradient(y, places, tf.cast(upstream, dtype))])
    for ours, exact in zip(*found, strict=True):
        scale_of = np.abs(exact.numpy()).max()
        np.testing.assert_allclose(ours.numpy(), exact.numpy(), rtol=0, atol=3e-6 * scale_of)


def test_a_mean_far_from_zero_costs_no_precision():
    x, _ = arrays((8, 512, 4))
    _, mean, variance = normalized(x + 1000, tf.ones(4), tf.zeros(4), 1e-3)
    exact = (x.numpy() + np.float32(1000)).astype(float)
    np.testing.assert_allclose(mean.numpy(), exact.mean((0, 1)), rtol=1e-6)
    np.testing.assert_allclose(variance.numpy(), exact.var((0, 1)), rtol=1e-3)
