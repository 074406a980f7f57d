"""The lines of a spectrum at whole and broken orders of the shaft, and the noise around them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from faultdiag.diagnosis.envelope_lines import MAINS_HZ
from faultdiag.errors import RecordError

__all__ = ["FEWEST_TURNS", "HIGH", "ORDERS", "ShaftLines", "shaft_lines"]

Numbers = NDArray[np.float64]

BROKEN = (0.5, 1.5, 2.5, 3.5, 1 / 3, 2 / 3, 4 / 3, 5 / 3)
HIGH = 10
FAR = range(15, 31)
ORDERS = tuple(sorted([*BROKEN, *range(1, HIGH + 1), *FAR]))
"""Harmonics up to the tenth, below the mesh of any gear, with half and third orders, which parts that knock
show; and far ones, which tell a strike once a turn: its lines go on and on."""

FEWEST_TURNS = 20
"""Third orders are six lines apart then, and the main lobe of a line is four wide; in fewer, lines of shaft
and bearing cannot be told apart either."""

LOBE = 2.0
"""Half the main lobe of the Hann window, in lines of a record that is not padded."""

SPREAD = 1e-3
"""What the wandering of the speed, and not knowing it better, add to it as a share of the frequency."""

BLOCK = 64
"""Lines (two to a line of the record) whose median is the background: few enough to follow a resonance, and
so many that a line and its neighbours do not raise it."""

MAINS_SPREAD = 1e-3
"""The mains stay within 0.1 % of their frequency."""


@dataclass(frozen=True, eq=False)
class ShaftLines:
    """Lines of the shaft, one entry for each order.

    Attributes
    ----------
    orders : ndarray, shape [n_orders]
        Those below half the rate, rising.
    expected_hz, found_hz : ndarray, shape [n_orders]
        Where a line should be, and the strongest one beside it.
    power : ndarray, shape [n_orders]
        Mean square of the line in the unit of the signal squared, without the noise; 0 or more.
    noise : ndarray, shape [n_orders]
        Mean square of the noise in the same stretch: what a line could hide in.
    level_db : ndarray, shape [n_orders]
        Highest power over the mean of the noise.
    p_value : ndarray, shape [n_orders]
        Chance that noise is as high somewhere in the stretch.
    at_mains : ndarray of bool, shape [n_orders]
        Whether the record is too short to tell the line from a multiple of the mains.
    rest : float
        Mean square of all else, up to the frequency that was asked for.
    """

    orders: Numbers
    expected_hz: Numbers
    found_hz: Numbers
    power: Numbers
    noise: Numbers
    level_db: Numbers
    p_value: Numbers
    at_mains: NDArray[np.bool_]
    rest: float


def shaft_lines(
    x: NDArray[np.floating[Any]], *, rate_hz: float, shaft_hz: float, highest_hz: float, looked: float = 0.0
) -> ShaftLines:
    """Measure the lines at `ORDERS` of a shaft.

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    shaft_hz : float
        Turns in a second.
    highest_hz : float
        Up to where the rest of the vibration counts.
    looked : float
        How far on both sides the speed was looked for in the same lines, as a share of it: so much more
        can be chance.

    Raises
    ------
    RecordError
        If the record has fewer than 20 turns.
    """
    n, duration_s = len(x), len(x) / rate_hz
    if duration_s * shaft_hz < FEWEST_TURNS:
        raise RecordError(
            f"faults of a shaft take {FEWEST_TURNS} turns, {FEWEST_TURNS / shaft_hz:.3g} s at "
            f"{60 * shaft_hz:g} rpm; got {duration_s:.3g} s, record longer"
        )
    orders = np.array([order for order in ORDERS if order * shaft_hz < 0.45 * rate_hz])
    expected_hz = orders * shaft_hz
    weights = np.hanning(n)
    n_fft = fft.next_fast_len(2 * n, real=True)
    step_hz = rate_hz / n_fft
    half_hz = LOBE / duration_s + SPREAD * expected_hz
    spectrum = fft.rfft((x - np.mean(x)) * weights, n=n_fft)
    # mean squares: the sum over a line and its lobe is half the square of its amplitude
    everything = 2 / (n_fft * (weights @ weights)) * (spectrum.real**2 + spectrum.imag**2)
    n_lines = min(int((expected_hz[-1] + half_hz[-1]) / step_hz) + BLOCK, n_fft // 2)
    power = everything[:n_lines]
    background = _background(power)
    first = np.maximum(np.ceil((expected_hz - half_hz) / step_hz), 1).astype(np.int64)
    last = np.minimum((expected_hz + half_hz) / step_hz, n_lines - 1).astype(np.int64)
    highest = np.array(
        [a + (power[a : b + 1] / background[a : b + 1]).argmax() for a, b in zip(first, last, strict=True)]
    )
    noise = np.array([background[a : b + 1].sum() for a, b in zip(first, last, strict=True)])
    whole = np.array([power[a : b + 1].sum() for a, b in zip(first, last, strict=True)])
    line_power = np.maximum(whole - noise, 0)
    over = power[highest] / background[highest]
    places = 2 * duration_s * (half_hz + looked * expected_hz)
    return ShaftLines(
        orders=orders,
        expected_hz=expected_hz,
        found_hz=highest * step_hz,
        power=line_power,
        noise=noise,
        level_db=10 * np.log10(np.maximum(over, 1e-12)),
        p_value=-np.expm1(places * np.log1p(-np.exp(-np.clip(over, 1e-6, 700)))),
        at_mains=_at_mains(expected_hz, half_hz, LOBE / duration_s),
        rest=float(everything[: int(highest_hz / step_hz)].sum() - line_power.sum()),
    )


def _background(power: Numbers) -> Numbers:
    """Mean of the noise from medians of blocks; by logarithms, so that a steep slope does not bias it."""
    n_blocks = max(len(power) // BLOCK, 1)
    logs = np.log(np.maximum(power, power.max() * 1e-24 + 1e-300))
    length, longer = divmod(len(power), n_blocks)  # so many blocks have one line more
    parts = np.split(logs, [longer * (length + 1)])
    blocks = parts[0].reshape(longer, length + 1), parts[1].reshape(-1, length)
    centres = (np.arange(n_blocks) + 0.5) * len(power) / n_blocks - 0.5
    medians = np.concatenate([np.median(some, axis=1) for some in blocks])
    background: Numbers = np.exp(np.interp(np.arange(len(power)), centres, medians)) / np.log(2)
    return background


def _at_mains(expected_hz: Numbers, half_hz: Numbers, lobe_hz: float) -> NDArray[np.bool_]:
    near = np.zeros(len(expected_hz), np.bool_)
    for mains_hz in MAINS_HZ:
        multiple_hz = np.maximum(np.rint(expected_hz / mains_hz), 1) * mains_hz
        near |= np.abs(expected_hz - multiple_hz) <= half_hz + lobe_hz + MAINS_SPREAD * multiple_hz
    return near
