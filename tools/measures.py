"""How each figure in docs/results.json is measured: children of this process, timed and weighed."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import startup

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "results"
FAULTDIAG = [sys.executable, "-c", startup.COMMAND]

HOUR_RATE_HZ = 48000
HOUR_S = 3600
SPEED_RPM = 1797
N_KILLS = 5

STREAM = """
import sys, numpy, faultdiag
folder, (seconds, rate_hz, speed_rpm) = sys.argv[1], map(int, sys.argv[2:])
rng = numpy.random.default_rng(0)
blocks = (rng.standard_normal(rate_hz, numpy.float32) for _ in range(seconds))
run = faultdiag.load_run(folder)
for _ in run.stream(blocks, rate_hz=rate_hz, speed_rpm=speed_rpm, every_s=60):
    pass
"""


@dataclass(frozen=True)
class Child:
    """A process that has ended well: how long it took, how much memory it held, what it said."""

    seconds: float
    memory_gb: float
    stdout: str


@dataclass(frozen=True)
class Measure:
    """A function that measures some rows; one that takes over ten minutes runs only when it is named."""

    names: tuple[str, ...]
    function: Callable[[], dict[str, float]]
    long: bool = False


def run(*command: object, cwd: Path = ROOT) -> Child:
    """Run a command to its end; its stderr is shown."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen([str(part) for part in command], stdout=out, cwd=cwd)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        stdout = out.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{stdout}")
    # Linux counts the largest resident set in KiB
    return Child(time.perf_counter() - start, usage.ru_maxrss * 1024 / 1e9, stdout)


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


def train_cwru() -> dict[str, float]:
    """Train as `faultdiag train --dataset cwru` does without options."""
    run("rm", "-rf", BUILD / "cwru", BUILD / "cwru.part")
    child = run(*FAULTDIAG, "train", "--dataset", "cwru", *_cwru(), "--json", "-o", BUILD / "cwru")
    results = {part["split"]: part["accuracy"] for part in json.loads(child.stdout)["results"]}
    seen = results.pop("seen")
    (unseen,) = results.values()
    return {
        "train_cwru_seconds": child.seconds,
        "train_cwru_memory_gb": child.memory_gb,
        "cwru_fault_seen_windows": seen,
        "cwru_fault_unseen_windows": unseen,
    }


def severity_random() -> dict[str, float]:
    """Ten classes, windows shuffled: the habit of the field, leaky."""
    return {"cwru_severity_random_windows": _severity("random")}


def severity_load() -> dict[str, float]:
    """Ten classes, each load held out in turn."""
    return {"cwru_severity_load_mean": float(np.mean([_severity(f"load:{load}") for load in range(4)]))}


def predict_hour() -> dict[str, float]:
    """Predict an hour of noise with Keras."""
    factor, memory_gb = _predict_hour("tensorflow", judge=_cwru_run())
    return {"predict_hour_realtime_factor": factor, "predict_hour_memory_gb": memory_gb}


def predict_hour_exported() -> dict[str, float]:
    """Predict an hour of noise with the exported network of the same Run."""
    factor, memory_gb = _predict_hour("onnx", judge=_cwru_run())
    return {"predict_hour_exported_realtime_factor": factor, "predict_hour_exported_gb": memory_gb}


def hour_of_views() -> dict[str, float]:
    """Judge an hour of noise by a view in orders of the shaft: a file, and a stream that is never whole."""
    factor, memory_gb = _predict_hour("onnx", judge=_orders_run(), options=["--speed", SPEED_RPM])
    stream = run(sys.executable, "-c", STREAM, _orders_run(), HOUR_S, HOUR_RATE_HZ, SPEED_RPM)
    return {
        "predict_hour_orders_realtime_factor": factor,
        "predict_hour_orders_gb": memory_gb,
        "stream_hour_orders_gb": stream.memory_gb,
    }


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


def cifar10() -> dict[str, float]:
    """Three seeds of the default recipe, judged on the test images."""
    (row,) = _cifar10_rows("--split", "official", "--seeds", 3, "-o", BUILD / "cifar10")
    return {
        "cifar10_accuracy": row["accuracy"],
        "cifar10_deviation": row["deviation"],
        "cifar10_with_mirror_images": row["mirror_accuracy"],
    }


def cifar10_wall_clock() -> dict[str, float]:
    """Ten epochs of a seed of the default recipe, start and judgement included, beside its bare steps."""
    with tempfile.TemporaryDirectory() as folder:
        before = _bare_step_s("cifar10")
        begin = time.monotonic()
        _cifar10_rows("--seeds", 1, "--set", "fit.epochs=10", "-o", folder)
        seconds = time.monotonic() - begin
        bare_s = (before + _bare_step_s("cifar10")) / 2
        return {"cifar10_wall_clock": seconds / (_steps(Path(folder) / "cifar10-seed0") * bare_s)}


def cifar10_record16() -> dict[str, float]:
    """The note's recipe for 30 epochs, judged by learnt statistics and by those of the test batches."""
    folder = BUILD / "cifar10_record16"
    options = ["--recipe", "cifar10_record16", "--set", "fit.epochs=30", "--quiet", "-o", folder]
    if not folder.exists():
        part = folder.with_name("cifar10_record16.part")
        again = ["--resume", part] if part.exists() else options
        run(*FAULTDIAG, "train", "--dataset", "cifar10", *_cifar10(), *again)
    shutil.copy(folder / "history.csv", ROOT / "docs" / "cifar10_record16_30_epochs.csv")
    program = ROOT / "tools" / "batch_statistics.py"
    both = json.loads(run(sys.executable, program, folder, *_cifar10()[1:]).stdout)
    return {
        "cifar10_record16_30_epochs": both["learnt"],
        "cifar10_record16_30_epochs_batch_statistics": both["of_the_batch"],
    }


def smith_randall_drive_end() -> dict[str, float]:
    """The graded records of the drive end at 12 kHz, diagnosed: each run is a look."""
    seen, hard = _graded("12k_DE")
    return {
        "smith_randall_drive_end_first": seen["first"],
        "smith_randall_drive_end_right": seen["right"],
        "smith_randall_drive_end_wrong": seen["wrong"],
        "smith_randall_drive_end_hard_right": hard["right"],
        "smith_randall_drive_end_hard_wrong": hard["wrong"],
    }


def smith_randall_others() -> dict[str, float]:
    """The records on which the rules were made."""
    (drive_end, hard_drive_end), (fan_end, hard_fan_end) = _graded("48k_DE"), _graded("12k_FE")
    every = (drive_end, hard_drive_end, fan_end, hard_fan_end)
    return {
        "smith_randall_48k_right": drive_end["right"],
        "smith_randall_fan_end_right": fan_end["right"],
        "smith_randall_others_wrong": sum(row["wrong"] for row in every),
    }


def alarms_in_noise() -> dict[str, float]:
    """Claims in a thousand pieces of noise of five kinds."""
    return {"diagnose_noise_alarms": _alarms("noise")["share"]}


def alarms_in_healthy() -> dict[str, float]:
    """Claims in pieces of healthy records, for the own bearing and for others of its size."""
    counts = _alarms("healthy")
    return {
        "diagnose_healthy_alarms": counts["own"],
        "diagnose_healthy_alarms_others": counts["share_others"],
    }


def another_rig() -> dict[str, float]:
    """The records of a rig that no rule was made with."""
    counts = _alarms("hit-sm")
    return {"diagnose_hit_sm_right": counts["right"], "diagnose_hit_sm_alarms": counts["alarms"]}


MEASURES = (
    Measure(("demo_seconds_without_installs",), demo),
    Measure(("demo_seconds_with_installs",), demo_from_nothing),
    Measure(("test_seconds",), suite),
    Measure(
        (
            "train_cwru_seconds",
            "train_cwru_memory_gb",
            "cwru_fault_seen_windows",
            "cwru_fault_unseen_windows",
        ),
        train_cwru,
    ),
    Measure(("cwru_severity_random_windows",), severity_random),
    Measure(("cwru_severity_load_mean",), severity_load, long=True),
    Measure(("predict_hour_realtime_factor", "predict_hour_memory_gb"), predict_hour),
    Measure(("predict_hour_exported_realtime_factor", "predict_hour_exported_gb"), predict_hour_exported),
    Measure(
        ("predict_hour_orders_realtime_factor", "predict_hour_orders_gb", "stream_hour_orders_gb"),
        hour_of_views,
    ),
    Measure(("startup_ratio_help", "startup_ratio_error"), start),
    Measure(("resume_after_kill_difference",), resume_after_kill),
    Measure(
        ("cifar10_accuracy", "cifar10_deviation", "cifar10_with_mirror_images"),
        cifar10,
        long=True,
    ),
    Measure(("cifar10_wall_clock",), cifar10_wall_clock, long=True),
    Measure(
        (
            "smith_randall_drive_end_first",
            "smith_randall_drive_end_right",
            "smith_randall_drive_end_wrong",
            "smith_randall_drive_end_hard_right",
            "smith_randall_drive_end_hard_wrong",
        ),
        smith_randall_drive_end,
        long=True,
    ),
    Measure(("diagnose_noise_alarms",), alarms_in_noise),
    Measure(("diagnose_healthy_alarms", "diagnose_healthy_alarms_others"), alarms_in_healthy),
    Measure(("diagnose_hit_sm_right", "diagnose_hit_sm_alarms"), another_rig),
    Measure(
        ("smith_randall_48k_right", "smith_randall_fan_end_right", "smith_randall_others_wrong"),
        smith_randall_others,
    ),
    Measure(
        ("cifar10_record16_30_epochs", "cifar10_record16_30_epochs_batch_statistics"),
        cifar10_record16,
        long=True,
    ),
)


def _cwru() -> list[object]:
    """Where the CWRU files are: unpacked from the test data, or in the user's cache."""
    data = os.environ.get("FAULTDIAG_TEST_DATA")
    if not data:
        return []
    folder = BUILD / "cwru_files"
    if not folder.is_dir():
        run(sys.executable, Path(data) / "cwru" / "unpack.py", folder, "--parts")
    return ["--data-dir", folder]


def _alarms(what: str) -> dict[str, Any]:
    """What tools/alarms.py counts."""
    counts: dict[str, Any] = json.loads(run(sys.executable, ROOT / "tools" / "alarms.py", what).stdout)
    return counts


def _graded(record_set: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Counts of a set: of the records that experts could diagnose, and of the others."""
    child = run(*FAULTDIAG, "benchmark", "smith-randall", *_cwru(), "--set", record_set, "--json")
    rows = [row for row in json.loads(child.stdout)["rows"] if row["fault"] == "all"]
    seen, hard = (next(row for row in rows if row["grades"].startswith(grade)) for grade in ("Y", "P"))
    return seen, hard


def _cifar10() -> list[object]:
    """Where the CIFAR-10 files are: unpacked from the test data, or in the user's cache."""
    data = os.environ.get("FAULTDIAG_TEST_DATA")
    if not data:
        return []
    folder = BUILD / "cifar10_files"
    if not folder.is_dir():
        run(sys.executable, Path(data) / "cifar10" / "unpack.py", folder)
    return ["--data-dir", folder]


def _cifar10_rows(*options: object) -> list[dict[str, Any]]:
    """What `faultdiag benchmark cifar10` prints."""
    child = run(*FAULTDIAG, "benchmark", "cifar10", *_cifar10(), *options, "--json")
    rows: list[dict[str, Any]] = json.loads(child.stdout)["rows"]
    return rows


def _steps(folder: Path) -> int:
    """How many batches a finished Run was trained on."""
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    batches = -(-about["training"]["windows"] // about["recipe"]["fit"]["batch_size"])
    return int(batches * about["training"]["epochs"])


def _bare_step_s(recipe: str) -> float:
    """Seconds of one training step of a recipe on a batch in memory, without augmentation."""
    from bench_images import prepare_step
    from blocks import interleaved

    return float(np.median(interleaved([partial(prepare_step, recipe)], n_blocks=9, steps=10)))


def _severity(split: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        options = ["--task", "severity", "--split", split, "--json", "-o", Path(folder) / "run"]
        child = run(*FAULTDIAG, "train", "--dataset", "cwru", *_cwru(), *options)
    results: list[dict[str, Any]] = json.loads(child.stdout)["results"]
    (held_out,) = [part["accuracy"] for part in results if part["split"] == split]
    return float(held_out)


def _cwru_run() -> Path:
    """The Run of `train_cwru`, made first where there is none."""
    if not (BUILD / "cwru" / "model.onnx").is_file():
        train_cwru()
    return BUILD / "cwru"


def _orders_run() -> Path:
    """A Run on envelope spectra in orders, trained for one epoch: what it says does not matter."""
    folder = BUILD / "orders"
    if not folder.exists():
        run("rm", "-rf", folder.with_name("orders.part"))
        few = ["--set", "data.options.n_bearings=3", "--epochs", 1, "--view", "envelope_spectrum", "--quiet"]
        run(*FAULTDIAG, "train", "--dataset", "simulated", *few, "-o", folder)
    return folder


def _predict_hour(backend: str, *, judge: Path, options: Sequence[object] = ()) -> tuple[float, float]:
    """How many times faster than real time an hour of 48 kHz, 691 MB, is judged after start-up; peak memory.

    Start-up is what the same takes for two seconds of signal.
    """
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        hour, moment = Path(folder) / "hour.npy", Path(folder) / "moment.npy"
        _write_noise(hour, HOUR_S * HOUR_RATE_HZ)
        _write_noise(moment, 2 * HOUR_RATE_HZ)
        words = ["--rate", HOUR_RATE_HZ, "--run", judge, "--backend", backend, "--json", *options]
        short = run(*FAULTDIAG, "predict", moment, *words)
        long = run(*FAULTDIAG, "predict", hour, *words)
    return HOUR_S / (long.seconds - short.seconds), long.memory_gb


def _write_noise(path: Path, n_samples: int) -> None:
    """White noise as a float32 .npy file, written in pieces so that this process stays small."""
    rng = np.random.default_rng(0)
    with path.open("wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": (n_samples,)}
        np.lib.format.write_array_header_1_0(file, header)
        for first in range(0, n_samples, 1 << 20):
            n = min(1 << 20, n_samples - first)
            file.write(rng.standard_normal(n, np.float32).astype("<f4").tobytes())


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
