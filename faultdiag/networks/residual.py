"""The residual network of any rank: 1-D for signals, 2-D for images and maps.

Pre-activation blocks (normalise, rectify, convolve, twice) around a shortcut that takes the raw input
of the block; a last normalisation and rectifier, the global mean, and one dense layer of logits.
"""

from typing import Any

import keras
from keras import ops

from faultdiag.networks.activations import Settings
from faultdiag.networks.aprelu import SlopeInputs
from faultdiag.networks.normalization import BatchNormalization
from faultdiag.networks.plan import Block, Plan, Shortcut, Stages
from faultdiag.networks.table import ACTIVATIONS
from faultdiag.networks.twins import as_large

__all__ = ["build"]

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
    stages: Stages = ((16, 1, 1), (32, 1, 2), (64, 1, 2)),
    kernel: int = 3,
    shortcut: Shortcut = "pad",
    activation: str = "aprelu",
    reduction: int = 16,
    slope_inputs: SlopeInputs = "both",
    as_large_as: str | None = None,
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
    shortcut : {"pad", "pad-both", "projection", "none"}
        What is added to the output of a block. "pad": its raw input, every stride-th position, with zero
        channels behind, as in record 16. "pad-both": half of the zero channels before, half behind, an
        odd one behind, as in the author's TFLearn program. "projection": the raw input; where the shape
        changes, every stride-th position of it, through a convolution of kernel 1 with a bias and without
        normalisation. "none": nothing; that is the ConvNet of the paper.
    activation : str
        The rectifier: a name in ACTIVATIONS.
    reduction, slope_inputs
        Of the slope networks of APReLU and of the gates of its squeeze-and-excitation twin: the hidden
        layer has ``channels // reduction`` units; `slope_inputs` is what is seen of each channel, "both",
        "average", "positive" or "negative".
    as_large_as : str, optional
        Another name in ACTIVATIONS: all widths are changed in proportion until the network has as many
        trainable weights as this network would have with that rectifier; see `faultdiag.networks.twins`.
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
        If the rank is not 1 to 3, a name is unknown, a number is not positive, or a stage narrows where
        the shortcut cannot.
    """
    *sizes, channels = input_shape or (None,)
    plan = Plan(
        channels=channels or 0,
        n_classes=n_classes,
        stem_filters=stem_filters,
        stem_kernel=stem_kernel,
        stem_stride=stem_stride,
        stages=stages,
        kernel=kernel,
        shortcut=shortcut,
        activation=activation,
        settings=Settings(
            rank=len(sizes),
            reduction=reduction,
            slope_inputs=slope_inputs,
            momentum=momentum,
            epsilon=epsilon,
            l2=l2,
        ),
    )
    return _Maker(plan if as_large_as is None else as_large(plan, as_large_as)).model(input_shape)


class _Maker:
    """Makes the parts of one network."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rank = plan.settings.rank
        self.rectifier = ACTIVATIONS.load(plan.activation)

    def model(self, input_shape: tuple[int | None, ...]) -> keras.Model:
        plan = self.plan
        inputs = keras.Input(shape=input_shape, name="signal")
        x = self.conv(inputs, plan.stem_filters, plan.stem_kernel, plan.stem_stride)
        for block in plan.blocks():
            x = self.block(x, block)
        x = _MEAN[self.rank](data_format="channels_last", name="mean")(self.rectified(x))
        logits = keras.layers.Dense(
            plan.n_classes,
            kernel_initializer="he_normal",
            kernel_regularizer=keras.regularizers.L2(plan.settings.l2),
            dtype="float32",
            name="logits",
        )(x)
        return keras.Model(inputs, logits, name=f"residual_{plan.activation}_{self.rank}d")

    def conv(self, x: Any, filters: int, kernel: int, stride: int) -> Any:
        return _CONV[self.rank](
            filters,
            kernel,
            strides=stride,
            padding="same",
            data_format="channels_last",
            kernel_initializer="he_normal",
            kernel_regularizer=keras.regularizers.L2(self.plan.settings.l2),
        )(x)

    def rectified(self, x: Any) -> Any:
        settings = self.plan.settings
        x = BatchNormalization(
            momentum=settings.momentum,
            epsilon=settings.epsilon,
            gamma_regularizer=keras.regularizers.L2(settings.l2),
        )(x)
        return self.rectifier(settings)(x)

    def block(self, x: Any, block: Block) -> Any:
        y = self.conv(self.rectified(x), block.filters, self.plan.kernel, block.stride)
        y = self.conv(self.rectified(y), block.filters, self.plan.kernel, 1)
        return y if self.plan.shortcut == "none" else keras.layers.add([y, self.shortcut(x, block)])

    def shortcut(self, x: Any, block: Block) -> Any:
        """The block's raw input, in the shape of its output."""
        if block.keeps_shape:
            return x
        if block.stride > 1:
            x = _POOL[self.rank](1, strides=block.stride, data_format="channels_last")(x)
        if self.plan.shortcut == "projection":
            # the pooling has its stride: TensorFlow's Conv3D errs where a stride is longer than the kernel
            return self.conv(x, block.filters, 1, 1)
        more = block.filters - block.channels
        before = more // 2 if self.plan.shortcut == "pad-both" else 0
        return ops.pad(x, [(0, 0)] * (self.rank + 1) + [(before, more - before)]) if more else x
