"""Batch normalisation and APReLU in few passes over the activations, for training with TensorFlow on a CPU.

The plain formulas, differentiated by TensorFlow, read or write the activations of one APReLU some twenty
times in a step; this is eight: two for the means, one for the output, five for both gradients. Each is a
kernel of XLA's; what stands between them, the slope network and the convolutions, is TensorFlow's.

The kernels see activations [batch, positions, channels] as [batch, rows, width], some positions in a row:
a few channels alone would leave the registers of the machine half empty.
"""

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

__all__ = ["normalized", "rectified"]

_WIDTH = 64  # numbers in a row, about: eight registers
_ROWS = 8  # that are added element by element before XLA's own reduction, which takes one number at a time


def rectified(x: Any, slopes_of: Callable[[Any, Any], Any]) -> Any:
    """Return ``max(x, 0) + slopes * min(x, 0)``, with slopes between 0 and 1 that `x` itself decides.

    Parameters
    ----------
    x : tensor, float32, shape [batch, ..., channels]
        All sizes but the batch's are known.
    slopes_of : callable
        From the means of the negative and of the positive part of each channel, [batch, channels] both,
        to the slopes, of that shape or [batch, 1].

    Returns
    -------
    tensor
        Of the shape of `x`. It can be differentiated once.
    """
    import tensorflow as tf

    run = _kernels()
    kept: dict[str, Any] = {}  # the gradient of the means waits for what the rectifier's finds on its way

    def with_means(rows: Any) -> Any:
        def gradient(upstream: Any, negative: Any, positive: Any) -> Any:
            return run.input_gradient(rows, kept["slopes"], upstream, negative, positive)

        return (tf.identity(rows), *run.means(rows)), gradient

    def rectify(rows: Any, slopes: Any) -> Any:
        kept["slopes"] = slopes

        def gradient(upstream: Any) -> Any:
            return upstream, run.slope_gradient(rows, upstream)

        return run.output(rows, slopes), gradient

    n_channels = x.shape[-1]
    rows, negative, positive = tf.custom_gradient(with_means)(_rows(x))
    per_row = rows.shape[-1] // n_channels
    means = [tf.reduce_mean(tf.reshape(m, (-1, per_row, n_channels)), axis=1) for m in (negative, positive)]
    slopes = tf.broadcast_to(slopes_of(*means), tf.shape(means[0]))
    return tf.reshape(tf.custom_gradient(rectify)(rows, tf.tile(slopes, (1, per_row))), tf.shape(x))


def normalized(x: Any, scale: Any, offset: Any, epsilon: float) -> tuple[Any, Any, Any]:
    """Normalise each channel by its moments over the batch.

    Parameters
    ----------
    x : tensor, float32, shape [batch, ..., channels]
        All sizes but the batch's are known.
    scale, offset : tensor, shape [channels]
        What the normalised channels are multiplied by, and what is added then.
    epsilon : float
        Added to the variance.

    Returns
    -------
    output : tensor
        Of the shape of `x`. It can be differentiated once.
    mean, variance : tensor, shape [channels]
        The moments, which pass no gradient.
    """
    import tensorflow as tf

    run = _kernels()

    def normalize(rows: Any, scale: Any, offset: Any) -> Any:
        output, mean, variance = run.normalized(rows, scale, offset, epsilon)

        def gradient(upstream: Any, *_: Any) -> Any:
            return run.normalized_gradient(rows, scale, mean, variance, epsilon, upstream)

        return (output, mean, variance), gradient

    output, mean, variance = tf.custom_gradient(normalize)(_rows(x), scale, offset)
    return tf.reshape(output, tf.shape(x)), tf.stop_gradient(mean), tf.stop_gradient(variance)


def _rows(x: Any) -> Any:
    """Activations as [batch, rows, width]: as many positions in a row as make it about `_WIDTH` wide."""
    import tensorflow as tf

    n_positions, n_channels = tf.TensorShape(x.shape[1:-1]).num_elements(), x.shape[-1]
    per_row = max(n for n in range(1, max(1, _WIDTH // n_channels) + 1) if n_positions % n == 0)
    return tf.reshape(x, (-1, n_positions // per_row, per_row * n_channels))


@cache
def _kernels() -> SimpleNamespace:
    """The passes, for rows [batch, rows, width]."""
    import tensorflow as tf

    def means(x: Any) -> Any:
        half, magnitude = _total(tf.identity, x) / 2, _total(tf.abs, x) / 2
        return (half - magnitude) / x.shape[1], (half + magnitude) / x.shape[1]

    def output(x: Any, slopes: Any) -> Any:
        return tf.maximum(x, slopes[:, None] * x)

    def slope_gradient(x: Any, upstream: Any) -> Any:
        return _total(lambda x, upstream: upstream * tf.minimum(x, 0.0), x, upstream)

    def input_gradient(x: Any, slopes: Any, upstream: Any, negative: Any, positive: Any) -> Any:
        through = [mean[:, None] / x.shape[1] for mean in (negative, positive)]
        return tf.where(x > 0, upstream + through[1], slopes[:, None] * upstream + through[0])

    def normalized(x: Any, scale: Any, offset: Any, epsilon: float) -> Any:
        mean = _mean(_total(tf.identity, x), x, scale)
        centre = _wide(mean, x)
        variance = _mean(_total(lambda x: tf.square(x - centre), x), x, scale)
        factor = scale * tf.math.rsqrt(variance + epsilon)
        return x * _wide(factor, x) + _wide(offset - mean * factor, x), mean, variance

    def normalized_gradient(
        x: Any, scale: Any, mean: Any, variance: Any, epsilon: float, upstream: Any
    ) -> Any:
        centre, spread = _wide(mean, x), tf.math.rsqrt(variance + epsilon)
        along = _mean(_total(tf.identity, upstream), x, scale)
        across = _mean(_total(lambda x, upstream: upstream * (x - centre), x, upstream), x, scale) * spread
        n = tf.cast(tf.size(x) // tf.size(scale), x.dtype)
        factor = scale * spread
        slope = -factor * spread * across
        constant = -factor * along - slope * mean
        return _wide(factor, x) * upstream + _wide(slope, x) * x + _wide(constant, x), across * n, along * n

    passes = (means, output, slope_gradient, input_gradient, normalized, normalized_gradient)
    return SimpleNamespace(**{f.__name__: tf.function(f, jit_compile=True, autograph=False) for f in passes})


def _total(term: Callable[..., Any], *arrays: Any) -> Any:
    """Sum of `term` of some arrays over their rows, [batch, width]."""
    import tensorflow as tf

    n_rows, width = arrays[0].shape[1:]
    n = max(n for n in range(1, _ROWS + 1) if n_rows % n == 0)
    together = [tf.reshape(a, (-1, n_rows // n, n, width)) for a in arrays]
    total = term(*(a[:, :, 0] for a in together))
    for number in range(1, n):
        total += term(*(a[:, :, number] for a in together))
    return tf.reduce_sum(total, axis=1)


def _mean(totals: Any, x: Any, channels: Any) -> Any:
    """From totals of each input, [batch, width], of rows `x` to the means over the batch, like `channels`."""
    import tensorflow as tf

    n_channels = channels.shape[0]
    totals = tf.reduce_sum(tf.reshape(tf.reduce_sum(totals, axis=0), (-1, n_channels)), axis=0)
    return totals * n_channels / tf.cast(tf.size(x), x.dtype)


def _wide(channels: Any, x: Any) -> Any:
    """Values of channels, repeated to the width of the rows `x`."""
    import tensorflow as tf

    return tf.tile(channels, (x.shape[-1] // channels.shape[0],))
