"""The words that options choose from, apart from what they mean: a command line lists them without NumPy."""

from typing import Literal

__all__ = ["Backend", "KerasBackend", "NanPolicy", "Rows"]

KerasBackend = Literal["tensorflow", "jax", "torch"]
"""What Keras computes with."""

Backend = Literal["onnx", "tensorflow", "jax", "torch"]
"""What a finished Run computes with: its exported network, or Keras."""

NanPolicy = Literal["refuse", "interpolate"]
"""What to do about samples that are not finite."""

Rows = Literal["channels", "signals", "samples", "unknown"]
"""What the rows of a 2-D array are."""
