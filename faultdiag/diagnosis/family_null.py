"""What noise alone reaches in a search over all fundamentals: the null of families of lines.

The largest of very many combs has a Gumbel distribution. Its constants were
found with white noise (``python tools/family_scores.py`` prints them); prewhitening makes them those of
noise of any spectrum.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["family_p_value"]

START, SLOPE = -2.11, 1.33
"""By how many nats the best family of n bands is better than that of one: start + slope * log(n)."""

SCALE = 0.69
"""By how many nats it grows with the logarithm of the places; and how much it scatters."""


def family_p_value(score: ArrayLike, *, n_bands: int, places: float) -> NDArray[np.floating[Any]]:
    """Return the chance that noise has a family of such a score anywhere.

    Parameters
    ----------
    score : array_like, shape [...]
        Mean of the five best bands, in nats.
    n_bands : int
        All bands that were looked at.
    places : float
        Fundamentals that the record resolves: their range in Hz times its length in seconds, each weighed
        by the square of the share of the bands that are wide enough for it.

    Returns
    -------
    ndarray, shape [...]

    Examples
    --------
    >>> [f"{p:.1g}" for p in family_p_value([8, 10, 20], n_bands=52, places=2500)]
    ['0.9', '0.1', '6e-08']
    """
    level = START + SLOPE * np.log(n_bands) + SCALE * np.log(places)
    return np.asarray(-np.expm1(-np.exp(np.minimum((level - np.asarray(score, np.float64)) / SCALE, 700))))
