"""One training as a folder: begun, interrupted, taken up again."""

import hashlib
import importlib.util
import json
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from faultdiag.datasets.examples import Examples
from faultdiag.datasets.load import load_dataset
from faultdiag.datasets.splits import SPLITS
from faultdiag.errors import MissingExtraError, ParameterError, RunError
from faultdiag.networks.table import NETWORKS
from faultdiag.runs.folder import PART, new_part, write_safely
from faultdiag.training.display import Display
from faultdiag.training.material import Material
from faultdiag.training.recipe import Recipe, make_recipe, recipe_toml
from faultdiag.views.make import check_view_name

__all__ = ["BEGUN", "CHECKPOINT", "Job", "begin", "check_data", "drop_unused", "resumed_backend", "take_up"]

CHECKPOINT = "checkpoint.npz"
"""File name in the folder of an unfinished Run."""

BEGUN = "begun.json"
"""What a resume must know beside the recipe: where the data lay, and their hash."""


@dataclass(frozen=True)
class Job:
    """One training: what is to be done, and where.

    Attributes
    ----------
    folder : Path
        Of the unfinished Run.
    recipe : Recipe
        How to train.
    examples : Examples
        The data.
    data_dir : Path or None
        Where they came from.
    tensorboard : bool
        Whether to write logs for it.
    backend : str
        Of Keras; another one would not end in the same weights.
    """

    folder: Path
    recipe: Recipe
    examples: Examples
    data_dir: Path | None
    tensorboard: bool
    backend: str


def begin(
    dataset: str | Examples,
    *,
    data_dir: Path | None,
    recipe: Path | str | None,
    settings: dict[str, Any],
    out: Path | None,
    tensorboard: bool,
    backend: str,
    display: Display,
) -> Job:
    """Read recipe and data, then make the folder; see `faultdiag.train` for the parameters.

    Raises
    ------
    ParameterError
        If a setting is wrong or a name unknown.
    MissingExtraError
        If logs are asked for and TensorBoard is not installed.
    """
    if tensorboard and importlib.util.find_spec("tensorboard") is None:
        raise MissingExtraError("--tensorboard", "tensorboard")
    made = make_recipe(dataset, recipe=recipe, settings=settings)
    # a wrong name must not come out after an hour of download
    SPLITS.describe(made.split.partition(":")[0])
    check_view_name(made.view.name)
    NETWORKS.describe(made.network.name)
    examples = _examples(dataset, made, data_dir, display)
    folder = new_part(made.dataset, made.task, out)
    write_safely(folder / "recipe.toml", recipe_toml(made).encode())
    job = Job(folder, made, examples, data_dir, tensorboard, backend)
    _note(job, None)
    return job


def take_up(folder: Path, dataset: str | Examples | None, data_dir: Path | None, display: Display) -> Job:
    """Take up an unfinished Run.

    Raises
    ------
    ParameterError
        If there is no such folder.
    RunError
        If the Run is finished, or damaged.
    """
    if not folder.is_dir():
        raise ParameterError(f"--resume {folder}: no such folder")
    if not folder.name.endswith(PART):
        raise RunError(f"--resume {folder}: not an unfinished Run (those end in {PART})")
    try:
        recipe = Recipe(**tomllib.loads((folder / "recipe.toml").read_text(encoding="utf-8")))
        begun = json.loads((folder / BEGUN).read_text(encoding="utf-8"))
        place = data_dir or (Path(begun["data_dir"]) if begun["data_dir"] else None)
        tensorboard, backend, _ = bool(begun["tensorboard"]), str(begun["backend"]), begun["sha256"]
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise RunError(f"--resume {folder}: damaged; train again") from error
    name = dataset.name if isinstance(dataset, Examples) else dataset
    if name not in (None, recipe.dataset):
        raise ParameterError(f"--resume {folder}: this Run is of data set {recipe.dataset!r}, not {name!r}")
    examples = _examples(dataset or recipe.dataset, recipe, place, display)
    return Job(folder, recipe, examples, place, tensorboard, backend)


def resumed_backend(folder: Path, backend: str | None) -> str | None:
    """Return the backend that an unfinished Run began with, or the given one where that is unknown.

    Raises
    ------
    ParameterError
        If another one is given: it would not end in the same weights.
    """
    try:
        begun = str(json.loads((folder / BEGUN).read_text(encoding="utf-8"))["backend"])
    except (OSError, ValueError, KeyError, TypeError):
        return backend  # `take_up` says what is wrong with the folder
    if backend not in (None, begun):
        raise ParameterError(
            f"--resume {folder}: begun with backend {begun!r}, cannot go on with {backend!r}"
        )
    return begun


def check_data(job: Job, material: Material) -> None:
    """Write down what the data are, or compare them with what was written down before.

    Raises
    ------
    RunError
        If the data have changed since.
    """
    pool = material.pool
    described = zip(pool.labels, material.examples.groups, strict=True)
    lines = [f"{pool.sha256(i)} {label} {group}\n" for i, (label, group) in enumerate(described)]
    found = hashlib.sha256("".join(lines).encode()).hexdigest()
    noted = json.loads((job.folder / BEGUN).read_text(encoding="utf-8"))["sha256"]
    if noted is None:
        _note(job, found)
    elif noted != found:
        raise RunError(f"--resume {job.folder}: the data are not those the Run began with; train again")


def drop_unused(job: Job) -> None:
    """Remove the folder if no training has begun in it: a wrong start leaves nothing behind."""
    if not (job.folder / CHECKPOINT).is_file():
        shutil.rmtree(job.folder, ignore_errors=True)


def _note(job: Job, sha256: str | None) -> None:
    """Write down what a resume must know; the hash comes when the data have been prepared."""
    begun = {
        "data_dir": None if job.data_dir is None else str(job.data_dir.resolve()),
        "tensorboard": job.tensorboard,
        "backend": job.backend,
        "sha256": sha256,
    }
    write_safely(job.folder / BEGUN, json.dumps(begun).encode())


def _examples(dataset: str | Examples, recipe: Recipe, data_dir: Path | None, display: Display) -> Examples:
    if isinstance(dataset, Examples):
        return dataset
    return load_dataset(
        dataset,
        data_dir,
        task=recipe.task,
        channels=recipe.data.channels,
        progress=display.fetch,
        **recipe.data.options,
    )
