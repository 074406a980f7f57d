"""A Keras network as an ONNX model, layer by layer, on any backend and without TensorFlow."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import keras
import onnx

from faultdiag.runs.export.onnx_graph import INPUT, Graph
from faultdiag.runs.export.onnx_layers import CONVOLUTIONS, Step, rule_of

__all__ = ["onnx_model"]


class _Source(NamedTuple):
    """One input of a layer: the layer that gives it, and its shape, channels last."""

    name: str
    shape: tuple[int | None, ...]


def onnx_model(network: keras.Model) -> onnx.ModelProto | str:
    """Return the model of a network, or the name of the first layer that is not written here.

    Parameters
    ----------
    network : keras.Model
        From inputs ``[batch, ..., channels]`` to logits ``[batch, classes]``.
    """
    config = network.get_config()
    sources = _sources(config)
    if sources is None:
        return str(network.name)
    made = {operation.name: operation for operation in network.operations}
    norms = _norms_to_fold(sources, made, output := config["output_layers"][0])
    graph = Graph(rank=len(network.input_shape) - 2)
    found: dict[str, str] = {}  # layer -> name of its output in the graph
    for name, inputs in sources.items():
        if name in norms.values():
            found[name] = found[inputs[0].name]
        elif not inputs:
            found[name] = graph.channels_first(INPUT)
        else:
            step = Step(
                layer=made[name],
                inputs=tuple(found[source.name] for source in inputs),
                shape=inputs[0].shape,
                norm=made[norms[name]] if name in norms else None,
            )
            rule = rule_of(step.layer)
            written = None if rule is None else rule(graph, step)
            if written is None:
                return name
            found[name] = written
    return graph.model(found[output], input_shape=network.input_shape[1:], n_classes=network.output_shape[-1])


def _sources(config: dict[str, Any]) -> dict[str, list[_Source]] | None:
    """The inputs of each layer, in the order of computation; None if that is no graph of one way."""
    found = {}
    for entry in config["layers"]:
        nodes = entry.get("inbound_nodes")
        if nodes is None or len(nodes) > 1:  # no graph at all, or a layer that is used twice
            return None
        found[entry["name"]] = list(_tensors(nodes))
    one_way = all(isinstance(config[side][0], str) for side in ("input_layers", "output_layers"))
    return found if one_way else None


def _tensors(saved: Any) -> Iterator[_Source]:
    """The tensors in the saved arguments of a layer's call."""
    if isinstance(saved, dict) and saved.get("class_name") == "__keras_tensor__":
        yield _Source(saved["config"]["keras_history"][0], tuple(saved["config"]["shape"]))
    elif isinstance(saved, dict | list | tuple):
        for part in saved.values() if isinstance(saved, dict) else saved:
            yield from _tensors(part)


def _norms_to_fold(sources: dict[str, list[_Source]], made: dict[str, Any], output: str) -> dict[str, str]:
    """Convolution -> batch normalisation, for those whose output goes there and nowhere else."""
    uses = Counter(source.name for inputs in sources.values() for source in inputs)
    return {
        inputs[0].name: name
        for name, inputs in sources.items()
        if isinstance(made[name], keras.layers.BatchNormalization)
        and isinstance(made[inputs[0].name], CONVOLUTIONS)
        and uses[inputs[0].name] == 1
        and inputs[0].name != output
    }
