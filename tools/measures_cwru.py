"""How the figures of a training on CWRU are measured, and those of an hour that its Run judges."""

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from children import BUILD, FAULTDIAG, Measure, cwru, run

HOUR_RATE_HZ = 48000
HOUR_S = 3600
SPEED_RPM = 1797

VIEWS = (
    "cyclic_map",
    "envelope_spectrum",
    "kurtogram",
    "log_spectrum",
    "multiband_envelope",
    "raw",
    "raw_prewhitened",
    "scalogram",
    "spectrum",
    "stft",
)
VIEW_SPLITS = ("bearing:0.007", "bearing:0.021", "load:3")
"""Of the bearings of 7 and 21 mil: those of 14 are held out elsewhere, and choose nothing."""

STREAM = """
import sys, numpy, faultdiag
folder, (seconds, rate_hz, speed_rpm) = sys.argv[1], map(int, sys.argv[2:])
rng = numpy.random.default_rng(0)
blocks = (rng.standard_normal(rate_hz, numpy.float32) for _ in range(seconds))
run = faultdiag.load_run(folder)
for _ in run.stream(blocks, rate_hz=rate_hz, speed_rpm=speed_rpm, every_s=60):
    pass
"""


def train_cwru() -> dict[str, float]:
    """Train as `faultdiag train --dataset cwru` does without options."""
    run("rm", "-rf", BUILD / "cwru", BUILD / "cwru.part")
    child = run(*FAULTDIAG, "train", "--dataset", "cwru", *cwru(), "--json", "-o", BUILD / "cwru")
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


def learning_by_view() -> dict[str, float]:
    """Train the same network on each view with three seeds, and hold out bearings or a load of those kept.

    What the Runs in the folder have finished is not trained again.
    """
    splits = [word for split in VIEW_SPLITS for word in ("--split", split)]
    kept = ["--set", "data.options.sizes_mil=[7,21]", "--set", "data.window=4096"]
    child = run(
        *FAULTDIAG, "benchmark", "views", *cwru(), *splits, *kept, "--json", "--quiet", "-o", BUILD / "views"
    )
    scores: dict[str, list[float]] = defaultdict(list)
    for row in json.loads(child.stdout)["rows"]:
        scores[f"views_{row['view']}"].append(row["macro_f1"])
    return {name: float(np.mean(values)) for name, values in scores.items()}


MEASURES = (
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
    Measure(tuple(f"views_{name}" for name in VIEWS), learning_by_view, long=True),
)


def _severity(split: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        options = ["--task", "severity", "--split", split, "--json", "-o", Path(folder) / "run"]
        child = run(*FAULTDIAG, "train", "--dataset", "cwru", *cwru(), *options)
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
