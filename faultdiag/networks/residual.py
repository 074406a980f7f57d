"""The residual network of any rank: 1-D for signals, 2-D for images and maps.

Pre-activation blocks (normalise, rectify, convolve, twice) around a shortcut that takes the raw input
of the block; a last normalisation and rectifier, the global mean, and one dense layer of logits.
"""

from typing import Any, Literal

import keras
from keras import ops

from faultdiag.errors import ParameterError
from faultdiag.networks.aprelu import APReLU

__all__ = ["Activation", "build"]

Activation = Literal["aprelu", "relu"]

_CONV = {1: keras.layers.Conv1D, 2: keras.layers.Conv2D, 3: keras.layers.Conv3D}
_POOL = {1: keras.layers.AveragePooling1D, 2: keras.layers.AveragePooling2D, 3: keras.layers.AveragePooling3D}
_MEAN = {
    1: keras.layers.GlobalAveragePooling1D,
    2: keras.layers.GlobalAveragePooling2D,
    3: keras.layers.GlobalAveragePooling3D,
}


def build(
    *,
    input_shape: tuple[int | None, ...],
    n_classes: int,
    stem_filters: int = 16,
    stem_kernel: int = 3,
    stem_stride: int = 1,
    stages: tuple[tuple[int, int, int], ...] = ((16, 1, 1), (32, 1, 2), (64, 1, 2)),
    kernel: int = 3,
    activation: Activation = "aprelu",
    reduction: int = 16,
    momentum: float = 0.9,
    epsilon: float = 1e-3,
    l2: float = 1e-4,
) -> keras.Model:
    """Build a residual network; its rank follows from the shape of the input.

    Parameters
    ----------
    input_shape : tuple of int
        Shape of one input, channels last: ``(n, channels)`` or ``(height, width, channels)``.
        A None among the sizes admits any length.
    n_classes : int
        Number of logits.
    stem_filters, stem_kernel, stem_stride : int
        The first convolution.
    stages : tuple of (filters, blocks, stride)
        The blocks; the stride applies to the first block of its stage.
    kernel : int
        Kernel length of the blocks, along every axis.
    activation : {"aprelu", "relu"}
        The rectifier.
    reduction : int
        Of APReLU.
    momentum, epsilon : float
        Of every batch normalisation.
    l2 : float
        Penalty on every kernel and scale, ``l2 * sum(w**2)``; biases and shifts have none.

    Returns
    -------
    keras.Model
        From ``[batch, *input_shape]`` to logits ``[batch, n_classes]``.

    Raises
    ------
    ParameterError
        If the rank is not 1 to 3, a stage narrows, or a number is not positive.
    """
    maker = _Maker(len(input_shape) - 1, activation, reduction, momentum, epsilon, l2)
    if n_classes < 2:
        raise ParameterError(f"network: needs at least 2 classes, got {n_classes}")
    inputs = keras.Input(shape=input_shape, name="signal")
    x = maker.conv(inputs, stem_filters, stem_kernel, stem_stride)
    for filters, blocks, stride in stages:
        if blocks < 1:
            raise ParameterError(f"network: a stage needs at least 1 block, got {blocks}")
        for number in range(blocks):
            x = maker.block(x, filters, kernel, stride if number == 0 else 1)
    x = _MEAN[maker.rank](data_format="channels_last", name="mean")(maker.rectified(x))
    logits = keras.layers.Dense(
        n_classes,
        kernel_initializer="he_normal",
        kernel_regularizer=keras.regularizers.L2(l2),
        dtype="float32",
        name="logits",
    )(x)
    return keras.Model(inputs, logits, name=f"residual_{activation}_{maker.rank}d")


class _Maker:
    """Makes the parts of one network with its common settings."""

    def __init__(
        self, rank: int, activation: str, reduction: int, momentum: float, epsilon: float, l2: float
    ) -> None:
        if rank not in _CONV:
            raise ParameterError(
                f"network: inputs must have rank 1 to 3 beside the channels, got rank {rank}"
            )
        if activation not in ("aprelu", "relu"):
            raise ParameterError(f"network: activation must be 'aprelu' or 'relu', got {activation!r}")
        self.rank = rank
        self.activation = activation
        self.reduction = reduction
        self.momentum = momentum
        self.epsilon = epsilon
        self.l2 = l2

    def conv(self, x: Any, filters: int, kernel: int, stride: int) -> Any:
        if min(filters, kernel, stride) < 1:
            raise ParameterError(
                f"network: filters, kernel and stride must be positive, got {filters}, {kernel}, {stride}"
            )
        return _CONV[self.rank](
            filters,
            kernel,
            strides=stride,
            padding="same",
            data_format="channels_last",
            kernel_initializer="he_normal",
            kernel_regularizer=keras.regularizers.L2(self.l2),
        )(x)

    def rectified(self, x: Any) -> Any:
        x = keras.layers.BatchNormalization(
            momentum=self.momentum,
            epsilon=self.epsilon,
            gamma_regularizer=keras.regularizers.L2(self.l2),
        )(x)
        if self.activation == "relu":
            return keras.layers.ReLU()(x)
        return APReLU(reduction=self.reduction, momentum=self.momentum, epsilon=self.epsilon, l2=self.l2)(x)

    def block(self, x: Any, filters: int, kernel: int, stride: int) -> Any:
        shortcut = self.shortcut(x, filters, stride)
        y = self.conv(self.rectified(x), filters, kernel, stride)
        y = self.conv(self.rectified(y), filters, kernel, 1)
        return keras.layers.add([y, shortcut])

    def shortcut(self, x: Any, filters: int, stride: int) -> Any:
        """The block's input without weights: every stride-th position, zero channels behind."""
        more = filters - x.shape[-1]
        if more < 0:
            raise ParameterError(
                f"network: a stage of {filters} filters follows {x.shape[-1]} channels; stages may not narrow"
            )
        if stride > 1:
            x = _POOL[self.rank](1, strides=stride, data_format="channels_last")(x)
        return ops.pad(x, [(0, 0)] * (self.rank + 1) + [(0, more)]) if more else x
