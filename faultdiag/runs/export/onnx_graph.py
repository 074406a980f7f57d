"""A graph of ONNX operators, written node by node.

Signals and images are channels first in the graph, as onnxruntime computes them, and a signal is an image of
height 1: onnxruntime has its fast convolutions for images only.
"""

from typing import Any

import numpy as np
import onnx
from numpy.typing import ArrayLike
from onnx import TensorProto, helper, numpy_helper

__all__ = ["INPUT", "OUTPUT", "Graph"]

INPUT, OUTPUT = "signal", "logits"

OPSET, IR_VERSION = 17, 9
"""Old enough for every onnxruntime since 1.15."""


class Graph:
    """Collects operators and constants.

    Parameters
    ----------
    rank : int
        Axes of the network's input beside batch and channels.
    """

    def __init__(self, rank: int) -> None:
        self.rank = rank
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    @property
    def n_axes(self) -> int:
        """Axes beside batch and channels in the graph: those of the input, or the two of an image."""
        return max(self.rank, 2)

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add an operator and return the name of its output."""
        output = f"{operator}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, list(inputs), [output], **attributes))
        return output

    def constant(self, values: ArrayLike, dtype: Any = np.float32) -> str:
        """Add an array and return its name."""
        name = f"constant_{len(self._constants)}"
        array = np.ascontiguousarray(np.asarray(values, dtype))
        self._constants.append(numpy_helper.from_array(array, name))
        return name

    def along_axes(self, values: tuple[int, ...], fill: int = 1) -> list[int]:
        """Return a number for each axis of the graph from one for each axis of the input.

        Examples
        --------
        >>> Graph(rank=1).along_axes((3,)), Graph(rank=3).along_axes((3, 4, 5))
        ([1, 3], [3, 4, 5])
        """
        return [fill] * (self.n_axes - self.rank) + list(values)

    def channels_first(self, x: str) -> str:
        """Add what turns ``[batch, ..., channels]`` into ``[batch, channels, ...]`` of the graph's axes."""
        x = self.add("Transpose", x, perm=[0, self.rank + 1, *range(1, self.rank + 1)])
        if self.n_axes > self.rank:
            x = self.add("Unsqueeze", x, self.constant([2], np.int64))
        return x

    def model(self, output: str, *, input_shape: tuple[int | None, ...], n_classes: int) -> onnx.ModelProto:
        """Return the whole as a checked model from ``signal`` to ``logits``.

        Parameters
        ----------
        output : str
            Name of what becomes the logits.
        input_shape : tuple of int
            Of one input, channels last; None is any size.
        n_classes : int
            Length of the logits.
        """
        nodes = [*self._nodes, helper.make_node("Identity", [output], [OUTPUT])]
        sizes = [f"size_{axis}" if size is None else size for axis, size in enumerate(input_shape)]
        graph = helper.make_graph(
            nodes,
            "network",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["batch", *sizes])],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", n_classes])],
            self._constants,
        )
        opset = helper.make_opsetid("", OPSET)
        model = helper.make_model(
            graph, opset_imports=[opset], ir_version=IR_VERSION, producer_name="faultdiag"
        )
        onnx.checker.check_model(model)
        return model
