"""APReLU in as few passes over the activations as its formula needs, for training with TensorFlow on a CPU.

The plain formula, differentiated by TensorFlow, reads or writes the activations some twenty times in a step;
this is seven: once for both means, once for the output, and once each way for both gradients. Each is one
kernel of XLA's; what stands between them, the slope network and the convolutions, is TensorFlow's.
"""

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

__all__ = ["rectified"]

_MOST_SLICES = 32


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

    def with_means(x: Any) -> Any:
        def gradient(upstream: Any, negative: Any, positive: Any) -> Any:
            return run.input_gradient(x, kept["slopes"], upstream, negative, positive)

        return (tf.identity(x), *run.means(x)), gradient

    def rectify(x: Any, slopes: Any) -> Any:
        kept["slopes"] = slopes

        def gradient(upstream: Any) -> Any:
            return upstream, run.slope_gradient(x, upstream)

        return run.output(x, slopes), gradient

    n_positions = tf.TensorShape(x.shape[1:-1]).num_elements()
    positions = tf.reshape(x, (-1, n_positions, x.shape[-1]))
    positions, negative, positive = tf.custom_gradient(with_means)(positions)
    slopes = tf.broadcast_to(slopes_of(negative, positive), tf.shape(negative))
    return tf.reshape(tf.custom_gradient(rectify)(positions, slopes), tf.shape(x))


@cache
def _kernels() -> SimpleNamespace:
    """The four passes, for activations [batch, positions, channels]."""
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

    passes = (means, output, slope_gradient, input_gradient)
    return SimpleNamespace(**{f.__name__: tf.function(f, jit_compile=True, autograph=False) for f in passes})


def _total(term: Callable[..., Any], *arrays: Any) -> Any:
    """Sum of `term` of some arrays over their positions.

    XLA's reduction takes one number at a time; a sum of long slices, element by element, is vectorised.
    """
    import tensorflow as tf

    n_positions, n_channels = arrays[0].shape[1:]
    n_slices = max(n for n in range(1, _MOST_SLICES + 1) if n_positions % n == 0)
    sliced = [tf.reshape(a, (-1, n_slices, n_positions // n_slices, n_channels)) for a in arrays]
    total = term(*(a[:, 0] for a in sliced))
    for number in range(1, n_slices):
        total += term(*(a[:, number] for a in sliced))
    return tf.reduce_sum(total, axis=1)
