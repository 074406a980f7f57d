"""The same weights in two programs: all these networks hold the same layers in the same order.

Weights travel as arrays by Keras' paths, so that Keras and PyTorch need not meet in one process.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]

_IN_TORCH = {
    "kernel": "weight",
    "bias": "bias",
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}


def weights_of(network: Any) -> Arrays:
    """Return the weights of a Keras network by their paths, such as ``conv2d/kernel``."""
    return {variable.path: variable.numpy() for variable in network.weights}


def copy_weights(source: Any, target: Any) -> None:
    """Give the weights of one Keras network to another."""
    variables = [{v.path: v for v in network.weights} for network in (source, target)]
    for source_paths, target_paths in zip(*map(_layers, variables), strict=True):
        for name, path in source_paths.items():
            variables[1][target_paths[name]].assign(variables[0][path])


def copy_to_twin(weights: Arrays, twin: Any) -> None:
    """Give the weights of a Keras network to its twin in PyTorch."""
    import torch

    with torch.no_grad():
        for path, tensor in tensors_of(twin, weights).items():
            tensor.copy_(torch.from_numpy(as_torch(weights[path])))


def tensors_of(twin: Any, paths: Iterable[str]) -> dict[str, Any]:
    """Return the tensors of the twin in PyTorch by the paths of Keras."""
    modules = [m for m in twin.modules() if any(True for _ in m.parameters(recurse=False))]
    return {
        path: getattr(module, _IN_TORCH[name])
        for layer, module in zip(_layers(paths), modules, strict=True)
        for name, path in layer.items()
    }


def as_torch(array: NDArray[Any]) -> NDArray[Any]:
    """Return a kernel ``[..., in, out]`` as ``[out, in, ...]``; anything else is a vector."""
    axes = [array.ndim - 1, array.ndim - 2, *range(array.ndim - 2)] if array.ndim > 1 else [0]
    return np.ascontiguousarray(array.transpose(axes))


def as_keras(array: NDArray[Any]) -> NDArray[Any]:
    """Return a kernel ``[out, in, ...]`` as ``[..., in, out]``; anything else is a vector."""
    return np.ascontiguousarray(array.transpose([*range(2, array.ndim), 1, 0] if array.ndim > 1 else [0]))


def _layers(paths: Iterable[str]) -> list[dict[str, str]]:
    """For each layer that has weights, in order: the paths of them by their names."""
    layers: dict[str, dict[str, str]] = {}
    for path in paths:
        layer, _, name = path.rpartition("/")
        layers.setdefault(layer, {})[name] = path
    return list(layers.values())
