"""Pictures of one turn of a shaft."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.plots.envelopes import NARROW
from faultdiag.plots.figure import COLOURS, GREY, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["turn_picture"]

Numbers = NDArray[np.floating[Any]]

LEAST_TOP = 2.0
"""End of the axis, in means, at least: what hardly swells must not look like a peak."""


def turn_picture(power: Numbers, *, healthy: Numbers | None = None) -> "Figure":
    """Draw the power over one turn, and that of a reference behind it.

    Parameters
    ----------
    power : ndarray, shape [n_bins]
        At even angles, over its mean.
    healthy : ndarray, shape [n_bins], optional
        The same of the reference.
    """
    figure, axes = new_figure(1, 1, (NARROW, 2.8))
    curves = [(power, "this record", {"color": COLOURS["blue"], "linewidth": 1.4})]
    if healthy is not None:
        curves.insert(0, (healthy, "reference", {"color": GREY, "linewidth": 1.2, "alpha": 0.5}))
    for curve, label, style in curves:
        # a turn ends where it begins
        axes.plot(np.linspace(0, 1, len(curve) + 1), np.append(curve, curve[0]), label=label, **style)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, max(LEAST_TOP, *(1.08 * float(curve.max()) for curve, _, _ in curves)))
    axes.set_xlabel("angle, turns")
    axes.set_ylabel("power over its mean")
    axes.grid(alpha=0.3)
    if healthy is not None:
        figure.legend(loc="outside lower center", ncols=len(curves), fontsize=9, frameon=False)
    return figure
