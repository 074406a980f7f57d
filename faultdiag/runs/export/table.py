"""The export formats."""

from faultdiag.registry import Registry
from faultdiag.runs.export.base import Exporter

__all__ = ["EXPORTERS"]

EXPORTERS: Registry[Exporter] = Registry(
    "export format",
    "faultdiag.exporters",
    {
        "litert": (
            "LiteRT (TensorFlow Lite), for phones and boards",
            "faultdiag.runs.export.litert:exporter",
        ),
        "onnx": ("ONNX, which 'predict' computes with", "faultdiag.runs.export.onnx_file:exporter"),
        "savedmodel": (
            "SavedModel of TensorFlow, for its servers",
            "faultdiag.runs.export.savedmodel:exporter",
        ),
    },
)
