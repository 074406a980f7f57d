"""faultdiag: what is wrong with the machine, how sure that is, and why."""

import importlib
from typing import TYPE_CHECKING, Any

from faultdiag._version import __version__

if TYPE_CHECKING:
    from faultdiag import signal
    from faultdiag.datasets.load import load_dataset
    from faultdiag.diagnosis.files import diagnose
    from faultdiag.inference.predict import predict
    from faultdiag.inference.run import load_run
    from faultdiag.readers import read
    from faultdiag.records import Record
    from faultdiag.report import inspect
    from faultdiag.training import train

__all__ = [
    "Record",
    "__version__",
    "diagnose",
    "inspect",
    "load_dataset",
    "load_run",
    "predict",
    "read",
    "signal",
    "train",
]

# PEP 562: a name is imported when it is used, so that `import faultdiag` and `--help` start at once
_HOMES = {
    "Record": "faultdiag.records",
    "diagnose": "faultdiag.diagnosis.files",
    "inspect": "faultdiag.report",
    "load_dataset": "faultdiag.datasets.load",
    "load_run": "faultdiag.inference.run",
    "predict": "faultdiag.inference.predict",
    "read": "faultdiag.readers",
    "train": "faultdiag.training",
}


def __getattr__(name: str) -> Any:
    if name == "signal":
        return importlib.import_module("faultdiag.signal")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'faultdiag' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
