"""One registry for every extension point: a literal table of names, extended by entry points.

A table maps a name to a description and an address ``"module:attribute"``. Listing imports nothing;
the module is imported when a row is loaded. Other packages add rows with an entry point in the
group ``faultdiag.<room>``.
"""

import difflib
import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import metadata
from typing import Any, Generic, TypeVar

from faultdiag.errors import FaultdiagError, ParameterError

__all__ = ["Registry", "check_options", "near_names"]

T = TypeVar("T")


def near_names(name: str, names: list[str] | tuple[str, ...]) -> str:
    """Return a clause for an error line: near spellings first, then all the names there are.

    Examples
    --------
    >>> near_names("rwa", ["raw", "image"])
    'did you mean raw? There are: image, raw'
    """
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    listed = f"here are: {', '.join(sorted(names)) or 'none'}"
    return f"did you mean {' or '.join(near)}? T{listed}" if near else f"t{listed}"


def check_options(what: str, function: Callable[..., Any], options: Mapping[str, Any]) -> None:
    """Refuse options that a function does not take.

    Parameters
    ----------
    what : str
        Whose options they are, for the message: ``"network 'residual'"``.
    function : callable
        Its keyword arguments with defaults are the options.
    options : mapping
        What was given.

    Raises
    ------
    ParameterError
        If a name is unknown; near spellings and the list are given.
    """
    there = [p.name for p in inspect.signature(function).parameters.values() if p.default is not p.empty]
    for name in options:
        if name not in there:
            raise ParameterError(f"{what} has no option {name!r}; {near_names(name, there)}")


class Registry(Generic[T]):
    """The rows of one room, by name.

    Parameters
    ----------
    kind : str
        What a row is, in the singular, for messages: ``"view"``.
    group : str
        Entry point group from which other packages add rows: ``"faultdiag.views"``.
    table : mapping of str to (str, str)
        Built-in rows: name -> (one line of description, ``"module:attribute"``).
    """

    def __init__(self, kind: str, group: str, table: Mapping[str, tuple[str, str]]) -> None:
        self.kind = kind
        self.group = group
        self._table = table

    @cached_property
    def rows(self) -> dict[str, tuple[str, str]]:
        """All rows, entry points included; a name given twice raises `FaultdiagError`."""
        rows = dict(self._table)
        for point in metadata.entry_points(group=self.group):
            package = point.dist.name if point.dist else "another package"
            if point.name in rows:
                raise FaultdiagError(
                    f"{self.kind} {point.name!r} is defined twice: {package} adds {point.value!r} beside "
                    f"{rows[point.name][1]!r}; rename one of them"
                )
            rows[point.name] = (f"from {package}", point.value)
        return rows

    def names(self) -> list[str]:
        """Return the names, sorted."""
        return sorted(self.rows)

    def describe(self, name: str) -> str:
        """Return the one line of description of a row."""
        return self._row(name)[0]

    def home(self, name: str) -> str:
        """Return the package in which the module of a row lies."""
        module = self._row(name)[1].partition(":")[0]
        return module.rpartition(".")[0] or module

    def load(self, name: str) -> T:
        """Import and return the object of a row.

        Raises
        ------
        ParameterError
            If there is no such name; the message gives near spellings and the full list.
        """
        module, _, attribute = self._row(name)[1].partition(":")
        found: Any = getattr(importlib.import_module(module), attribute)
        return found  # type: ignore[no-any-return]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def __contains__(self, name: object) -> bool:
        return name in self.rows

    def __len__(self) -> int:
        return len(self.rows)

    def _row(self, name: str) -> tuple[str, str]:
        if name not in self.rows:
            raise ParameterError(f"unknown {self.kind} {name!r}; {near_names(name, self.names())}")
        return self.rows[name]
