"""What is trained on: prepared examples, their split, and the view, all decided by recipe and data."""

from dataclasses import dataclass

import numpy as np

from faultdiag.datasets.examples import Examples
from faultdiag.datasets.splits import Layout, Split, split_examples
from faultdiag.errors import DatasetError
from faultdiag.training.recipe import Recipe
from faultdiag.views.base import View
from faultdiag.views.make import fit_view
from faultdiag.views.pool import WindowPool
from faultdiag.views.preparation import Preparation
from faultdiag.windows import Windows

__all__ = ["Material", "gather"]

MIXED_PASS, MIXED_STOP = 0.375, 0.4167
"""Edges of the common low-pass of records of several rates, as shares of the common rate."""

FIT_WINDOWS = 4096
"""A view is fitted on at most so many training windows, taken evenly."""


@dataclass(frozen=True, eq=False)
class Material:
    """All that a training works on.

    Attributes
    ----------
    recipe, examples
        What was asked for, and the data.
    preparation : Preparation
        The common form of the records.
    pool : WindowPool
        The prepared examples.
    layout : Layout
        How windows are cut.
    split : Split
        Which side each is on.
    view : View
        What the network sees of one.
    """

    recipe: Recipe
    examples: Examples
    preparation: Preparation
    pool: WindowPool
    layout: Layout
    split: Split
    view: View

    @property
    def notes(self) -> list[str]:
        """What a reader of the results must know."""
        missing = self.examples.missing
        listed = [f"{len(missing)} files are not there: {', '.join(missing)}"] if missing else []
        return [*self.examples.notes, *listed, *self.split.notes]


def gather(recipe: Recipe, examples: Examples) -> Material:
    """Prepare, split and fit the view.

    Raises
    ------
    FaultdiagError
        If records, recipe and split do not fit together.
    """
    if examples.kind == "image":
        preparation = Preparation(channels=())
        pool = WindowPool(examples.labels, images=examples.images)
        layout = Layout(1, 1, 1)
    else:
        preparation = _preparation(recipe, examples)
        pool = WindowPool(examples.labels, tuple(preparation(record) for record in examples.records))
        window = recipe.data.window
        layout = Layout(window, recipe.data.train_hop or max(1, window // 2), recipe.data.test_hop or window)
    split = split_examples(examples, recipe.split, lengths=pool.lengths, layout=layout, seed=recipe.seed)
    return Material(
        recipe, examples, preparation, pool, layout, split, _fitted_view(recipe, pool, split.train)
    )


def _preparation(recipe: Recipe, examples: Examples) -> Preparation:
    """The common channels and rate: those of the recipe, else what the records have in common."""
    data, records = recipe.data, examples.records
    if not records:
        raise DatasetError(f"data set {examples.name!r}: no record to train on")
    channels = data.channels or records[0].channels
    known = {record.rate_hz for record in records}
    rates = sorted(rate for rate in known if rate is not None)
    if None in known and (rates or data.rate_hz or data.lowpass_hz):
        unknown = next(record for record in records if record.rate_hz is None)
        others = f"other records have {rates[0]:g} Hz" if rates else "the recipe has one or a low-pass"
        raise DatasetError(
            f"{unknown.origin}: the rate is unknown while {others}; give it with --rate or in the manifest"
        )
    rate_hz = (data.rate_hz or rates[0]) if rates else None
    lowpass_hz = data.lowpass_hz
    if rate_hz is not None and lowpass_hz is None and set(rates) != {rate_hz}:
        # else a class could be known by the filter that only some of the rates need
        lowpass_hz = (MIXED_PASS * rate_hz, MIXED_STOP * rate_hz)
    return Preparation(tuple(channels), rate_hz, lowpass_hz)


def _fitted_view(recipe: Recipe, pool: WindowPool, train: Windows) -> View:
    every = np.linspace(0, len(train) - 1, min(len(train), FIT_WINDOWS)).astype(np.int64)
    windows = pool.samples(train.take(every))
    return fit_view(recipe.view.name, windows, rate_hz=pool.rate_hz, options=recipe.view.options)
