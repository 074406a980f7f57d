"""Checkpoints that resume to the bit: every variable of model and optimiser, seeds included.

Keras' `BackupAndRestore` loses the optimiser's slots, which do not exist yet when it restores. Here
the optimiser is built first, then all variables are set.
"""

import io
import json
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import RunError
from faultdiag.runs.folder import write_safely
from faultdiag.training.job import CHECKPOINT

__all__ = ["CHECKPOINT", "Progress", "load_checkpoint", "save_checkpoint"]

# what NumPy, zipfile, json and `Progress` say about a damaged file; the last of a changed flag of the zip
_DAMAGES = (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error, RuntimeError)


@dataclass
class Progress:
    """Where a training stands, beside the variables.

    Attributes
    ----------
    epoch : int
        Epochs done.
    history : list of dict
        One row an epoch.
    best_epoch : int
        Epoch of the lowest validation cross-entropy so far, from 1; 0 before the first.
    best_loss : float
        That cross-entropy.
    best_weights : list of ndarray
        The network's variables at that epoch; empty where nothing validates.
    seconds : float
        Time spent in training.
    stopped : bool
        Whether training has ended early.
    """

    epoch: int = 0
    history: list[dict[str, float]] = field(default_factory=list)
    best_epoch: int = 0
    best_loss: float = np.inf
    best_weights: list[NDArray[Any]] = field(default_factory=list)
    seconds: float = 0.0
    stopped: bool = False


def save_checkpoint(folder: Path, model: keras.Model, progress: Progress) -> None:
    """Write all variables and the progress, as one file that replaces the last one whole.

    Raises
    ------
    RunError
        If it cannot be written; the last checkpoint is still there.
    """
    arrays = {f"variable{i:04}": np.asarray(v) for i, v in enumerate(_variables(model))}
    arrays |= {f"best{i:04}": array for i, array in enumerate(progress.best_weights)}
    told = {
        "epoch": progress.epoch,
        "history": progress.history,
        "best_epoch": progress.best_epoch,
        "best_loss": progress.best_loss,
        "seconds": progress.seconds,
        "stopped": progress.stopped,
    }
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, progress=np.array(json.dumps(told)), **arrays)
    write_safely(folder / CHECKPOINT, buffer.getvalue())


def load_checkpoint(folder: Path, model: keras.Model) -> Progress:
    """Set all variables of a compiled model and its optimiser; a folder without checkpoint is at epoch 0.

    Raises
    ------
    RunError
        If the checkpoint is damaged or of another network.
    """
    model.optimizer.build(model.trainable_variables)
    path = folder / CHECKPOINT
    if not path.is_file():
        return Progress()
    try:
        # NumPy leaves a file open that it finds to be no archive
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            told = json.loads(str(file["progress"]))
            names = sorted(file.files)
            arrays = [file[name] for name in names if name.startswith("variable")]
            best = [file[name] for name in names if name.startswith("best")]
        progress = Progress(best_weights=best, **told)
    except _DAMAGES as error:
        raise RunError(f"{path}: damaged checkpoint; remove it to begin again") from error
    variables = _variables(model)
    if [a.shape for a in arrays] != [tuple(v.shape) for v in variables]:
        raise RunError(f"{path}: checkpoint of another network; remove it to begin again")
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
    return progress


def _variables(model: keras.Model) -> list[Any]:
    """Every number that training changes: weights, statistics, seeds and the optimiser's slots."""
    return [*model.variables, *model.optimizer.variables]
