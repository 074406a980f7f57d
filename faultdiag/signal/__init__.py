"""Vibration signal processing: pure functions on [..., n], time on the last axis."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from faultdiag.signal.envelope import analytic_envelope, line_level_db, squared_envelope_spectrum
    from faultdiag.signal.resampling import resample, resample_blocks, resampled_length

__all__ = [
    "analytic_envelope",
    "line_level_db",
    "resample",
    "resample_blocks",
    "resampled_length",
    "squared_envelope_spectrum",
]

_HOMES = {
    "analytic_envelope": "envelope",
    "line_level_db": "envelope",
    "resample": "resampling",
    "resample_blocks": "resampling",
    "resampled_length": "resampling",
    "squared_envelope_spectrum": "envelope",
}


# PEP 562: SciPy is imported when a function is used
def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"faultdiag.signal.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'faultdiag.signal' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
