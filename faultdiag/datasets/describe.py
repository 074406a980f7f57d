"""A data set's card as a document, and as lines to read."""

import textwrap
from collections.abc import Iterator
from typing import Any

from faultdiag.datasets.cards import load_card
from faultdiag.datasets.files import cache_folder, data_files

__all__ = ["card_document", "card_lines"]

_WIDTH = 100
_SHORT = 25  # a list of items no longer than this is written on one line


def card_document(name: str) -> dict[str, Any]:
    """Return the card of a data set with the number and size of its files and where they are kept.

    Raises
    ------
    ParameterError
        If there is no such data set.
    """
    files = data_files(name)
    return load_card(name).model_dump(mode="json") | {
        "n_files": len(files),
        "n_bytes": sum(file.n_bytes for file in files),
        "cache_folder": str(cache_folder(name)),
    }


def card_lines(document: dict[str, Any]) -> Iterator[str]:
    """Yield the document line by line, a key and its value each; what is empty is left out.

    Examples
    --------
    >>> list(card_lines({"name": "rig", "limits": ["there is one bearing only"], "unit": ""}))
    ['name: rig', 'limits: there is one bearing only']
    """
    for key, value in document.items():
        if value in (None, "", [], {}):
            continue
        if isinstance(value, dict):
            items = [f"{name}: {_inline(item)}" for name, item in value.items() if item not in (None, [])]
        elif isinstance(value, list) and any(len(str(item)) > _SHORT for item in value):
            items = [str(item) for item in value]
        else:
            yield from textwrap.wrap(f"{key}: {_inline(value)}", _WIDTH, subsequent_indent="  ")
            continue
        yield f"{key}:"
        for item in items:
            yield from textwrap.wrap(item, _WIDTH, initial_indent="  ", subsequent_indent="    ")


def _inline(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_inline(item)}" for key, item in value.items())
    return ", ".join(_inline(item) for item in value) if isinstance(value, list) else str(value)
