"""Groups of sides that are timed together, and the ratios that are read off them."""

import importlib.util
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from blocks import Prepare, interleaved, ratio

N_BLOCKS = 7

NEEDS = {
    "PyTorch": ("torch", "pip install torch==2.13.0"),
    "openconmo": ("openconmo", "make peers"),
    "rota-order": ("rota", "make peers"),
}
"""What a side with such a word in its name needs: a module, and how to get it."""


class Row(NamedTuple):
    """One ratio: a side of a group over its fastest rival, which is not to exceed the goal."""

    name: str
    ours: str
    rivals: tuple[str, ...]
    goal: float | None


class Group(NamedTuple):
    """Sides that are timed together, so many steps a block.

    A number is a side that is not timed: the seconds that a step of it takes.
    """

    sides: Mapping[str, Prepare | float]
    steps: int
    rows: tuple[Row, ...]


def chosen(words: list[str], groups: Mapping[str, Group]) -> dict[str, Group]:
    """Return the groups of these names or first words; all of them without words."""
    for word in words:
        if not any(word in (name, name.split()[0]) for name in groups):
            raise SystemExit(f"no group {word!r}; there are: {', '.join(groups)}")
    return {
        name: group
        for name, group in groups.items()
        if not words or name in words or name.split()[0] in words
    }


def measured(group: Group, *, n_blocks: int = N_BLOCKS) -> list[dict[str, Any]]:
    """Time a group and return its rows; sides that need what is not installed are left out."""
    sides = {name: side for name, side in group.sides.items() if _missing(name) is None}
    rows = [row for row in group.rows if _can_be_measured(row, sides)]
    if not rows:
        return []
    timed = {name: side for name, side in sides.items() if callable(side)}
    columns = interleaved(list(timed.values()), n_blocks=n_blocks, steps=group.steps).T
    for name, column in zip(timed, columns, strict=True):
        print(f"  {name:<24} {1e3 * np.median(column):9.1f} ms")
    known = {name: np.full(n_blocks, side) for name, side in sides.items() if not callable(side)}
    return [_ratio_row(row, dict(zip(timed, columns, strict=True)) | known) for row in rows]


def row_text(row: dict[str, Any]) -> str:
    """Return the line of the table."""
    low, high = row["spread"]
    verdict = "met" if row["met"] else "missed"
    goal = "no goal" if row["goal"] is None else f"goal {row['goal']:.3g}: {verdict}"
    faster = f"{1 / row['ratio']:.3g} times as fast"
    return f"{row['name']:<28} {row['ratio']:>8} ({low} to {high}) x {row['against']}, {faster}; {goal}"


def _ratio_row(row: Row, seconds: dict[str, Any]) -> dict[str, Any]:
    rivals = [name for name in row.rivals if name in seconds]
    fastest = min(rivals, key=lambda name: float(np.median(seconds[name])))
    found = ratio(np.column_stack([seconds[row.ours], seconds[fastest]]), 0, 1)
    return {
        "name": row.name,
        "ratio": _digits(found.median),
        "spread": [_digits(found.lower), _digits(found.upper)],
        "goal": row.goal,
        "met": None if row.goal is None else found.median <= row.goal,
        "against": fastest,
    }


def _can_be_measured(row: Row, sides: Mapping[str, Prepare | float]) -> bool:
    """Whether our side and a rival are there; says what is missing if not."""
    if row.ours in sides and any(rival in sides for rival in row.rivals):
        return True
    print(f"  {row.name}: left out, {_missing(row.ours) or _missing(row.rivals[0])}")
    return False


def _missing(side: str) -> str | None:
    """What a side needs and is not there, and how to get it."""
    for word, (module, remedy) in NEEDS.items():
        if word in side and importlib.util.find_spec(module) is None:
            return f"{module} is not installed ({remedy})"
    return None


def _digits(value: float) -> float:
    return float(f"{value:.3g}")
