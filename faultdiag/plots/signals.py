"""Pictures of a vibration signal: over time, over frequency, and over both."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.plots.figure import COLOURS, GREY, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["order_map_picture", "spectrogram_picture", "spectrum_picture", "thinned", "waveform_picture"]

Numbers = NDArray[np.floating[Any]]

WIDTH = 6.0
"""Of a picture, in inches: text can be read on a page and on a telephone."""

MOST_POINTS = 4000
"""Of a curve; more cannot be seen."""

MOST_MARKS = 50
"""Closer together they would hide the curve."""

RANGE_DB = 60.0
"""What the colours of a map span."""


def waveform_picture(
    extremes: Numbers, *, duration_s: float, closer: Numbers, closer_from_s: float, rate_hz: float, unit: str
) -> "Figure":
    """Draw a whole record, and a stretch of it closer.

    Parameters
    ----------
    extremes : ndarray, shape [2, n_columns]
        Smallest and largest sample in equal parts of the record, so that no peak is lost.
    duration_s : float
        Length of the record.
    closer : ndarray, shape [n_samples]
        Samples of the stretch.
    closer_from_s : float
        When the stretch begins.
    rate_hz : float
        Sampling rate.
    unit : str
        Of the samples.
    """
    figure, (whole, near) = new_figure(2, 1, (WIDTH, 4.6))
    edges_s = np.linspace(0, duration_s, extremes.shape[1] + 1)
    steps = np.concatenate([extremes, extremes[:, -1:]], axis=1)
    whole.fill_between(edges_s, *steps, step="post", color=COLOURS["blue"], linewidth=0.4)
    whole.set_xlim(0, duration_s)
    whole.set_title("the whole record", loc="left", fontsize=10)
    time_s = closer_from_s + np.arange(len(closer)) / rate_hz
    near.plot(time_s, closer, color=COLOURS["blue"], linewidth=0.7)
    near.set_xlim(time_s[0], time_s[-1])
    near.set_title("what is shaded above", loc="left", fontsize=10)
    near.ticklabel_format(axis="x", useOffset=False)
    whole.axvspan(time_s[0], time_s[-1], color=COLOURS["vermilion"], alpha=0.5, linewidth=1)
    for axes in (whole, near):
        axes.set_xlabel("time, s")
        axes.set_ylabel(_amplitude(unit))
        axes.grid(alpha=0.3)
    return figure


def spectrum_picture(
    freq_hz: Numbers,
    amplitude: Numbers,
    *,
    unit: str,
    low_hz: float,
    band_hz: Sequence[float] | None = None,
    shaft_hz: float | None = None,
) -> "Figure":
    """Draw the amplitudes of the whole spectrum, and its lower end closer.

    Parameters
    ----------
    freq_hz, amplitude : ndarray, shape [n_lines]
        The spectrum, in peak values.
    unit : str
        Of the amplitude.
    low_hz : float
        Up to where the lower end goes.
    band_hz : (float, float), optional
        A band to shade: the one whose envelope is looked at.
    shaft_hz : float, optional
        Speed of the shaft: its multiples are marked in the lower end, if they are not too many.
    """
    figure, (whole, low) = new_figure(2, 1, (WIDTH, 5.2))
    shown = freq_hz > 0
    low_shown = shown & (freq_hz <= low_hz)
    for axes, part in ((whole, shown), (low, low_shown)):
        axes.semilogy(*thinned(freq_hz[part], amplitude[part]), color=COLOURS["blue"], linewidth=0.7)
        axes.set_xlim(0, freq_hz[part][-1])
        axes.set_ylim(_floor(amplitude[part]), 2 * float(amplitude[part].max()))
        axes.set_xlabel("frequency, Hz")
        axes.set_ylabel(_amplitude(unit))
        axes.grid(alpha=0.3)
    if band_hz is not None:
        whole.axvspan(
            *band_hz, color=COLOURS["orange"], alpha=0.25, linewidth=0, label="band of the envelope"
        )
        whole.legend(loc="lower left", fontsize=9)
    if shaft_hz is not None and low_hz <= MOST_MARKS * shaft_hz:
        multiples = shaft_hz * np.arange(1, int(low_hz / shaft_hz) + 1)
        low.vlines(
            multiples, 0, 1, transform=low.get_xaxis_transform(), color=GREY, linewidth=0.8, linestyle=":",
            label="multiples of the shaft speed",
        )  # fmt: skip
        low.legend(loc="upper right", fontsize=9)
    return figure


def spectrogram_picture(time_s: Numbers, freq_hz: Numbers, amplitude: Numbers, *, unit: str) -> "Figure":
    """Draw the amplitudes over time and frequency.

    Parameters
    ----------
    time_s : ndarray, shape [n_frames]
        Middles of the frames.
    freq_hz : ndarray, shape [n_lines]
        Frequencies, evenly spaced.
    amplitude : ndarray, shape [n_lines, n_frames]
        In peak values.
    unit : str
        Of the amplitude.
    """
    figure, axes = new_figure(1, 1, (WIDTH, 3.6))
    _map(axes, time_s, freq_hz / 1000, amplitude, unit)
    axes.set_xlabel("time, s")
    axes.set_ylabel("frequency, kHz")
    return figure


def order_map_picture(
    time_s: Numbers, frame_rpm: Numbers, order: Numbers, amplitude: Numbers, *, unit: str
) -> "Figure":
    """Draw the speed over time, and below it the amplitudes over time and order.

    Parameters
    ----------
    time_s, frame_rpm : ndarray, shape [n_frames]
        Middles of the frames, and the speed in each.
    order : ndarray, shape [n_orders]
        Multiples of the shaft speed, evenly spaced.
    amplitude : ndarray, shape [n_orders, n_frames]
        In peak values.
    unit : str
        Of the amplitude.
    """
    figure, (above, axes) = new_figure(2, 1, (WIDTH, 4.8), sharex=True, height_ratios=(1, 3))
    above.plot(time_s, frame_rpm, color=COLOURS["blue"])
    above.set_ylabel("speed, rpm")
    above.grid(alpha=0.3)
    _map(axes, time_s, order, amplitude, unit)
    axes.set_xlabel("time, s")
    axes.set_ylabel("order of the shaft")
    return figure


def thinned(x: Numbers, y: Numbers, n_points: int = MOST_POINTS) -> tuple[Numbers, Numbers]:
    """Return a curve of at most about `n_points` points that keeps every peak and every dip.

    Parameters
    ----------
    x, y : ndarray, shape [n]
        The curve, `x` rising.
    n_points : int
        Of the result; a shorter curve comes back as it is.

    Examples
    --------
    >>> x = np.arange(100)
    >>> _, y = thinned(x, np.where(x == 37, 5.0, 0.0), n_points=20)
    >>> len(y), float(y.max())
    (20, 5.0)
    """
    width = -(-2 * len(x) // n_points)
    if width <= 2:
        return x, y
    whole = len(x) // width * width
    parts = y[:whole].reshape(-1, width)
    starts = np.arange(0, whole, width)
    kept = np.sort([starts + parts.argmin(axis=1), starts + parts.argmax(axis=1)], axis=0).T.ravel()
    kept = np.concatenate([kept, np.arange(whole, len(x))])
    return x[kept], y[kept]


def _map(axes: "Axes", x: Numbers, y: Numbers, amplitude: Numbers, unit: str) -> None:
    """Levels as colours, the strongest down to `RANGE_DB` below it."""
    largest = float(amplitude.max())
    level = 20 * np.log10(np.maximum(amplitude / largest, 10 ** (-RANGE_DB / 20)))
    half_x, half_y = (x[1] - x[0]) / 2 if len(x) > 1 else 0.5, (y[1] - y[0]) / 2
    image = axes.imshow(
        level,
        extent=(x[0] - half_x, x[-1] + half_x, y[0] - half_y, y[-1] + half_y),
        origin="lower",
        aspect="auto",
        cmap="cividis",
        vmin=-RANGE_DB,
        vmax=0,
        interpolation="antialiased",
    )
    axes.set_ylim(max(y[0] - half_y, 0), y[-1])
    reference = f"{largest:.3g} {'' if unit == 'unknown' else unit}".strip()
    axes.figure.colorbar(image, ax=axes, label=f"level, dB below {reference}", pad=0.02)


def _amplitude(unit: str) -> str:
    return "amplitude, unit unknown" if unit == "unknown" else f"amplitude, {unit}"


def _floor(amplitude: Numbers) -> float:
    """Lower end of an axis: below the noise, above numbers that are 0 but for rounding."""
    return float(max(np.percentile(amplitude, 2) / 3, amplitude.max() * 1e-6))
