"""Recipes side by side: one Run for each recipe and seed, taken up again where a benchmark broke off."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from faultdiag.errors import ParameterError
from faultdiag.runs.document import RunDocument
from faultdiag.runs.folder import PART, check_finished
from faultdiag.training.display import Display
from faultdiag.training.recipe import make_recipe
from faultdiag.training.train import train

__all__ = ["Cell", "Summary", "benchmark", "summaries", "trained_once"]


@dataclass(frozen=True)
class Cell:
    """One finished training of a benchmark.

    Attributes
    ----------
    recipe : str
        As it was named.
    seed : int
        Of this training.
    folder : Path
        The Run.
    document : RunDocument
        Its run.json.
    """

    recipe: str
    seed: int
    folder: Path
    document: RunDocument

    @property
    def accuracy(self) -> float:
        """Of the last test, from 0 to 1."""
        return self.document.metrics.results[-1].accuracy

    @property
    def mirror_accuracy(self) -> float | None:
        """The same with each image judged together with its mirror image; None for signals."""
        return self.document.metrics.results[-1].mirror_accuracy

    @property
    def minutes(self) -> float:
        """Spent in training."""
        return float(self.document.training["fit_seconds"]) / 60


@dataclass(frozen=True)
class Summary:
    """The cells of one recipe.

    Attributes
    ----------
    recipe : str
        As it was named.
    n_seeds, epochs : int
        Trainings, and epochs of the longest.
    accuracy, deviation : float
        Mean over seeds, and standard deviation; 0 for a single seed.
    mirror_accuracy : float or None
        Mean; None for signals.
    minutes : float
        Of training, mean.
    """

    recipe: str
    n_seeds: int
    epochs: int
    accuracy: float
    deviation: float
    mirror_accuracy: float | None
    minutes: float


def benchmark(
    dataset: str,
    recipes: Sequence[str],
    seeds: Sequence[int],
    *,
    out: Path,
    data_dir: Path | None = None,
    settings: Mapping[str, Any] | None = None,
    device: str = "auto",
    backend: str | None = None,
    display: Display | None = None,
) -> Iterator[Cell]:
    """Train each recipe with each seed; what is finished in the folder is not trained again.

    Parameters
    ----------
    dataset : str
        A name in DATASETS.
    recipes : sequence of str
        Recipe files, or names of recipes that come with faultdiag; each file name once.
    seeds : sequence of int
        Of the trainings of each recipe.
    out : Path
        Folder of the Runs, ``<recipe>-seed<n>``; made if need be.
    data_dir, device, backend, display
        As for `faultdiag.train`.
    settings : mapping of str to value, optional
        Recipe keys that win over the recipes, in every cell.

    Yields
    ------
    Cell
        Seed by seed, and for each seed the recipes in their order.

    Raises
    ------
    ParameterError
        If two recipes have one name, or a Run in the folder is of another recipe.
    FaultdiagError
        Whatever `faultdiag.train` raises; the Runs that are finished stay.
    """
    names = [Path(recipe).stem for recipe in recipes]
    if len(set(names)) < len(names):
        raise ParameterError(f"benchmark: two recipes have one name: {', '.join(names)}")
    common: dict[str, Any] = {"data_dir": data_dir, "device": device, "backend": backend, "display": display}
    for seed in seeds:
        for name, recipe in zip(names, recipes, strict=True):
            folder = out / f"{name}-seed{seed}"
            given = {**(settings or {}), "seed": seed}
            yield Cell(name, seed, folder, trained_once(folder, dataset, recipe, given, **common))


def trained_once(
    folder: Path, dataset: str, recipe: str | None, settings: Mapping[str, Any], **options: Any
) -> RunDocument:
    """Return the run.json of a Run, after training it, or the rest of it, where it is not whole.

    Parameters
    ----------
    folder : Path
        Of the Run.
    dataset, recipe, settings
        As for `faultdiag.train`.
    **options
        What else it takes.

    Raises
    ------
    ParameterError
        If the Run in the folder is of another recipe.
    FaultdiagError
        Whatever `faultdiag.train` raises.
    """
    if not folder.exists():
        part = folder.with_name(folder.name + PART)
        started: dict[str, Any] = {"recipe": recipe, "settings": dict(settings), "out": folder}
        train(dataset, **options, **({"resume": part} if part.exists() else started))
    document = check_finished(folder)
    wanted = make_recipe(dataset, recipe=recipe, settings=settings)
    if document.recipe != wanted.model_dump(mode="json"):
        raise ParameterError(
            f"{folder}: was trained by another recipe than {recipe or 'this'} is now; name another folder, "
            "or remove it"
        )
    return document


def summaries(cells: Sequence[Cell]) -> list[Summary]:
    """Return one row a recipe, in the order in which they came."""
    rows = []
    for recipe in dict.fromkeys(cell.recipe for cell in cells):
        own = [cell for cell in cells if cell.recipe == recipe]
        accuracies = [cell.accuracy for cell in own]
        mirrored = [cell.mirror_accuracy for cell in own if cell.mirror_accuracy is not None]
        rows.append(
            Summary(
                recipe=recipe,
                n_seeds=len(own),
                epochs=max(int(cell.document.training["epochs"]) for cell in own),
                accuracy=float(np.mean(accuracies)),
                deviation=float(np.std(accuracies, ddof=1)) if len(own) > 1 else 0.0,
                mirror_accuracy=float(np.mean(mirrored)) if mirrored else None,
                minutes=float(np.mean([cell.minutes for cell in own])),
            )
        )
    return rows
