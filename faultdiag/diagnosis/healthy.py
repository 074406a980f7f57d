"""A record of the same machine in good order, to compare with."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Healthy"]


class Healthy(NamedTuple):
    """One channel of a reference record, the same channel as the one that is diagnosed.

    Attributes
    ----------
    x : ndarray, shape [n_samples]
        The samples. Rate, length, load and speed may differ from those of the record.
    rate_hz : float
        Their rate.
    said_rpm : float
        Speed of the shaft, nominal or measured.
    """

    x: NDArray[np.floating[Any]]
    rate_hz: float
    said_rpm: float
