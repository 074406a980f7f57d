"""LiteRT, formerly TensorFlow Lite."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from faultdiag.runs.backend import no_chatter
from faultdiag.runs.export.base import Exporter, Forward, Tensors

if TYPE_CHECKING:
    import keras

__all__ = ["exporter", "open_litert", "write_litert"]


def write_litert(network: "keras.Model", about: dict[str, Any], path: Path) -> None:
    """Write a network as a LiteRT file; its description lies beside it only."""
    named = path.with_name(f"{path.name}.tflite")  # Keras takes no other ending
    with no_chatter():
        network.export(named, format="litert", verbose=False)
    named.replace(path)


def open_litert(path: Path) -> Forward:
    """Return what computes with a LiteRT file through its interpreter."""
    from ai_edge_litert.interpreter import Interpreter

    with no_chatter():
        interpreter = Interpreter(model_path=str(path))
    (source,), (target,) = interpreter.get_input_details(), interpreter.get_output_details()

    def forward(inputs: Tensors) -> Tensors:
        with no_chatter():
            interpreter.resize_tensor_input(source["index"], inputs.shape)
            interpreter.allocate_tensors()
        interpreter.set_tensor(source["index"], inputs)
        interpreter.invoke()
        logits: Tensors = interpreter.get_tensor(target["index"])
        return logits

    return forward


exporter = Exporter(
    "model.tflite",
    write_litert,
    open_litert,
    needs=(("ai_edge_litert", "litert"),),
    backend="tensorflow",
)
