"""How the figures of CIFAR-10 are measured."""

import json
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from children import BUILD, FAULTDIAG, ROOT, Measure, cifar10, run


def accuracy() -> dict[str, float]:
    """Three seeds of the default recipe, judged on the test images."""
    (row,) = _rows("--split", "official", "--seeds", 3, "-o", BUILD / "cifar10")
    return {
        "cifar10_accuracy": row["accuracy"],
        "cifar10_deviation": row["deviation"],
        "cifar10_with_mirror_images": row["mirror_accuracy"],
    }


def wall_clock() -> dict[str, float]:
    """Ten epochs of a seed of the default recipe, start and judgement included, beside its bare steps."""
    from bench_images import prepare_step
    from blocks import beside

    with tempfile.TemporaryDirectory() as folder:
        options = ["--seeds", 1, "--set", "fit.epochs=10", "-o", folder]
        command = [*FAULTDIAG, "benchmark", "cifar10", *cifar10(), *options]
        seconds, bare_s = beside(command, partial(prepare_step, "cifar10"))
        return {"cifar10_wall_clock": seconds / (_steps(Path(folder) / "cifar10-seed0") * bare_s)}


def record16() -> dict[str, float]:
    """The note's recipe for 30 epochs, judged by learnt statistics and by those of the test batches."""
    folder = BUILD / "cifar10_record16"
    options = ["--recipe", "cifar10_record16", "--set", "fit.epochs=30", "--quiet", "-o", folder]
    if not folder.exists():
        part = folder.with_name("cifar10_record16.part")
        again = ["--resume", part] if part.exists() else options
        run(*FAULTDIAG, "train", "--dataset", "cifar10", *cifar10(), *again)
    shutil.copy(folder / "history.csv", ROOT / "docs" / "cifar10_record16_30_epochs.csv")
    program = ROOT / "tools" / "batch_statistics.py"
    both = json.loads(run(sys.executable, program, folder, *cifar10()[1:]).stdout)
    return {
        "cifar10_record16_30_epochs": both["learnt"],
        "cifar10_record16_30_epochs_batch_statistics": both["of_the_batch"],
    }


MEASURES = (
    Measure(("cifar10_accuracy", "cifar10_deviation", "cifar10_with_mirror_images"), accuracy, long=True),
    Measure(("cifar10_wall_clock",), wall_clock, long=True),
    Measure(
        ("cifar10_record16_30_epochs", "cifar10_record16_30_epochs_batch_statistics"), record16, long=True
    ),
)


def _rows(*options: object) -> list[dict[str, Any]]:
    """What `faultdiag benchmark cifar10` prints."""
    child = run(*FAULTDIAG, "benchmark", "cifar10", *cifar10(), *options, "--json")
    rows: list[dict[str, Any]] = json.loads(child.stdout)["rows"]
    return rows


def _steps(folder: Path) -> int:
    """How many batches a finished Run was trained on."""
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    batches = -(-about["training"]["windows"] // about["recipe"]["fit"]["batch_size"])
    return int(batches * about["training"]["epochs"])
