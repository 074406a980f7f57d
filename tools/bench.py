"""Measure speed as ratios, into build/bench.json: this against something else, in one run.

python tools/bench.py [GROUP ...]      groups by name, or by the first word of their names: signal, views

All sides of a group run in turn, block by block, each in a process of its own, at the same precision,
threads and batch. A ratio is that of the median seconds, ours over the rival's: less is faster; where a row
has several rivals, the fastest one counts. Its spread are the quartiles over the blocks.
"""

import json
import sys
from collections.abc import Callable
from functools import partial

import bench_export
import bench_images
import bench_predict
import bench_signal
import bench_views
import rivals
import startup
from bench_export import KERAS_BATCHES
from blocks import Prepare, Step
from children import ROOT
from groups import Group, Row, chosen, measured, row_text

PYTORCH = ("PyTorch eager", "PyTorch compiled")


def main() -> None:
    """Time the groups that are named, or all; print a table, write the rows."""
    file = ROOT / "build" / "bench.json"
    file.parent.mkdir(exist_ok=True)
    rows = {row["name"]: row for row in json.loads(file.read_text())} if file.is_file() else {}
    for group in chosen(sys.argv[1:], GROUPS | bench_signal.GROUPS | bench_views.groups()).values():
        for row in measured(group):
            print(row_text(row), flush=True)
            rows[row["name"]] = row
        file.write_text(json.dumps(list(rows.values()), indent=1) + "\n")


def _training(network: str, *names: str) -> dict[str, Prepare]:
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
