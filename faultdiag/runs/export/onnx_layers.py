"""The layers of our networks as ONNX operators: one function a kind of layer, one row of RULES each.

A batch normalisation is folded into the convolution before it where nothing else takes that one's output,
and those of a slope network into its dense layers. All arithmetic on weights is in double precision.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from faultdiag.networks.aprelu import APReLU
from faultdiag.networks.squeeze_excitation import SqueezeExcitationReLU
from faultdiag.runs.export.onnx_graph import Graph

__all__ = ["CONVOLUTIONS", "RULES", "Rule", "Step", "rule_of"]

layers = keras.layers
Array = NDArray[np.float64]

CONVOLUTIONS = (layers.Conv1D, layers.Conv2D, layers.Conv3D)
AVERAGES = (layers.AveragePooling1D, layers.AveragePooling2D, layers.AveragePooling3D)
GLOBAL_MEANS = (
    layers.GlobalAveragePooling1D,
    layers.GlobalAveragePooling2D,
    layers.GlobalAveragePooling3D,
)
FUNCTIONS = {
    keras.activations.linear: "Identity",
    keras.activations.relu: "Relu",
    keras.activations.sigmoid: "Sigmoid",
    keras.activations.tanh: "Tanh",
}


@dataclass(frozen=True)
class Step:
    """One layer at its place in the network.

    Attributes
    ----------
    layer : keras.Layer or keras.Operation
        With its weights.
    inputs : tuple of str
        Names of its inputs in the graph.
    shape : tuple
        Of its first input as Keras has it, batch and channels included.
    norm : keras.layers.BatchNormalization or None
        Of a convolution: the normalisation that alone takes its output, to be folded into it.
    """

    layer: Any
    inputs: tuple[str, ...]
    shape: tuple[int | None, ...]
    norm: Any = None


Rule = Callable[[Graph, Step], str | None]
"""Adds a layer to the graph and returns the name of its output; None if it has an option we do not write."""


def rule_of(layer: Any) -> Rule | None:
    """Return how a layer is written, or None if it is of no kind that we write."""
    for kinds, rule in RULES:
        if isinstance(layer, kinds):
            return rule
    # keras.ops.pad in a network; its class has no public name
    return _pad if type(layer).__name__ == "Pad" else None


def _convolution(graph: Graph, step: Step) -> str | None:
    layer = step.layer
    known = layer.data_format == "channels_last" and layer.padding in ("same", "valid")
    if not known or _acts(layer) or max(layer.dilation_rate) > 1:
        return None
    kernel, bias = _folded(layer, step.norm)
    kernel = np.moveaxis(kernel, (-1, -2), (0, 1))  # filters, channels, then the axes
    kernel = kernel.reshape(*kernel.shape[:2], *graph.along_axes(layer.kernel_size))
    return graph.add(
        "Conv",
        step.inputs[0],
        graph.constant(kernel),
        graph.constant(bias),
        kernel_shape=list(kernel.shape[2:]),
        strides=graph.along_axes(layer.strides),
        group=layer.groups,
        auto_pad=_auto_pad(layer, layer.kernel_size),
    )


def _average(graph: Graph, step: Step) -> str | None:
    layer = step.layer
    if layer.data_format != "channels_last":
        return None
    return graph.add(
        "AveragePool",
        step.inputs[0],
        kernel_shape=graph.along_axes(layer.pool_size),
        strides=graph.along_axes(layer.strides),
        auto_pad=_auto_pad(layer, layer.pool_size),
    )


def _global_mean(graph: Graph, step: Step) -> str | None:
    if step.layer.data_format != "channels_last" or step.layer.keepdims:
        return None
    return graph.add("Flatten", graph.add("GlobalAveragePool", step.inputs[0]))


def _dense(graph: Graph, step: Step) -> str | None:
    if len(step.shape) != 2 or _acts(step.layer):
        return None
    kernel, bias = _folded(step.layer)
    return graph.add("Gemm", step.inputs[0], graph.constant(kernel), graph.constant(bias))


def _norm(graph: Graph, step: Step) -> str | None:
    layer = step.layer
    if layer.axis not in (-1, len(step.shape) - 1):
        return None
    scale, shift = _scale_and_shift(layer)
    nothing = np.zeros_like(scale)
    remembered = (graph.constant(values) for values in (scale, shift, nothing, nothing + 1))
    return graph.add("BatchNormalization", step.inputs[0], *remembered, epsilon=0.0)


def _add(graph: Graph, step: Step) -> str:
    return graph.add("Sum" if len(step.inputs) > 2 else "Add", *step.inputs)


def _pad(graph: Graph, step: Step) -> str | None:
    widths = [tuple(width) for width in step.layer.pad_width]
    if step.layer.mode != "constant" or len(widths) != graph.rank + 2:
        return None
    ordered = [widths[0], widths[-1], *[(0, 0)] * (graph.n_axes - graph.rank), *widths[1:-1]]
    before, after = zip(*ordered, strict=True)
    return graph.add("Pad", step.inputs[0], graph.constant([*before, *after], np.int64))


def _activation(graph: Graph, step: Step) -> str | None:
    operator = FUNCTIONS.get(step.layer.activation)
    return operator and graph.add(operator, step.inputs[0])


def _relu(graph: Graph, step: Step) -> str | None:
    layer = step.layer
    if layer.max_value is not None or layer.negative_slope or layer.threshold:
        return None
    return graph.add("Relu", step.inputs[0])


def _leaky_relu(graph: Graph, step: Step) -> str:
    return graph.add("LeakyRelu", step.inputs[0], alpha=float(step.layer.negative_slope))


def _prelu(graph: Graph, step: Step) -> str:
    slopes = np.moveaxis(_array(step.layer.alpha), -1, 0)
    slopes = slopes.reshape(len(slopes), *graph.along_axes(slopes.shape[1:]))
    return _leaking(
        graph, step.inputs[0], graph.constant(slopes), bool(np.all((slopes >= 0) & (slopes <= 1)))
    )


def _aprelu(graph: Graph, step: Step) -> str:
    x = step.inputs[0]
    return _leaking(graph, x, _slopes(graph, step), within_one=True)


def _squeeze_excitation(graph: Graph, step: Step) -> str:
    x = step.inputs[0]
    return graph.add("Mul", graph.add("Relu", x), _slopes(graph, step))


def _same(graph: Graph, step: Step) -> str:
    """What does something in training only."""
    return step.inputs[0]


def _leaking(graph: Graph, x: str, slopes: str, within_one: bool) -> str:
    """``max(x, 0) + slopes * min(x, 0)``; for slopes from 0 to 1 two fast operators do that."""
    if within_one:
        return graph.add("Max", x, graph.add("Mul", x, slopes))
    return graph.add("PRelu", x, slopes)


def _slopes(graph: Graph, step: Step) -> str:
    """The slopes of an APReLU: three means, two matrices.

    What the layer sees of a channel is a sum of its mean and of the mean of its absolute values:
    mean min(x, 0) = (mean x - mean |x|) / 2 and mean max(x, 0) = (mean x + mean |x|) / 2. So a changed
    matrix on these two does for every choice of inputs.
    """
    layer, x = step.layer, step.inputs[0]
    squeeze, squeeze_bias = _folded(layer.squeeze, layer.squeeze_norm)
    excite, excite_bias = _folded(layer.excite, layer.excite_norm)
    negative, positive = _by_part(squeeze, layer, n_channels=int(step.shape[-1] or 0))
    squeeze = np.concatenate([negative + positive, positive - negative]) / 2
    means = [graph.add("GlobalAveragePool", part) for part in (x, graph.add("Abs", x))]
    seen = graph.add("Flatten", graph.add("Concat", *means, axis=1))
    hidden = graph.add("Gemm", seen, graph.constant(squeeze), graph.constant(squeeze_bias))
    slopes = graph.add("Gemm", graph.add("Relu", hidden), graph.constant(excite), graph.constant(excite_bias))
    shape = graph.constant([0, -1, *[1] * graph.n_axes], np.int64)
    return graph.add("Reshape", graph.add("Sigmoid", slopes), shape)


def _by_part(squeeze: Array, layer: Any, n_channels: int) -> tuple[Array, Array]:
    """What the hidden layer makes of the mean of each channel's negative and of its positive part."""
    first, second = np.array_split(squeeze, 2) if layer.inputs == "both" else (squeeze, squeeze)
    if layer.shared:  # the one mean is that of the channels' means
        first, second = (np.repeat(part, n_channels, axis=0) / n_channels for part in (first, second))
    sees = {"both": (1, 1), "average": (1, 1), "negative": (1, 0), "positive": (0, 1)}[layer.inputs]
    return sees[0] * first, sees[1] * second


def _folded(layer: Any, norm: Any = None) -> tuple[Array, Array]:
    """Kernel and bias of a convolution or dense layer, with the normalisation after it in them."""
    kernel = _array(layer.kernel)
    bias = _array(layer.bias) if layer.use_bias else np.zeros(kernel.shape[-1])
    if norm is None:
        return kernel, bias
    scale, shift = _scale_and_shift(norm)
    return kernel * scale, bias * scale + shift


def _scale_and_shift(norm: Any) -> tuple[Array, Array]:
    """A batch normalisation in use: ``x * scale + shift``."""
    scale = 1 / np.sqrt(_array(norm.moving_variance) + norm.epsilon)
    if norm.scale:
        scale = scale * _array(norm.gamma)
    shift = -_array(norm.moving_mean) * scale
    return scale, shift + _array(norm.beta) if norm.center else shift


def _array(variable: Any) -> Array:
    return np.asarray(keras.ops.convert_to_numpy(variable), np.float64)


def _acts(layer: Any) -> bool:
    """Whether a layer has an activation of its own."""
    return layer.activation is not keras.activations.linear


def _auto_pad(layer: Any, size: tuple[int, ...]) -> str:
    """How the ends are padded; a kernel of one position needs nothing."""
    return "SAME_UPPER" if layer.padding == "same" and max(size) > 1 else "VALID"


# the first kind that fits counts
RULES: tuple[tuple[Any, Rule], ...] = (
    (CONVOLUTIONS, _convolution),
    (layers.BatchNormalization, _norm),
    (SqueezeExcitationReLU, _squeeze_excitation),
    (APReLU, _aprelu),
    (layers.ReLU, _relu),
    (layers.LeakyReLU, _leaky_relu),
    (layers.PReLU, _prelu),
    (layers.Activation, _activation),
    (layers.Add, _add),
    (AVERAGES, _average),
    (GLOBAL_MEANS, _global_mean),
    (layers.Dense, _dense),
    ((layers.Dropout, layers.Identity, layers.GaussianNoise), _same),
)
