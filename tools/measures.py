"""How each figure in docs/results.json is measured; those of a subject stand in a file of their own."""

import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import measures_cifar10
import measures_cwru
import measures_diagnosis
import numpy as np
import startup
from children import FAULTDIAG, ROOT, Measure, run

N_KILLS = 5


def demo() -> dict[str, float]:
    """Time the demo where everything is installed."""
    run("make", f"VENV={sys.prefix}", f"{sys.prefix}/.with-train")
    return {"demo_seconds_without_installs": run("make", "demo", f"VENV={sys.prefix}").seconds}


def demo_from_nothing() -> dict[str, float]:
    """Time the demo in a fresh clone of what is committed, pip's cache as it is."""
    with tempfile.TemporaryDirectory() as folder:
        run("git", "clone", "--quiet", ROOT, folder)
        return {"demo_seconds_with_installs": run("make", "demo", cwd=Path(folder)).seconds}


def suite() -> dict[str, float]:
    """Time the whole test suite."""
    return {"test_seconds": run("make", "test", f"VENV={sys.prefix}").seconds}


def start() -> dict[str, float]:
    """Start the command line beside `import click`."""
    return {f"startup_ratio_{name}": ratio for name, ratio in startup.ratios().items()}


def resume_after_kill() -> dict[str, float]:
    """Kill a training five times with SIGKILL, and compare its weights with the uninterrupted ones."""
    options = ["--dataset", "simulated", "--set", "data.options.n_bearings=3", "--epochs", 2 * N_KILLS]
    with tempfile.TemporaryDirectory() as folder:
        whole, killed = Path(folder) / "whole", Path(folder) / "killed"
        run(*FAULTDIAG, "train", *options, "--quiet", "-o", whole)
        part = killed.with_name("killed.part")
        begin = [*FAULTDIAG, "train", *options, "--quiet", "-o", killed]
        resume = [*FAULTDIAG, "train", "--resume", part, "--quiet"]
        rng = random.Random(0)
        for kill in range(N_KILLS):
            _run_and_kill(begin if kill == 0 else resume, part / "checkpoint.npz", delay_s=rng.random())
        run(*resume)
        return {"resume_after_kill_difference": _largest_difference(whole, killed)}


MEASURES = (
    Measure(("demo_seconds_without_installs",), demo),
    Measure(("demo_seconds_with_installs",), demo_from_nothing),
    Measure(("test_seconds",), suite),
    *measures_cwru.MEASURES,
    Measure(("startup_ratio_help", "startup_ratio_error"), start),
    Measure(("resume_after_kill_difference",), resume_after_kill),
    *measures_cifar10.MEASURES,
    *measures_diagnosis.MEASURES,
)


def _run_and_kill(command: list[Any], checkpoint: Path, *, delay_s: float) -> None:
    """Start a training, wait until it has written a checkpoint and a little longer, then kill it."""
    before = _stamp(checkpoint)
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    while _stamp(checkpoint) == before and process.poll() is None:
        time.sleep(0.02)
    time.sleep(delay_s)
    if process.poll() is not None:
        raise SystemExit(f"the training ended with {process.returncode} before it could be killed")
    process.send_signal(signal.SIGKILL)
    process.wait()


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.is_file() else 0


def _largest_difference(one: Path, other: Path) -> float:
    import faultdiag

    weights = [faultdiag.load_run(folder).network.get_weights() for folder in (one, other)]
    return max(float(np.abs(a - b).max()) for a, b in zip(*weights, strict=True))
