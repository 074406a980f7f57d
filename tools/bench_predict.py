"""Cold start of `faultdiag predict` on an exported Run: 10 seconds at 48 kHz, from nothing to the answer.

python tools/bench_predict.py      prints both ratios
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import startup

Block = Callable[[], float]

N_BLOCKS = 5
RATE_HZ, SECONDS = 48000, 10
LIBRARIES = "import numpy, scipy.signal, onnxruntime"
TRAIN = ["--dataset", "simulated", "--set", "data.options.n_bearings=3", "--epochs", "1", "--quiet"]

_folder = tempfile.TemporaryDirectory()  # removed at the end of the process


def cold_beside_imports() -> tuple[Block, Block]:
    """`faultdiag predict` on an exported Run, and the import of the libraries that it may need."""
    return lambda: run(*_predict("onnx")), lambda: run("-c", LIBRARIES)


def cold_beside_keras() -> tuple[Block, Block]:
    """`faultdiag predict` by the exported network, and by Keras on TensorFlow."""
    return lambda: run(*_predict("onnx")), lambda: run(*_predict("tensorflow"))


def run(*arguments: str) -> float:
    """Return how long an interpreter with these arguments runs; it must end well."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


@cache
def exported_run() -> tuple[Path, Path]:
    """A Run that was trained for an epoch and exported, and a file with a signal."""
    folder = Path(_folder.name)
    run("-c", startup.COMMAND, "train", *TRAIN, "-o", str(folder / "run"))
    noise = np.random.default_rng(0).standard_normal(RATE_HZ * SECONDS, np.float32)
    np.save(folder / "signal.npy", noise)
    return folder / "run", folder / "signal.npy"


def _predict(backend: str) -> list[str]:
    folder, signal = exported_run()
    options = ["--rate", str(RATE_HZ), "--run", str(folder), "--backend", backend, "--device", "cpu"]
    return ["-c", startup.COMMAND, "predict", str(signal), *options]


def main() -> None:
    """Print the median ratio of each comparison."""
    for make, goal in ((cold_beside_imports, 2.0), (cold_beside_keras, 0.25)):
        ours, rival = make()
        times = np.array([(ours(), rival()) for _ in range(N_BLOCKS)])
        medians = np.median(times, axis=0)
        ratio = medians[0] / medians[1]
        print(f"{make.__doc__} {medians[0]:.2f} s / {medians[1]:.2f} s = {ratio:.2f}, goal {goal}")


if __name__ == "__main__":
    main()
