"""Floating-point operations of one layer for one input, as its formula reads.

A multiply-add counts as 2: a kernel or matrix applied at one position is two operations a weight, taps
on padding included, and one more for a bias. One function of one number (maximum, minimum, sigmoid, tanh)
counts as 1, a normalisation with what it remembers as 2 (scale and shift), a sum of two tensors as 1 a
number. Copying, padding with zeros and leaving positions out cost nothing.
"""

import math
from collections.abc import Callable
from typing import Any

import keras

from faultdiag.errors import ParameterError
from faultdiag.networks.aprelu import APReLU
from faultdiag.networks.squeeze_excitation import SqueezeExcitationReLU

__all__ = ["CONVOLUTIONS", "GLOBAL_MEANS", "POOLINGS", "layer_flops"]

Shape = tuple[int, ...]
layers = keras.layers

CONVOLUTIONS = (layers.Conv1D, layers.Conv2D, layers.Conv3D)
POOLINGS = (
    *(layers.AveragePooling1D, layers.AveragePooling2D, layers.AveragePooling3D),
    *(layers.MaxPooling1D, layers.MaxPooling2D, layers.MaxPooling3D),
)
GLOBAL_MEANS = (
    layers.GlobalAveragePooling1D,
    layers.GlobalAveragePooling2D,
    layers.GlobalAveragePooling3D,
)


def layer_flops(layer: Any, input_shape: Shape, output_shape: Shape) -> int:
    """Return the operations of a layer for one input.

    Parameters
    ----------
    layer : keras.Layer or keras.Operation
        A built layer of a kind that the builders use.
    input_shape, output_shape : tuple of int
        Without the batch: positions, then channels.

    Raises
    ------
    ParameterError
        If the kind of the layer is not known here.
    """
    for kinds, count in _COUNTS:
        if isinstance(layer, kinds):
            return count(layer, input_shape, output_shape)
    if type(layer).__name__ == "Pad":  # keras.ops.pad in a model; the class has no public name
        return 0
    raise ParameterError(
        f"describe: layer {layer.name!r} is a {type(layer).__name__}, whose operations are not known; "
        f"describe a network of the residual builder"
    )


def _kernel(layer: Any, input_shape: Shape, output_shape: Shape) -> int:
    """Convolution or dense layer: its weights apply at every position of the output."""
    positions = math.prod(output_shape[:-1])
    bias = output_shape[-1] if layer.use_bias else 0
    return positions * (2 * int(math.prod(layer.kernel.shape)) + bias)


def _each(n_operations: int) -> Callable[[Any, Shape, Shape], int]:
    """So many operations a number of the output."""
    return lambda layer, input_shape, output_shape: n_operations * math.prod(output_shape)


def _pooling(layer: Any, input_shape: Shape, output_shape: Shape) -> int:
    n_pooled = math.prod(layer.pool_size)
    return n_pooled * math.prod(output_shape) if n_pooled > 1 else 0


def _global_mean(layer: Any, input_shape: Shape, output_shape: Shape) -> int:
    return math.prod(input_shape)


def _slopes(layer: Any) -> int:
    """The slope network: two dense layers, each normalised, a maximum and a sigmoid."""
    narrow, wide = layer.squeeze, layer.excite
    dense = 2 * int(math.prod(narrow.kernel.shape) + math.prod(wide.kernel.shape))
    return dense + 4 * int(narrow.units + wide.units)  # bias, scale, shift and the function itself


def _aprelu(layer: Any, input_shape: Shape, output_shape: Shape) -> int:
    """Both parts, their sums, the product with the slope, the sum of the two."""
    n_means = 2 if layer.inputs == "both" else 1
    return (4 + n_means) * math.prod(output_shape) + _slopes(layer)


def _gated(layer: Any, input_shape: Shape, output_shape: Shape) -> int:
    """The positive part, the negative one if the gate sees it, their sums, the product with the gate."""
    n_means = 2 if layer.inputs == "both" else 1
    negative = layer.inputs in ("both", "negative")
    return (2 + negative + n_means) * math.prod(output_shape) + _slopes(layer)


# the first kind that fits counts
_COUNTS: tuple[tuple[Any, Callable[[Any, Shape, Shape], int]], ...] = (
    (layers.InputLayer, _each(0)),
    ((*CONVOLUTIONS, layers.Dense), _kernel),
    (SqueezeExcitationReLU, _gated),
    (APReLU, _aprelu),
    (layers.BatchNormalization, _each(2)),
    ((layers.ReLU, layers.Activation, layers.Add), _each(1)),
    ((layers.ELU, layers.LeakyReLU, layers.PReLU), _each(2)),
    (POOLINGS, _pooling),
    (GLOBAL_MEANS, _global_mean),
    (layers.Dropout, _each(0)),
)
