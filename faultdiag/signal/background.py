"""The background of a spectrum: its median from place to place."""

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["local_median"]

Samples = NDArray[np.floating[Any]]


def local_median(values: Samples, *, width: int) -> Samples:
    """Return the medians of blocks, joined by straight lines.

    Parameters
    ----------
    values : ndarray, shape [..., n]
        Such as amplitudes.
    width : int
        About how many values a block has; before the first middle and after the last the line is level.

    Returns
    -------
    ndarray, shape [..., n]

    Examples
    --------
    >>> local_median(np.array([1.0, 1, 9, 1, 1, 3, 3, 3, 9, 3]), width=5).round(1).tolist()
    [1.0, 1.0, 1.0, 1.4, 1.8, 2.2, 2.6, 3.0, 3.0, 3.0]
    """
    n = values.shape[-1]
    edges = np.linspace(0, n, max(1, n // width) + 1).astype(np.int64)
    medians = np.stack([np.median(values[..., a:b], axis=-1) for a, b in itertools.pairwise(edges)], axis=-1)
    centres = (edges[:-1] + edges[1:] - 1) / 2
    # straight lines as one matrix, the same for all spectra
    weights = np.stack([np.interp(np.arange(n), centres, row) for row in np.eye(len(centres))])
    joined: Samples = medians @ weights.astype(values.dtype)
    return joined
