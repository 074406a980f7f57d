"""What a network costs and sees: its weights, its operations for one input, its receptive field."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import keras

from faultdiag.errors import ParameterError
from faultdiag.networks.aprelu import APReLU
from faultdiag.networks.flops import CONVOLUTIONS, GLOBAL_MEANS, POOLINGS, layer_flops
from faultdiag.networks.reach import Reach

__all__ = ["Description", "Part", "describe", "description_lines"]


@dataclass
class Part:
    """The layers whose output has one shape.

    Attributes
    ----------
    shape : tuple of int
        Of the output, without the batch.
    layers : dict of str to int
        Kind of layer -> how many; those that compute nothing are left out.
    n_parameters, flops : int
        Of these layers.
    receptive_field : tuple of int, or None
        Samples along each axis that one position of the last of them sees through kernels and strides; None
        behind the global mean, which sees everything.
    """

    shape: tuple[int, ...]
    layers: dict[str, int] = field(default_factory=dict)
    n_parameters: int = 0
    flops: int = 0
    receptive_field: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Description:
    """What a network costs and sees.

    Attributes
    ----------
    input_shape : tuple of int
        Without the batch; the operations are for one input of this size.
    n_parameters, n_trainable : int
        All variables (what batch normalisations remember included), and those that are trained.
    flops : int
        Operations for one input in use, a multiply-add counted as 2; see `faultdiag.networks.flops`.
    receptive_field : tuple of int
        Samples along each axis that one position before the global mean sees through kernels and strides.
        It may be longer than the input: then what is beyond its ends is padding.
    adapts : bool
        Whether some rectifier computes its slopes or gate from the whole input, so that a position depends
        on more than its receptive field.
    parts : list of Part
        By shape of the output, in order.
    """

    input_shape: tuple[int, ...]
    n_parameters: int
    n_trainable: int
    flops: int
    receptive_field: tuple[int, ...]
    adapts: bool
    parts: list[Part]

    def receptive_field_s(self, rate_hz: float) -> float:
        """Return the receptive field in seconds of a signal.

        Raises
        ------
        ParameterError
            If the rate is not positive, or the input is no signal ``[n, channels]``.
        """
        if not 0 < rate_hz < math.inf:
            raise ParameterError(f"describe: the rate must be a positive number of Hz, got {rate_hz}")
        if len(self.receptive_field) != 1:
            raise ParameterError(
                f"describe: an input of {_times(self.input_shape)} is no signal [n, channels]: its receptive "
                f"field has no seconds; leave the rate out"
            )
        return self.receptive_field[0] / rate_hz

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain JSON."""
        return asdict(self)


def describe(model: keras.Model, *, size: Sequence[int] | None = None) -> Description:
    """Count what a network costs, and how far it sees.

    Parameters
    ----------
    model : keras.Model
        A network of `faultdiag.networks.residual.build`, or of the same kinds of layers.
    size : sequence of int, optional
        Sizes of one input along its axes, without channels; needed where the network admits any length.

    Raises
    ------
    ParameterError
        If the input has no size and none is given, the size does not fit, or a layer is of another kind.
    """
    reaches = [Reach(n) for n in _size(model, size)]
    seen: dict[int, list[Reach]] = {}  # by tensor; nothing behind the global mean
    parts: dict[tuple[int, ...], Part] = {}
    before_mean = reaches
    for operation in keras.Model(model.inputs, model.outputs).operations:
        if isinstance(operation, keras.layers.InputLayer):
            seen[id(operation.output)] = reaches
            continue
        inputs = operation.input if isinstance(operation.input, list) else [operation.input]
        found = _behind(operation, [seen[id(tensor)] for tensor in inputs])
        seen[id(operation.output)] = found
        before_mean = found or before_mean
        _add(parts, operation, _shape(inputs[0], seen), _shape(operation.output, seen), found)
    return Description(
        input_shape=_shape(model.inputs[0], {id(model.inputs[0]): reaches}),
        n_parameters=model.count_params(),
        n_trainable=sum(math.prod(variable.shape) for variable in model.trainable_variables),
        flops=sum(part.flops for part in parts.values()),
        receptive_field=tuple(reach.n_seen for reach in before_mean),
        adapts=any(isinstance(layer, APReLU) for layer in model.layers),
        parts=list(parts.values()),
    )


def description_lines(found: Description, rate_hz: float | None = None) -> list[str]:
    """Return a description as text: a table of its parts, and what they add up to."""
    rows = [("output", "layers", "parameters", "FLOPs", "receptive field")]
    for part in found.parts:
        kinds = ", ".join(f"{kind} x {n}" if n > 1 else kind for kind, n in part.layers.items())
        sees = "all" if part.receptive_field is None else _times(part.receptive_field)
        rows.append((_times(part.shape), kinds, f"{part.n_parameters:,}", f"{part.flops:,}", sees))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    table = [
        f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}  {d:>{widths[3]}}  {e:>{widths[4]}}"
        for a, b, c, d, e in rows
    ]
    return [
        *table,
        f"parameters: {found.n_parameters:,}, of which {found.n_trainable:,} are trained",
        f"FLOPs for one input of {_times(found.input_shape)}: {found.flops:,} (a multiply-add is 2)",
        f"receptive field before the global mean: {_field(found, rate_hz)}",
        *(["each slope or gate is computed from the whole input"] if found.adapts else []),
    ]


def _size(model: keras.Model, size: Sequence[int] | None) -> list[int]:
    """The sizes of the input along its axes, checked."""
    own = model.input_shape[1:-1]
    given = tuple(size) if size is not None else own
    if None in given:
        named = _times(tuple("?" if n is None else n for n in own))
        raise ParameterError(f"describe: the network admits any length ({named}); say one with size")
    fits = len(given) == len(own) and all(m in (None, n) for n, m in zip(given, own, strict=True))
    if not fits or min(given) < 1:
        raise ParameterError(f"describe: an input of size {_times(given)} does not fit a network for {own}")
    return list(given)


def _behind(operation: Any, before: list[list[Reach]]) -> list[Reach]:
    """What the output of an operation sees, along each axis; nothing is left behind a global mean."""
    if isinstance(operation, GLOBAL_MEANS):
        return []
    if isinstance(operation, CONVOLUTIONS):
        kernels, dilations = operation.kernel_size, operation.dilation_rate
    elif isinstance(operation, POOLINGS):
        kernels, dilations = operation.pool_size, (1,) * len(operation.pool_size)
    else:
        joined = before[0]
        for other in before[1:]:
            joined = [one.joined(two) for one, two in zip(joined, other, strict=True)]
        return joined
    return [
        reach.through(kernel=kernel, stride=stride, dilation=dilation, padding=operation.padding)
        for reach, kernel, stride, dilation in zip(
            before[0], kernels, operation.strides, dilations, strict=True
        )
    ]


def _shape(tensor: Any, seen: dict[int, list[Reach]]) -> tuple[int, ...]:
    return (*(reach.n for reach in seen[id(tensor)]), int(tensor.shape[-1]))


def _add(
    parts: dict[tuple[int, ...], Part],
    operation: Any,
    input_shape: tuple[int, ...],
    output_shape: tuple[int, ...],
    reaches: list[Reach],
) -> None:
    """Add an operation to the part of its shape, if it computes anything."""
    flops = layer_flops(operation, input_shape, output_shape)
    if not flops:
        return
    part = parts.setdefault(output_shape, Part(output_shape))
    kind = type(operation).__name__
    part.layers[kind] = part.layers.get(kind, 0) + 1
    part.n_parameters += operation.count_params() if isinstance(operation, keras.Layer) else 0
    part.flops += flops
    part.receptive_field = tuple(reach.n_seen for reach in reaches) or None


def _times(shape: Sequence[Any]) -> str:
    return " x ".join(str(n) for n in shape)


def _field(found: Description, rate_hz: float | None) -> str:
    text = f"{_times(found.receptive_field)} samples"
    if rate_hz is not None:
        text += f", {found.receptive_field_s(rate_hz):.4g} s at {rate_hz:g} Hz"
    whole = all(n <= m for n, m in zip(found.input_shape, found.receptive_field, strict=False))
    return f"{text} (the whole input)" if whole else text
