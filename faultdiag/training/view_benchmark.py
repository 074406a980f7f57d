"""Views side by side: the same network on each, judged on the same splits with several seeds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from faultdiag.datasets.splits import SPLITS
from faultdiag.runs.document import RunDocument
from faultdiag.training.benchmark import trained_once
from faultdiag.training.display import Display
from faultdiag.views.make import check_view_name

__all__ = ["ViewCell", "ViewRow", "compare_views", "view_rows"]


@dataclass(frozen=True)
class ViewCell:
    """One finished training.

    Attributes
    ----------
    view, split : str
        What the network saw, and what was held out.
    seed : int
        Of this training.
    folder : Path
        The Run.
    document : RunDocument
        Its run.json.
    """

    view: str
    split: str
    seed: int
    folder: Path
    document: RunDocument

    @property
    def macro_f1(self) -> float:
        """Of the records of the last test: what was held out most strictly."""
        return self.document.metrics.results[-1].record_macro_f1

    @property
    def window_macro_f1(self) -> float:
        """Of its windows."""
        return self.document.metrics.results[-1].macro_f1


@dataclass(frozen=True)
class ViewRow:
    """The cells of one view on one split.

    Attributes
    ----------
    view, split : str
        What the network saw, and what was held out.
    rank : int
        Of the view: 1 or 2.
    n_seeds : int
        Trainings.
    macro_f1, deviation, window_macro_f1 : float
        Of records, mean and standard deviation over seeds (0 for a single one); of windows, mean.
    minutes : float
        Of training, mean.
    """

    view: str
    split: str
    rank: int
    n_seeds: int
    macro_f1: float
    deviation: float
    window_macro_f1: float
    minutes: float


def compare_views(
    dataset: str,
    views: Sequence[str],
    splits: Sequence[str],
    seeds: Sequence[int],
    *,
    out: Path,
    data_dir: Path | None = None,
    settings: Mapping[str, Any] | None = None,
    device: str = "auto",
    backend: str | None = None,
    display: Display | None = None,
) -> Iterator[ViewCell]:
    """Train on each view and split with each seed; what is finished in the folder is not trained again.

    Parameters
    ----------
    dataset : str
        A name in DATASETS.
    views : sequence of str
        Rows of VIEWS, or several joined by ``+``.
    splits : sequence of str
        Such as ``bearing:0.007``.
    seeds : sequence of int
        Of the trainings of each.
    out : Path
        Folder of the Runs; made if need be.
    data_dir, device, backend, display
        As for `faultdiag.train`.
    settings : mapping of str to value, optional
        Recipe keys, in every cell.

    Yields
    ------
    ViewCell
        Seed by seed, and for each seed view by view.

    Raises
    ------
    ParameterError
        If there is no such view or split, or a Run in the folder is of another recipe.
    FaultdiagError
        Whatever `faultdiag.train` raises; the Runs that are finished stay.
    """
    for view in views:
        check_view_name(view)
    for split in splits:
        SPLITS.describe(split.partition(":")[0])
    common: dict[str, Any] = {"data_dir": data_dir, "device": device, "backend": backend, "display": display}
    for seed in seeds:
        for view in views:
            for split in splits:
                folder = out / f"{view}-{split.replace(':', '_')}-seed{seed}"
                given = {**(settings or {}), "view.name": view, "split": split, "seed": seed}
                yield ViewCell(
                    view, split, seed, folder, trained_once(folder, dataset, None, given, **common)
                )


def view_rows(cells: Sequence[ViewCell]) -> list[ViewRow]:
    """Return one row for each view and split, in the order in which they came."""
    rows = []
    for view, split in dict.fromkeys((cell.view, cell.split) for cell in cells):
        own = [cell for cell in cells if (cell.view, cell.split) == (view, split)]
        scores = [cell.macro_f1 for cell in own]
        rows.append(
            ViewRow(
                view=view,
                split=split,
                rank=len(own[0].document.network.input_shape) - 1,
                n_seeds=len(own),
                macro_f1=float(np.mean(scores)),
                deviation=float(np.std(scores, ddof=1)) if len(own) > 1 else 0.0,
                window_macro_f1=float(np.mean([cell.window_macro_f1 for cell in own])),
                minutes=float(np.mean([cell.document.training["fit_seconds"] / 60 for cell in own])),
            )
        )
    return rows
