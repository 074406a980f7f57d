"""Twins: networks with different rectifiers and as nearly the same number of weights as can be.

The paper's APReLU networks have 2.1 to 2.2 times the weights of the networks they are compared with, so
that a better result may come from the rectifier or from the size. A twin takes the size out.
"""

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from faultdiag.networks.plan import Plan
from faultdiag.networks.table import ACTIVATIONS

__all__ = ["as_large", "n_trainable"]

_FREE_WIDTHS = 5
"""So many of the different widths, the widest ones, are tried around their rounded value."""

_AROUND = (-1, 0, 1)


def as_large(plan: Plan, activation: str) -> Plan:
    """Return the plan with its widths changed so that it has the weights of another rectifier's network.

    All widths are multiplied by one factor and rounded; then each is tried one filter off, and the
    combination nearest in number of weights is taken, of several the one nearest to the common factor.
    Widths that were equal stay equal, and none overtakes another. The networks of the paper and record 16
    meet their APReLU twin within 1 %.

    Parameters
    ----------
    plan : Plan
        The network to widen or to narrow.
    activation : str
        Name in ACTIVATIONS of the rectifier whose network is to be met.

    Returns
    -------
    Plan
        The same search gives the same widths always: a Run builds its network again from the options.

    Raises
    ------
    ParameterError
        If the name is unknown, or a width on the way is too narrow for the `reduction` of a slope network.
    """
    other = replace(plan, activation=activation)
    goal = n_trainable(other, _rectifier_weights(other))
    weights = _rectifier_weights(plan)
    if n_trainable(plan, weights) == goal:
        return plan
    factor = _factor(plan, goal, weights)

    def distance(candidate: Plan) -> tuple[int, float]:
        missed = abs(n_trainable(candidate, weights) - goal)
        pairs = zip(_filters(plan), _filters(candidate), strict=True)
        return missed, sum(math.log(new / (factor * old)) ** 2 for old, new in pairs)

    return min(_around(plan, factor), key=distance)


def n_trainable(plan: Plan, rectifier_weights: Callable[[int], int] | None = None) -> int:
    """Return how many trainable weights the network of a plan has, without building it.

    Parameters
    ----------
    plan : Plan
        The network.
    rectifier_weights : callable, optional
        From a number of channels to the trainable weights of its rectifier; found from the layer by default.
    """
    of_rectifier = rectifier_weights or _rectifier_weights(plan)
    rank, kernel = plan.settings.rank, plan.kernel

    def conv(length: int, channels: int, filters: int) -> int:
        return (int(length**rank) * channels + 1) * filters

    def rectified(channels: int) -> int:
        return 2 * channels + of_rectifier(channels)

    count = conv(plan.stem_kernel, plan.channels, plan.stem_filters)
    for block in plan.blocks():
        count += rectified(block.channels) + conv(kernel, block.channels, block.filters)
        count += rectified(block.filters) + conv(kernel, block.filters, block.filters)
        if plan.shortcut == "projection" and not block.keeps_shape:
            count += conv(1, block.channels, block.filters)
    return count + rectified(plan.last_filters) + (plan.last_filters + 1) * plan.n_classes


def _rectifier_weights(plan: Plan) -> Callable[[int], int]:
    """From a number of channels to the trainable weights of the plan's rectifier: those of its layer."""

    @cache  # for this search only: making a layer draws from the seed, which must not depend on the past
    def weights(channels: int) -> int:
        layer = ACTIVATIONS.load(plan.activation)(plan.settings)
        layer.build((None, *(None,) * plan.settings.rank, channels))
        return sum(math.prod(variable.shape) for variable in layer.trainable_variables)

    return weights


def _factor(plan: Plan, goal: int, weights: Callable[[int], int]) -> float:
    """The factor of all widths, in steps of one filter of the widest, at which `goal` is reached."""
    widest = max(_widths(plan))
    missed = goal - n_trainable(plan, weights)
    steps = itertools.count(1) if missed > 0 else range(-1, -widest, -1)
    factor = 1.0
    for step in steps:
        factor = 1 + step / widest
        if (goal - n_trainable(_scaled(plan, factor), weights)) * missed <= 0:
            break
    return factor


def _filters(plan: Plan) -> list[int]:
    """The widths of stem and stages."""
    return [plan.stem_filters, *(filters for filters, _, _ in plan.stages)]


def _widths(plan: Plan) -> list[int]:
    """The different widths, narrow ones first."""
    return sorted(set(_filters(plan)))


def _scaled(plan: Plan, factor: float) -> Plan:
    return _with_widths(plan, {width: max(1, round(factor * width)) for width in _widths(plan)})


def _with_widths(plan: Plan, widths: dict[int, int]) -> Plan:
    stages = tuple((widths[filters], n_blocks, stride) for filters, n_blocks, stride in plan.stages)
    return replace(plan, stem_filters=widths[plan.stem_filters], stages=stages)


def _around(plan: Plan, factor: float) -> Iterator[Plan]:
    """Plans whose widths are near the common factor."""
    widths = _widths(plan)
    scaled = [max(1, round(factor * width)) for width in widths]
    n_fixed = max(0, len(widths) - _FREE_WIDTHS)
    for moves in itertools.product(_AROUND, repeat=len(widths) - n_fixed):
        tried = [width + move for width, move in zip(scaled, (*(0,) * n_fixed, *moves), strict=True)]
        if tried[0] >= 1 and tried == sorted(tried):
            yield _with_widths(plan, dict(zip(widths, tried, strict=True)))
