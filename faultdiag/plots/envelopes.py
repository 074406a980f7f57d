"""Pictures of what pulses in a signal: in which band, and how often."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.plots.figure import COLOURS, GREY, new_figure
from faultdiag.plots.signals import WIDTH, thinned
from faultdiag.signal.bands import BandMap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["UNNAMED", "envelope_picture", "evidence_map_picture", "kurtogram_picture", "modulation_picture"]

Numbers = NDArray[np.floating[Any]]

UNNAMED = "unnamed"
"""The fault of lines of which it is not known what makes them."""

STYLES = {
    # fault -> how its lines are called, colour and marker: print in grey still tells the markers apart
    "outer": ("BPFO, outer race", COLOURS["blue"], "o"),
    "inner": ("BPFI, inner race", COLOURS["vermilion"], "s"),
    "ball": ("2×BSF, ball", COLOURS["green"], "^"),
    "cage": ("FTF, cage", COLOURS["purple"], "D"),
    "shaft": ("shaft", GREY, "v"),
    UNNAMED: ("without a name", COLOURS["blue"], "P"),
}

NARROW = 4.8
"""Width in inches of a picture whose words are read on a telephone."""

LABEL_STEP = 0.032
"""Least distance of two labels, as a share of the width of the picture."""


def kurtogram_picture(kurtogram: BandMap, *, band_hz: Sequence[float]) -> "Figure":
    """Draw how impulsive each band is, and outline the one whose envelope is looked at.

    Parameters
    ----------
    kurtogram : BandMap
        Of one channel; bands share out the whole range at every level.
    band_hz : (float, float)
        The band to outline: the best one, or the one that was asked for.
    """
    return _band_picture(kurtogram, band_hz, "kurtosis", "kurtosis, 0 for noise", WIDTH)


def evidence_map_picture(evidence: BandMap, *, band_hz: Sequence[float]) -> "Figure":
    """Draw how strongly each band speaks for a fault, and outline the one whose envelope is looked at.

    Parameters
    ----------
    evidence : BandMap
        In nats; bands share out the whole range at every level.
    band_hz : (float, float)
        The band to outline.
    """
    return _band_picture(evidence, band_hz, "evidence", "evidence", NARROW)


def _band_picture(bands: BandMap, band_hz: Sequence[float], name: str, bar: str, width: float) -> "Figure":
    from matplotlib.patches import Rectangle

    levels = bands.levels()
    top_khz = float(bands.high_hz.max()) / 1000
    figure, axes = new_figure(1, 1, (width, 0.04 * width * len(levels) + 1.9))
    image = axes.imshow(
        bands.grid(),
        extent=(0, top_khz, len(levels), 0),
        aspect="auto",
        cmap="cividis",
        vmin=min(0.0, float(bands.value.max())),
        interpolation="none",
    )
    low_khz, high_khz = (edge / 1000 for edge in band_hz)
    same = np.flatnonzero(np.isclose(bands.low_hz, band_hz[0]) & np.isclose(bands.high_hz, band_hz[1]))
    rows = [k for k, (_, place) in enumerate(levels) if len(same) and place.start <= same[0] < place.stop]
    top, height = (rows[0], 1) if rows else (0, len(levels))
    box = Rectangle(
        (low_khz, top), high_khz - low_khz, height, fill=False, edgecolor=COLOURS["vermilion"], linewidth=2.5
    )
    axes.add_patch(box)
    box.set_clip_on(False)
    axes.set_yticks(np.arange(len(levels)) + 0.5, [_width(width) for width, _ in levels])
    axes.set_xlabel("frequency, kHz")
    axes.set_ylabel("width of the bands, Hz")
    said = f", {name} {float(bands.value[same[0]]):.3g}" if rows else ""
    axes.set_title(f"outlined: {low_khz:.4g} to {high_khz:.4g} kHz{said}", loc="left", fontsize=10)
    figure.colorbar(image, ax=axes, label=bar, pad=0.02)
    return figure


def _width(width_hz: float) -> str:
    """A width to the nearest hertz; three of a kind share out a range at 2133.333 Hz."""
    return f"{width_hz:.0f}" if width_hz >= 10 else f"{width_hz:.2g}"


def envelope_picture(
    freq_hz: Numbers,
    amplitude: Numbers,
    *,
    lines: Sequence[Mapping[str, Any]] = (),
    to_hz: float,
    shaft_hz: float | None = None,
    in_orders: bool = False,
    unit: str,
) -> "Figure":
    """Draw an envelope spectrum, and mark where a bearing's faults would have lines and where it has them.

    Parameters
    ----------
    freq_hz, amplitude : ndarray, shape [n_lines]
        Squared envelope spectrum; its root is drawn, in the unit of the signal.
    lines : sequence of mapping
        ``fault, name, sideband, expected_hz, found_hz, level_db``, where `found_hz` is None if no line
        stands out; perhaps ``also``, other names of the same peak. A sideband has a hollow marker and no
        name.
    to_hz : float
        End of the picture.
    shaft_hz : float, optional
        Speed of the shaft, for an axis of orders.
    in_orders : bool
        Whether orders are the main axis: where the speed varies, a frequency is one at the mean speed.
    unit : str
        Of the signal.
    """
    figure, axes = new_figure(1, 1, (WIDTH, 4.2))
    scale = shaft_hz if in_orders and shaft_hz else 1.0
    lines = [line for line in lines if line["expected_hz"] <= to_hz]
    _curve(axes, freq_hz, np.sqrt(amplitude), lines, to_hz, scale)
    _name(axes, [line for line in lines if line["found_hz"] is not None and not line["sideband"]], scale)
    axes.set_xlabel("order of the shaft" if in_orders else "frequency, Hz")
    axes.set_ylabel(f"root of the squared envelope, {'unit unknown' if unit == 'unknown' else unit}")
    if lines:
        figure.legend(loc="outside lower center", ncols=len(STYLES), fontsize=8, frameon=False)
    return figure


def modulation_picture(
    freq_hz: Numbers, modulation: Numbers, *, lines: Sequence[Mapping[str, Any]], to_hz: float
) -> "Figure":
    """Draw by how much the power of a band goes up and down, and mark the harmonics of one fault.

    Parameters
    ----------
    freq_hz, modulation : ndarray, shape [n_lines]
        Squared envelope spectrum over its mean, 0.1 for 10 %.
    lines : sequence of mapping
        As for `envelope_picture`; what is not found has a dash and no name.
    to_hz : float
        End of the picture.
    """
    figure, axes = new_figure(1, 1, (NARROW, 3.0))
    lines = [line for line in lines if line["expected_hz"] <= to_hz]
    _curve(axes, freq_hz, 100 * modulation, lines, to_hz, 1.0)
    for line in lines:
        if line["found_hz"] is not None:
            axes.annotate(
                f"{line['name']}\n{line['level_db']:.0f} dB",
                (line["found_hz"], 1.01),
                xycoords=axes.get_xaxis_transform(),
                ha="center",
                va="bottom",
                fontsize=9,
                color=STYLES[line["fault"]][1],
            )
    axes.set_xlabel("frequency, Hz")
    axes.set_ylabel("power goes up and down by, %")
    return figure


def _curve(
    axes: "Axes",
    freq_hz: Numbers,
    height: Numbers,
    lines: Sequence[Mapping[str, Any]],
    to_hz: float,
    scale: float,
) -> None:
    """A spectrum with its lines marked."""
    shown = (freq_hz > 0) & (freq_hz <= to_hz)
    axes.plot(*thinned(freq_hz[shown] / scale, height[shown]), color="black", linewidth=0.6)
    axes.set_xlim(0, to_hz / scale)
    axes.set_ylim(0, 1.08 * float(height[shown].max()))
    _mark(axes, lines, freq_hz, height, scale)
    axes.grid(alpha=0.3)


def _mark(
    axes: "Axes", lines: Sequence[Mapping[str, Any]], freq_hz: Numbers, height: Numbers, scale: float
) -> None:
    """Dashes where lines are expected, markers and names where they stand out."""
    for fault, (said, colour, marker) in STYLES.items():
        own = [line for line in lines if line["fault"] == fault]
        if not own:
            continue
        axes.vlines(
            [line["expected_hz"] / scale for line in own if not line["sideband"]],
            *(0, 1),
            transform=axes.get_xaxis_transform(),
            color=colour,
            linewidth=0.8,
            linestyle="--",
            alpha=0.5,
        )
        for is_sideband, face in ((False, colour), (True, "white")):
            found_hz = [line["found_hz"] for line in own if bool(line["sideband"]) == is_sideband]
            at_hz = np.array([hz for hz in found_hz if hz is not None])
            at_height = np.interp(at_hz, freq_hz, height)
            axes.plot(
                at_hz / scale,
                at_height,
                marker,
                color=colour,
                markerfacecolor=face,
                markersize=5,
                label=None if is_sideband else said,
            )


def _name(axes: "Axes", found: Sequence[Mapping[str, Any]], scale: float) -> None:
    """Names and levels above the picture, one for each peak, with a stroke to its place."""
    peaks: dict[float, list[Mapping[str, Any]]] = {}
    for line in found:
        peaks.setdefault(line["found_hz"] / scale, []).append(line)
    for at, place in _spread(axes, sorted(peaks)):
        names = ", ".join(
            dict.fromkeys(name for line in peaks[at] for name in (line["name"], *line.get("also", ())))
        )
        colour = STYLES[peaks[at][-1]["fault"]][1]
        axes.annotate(
            f"{names}  {peaks[at][0]['level_db']:.0f} dB",
            (at, 1.0),
            (place, 1.04),
            xycoords=axes.get_xaxis_transform(),
            textcoords=axes.transAxes,
            rotation=90,
            ha="center",
            va="bottom",
            fontsize=8,
            color=colour,
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "linewidth": 0.7,
                "relpos": (0.5, 0),
                "shrinkB": 0,
            },
        )


def _spread(axes: "Axes", places: Sequence[float]) -> list[tuple[float, float]]:
    """Each place on the axis with the one of its label, as a share of the width, none too near the next."""
    right = float(axes.get_xlim()[1])
    wanted = [place / right for place in places]
    at: list[float] = []
    for share in wanted:  # push to the right, then back from the edge
        at.append(max(share, at[-1] + LABEL_STEP) if at else share)
    limit = 1.0
    for k in reversed(range(len(at))):
        at[k] = min(at[k], limit)
        limit = at[k] - LABEL_STEP
    return list(zip(places, at, strict=True))
