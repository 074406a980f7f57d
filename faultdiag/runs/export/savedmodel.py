"""SavedModel, the folder that TensorFlow's own programs load."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from faultdiag.runs.backend import no_chatter
from faultdiag.runs.export.base import Exporter, Forward, Tensors

if TYPE_CHECKING:
    import keras

__all__ = ["exporter", "open_savedmodel", "write_savedmodel"]


def write_savedmodel(network: "keras.Model", about: dict[str, Any], path: Path) -> None:
    """Write a network as a SavedModel; its description lies beside it only."""
    with no_chatter():
        network.export(path, format="tf_saved_model", verbose=False)


def open_savedmodel(path: Path) -> Forward:
    """Return what computes with a SavedModel through its endpoint ``serve``."""
    import tensorflow as tf

    with no_chatter():
        loaded = tf.saved_model.load(str(path))

    def forward(inputs: Tensors) -> Tensors:
        return np.asarray(loaded.serve(inputs))

    return forward


exporter = Exporter("saved_model", write_savedmodel, open_savedmodel, backend="tensorflow")
