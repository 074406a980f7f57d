"""Measure speed as ratios, into build/bench.json: this against something else, in one run.

python tools/bench.py [GROUP ...]

All sides of a group run in turn, block by block, each in a process of its own, at the same precision,
threads and batch. A ratio is that of the median seconds, ours over the rival's: less is faster; where a row
has several rivals, the fastest one counts. Its spread are the quartiles over the blocks.
"""

import importlib.util
import json
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import bench_export
import bench_images
import bench_predict
import numpy as np
import rivals
import startup
from bench_export import KERAS_BATCHES
from blocks import interleaved, ratio
from measures import ROOT

N_BLOCKS = 7
PYTORCH = ("PyTorch eager", "PyTorch compiled")

Step = Callable[[], object]
Side = Callable[[], Step]


class Row(NamedTuple):
    """One ratio: a side of a group over its fastest rival, which is not to exceed the goal."""

    name: str
    ours: str
    rivals: tuple[str, ...]
    goal: float | None


class Group(NamedTuple):
    """Sides that are timed together, so many steps a block."""

    sides: dict[str, Side]
    steps: int
    rows: tuple[Row, ...]


def main() -> None:
    """Time the groups that are named, or all; print a table, write the rows."""
    chosen = sys.argv[1:] or list(GROUPS)
    file = ROOT / "build" / "bench.json"
    file.parent.mkdir(exist_ok=True)
    rows = {row["name"]: row for row in json.loads(file.read_text())} if file.is_file() else {}
    for name in chosen:
        for row in measured(GROUPS[name]):
            print(row_text(row), flush=True)
            rows[row["name"]] = row
        file.write_text(json.dumps(list(rows.values()), indent=1) + "\n")


def measured(group: Group) -> list[dict[str, Any]]:
    """The rows of a group; sides that need PyTorch are left out where it is not installed."""
    sides = {name: side for name, side in group.sides.items() if "PyTorch" not in name or _has_torch()}
    seconds = interleaved(list(sides.values()), n_blocks=N_BLOCKS, steps=group.steps)
    for name, column in zip(sides, seconds.T, strict=True):
        print(f"  {name:<24} {1e3 * np.median(column):9.1f} ms")
    names = list(sides)
    rows = []
    for row in group.rows:
        there = [names.index(rival) for rival in row.rivals if rival in sides]
        if not there:
            print(f"  {row.name}: left out, PyTorch is not installed (pip install torch==2.13.0)")
            continue
        fastest = min(there, key=lambda column: float(np.median(seconds[:, column])))
        found = ratio(seconds, names.index(row.ours), fastest)
        rows.append(
            {
                "name": row.name,
                "ratio": round(found.median, 3),
                "spread": [round(found.lower, 3), round(found.upper, 3)],
                "goal": row.goal,
                "met": None if row.goal is None else found.median <= row.goal,
                "against": names[fastest],
            }
        )
    return rows


def row_text(row: dict[str, Any]) -> str:
    """Return the line of the table."""
    low, high = row["spread"]
    goal = "no goal" if row["goal"] is None else f"goal {row['goal']}: {'met' if row['met'] else 'missed'}"
    return f"{row['name']:<28} {row['ratio']:>6} ({low} to {high}) x {row['against']}; {goal}"


def _has_torch() -> bool:
    return importlib.util.find_spec("torch") is not None


def _training(network: str, *names: str) -> dict[str, Side]:
    return {name: partial(rivals.prepare, name, network) for name in names}


def _first(pair: Callable[[], tuple[Step, Step]]) -> Step:
    return pair()[0]


def _second(pair: Callable[[], tuple[Step, Step]]) -> Step:
    return pair()[1]


def _start(arguments: list[str]) -> Step:
    return partial(startup.seconds, arguments)


GROUPS = {
    "startup": Group(
        {
            "faultdiag --help": partial(_start, startup.STARTS["help"]),
            "import click": partial(_start, startup.RIVAL),
        },
        1,
        (Row("startup_help", "faultdiag --help", ("import click",), 3.0),),
    ),
    "record16": Group(
        _training("record16", "ours", "ours with ReLU", "note's program", *PYTORCH),
        4,
        (
            Row("record16_step_note", "ours", ("note's program",), 0.70),
            Row("record16_step_pytorch", "ours", PYTORCH, 0.80),
            Row("record16_aprelu_relu", "ours", ("ours with ReLU",), 1.15),
        ),
    ),
    "paper-m12": Group(
        _training("paper-m12", "ours", "ours with ReLU", "note's program", *PYTORCH),
        3,
        (
            Row("paper_m12_step_pytorch", "ours", PYTORCH, 0.85),
            Row("paper_m12_step_note", "ours", ("note's program",), None),
            Row("paper_m12_aprelu_relu", "ours", ("ours with ReLU",), 1.15),
        ),
    ),
    "predict": Group(
        {
            "exported": partial(_first, bench_predict.cold_beside_imports),
            "its imports": partial(_second, bench_predict.cold_beside_imports),
            "by Keras": partial(_second, bench_predict.cold_beside_keras),
        },
        1,
        (
            Row("predict_cold_imports", "exported", ("its imports",), 2.0),
            Row("predict_cold_keras", "exported", ("by Keras",), 0.25),
        ),
    ),
} | {
    f"exported {network}": Group(
        {"exported": partial(bench_export.prepare_exported, network)}
        | {
            f"Keras, {n}": partial(bench_export.prepare_keras, network, n) for n in bench_export.KERAS_BATCHES
        },
        2,
        (
            Row(
                f"exported_{network.replace('-', '_')}",
                "exported",
                tuple(f"Keras, {n}" for n in KERAS_BATCHES),
                round(1 / goal, 3),
            ),
        ),
    )
    for network, goal in bench_export.GOALS.items()
}

GROUPS |= {
    f"augmentation {recipe}": Group(
        {
            "augmentation": partial(bench_images.prepare_augmentation, recipe),
            "training step": partial(bench_images.prepare_step, recipe),
        },
        4,
        (Row(f"augmentation_{recipe}", "augmentation", ("training step",), 0.15),),
    )
    for recipe in ("cifar10", "cifar10_record16")
}


if __name__ == "__main__":
    main()
