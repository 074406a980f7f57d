"""Pictures of what programs in tools/ have measured, from their tables beside this file."""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.stats import beta

from faultdiag.plots.figure import COLOURS, GREY, new_figure

HERE = Path(__file__).parent
FAULTS = {"outer": "outer race", "inner": "inner race", "ball": "ball or roller"}
PARTS = {**FAULTS, "cage": "cage"}

Rows = list[dict[str, str]]


def snr_picture() -> Figure:
    """Draw the shares of faults claimed rightly and wrongly against the signal-to-noise ratio."""
    rows = _table("diagnose_snr.csv")
    figure, panels = new_figure(1, len(FAULTS), (9.0, 3.2), sharey=True)
    for axes, (part, words) in zip(panels, FAULTS.items(), strict=True):
        for method, colour in (("faultdiag", COLOURS["blue"]), ("raw envelope", COLOURS["vermilion"])):
            own = [row for row in rows if row["fault"] == part and row["method"] == method]
            for outcome, style in (("right", "o-"), ("wrong", "x:")):
                x, y = _columns(own, "snr_db", outcome)
                axes.plot(x, 100 * y, style, color=colour, label=f"{method}: {outcome}", markersize=4)
        axes.set_title(words, fontsize=10)
        axes.set_xlabel("signal-to-noise ratio / dB")
        axes.grid(alpha=0.3)
    panels[0].set_ylabel("share of records / %")
    panels[-1].legend(frameon=False, fontsize=7.5, loc="lower right", bbox_to_anchor=(1, 0.12))
    return figure


def p_values_picture() -> Figure:
    """Draw p-values found in noise against uniform ones, for each part, statistic and kind of noise."""
    rows = _table("diagnose_p_values.csv")
    kinds = sorted({row["noise"] for row in rows} - {"all"})
    colours = dict(zip(kinds, COLOURS.values(), strict=True))
    statistics = sorted({row["statistic"] for row in rows})
    figure, panels = new_figure(len(statistics), len(PARTS), (10.0, 5.4), sharex=True, sharey=True)
    for line, statistic in zip(panels, statistics, strict=True):
        for axes, (part, words) in zip(line, PARTS.items(), strict=True):
            own = [row for row in rows if row["part"] == part and row["statistic"] == statistic]
            _draw_quantiles(axes, own, colours)
            axes.set_title(f"{words}: {statistic}", fontsize=9)
        line[0].set_ylabel("p-value found")
    for axes in panels[-1]:
        axes.set_xlabel("p-value if uniform")
    panels[0, 0].legend(frameon=False, fontsize=6.5, loc="lower right")
    return figure


def _draw_quantiles(axes: Axes, rows: Rows, colours: dict[str, str]) -> None:
    by_noise = defaultdict(list)
    for row in rows:
        by_noise[row["noise"]].append(row)
    expected, found = _columns(by_noise["all"], "expected", "found")
    n = int(by_noise["all"][0]["n"])
    ranks = expected * (n + 1)
    low, high = (beta.ppf(q, ranks, n + 1 - ranks) for q in (0.025, 0.975))
    axes.fill_between(expected, low, high, color="0.85", label=f"95 % of samples of {n}")
    axes.loglog(expected, expected, color=GREY, linewidth=0.8)
    for noise, colour in colours.items():
        axes.loglog(*_columns(by_noise[noise], "expected", "found"), color=colour, linewidth=0.9, label=noise)
    axes.loglog(expected, found, color="black", linewidth=1.6, label="all")
    axes.grid(alpha=0.3)


def _columns(rows: Rows, *names: str) -> tuple[NDArray[np.float64], ...]:
    return tuple(np.array([float(row[name]) for row in rows]) for name in names)


def _table(name: str) -> Rows:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
