"""Pictures of a training and of predictions, as matplotlib figures without a screen."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.plots.figure import new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "confusion_picture",
    "contact_sheets",
    "history_picture",
    "prediction_picture",
    "results_picture",
    "save_picture",
]

_SHEET_COLUMNS, _SHEET_ROWS = 10, 6
_WHITE_ABOVE = 0.55


def history_picture(history: Sequence[Mapping[str, float]], *, best_epoch: int) -> "Figure":
    """Draw cross-entropy and accuracy by epoch, training and validation.

    Parameters
    ----------
    history : sequence of mapping
        One row an epoch with ``epoch, crossentropy, accuracy`` and perhaps ``val_crossentropy,
        val_accuracy``.
    best_epoch : int
        The epoch whose weights were kept, from 1; 0 draws no mark.
    """
    figure, (left, right) = new_figure(1, 2, (9.0, 3.4))
    epochs = [row["epoch"] for row in history]
    for axes, name, said in ((left, "crossentropy", "cross-entropy"), (right, "accuracy", "accuracy")):
        axes.plot(epochs, [row[name] for row in history], marker=".", label="training")
        if history and f"val_{name}" in history[0]:
            axes.plot(epochs, [row[f"val_{name}"] for row in history], marker=".", label="validation")
        if best_epoch:
            axes.axvline(best_epoch, color="0.6", linewidth=0.8, linestyle="--", label="weights kept")
        axes.set_xlabel("epoch")
        axes.set_xlim(0, len(history) + 1)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set_ylabel(said)
        axes.grid(alpha=0.3)
    left.legend(frameon=False)
    return figure


def confusion_picture(counts: Mapping[str, NDArray[np.int64]], classes: Sequence[str]) -> "Figure":
    """Draw one matrix of true against found class for each test, in shares of the true class.

    Parameters
    ----------
    counts : mapping of str to ndarray of int64, shape [classes, classes]
        Windows by true and found class, by the name of the test.
    classes : sequence of str
        Class names.
    """
    side = max(3.4, 0.5 * len(classes) + 1.6)
    figure, panels = new_figure(1, len(counts), (side * len(counts), side))
    for axes, (name, matrix) in zip(np.atleast_1d(panels), counts.items(), strict=True):
        share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
        axes.imshow(share, vmin=0, vmax=1, cmap="Blues")
        for (row, column), value in np.ndenumerate(share):
            if matrix[row, column]:
                colour = "white" if value > _WHITE_ABOVE else "black"
                text = f"{100 * value:.0f}"
                axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=8)
        axes.set_xticks(range(len(classes)), classes, rotation=45, ha="right")
        axes.set_yticks(range(len(classes)), classes)
        axes.set_xlabel("found")
        axes.set_ylabel("true")
        axes.set_title(textwrap.fill(f"{name}: % of the true class", round(10 * side)), fontsize=10)
    return figure


def results_picture(results: Sequence[Mapping[str, Any]]) -> "Figure":
    """Draw the network's accuracy of each test beside that of the RMS alone."""
    figure, axes = new_figure(1, 1, (1.6 + 1.9 * max(1, len(results)), 3.4))
    places = np.arange(len(results))
    bars = [("network", [r["accuracy"] for r in results])]
    if all(r["rms_only"] for r in results):
        bars.append(("RMS only", [r["rms_only"]["accuracy"] for r in results]))
    if all(r["mirror_accuracy"] is not None for r in results):
        bars.append(("with mirror images", [r["mirror_accuracy"] for r in results]))
    width = 0.8 / len(bars)
    for number, (name, values) in enumerate(bars):
        at = places + (number - (len(bars) - 1) / 2) * width
        drawn = axes.bar(at, [100 * v for v in values], width, label=name)
        axes.bar_label(drawn, fmt="%.1f", fontsize=8)
    axes.set_xticks(places, [textwrap.fill(r["split"], 20) for r in results])
    axes.set_ylim(0, 108)  # room for the number above a bar of 100
    is_image = any(r["mirror_accuracy"] is not None for r in results)
    axes.set_ylabel("images right, %" if is_image else "windows right, %")
    figure.legend(frameon=False, ncols=2, loc="outside upper center", fontsize=8)
    return figure


def prediction_picture(
    probabilities: NDArray[np.floating[Any]], classes: Sequence[str], *, window_s: float | None, title: str
) -> "Figure":
    """Draw how the class probabilities run along a signal.

    Parameters
    ----------
    probabilities : ndarray, shape [windows, classes]
        Of consecutive windows.
    classes : sequence of str
        Class names.
    window_s : float or None
        Time from window to window; None counts windows.
    title : str
        Above the picture.
    """
    from matplotlib import colormaps

    figure, axes = new_figure(1, 1, (8.0, 3.2))
    # a step lasts to the next edge, so the last window's values stand at its end too
    edges = np.arange(len(probabilities) + 1) * (window_s or 1.0)
    values = np.concatenate([probabilities, probabilities[-1:]]).T
    palette = colormaps["tab10" if len(classes) <= 10 else "tab20"]
    colours = palette(np.arange(len(classes)) % palette.N)
    axes.stackplot(edges, values, labels=classes, step="post", colors=colours)
    axes.set_xlim(0, edges[-1])
    axes.set_ylim(0, 1)
    axes.set_xlabel("window" if window_s is None else "time, s")
    axes.set_ylabel("probability")
    axes.set_title(textwrap.fill(title, 90), fontsize=10)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False)
    return figure


def contact_sheets(images: Sequence[NDArray[np.uint8]], titles: Sequence[str]) -> "Iterator[Figure]":
    """Draw images side by side, 60 on a sheet, with what was said of each below it.

    Parameters
    ----------
    images : sequence of ndarray of uint8, shape [height, width, channels]
        Grey with one channel.
    titles : sequence of str
        One each.
    """
    columns = min(_SHEET_COLUMNS, len(images))
    for start in range(0, len(images), _SHEET_COLUMNS * _SHEET_ROWS):
        shown = range(start, min(start + _SHEET_COLUMNS * _SHEET_ROWS, len(images)))
        rows = -(-len(shown) // columns)
        figure, grid = new_figure(rows, columns, (1.5 * columns, 1.7 * rows))
        for axes in np.ravel(grid):
            axes.set_axis_off()
        for axes, number in zip(np.ravel(grid), shown, strict=False):
            image = images[number]
            axes.imshow(image[:, :, 0] if image.shape[-1] == 1 else image, cmap="gray", vmin=0, vmax=255)
            axes.set_title(textwrap.fill(titles[number], 18), fontsize=8, y=-0.04, va="top")
        yield figure


def save_picture(figure: "Figure", path: Path) -> None:
    """Write a figure in the format that the ending of the path names, such as .png or .svg."""
    figure.savefig(path, dpi=130, bbox_inches="tight")
