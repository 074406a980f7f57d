"""How strongly the lines of a spectrum speak for a family of harmonics, in nats.

A nat is a factor of e: evidence of n nats is what noise alone shows at one place with probability
``exp(-n)``.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Comb", "best_comb", "comb_nats", "line_nats"]

Numbers = NDArray[np.floating[Any]]

LOUD = 10.0
BEYOND = 4.0
"""From so many nats on a line counts by its logarithm: a single one, which may be anything, cannot decide."""

N_HARMONICS = 4
"""Lines of a comb; it is judged by the first two, and by all."""

SLIP_LIMIT = 0.03
SLIP_DEVIATION = 0.01
"""How far off a fault order may be, and commonly is: balls slide, and load changes the contact angle."""


class Comb(NamedTuple):
    """The best place of a comb in each band.

    Attributes
    ----------
    nats : ndarray, shape [n_bands]
        Evidence there, less what the slip costs.
    slip : ndarray, shape [n_bands]
        Of the frequency found against the one expected.
    lines : ndarray of int64, shape [n_bands, n_harmonics]
        Numbers of the lines.
    """

    nats: Numbers
    slip: NDArray[np.float64]
    lines: NDArray[np.int64]


def line_nats(power: Numbers) -> Numbers:
    """Return the evidence of each line, the largest of it and its two neighbours, shape as `power`.

    Three neighbours of a zero-padded Hann spectrum count as 1.75 independent lines: for noise the evidence of
    a line then is exponential with mean 1.

    Parameters
    ----------
    power : ndarray, shape [..., n_lines]
        Over the background: exponential with mean 1 in noise.
    """
    largest = power.copy()
    np.maximum(largest[..., 1:], power[..., :-1], out=largest[..., 1:])
    np.maximum(largest[..., :-1], power[..., 1:], out=largest[..., :-1])
    # -log(1 - below ** 1.75) for below = 1 - exp(-largest), without a difference of nearly equal numbers:
    # 1 - r ** 7 over 1 - r ** 4, for r the fourth root of below, is a ratio of sums of powers
    below = 1 - np.exp(-largest)
    root = np.sqrt(np.sqrt(below))
    square = root * root
    sums = 1 + root + square
    nats: Numbers = largest - np.log(1 + below * sums / (sums + root * square))
    loud = nats > LOUD
    nats[loud] = LOUD + BEYOND * np.log(nats[loud] / LOUD)
    return nats


def comb_nats(lines: Numbers) -> Numbers:
    """Return the evidence of harmonics together: of the first two, or of all, whichever is larger.

    Parameters
    ----------
    lines : ndarray, shape [..., 4]
        Evidence of the single lines. The sum of k of them has a Gamma distribution in noise, whose tail
        has a closed form.

    Returns
    -------
    ndarray, shape [...]
    """
    two = lines[..., 0] + lines[..., 1]
    four = two + lines[..., 2] + lines[..., 3]
    nats: Numbers = np.maximum(
        two - np.log(1 + two), four - np.log(1 + four * (1 + four / 2 * (1 + four / 3)))
    )
    return nats


def best_comb(nats: Numbers, *, step_hz: float, frequency_hz: float) -> Comb:
    """Return for each band where a comb near a frequency has most evidence.

    Parameters
    ----------
    nats : ndarray, shape [n_bands, n_lines]
        From `line_nats`.
    step_hz : float
        Distance of two lines.
    frequency_hz : float
        Of the first harmonic. One slip for all harmonics, up to 3 %, costs ``slip ** 2 / 2`` in
        deviations of 1 %.
    """
    harmonics = np.arange(1, N_HARMONICS + 1)
    finest = 0.8 * step_hz / (N_HARMONICS * frequency_hz)
    n_slips = int(SLIP_LIMIT / finest)
    slips = np.linspace(-1, 1, 2 * n_slips + 1) * n_slips * finest
    places = np.rint(np.outer(1 + slips, harmonics) * (frequency_hz / step_hz)).astype(np.int64)
    inside = np.minimum(places, nats.shape[-1] - 1)
    # harmonic by harmonic in memory, as they are added
    lines = np.moveaxis(nats[:, inside.T], 1, -1)
    found = comb_nats(lines) - 0.5 * (slips / SLIP_DEVIATION) ** 2
    best = found.argmax(axis=-1)
    return Comb(found.max(axis=-1), slips[best], places[best])
