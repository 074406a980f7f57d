"""Measure training on a GPU: first whether the numbers are right, then how fast they come.

python tools/bench_gpu.py [--tiny] [--minutes 9]

Our Keras network on the JAX backend, beside its twin in PyTorch: `record16` with the note's augmentation
in seconds for an epoch of 50,000 images, `paper-m12` in seconds a step, and how near each is to what the
device can move and multiply. Data and augmentation lie on the device; the data are random numbers.

It needs JAX for the GPU, NumPy, PyTorch (without it only our side is measured) and Keras, whose wheels
are keras, namex, optree and, where they are not there already, absl-py, h5py, ml-dtypes, packaging and
rich. TensorFlow is not needed, and faultdiag need not be installed. Each row is printed and written into
build/bench_gpu.json as soon as it is measured; what no time is left for is named. `--tiny` runs
everything on small networks, on a CPU too: its figures mean nothing.
"""

import argparse
import importlib.util
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))  # where faultdiag is not installed

import numpy as np  # noqa: E402
from gpu.counts import step_bytes, step_flops  # noqa: E402
from rivals.tasks import TASKS, Task  # noqa: E402

OUT = ROOT / "build" / "bench_gpu.json"
N_BYTES = {"float32": 4, "bfloat16": 2}  # of a number
PEER = "PyTorch, the faster of its ways"
TOLERANCE = 1e-3  # relative, at full float32 precision; what is wrong is wrong by much more


class Size(NamedTuple):
    """How much is measured."""

    tasks: dict[str, Task]
    precisions: tuple[str, ...]
    batches: tuple[int, ...]  # beside those of the authors
    n_images: int
    signal_steps: int
    repeats: int
    hows: tuple[str, ...]
    copied_bytes: int
    matrix: int


FULL = Size(
    tasks=TASKS,
    precisions=("float32", "bfloat16"),
    batches=(500, 1000, 2000),
    n_images=50_000,
    signal_steps=50,
    repeats=3,
    hows=("compiled", "compiled, CUDA graph"),
    copied_bytes=1 << 30,
    matrix=8192,
)
TINY = Size(
    tasks={
        "record16": TASKS["record16"]._replace(input_shape=(8, 8, 3), batch=2, stages=((32, 1, 2),)),
        "paper-m12": TASKS["paper-m12"]._replace(input_shape=(32, 1), batch=2, stages=((4, 1, 1),)),
    },
    precisions=("bfloat16",),
    batches=(4,),
    n_images=8,
    signal_steps=2,
    repeats=1,
    hows=("eager",),
    copied_bytes=1 << 20,
    matrix=64,
)


def main(arguments: list[str] | None = None) -> None:
    """Measure everything; exit with 1 where there is no GPU or the numbers are wrong."""
    parser = argparse.ArgumentParser(description="Measure training on a GPU.")
    parser.add_argument("--tiny", action="store_true", help="small networks, on a CPU too")
    parser.add_argument("--minutes", type=float, default=9.0, help="start nothing after this time")
    parser.add_argument("--out", type=Path, default=OUT, help="the file of the rows")
    options = parser.parse_args(arguments)
    os.environ["KERAS_BACKEND"] = "jax"
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # PyTorch needs memory, too
    device = _device(options.tiny)
    report = Report(options.out, device, time.monotonic() + 60 * options.minutes)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        bench = Bench(TINY if options.tiny else FULL, report, pool)
        for section in (limits, correctness, batch_of_the_note, best_batch, relu, signals):
            report.guarded(section.__name__, lambda section=section: section(bench))


class Report:
    """Prints rows and keeps them in a file; ends what would begin too late."""

    def __init__(self, out: Path, device: str, ends: float) -> None:
        self.out, self.device, self.ends = out, device, ends
        self.rows: list[dict[str, Any]] = []
        print(f"on {device}", flush=True)

    def add(self, name: str, *, goal: float | None = None, against: str = "", **values: Any) -> None:
        """Keep a row; its first value is what the goal is about."""
        first = next(iter(values.values()))
        met = None if goal is None else bool(first <= goal)
        row = {"name": name, **values, "goal": goal, "met": met, "against": against, "device": self.device}
        self.rows.append(row)
        self.out.parent.mkdir(parents=True, exist_ok=True)
        self.out.write_text(json.dumps(self.rows, indent=1) + "\n", encoding="utf-8")
        told = ", ".join(f"{key} {value:.4g}" for key, value in values.items() if value is not None)
        judged = "" if goal is None else f"; goal {goal:g}: {'met' if met else 'NOT met'}"
        print(f"{name}: {told}{f' ({against})' if against else ''}{judged}", flush=True)

    def guarded(self, name: str, measure: Callable[[], Any]) -> Any:
        """Return what is measured, or None with a line that says why there is nothing."""
        if time.monotonic() > self.ends:
            print(f"{name}: no time left", flush=True)
            return None
        try:
            return measure()
        except (RuntimeError, ArithmeticError) as error:  # out of memory, a failed compilation
            print(f"{name}: failed: {' '.join(str(error).split())[:300]}", flush=True)
            return None


class Bench:
    """Times the sides, each combination once."""

    def __init__(self, size: Size, report: Report, pool: ProcessPoolExecutor) -> None:
        self.size, self.report, self.pool = size, report, pool
        self.has_torch = importlib.util.find_spec("torch") is not None
        self.bytes_per_s = np.inf
        self.flops_per_s = dict.fromkeys(size.precisions, np.inf)
        self.ours, self.theirs = cache(self._ours), cache(self._theirs)
        self.best: tuple[str, int] | None = None  # precision and batch

    def in_torch(self, function: str, *arguments: Any) -> Any:
        """Call a function of `gpu.torch_side` in the process of PyTorch."""
        return self.pool.submit(_in_torch, function, arguments).result()

    def _ours(self, network: str, activation: str, precision: str, batch: int) -> float | None:
        """Seconds of an epoch of images or of a step on signals, with a row for it."""
        from gpu.keras_side import epoch_time

        task = self.size.tasks[network]._replace(batch=batch)
        name = _named(task, activation, precision, "ours")
        n, steps = self._length(task)
        found = self.report.guarded(
            name, lambda: epoch_time(task, activation, precision, n, self.size.repeats)
        )
        if found is None:
            return None
        n_steps = n // task.batch
        seconds = found.seconds / steps
        least, flops = step_bytes(task, activation, N_BYTES[precision]), step_flops(task)
        step_s = found.seconds / n_steps
        self.report.add(
            name,
            seconds=seconds,
            step_ms=1e3 * step_s,
            step_gflop=flops / 1e9,
            compiler_gflop=_scaled(found.flops, 1e-9),
            least_mb=least / 1e6,
            compiler_mb=_scaled(found.n_bytes, 1e-6),
            share_of_copy_speed=least / self.bytes_per_s / step_s,
            share_of_matmul_speed=flops / self.flops_per_s[precision] / step_s,
        )
        return float(seconds)

    def _theirs(self, network: str, activation: str, precision: str, batch: int) -> float | None:
        """Seconds of the fastest way of PyTorch, with a row for each."""
        if not self.has_torch:
            return None
        task = self.size.tasks[network]._replace(batch=batch)
        n, steps = self._length(task)
        seconds = []
        for how in self.size.hows:
            name = _named(task, activation, precision, f"PyTorch {how}")
            arguments = ("epoch_seconds", task, activation, precision, how, n, self.size.repeats)
            found = self.report.guarded(name, lambda arguments=arguments: self.in_torch(*arguments))
            if found is not None:
                seconds.append(found / steps)
                self.report.add(name, seconds=seconds[-1])
        return min(seconds, default=None)

    def compare(self, name: str, ours: float | None, other: float | None, goal: float, against: str) -> None:
        """Add a row for a ratio, where both are known."""
        if ours is not None and other is not None:
            self.report.add(name, ratio=ours / other, goal=goal, against=against)

    def _length(self, task: Task) -> tuple[int, int]:
        """Inputs of an epoch, and by what its seconds are divided."""
        if task.rank == 2:
            return self.size.n_images, 1
        return self.size.signal_steps * task.batch, self.size.signal_steps


def limits(bench: Bench) -> None:
    """What the device can move and multiply."""
    from gpu.keras_side import copy_bytes_per_s, matmul_flops_per_s

    moved = copy_bytes_per_s(bench.size.copied_bytes)
    bench.report.add("copy, read and written", gb_per_s=moved / 1e9)
    bench.bytes_per_s = moved
    for precision in bench.size.precisions:
        bench.flops_per_s[precision] = matmul_flops_per_s(bench.size.matrix, precision)
        bench.report.add(f"matrix product, {precision}", tflop_per_s=bench.flops_per_s[precision] / 1e12)


def correctness(bench: Bench) -> None:
    """Forward and backward on the device beside PyTorch in float64 on the CPU, and the augmentation."""
    if not bench.has_torch:
        print("correctness: skipped, torch is not installed", flush=True)
        return
    from gpu.keras_side import computed

    against = "PyTorch, float64, on the CPU"
    for network, task in bench.size.tasks.items():
        inputs, labels = task.example(min(task.batch, 20))
        logits, gradients, weights = computed(task, inputs, labels)
        expected, slopes = bench.in_torch("reference", task, weights, inputs, labels)
        flat = [np.concatenate([each[path].ravel() for path in gradients]) for each in (gradients, slopes)]
        for what, found, truth in (("logits", logits, expected), ("gradients", *flat)):
            error = float(np.linalg.norm(found - truth) / np.linalg.norm(truth))
            bench.report.add(f"{network} {what}", error=error, goal=TOLERANCE, against=against)
    bench.report.add("augmentation", error=_warp_error(bench), goal=TOLERANCE, against="grid_sample")
    if not all(row["met"] for row in bench.report.rows if "error" in row):
        raise SystemExit("bench_gpu: the numbers are wrong, so their speed is not measured")


def batch_of_the_note(bench: Bench) -> None:
    """An epoch of record16 at the author's batch."""
    batch = bench.size.tasks["record16"].batch
    for precision in bench.size.precisions:
        _epoch(bench, f"record16 epoch at batch {batch}, {precision}", precision, batch, goal=2.0)


def best_batch(bench: Bench) -> None:
    """The same at larger batches, and PyTorch at the best of them."""
    found = []
    for precision in reversed(bench.size.precisions):
        for batch in bench.size.batches:
            seconds = bench.ours("record16", "aprelu", precision, batch)
            found += [(seconds, precision, batch)] if seconds is not None else []
    if found:
        bench.best = min(found)[1:]
        name = "record16 epoch at best batch {1}, {0}".format(*bench.best)
        _epoch(bench, name, *bench.best, goal=0.7)


def relu(bench: Bench) -> None:
    """What APReLU costs, at both batches."""
    batch = bench.size.tasks["record16"].batch
    places = [(precision, batch) for precision in bench.size.precisions]
    for precision, batch in [bench.best, *places] if bench.best else places:
        _aprelu_over_relu(bench, "record16", precision, batch)


def signals(bench: Bench) -> None:
    """A step of paper-m12."""
    batch = bench.size.tasks["paper-m12"].batch
    for precision in bench.size.precisions:
        _aprelu_over_relu(bench, "paper-m12", precision, batch)
        ours, theirs = (side("paper-m12", "aprelu", precision, batch) for side in (bench.ours, bench.theirs))
        bench.compare(f"paper-m12 step, {precision}, ours / PyTorch", ours, theirs, 0.8, PEER)


def _epoch(bench: Bench, name: str, precision: str, batch: int, *, goal: float) -> None:
    """Rows for an epoch of ours, and for its ratio to PyTorch."""
    ours = bench.ours("record16", "aprelu", precision, batch)
    if ours is not None:
        bench.report.add(name, seconds=ours, goal=goal)
    name = f"{name}, ours / PyTorch"
    bench.compare(name, ours, bench.theirs("record16", "aprelu", precision, batch), 0.8, PEER)


def _aprelu_over_relu(bench: Bench, network: str, precision: str, batch: int) -> None:
    """A row for a ratio of two networks of ours."""
    own, plain = (bench.ours(network, activation, precision, batch) for activation in ("aprelu", "relu"))
    name = f"{network} APReLU / ReLU, batch {batch}, {precision}"
    bench.compare(name, own, plain, 1.15, "the same network with ReLU")


def _device(tiny: bool) -> str:
    import jax

    device = jax.devices()[0]
    if device.platform != "gpu" and not tiny:
        raise SystemExit("bench_gpu: JAX sees no GPU here; --tiny tries everything on the CPU")
    return f"{device.device_kind}, JAX {jax.__version__}"


def _warp_error(bench: Bench) -> float:
    """Largest difference of both augmentations, as a share of white."""
    from gpu.augmentation import N_DRAWS, affine_maps
    from gpu.keras_side import raw_inputs, warped

    images = raw_inputs(bench.size.tasks["record16"], 8)
    draws = np.random.default_rng(1).uniform(-1, 1, (N_DRAWS, len(images))).astype(np.float32)
    maps = affine_maps(draws, images.shape[1], np)
    return float(
        np.abs(np.asarray(warped(images, maps)) - bench.in_torch("sampled", images, maps)).max() / 255
    )


def _in_torch(function: str, arguments: tuple[Any, ...]) -> Any:
    """Run in the other process; whatever PyTorch raises comes back as one kind that can be sent."""
    from gpu import torch_side

    try:
        return getattr(torch_side, function)(*arguments)
    except Exception as error:
        raise RuntimeError(f"{type(error).__name__}: {error}") from None


def _named(task: Task, activation: str, precision: str, side: str) -> str:
    unit = "epoch" if task.rank == 2 else "step"
    return f"{task.network} {unit}, batch {task.batch}, {precision}, {activation}, {side}"


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


if __name__ == "__main__":
    main()
