"""Figures without a screen, and colours that everybody can tell apart."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["COLOURS", "GREY", "new_figure"]

COLOURS = {
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "green": "#009E73",
    "purple": "#A6448A",
    "orange": "#E69F00",
}
"""By Okabe and Ito (2008), Color Universal Design; the purple is darker, for thin lines on white."""

GREY = "#4D4D4D"


def new_figure(rows: int, columns: int, size: tuple[float, float], **options: Any) -> "tuple[Figure, Any]":
    """Return a figure and its axes.

    Parameters
    ----------
    rows, columns : int
        Number of axes.
    size : (float, float)
        Width and height in inches.
    **options
        For `matplotlib.figure.Figure.subplots`.

    Returns
    -------
    Figure, Axes or ndarray of Axes
        Laid out so that nothing is cut off, and unknown to pyplot.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, **options)
