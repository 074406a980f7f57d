"""Measure speed as ratios, into build/bench.json: this against something else, in one run.

python tools/bench.py

Blocks of both sides alternate, at the same precision, threads and batch; the ratio is that of the
medians, its spread the interquartile range of the ratios of the blocks.
"""

import json
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import startup
from measures import ROOT

N_BLOCKS = 7
BATCH, WINDOW = 64, 2048

Block = Callable[[], object]


class Bench(NamedTuple):
    """Two things to time against each other; `make` prepares them outside of the timing."""

    make: Callable[[], tuple[Block, Block]]
    against: str
    goal: float | None


def main() -> None:
    """Time every row, print a table, write the rows."""
    rows = [_row(name, bench) for name, bench in BENCHES.items()]
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(rows, indent=1) + "\n")
    for row in rows:
        spread = "{} to {}".format(*row["spread"])
        print(f"{row['name']:<24} {row['ratio']:>6} ({spread}) x {row['against']}; goal {row['goal']}")


def command_line() -> tuple[Block, Block]:
    """Start of `faultdiag --help` and of `import click`."""
    return lambda: startup.seconds(startup.STARTS["help"]), lambda: startup.seconds(startup.RIVAL)


def aprelu_step() -> tuple[Block, Block]:
    """Two training steps of the vibration network, with APReLU and with ReLU."""
    return _training("aprelu"), _training("relu")


BENCHES = {
    "startup_help": Bench(command_line, "python -c 'import click'", 3.0),
    "aprelu_training_step": Bench(aprelu_step, "the same network with ReLU", None),
}


def _training(activation: str) -> Block:
    import keras

    from faultdiag.networks.table import NETWORKS

    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((BATCH, WINDOW, 1), np.float32)
    labels = rng.integers(0, 4, BATCH)
    options: dict[str, Any] = {"activation": activation}
    network = NETWORKS.load("vibration")(input_shape=(WINDOW, 1), n_classes=4, **options)
    network.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return lambda: [network.train_on_batch(inputs, labels) for _ in range(2)]


def _row(name: str, bench: Bench) -> dict[str, Any]:
    ours, rival = bench.make()
    _seconds(ours), _seconds(rival)  # whatever the first call compiles
    times = np.array([(_seconds(ours), _seconds(rival)) for _ in range(N_BLOCKS)])
    ratio = float(np.divide(*np.median(times, axis=0)))
    spread = np.percentile(times[:, 0] / times[:, 1], [25, 75]).round(2).tolist()
    met = None if bench.goal is None else ratio <= bench.goal
    return {
        "name": name,
        "ratio": round(ratio, 2),
        "spread": spread,
        "goal": bench.goal,
        "met": met,
        "against": bench.against,
    }


def _seconds(block: Block) -> float:
    start = time.perf_counter()
    block()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
