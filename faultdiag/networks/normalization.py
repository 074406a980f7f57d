"""Batch normalisation that trains faster where TensorFlow computes on a CPU.

Keras composes its formula of parts that read the activations several times; TensorFlow has one operation
for all of it. Values, variables, arguments and file format are those of Keras' own layer.
"""

from typing import Any

import keras

from faultdiag.networks.fewer_passes import normalized

__all__ = ["BatchNormalization", "counts_passes"]

_FEW_CHANNELS = 16  # below, TensorFlow's operation does not fill the registers of the machine


def counts_passes(x: Any) -> bool:
    """Whether each pass over `x` counts: it is a float32 tensor that TensorFlow holds on a CPU."""
    if keras.backend.backend() != "tensorflow" or keras.backend.is_keras_tensor(x):
        return False
    import tensorflow as tf

    return bool(x.dtype == tf.float32 and not tf.config.get_visible_devices("GPU"))


@keras.saving.register_keras_serializable(package="faultdiag")
class BatchNormalization(keras.layers.BatchNormalization):
    """Keras' batch normalisation, in one operation where that is faster; all arguments are those of Keras."""

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Return the normalised input; in training by the moments of the batch, which are remembered."""
        usual = mask is None and self.scale and self.center and self.axis in (-1, len(inputs.shape) - 1)
        if training and self.trainable and usual and len(inputs.shape) > 2 and counts_passes(inputs):
            return self._in_few_passes(inputs)
        return super().call(inputs, training=training, mask=mask)

    def _in_few_passes(self, x: Any) -> Any:
        import tensorflow as tf

        moments = normalized if x.shape[-1] < _FEW_CHANNELS and None not in x.shape[1:] else _fused
        y, *found = moments(
            x, tf.convert_to_tensor(self.gamma), tf.convert_to_tensor(self.beta), self.epsilon
        )
        for kept, batch in zip((self.moving_mean, self.moving_variance), found, strict=True):
            kept.assign(kept * self.momentum + batch * (1 - self.momentum))
        return y


def _fused(x: Any, scale: Any, offset: Any, epsilon: float) -> tuple[Any, Any, Any]:
    """What `normalized` gives, by TensorFlow's own operation."""
    import tensorflow as tf

    positions = tf.reshape(x, (-1, 1, 1, x.shape[-1]))
    y, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
        x=positions, scale=scale, offset=offset, mean=[], variance=[], epsilon=epsilon, is_training=True
    )
    n = tf.cast(tf.shape(positions)[0], variance.dtype)
    # the operation gives the unbiased variance, Keras keeps the other
    return tf.reshape(y, tf.shape(x)), mean, variance * tf.maximum(n - 1, 1) / n
