"""Optimisers and the course of their learning rate, from the recipe."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from faultdiag.training.muon import Muon, moves_by_muon
from faultdiag.training.recipe import Fit

__all__ = ["StepDecay", "Triangle", "make_optimizer"]

_NO_KERNELS = ["bias", "beta", "gamma"]


def make_optimizer(fit: Fit, weights: Sequence[Any], *, steps: int) -> keras.optimizers.Optimizer:
    """Return the optimiser of a recipe.

    Parameters
    ----------
    fit : Fit
        The recipe's part.
    weights : sequence of keras.Variable
        That it will move.
    steps : int
        Batches from first to last epoch.
    """
    schedule = _schedule(fit, steps)
    weight_decay = fit.weight_decay or None
    if fit.optimizer == "adamw":
        optimizer = keras.optimizers.AdamW(schedule, weight_decay=fit.weight_decay)
    elif fit.optimizer == "muon":
        optimizer = Muon(
            schedule,
            kernel_share=fit.kernel_share / fit.learning_rate,
            momentum=fit.momentum,
            weight_decay=weight_decay,
        )
        optimizer.exclude_from_weight_decay(var_list=[w for w in weights if moves_by_muon(w)])
    else:
        optimizer = keras.optimizers.SGD(
            schedule, momentum=fit.momentum, nesterov=True, weight_decay=weight_decay
        )
    if fit.decay == "kernels":
        optimizer.exclude_from_weight_decay(var_names=_NO_KERNELS)
    return optimizer


def _schedule(fit: Fit, steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
    rate, warm = fit.learning_rate, round(fit.warmup * steps)
    if fit.schedule == "triangle":
        return Triangle(rate, warm, steps)
    if fit.schedule == "steps":
        return StepDecay(rate, [drop * steps // fit.epochs for drop in fit.drops])
    return keras.optimizers.schedules.CosineDecay(
        rate / 100 if warm else rate,
        decay_steps=max(1, steps - warm),
        warmup_target=rate if warm else None,
        warmup_steps=warm,
    )


class Triangle(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that rises evenly from zero and falls evenly to zero.

    Parameters
    ----------
    rate : float
        The highest.
    warm, steps : int
        Batches of the rise, and in all.
    """

    def __init__(self, rate: float, warm: int, steps: int) -> None:
        self.rate, self.warm, self.steps = rate, warm, steps

    def __call__(self, step: Any) -> Any:
        """Return the rate of a batch, from 0: the middle of its place, so that none is zero."""
        place = ops.cast(step, "float32") + 0.5
        rising = place / max(1, self.warm)
        falling = (self.steps - place) / max(1, self.steps - self.warm)
        return self.rate * ops.maximum(ops.minimum(rising if self.warm else 1.0, falling), 0.0)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make it again."""
        return {"rate": self.rate, "warm": self.warm, "steps": self.steps}


class StepDecay(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that is divided by ten at certain batches.

    Parameters
    ----------
    rate : float
        The first.
    drops : list of int
        The batches, from 0, with which lower rates begin.
    """

    def __init__(self, rate: float, drops: list[int]) -> None:
        self.rate, self.drops = rate, list(drops)

    def __call__(self, step: Any) -> Any:
        """Return the rate of a batch, from 0."""
        passed = sum((ops.cast(step >= drop, "float32") for drop in self.drops), ops.zeros(()))
        return self.rate * 0.1**passed

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make it again."""
        return {"rate": self.rate, "drops": self.drops}
