"""Vibration turn by turn: what repeats with a shaft, and how much the turns scatter."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEWEST_TURNS", "by_turn", "mean_turn", "whole_turns"]

Samples = NDArray[np.floating[Any]]
Numbers = NDArray[np.float64]
Harmonics = NDArray[np.complex128]

FEWEST_TURNS = 12
"""In fewer, the scatter from turn to turn is not known."""


def whole_turns(turns: Numbers) -> int:
    """Return how many whole turns an angle [n_samples], in turns, goes through."""
    return int(turns[-1] - turns[0])


def by_turn(rows: Samples, *, turns: Numbers, n_bins: int) -> Numbers:
    """Return the means of rows of samples in even bins of each whole turn.

    Parameters
    ----------
    rows : ndarray, shape [n_rows, n_samples]
        Samples.
    turns : ndarray, shape [n_samples]
        Angle of the shaft in turns.
    n_bins : int
        Bins in a turn. One into which no sample falls is 0.

    Returns
    -------
    ndarray, shape [n_rows, n_turns, n_bins]

    Examples
    --------
    >>> turns = np.arange(9) / 4
    >>> by_turn(np.arange(9.0)[None], turns=turns, n_bins=4).tolist()
    [[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]]]
    """
    n = whole_turns(turns) * n_bins
    # samples that fall on even steps of angle lie in the middle of bins, where rounding moves none
    place = ((turns - turns[0]) * n_bins + 0.5).astype(np.int64)
    kept = (place >= 0) & (place < n)
    counts = np.maximum(np.bincount(place[kept], minlength=n), 1)
    sums = np.stack([np.bincount(place[kept], row[kept], n) for row in rows])
    return np.asarray((sums / counts).reshape(len(rows), -1, n_bins))


def mean_turn(spectra: Harmonics) -> tuple[Harmonics, Numbers]:
    """Return the mean of the spectra of turns, and how uncertain it is.

    Parameters
    ----------
    spectra : ndarray, shape [..., n_turns, n_orders]
        Of two turns or more.

    Returns
    -------
    mean : ndarray, shape [..., n_orders]
        What repeats with the turns.
    error : ndarray, shape [..., n_orders]
        Standard error of its real part, and of its imaginary part.
    """
    n_turns = spectra.shape[-2]
    mean = spectra.mean(axis=-2)
    around = np.square(np.abs(spectra - mean[..., None, :])).sum(axis=-2)
    return mean, np.sqrt(around / (2 * n_turns * (n_turns - 1))) + np.finfo(np.float64).tiny
