"""What the pages of reports have in common: templates, and pictures that lie inside."""

import base64
from typing import Any

from faultdiag._version import __version__

__all__ = ["FORMATS", "data_uri", "filled"]

FORMATS = {"png": "image/png", "svg": "image/svg+xml"}


def data_uri(content: bytes, picture_format: str) -> str:
    """Return a picture as an address that needs no file.

    Parameters
    ----------
    content : bytes
        Of the file.
    picture_format : {"png", "svg"}
        What it is.

    Examples
    --------
    >>> data_uri(b"<svg/>", "svg")
    'data:image/svg+xml;base64,PHN2Zy8+'
    """
    return f"data:{FORMATS[picture_format]};base64,{base64.b64encode(content).decode('ascii')}"


def filled(template: str, **values: Any) -> str:
    """Return a page.

    Parameters
    ----------
    template : str
        File among ``templates``.
    **values
        What it shows; text in them is never taken for markup. Our version comes by itself.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("faultdiag.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(version=__version__, **values)
