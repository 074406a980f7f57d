"""What an exported file says about itself: all that leads from a signal to a class."""

from typing import Any

from faultdiag._version import __version__
from faultdiag.runs.document import RunDocument

__all__ = ["DESCRIPTION_VERSION", "describe"]

DESCRIPTION_VERSION = 1
"""Raised when a program that reads an older description could misunderstand a newer one."""


def describe(document: RunDocument) -> dict[str, Any]:
    """Return the description of the network of a Run, as plain JSON.

    Returns
    -------
    dict
        ``format_version``; ``faultdiag_version``; ``input``, what one example is; ``dataset``, ``task`` and
        ``classes``, in the order of the logits; ``data``, how a record becomes windows; ``view``, how a
        window becomes an input; ``network`` and its input shape, channels last; ``calibration``.
    """
    kept = {"input", "dataset", "task", "classes", "data", "view", "calibration"}
    return {
        "format_version": DESCRIPTION_VERSION,
        "faultdiag_version": __version__,
        **document.model_dump(mode="json", include=kept),
        "network": document.network.model_dump(mode="json", include={"name", "options", "input_shape"}),
    }
