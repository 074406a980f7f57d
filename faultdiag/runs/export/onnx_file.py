"""ONNX: our own graph, or Keras' exporter where a layer is not among those we write."""

import importlib.util
import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faultdiag.errors import MissingExtraError, ParameterError, RunError
from faultdiag.runs.backend import no_chatter
from faultdiag.runs.export.base import Exporter, Forward, Tensors

if TYPE_CHECKING:
    import keras
    import onnx

__all__ = ["METADATA_KEY", "exporter", "open_onnx", "write_onnx"]

METADATA_KEY = "faultdiag"
"""Key of the description among the metadata of the file."""

# what Keras' exporter and tf2onnx are known to raise about a network that they cannot write
_REFUSALS = (
    *(AttributeError, ImportError, KeyError, NotImplementedError, OSError, RuntimeError, TypeError),
    ValueError,
)


def write_onnx(network: "keras.Model", about: dict[str, Any], path: Path) -> None:
    """Write a network with its description as ONNX.

    Raises
    ------
    MissingExtraError, ParameterError
        If a layer needs Keras' exporter, and tf2onnx or the backend TensorFlow is not there.
    RunError
        If that exporter cannot write the network either.
    """
    import onnx

    from faultdiag.runs.export.onnx_network import onnx_model

    with no_chatter():  # Keras, asked for the graph, imports TensorFlow where it is, whatever the backend
        model = onnx_model(network)
    if isinstance(model, str):
        model = _by_keras(network, model, path)
    onnx.helper.set_model_props(model, {METADATA_KEY: json.dumps(about)})
    path.write_bytes(model.SerializeToString())


def open_onnx(path: Path) -> Forward:
    """Return what computes with an ONNX file through onnxruntime.

    Raises
    ------
    RunError
        If onnxruntime cannot load or compute it.
    """
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    # its exceptions have no class in common
    failures = tuple(e for e in vars(state).values() if isinstance(e, type) and issubclass(e, Exception))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # fatal errors only: the others are raised

    def forward(inputs: Tensors) -> Tensors:
        try:
            logits: Tensors = session.run(None, {session.get_inputs()[0].name: inputs})[0]
        except failures as error:
            raise RunError(f"{path}: onnxruntime cannot compute it ({_one_line(error)})") from error
        return logits

    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except failures as error:
        raise RunError(f"{path}: onnxruntime cannot load it ({_one_line(error)})") from error
    return forward


exporter = Exporter(
    "model.onnx",
    write_onnx,
    open_onnx,
    needs=(("onnx", "train"), ("onnxruntime", "train")),
    recorded=True,
)


def _by_keras(network: "keras.Model", layer: str, path: Path) -> "onnx.ModelProto":
    """The model that Keras' exporter writes, with our names of input and output."""
    import keras
    import onnx

    what = f"export to onnx of layer {layer!r}, which faultdiag does not write itself,"
    if importlib.util.find_spec("tf2onnx") is None:
        raise MissingExtraError(f"{what} by Keras (tf2onnx is not installed)", "train")
    if keras.backend.backend() != "tensorflow":
        raise ParameterError(
            f"{what} needs Keras' backend tensorflow, this process computes with "
            f"{keras.backend.backend()!r}; set KERAS_BACKEND=tensorflow"
        )
    try:
        with no_chatter(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            network.export(path, format="onnx", verbose=False)
        model = onnx.load(path)
    except _REFUSALS as error:
        raise RunError(f"{network.name}: {what} failed ({_one_line(error)})") from error
    _rename(model)
    return model


def _rename(model: "onnx.ModelProto") -> None:
    """Call the one input signal and the one output logits."""
    from faultdiag.runs.export.onnx_graph import INPUT, OUTPUT

    graph = model.graph
    new = {graph.input[0].name: INPUT, graph.output[0].name: OUTPUT}
    graph.input[0].name, graph.output[0].name = INPUT, OUTPUT
    for node in graph.node:
        node.input[:] = [new.get(name, name) for name in node.input]
        node.output[:] = [new.get(name, name) for name in node.output]


def _one_line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
