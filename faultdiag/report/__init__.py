"""Reports: what is found in a record, as values, pictures and a page."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from faultdiag.report.diagnosis_page import write_report
    from faultdiag.report.findings import Inspection
    from faultdiag.report.inspection import inspect
    from faultdiag.report.page import write_inspection

__all__ = ["Inspection", "inspect", "write_inspection", "write_report"]

_HOMES = {
    "Inspection": "findings",
    "inspect": "inspection",
    "write_inspection": "page",
    "write_report": "diagnosis_page",
}


# PEP 562: SciPy and matplotlib are imported when a function is used
def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"faultdiag.report.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'faultdiag.report' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
