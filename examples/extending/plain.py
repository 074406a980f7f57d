"""Plain convolutional network: two convolutions, the mean over time, one dense layer of logits."""

import keras

from faultdiag.errors import ParameterError

__all__ = ["build"]


def build(
    *, input_shape: tuple[int | None, ...], n_classes: int, filters: int = 16, kernel: int = 9
) -> keras.Model:
    """Build the network for 1-D inputs ``[n, channels]``; `filters` and `kernel` are its options."""
    if len(input_shape) != 2:
        raise ParameterError(f"network 'plain': inputs must be [n, channels], got {list(input_shape)}")
    inputs = keras.Input(shape=input_shape)
    x = keras.layers.Conv1D(filters, kernel, strides=4, activation="relu")(inputs)
    x = keras.layers.Conv1D(2 * filters, kernel, strides=4, activation="relu")(x)
    logits = keras.layers.Dense(n_classes)(keras.layers.GlobalAveragePooling1D()(x))
    return keras.Model(inputs, logits)
