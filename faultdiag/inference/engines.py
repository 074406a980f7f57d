"""What computes the logits of a finished Run: its exported network, or Keras."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import MissingExtraError, ParameterError, RunError
from faultdiag.runs.document import RunDocument
from faultdiag.runs.exported import export_command

if TYPE_CHECKING:
    import keras

__all__ = ["Engine", "KerasEngine", "keras_network", "uses_exported"]

Tensors = NDArray[np.float32]

ONNX = "onnx"
"""The backend that is no backend of Keras."""


class Engine(Protocol):
    """Computes; see also `faultdiag.runs.exported.ExportedNetwork`."""

    def logits(self, tensors: Tensors) -> Tensors:
        """Return the logits ``[m, classes]`` of tensors ``[m, *shape]``."""


class KerasEngine:
    """A network in Keras.

    Parameters
    ----------
    model : keras.Model
        From tensors to logits.
    """

    def __init__(self, model: "keras.Model") -> None:
        self.model = model

    def logits(self, tensors: Tensors) -> Tensors:
        """Return logits of tensors ``[m, *shape]``; batches are filled up to a few sizes, compiled once."""
        outputs: list[Any] = [np.empty((0, self.model.output_shape[-1]), np.float32)]
        for start in range(0, len(tensors), 512):
            batch = tensors[start : start + 512]
            size = 1 << (len(batch) - 1).bit_length()
            padded = np.concatenate([batch, np.zeros((size - len(batch), *batch.shape[1:]), batch.dtype)])
            outputs.append(np.asarray(self.model.predict_on_batch(padded))[: len(batch)])
        return np.concatenate(outputs)


def uses_exported(document: RunDocument, backend: str | None, device: str) -> bool:
    """Whether the exported network computes: where there is one and nothing else is asked for.

    Raises
    ------
    ParameterError
        If it is asked for by name, and a device that it does not know, too.
    """
    if backend != ONNX:
        return backend is None and device in ("auto", "cpu") and document.onnx.get("file") is not None
    if device not in ("auto", "cpu"):
        raise ParameterError(
            f"backend {ONNX!r} computes on the CPU, not on {device!r}; leave one of the two out"
        )
    return True


def keras_network(folder: Path, document: RunDocument, backend: str | None, device: str) -> "keras.Model":
    """Load the network of a Run into Keras.

    Raises
    ------
    RunError
        If the weights are damaged, or Keras is not installed where there is no exported network either.
    MissingExtraError
        If a backend that was asked for is not installed.
    ParameterError
        If backend or device are none, or others are at work already.
    """
    from faultdiag.runs.backend import use_backend

    try:
        use_backend(None if backend == ONNX else backend, device)
    except MissingExtraError as error:
        if backend is not None or document.onnx.get("file") is not None:
            raise
        raise RunError(
            f"{folder}: has no exported network ({document.onnx.get('reason')}), and Keras is not installed; "
            f'either install it (pip install "faultdiag[train]"), or run {export_command(folder)} where it is'
        ) from error
    from faultdiag.runs.network import load_network

    return load_network(folder, document.network, len(document.classes))
