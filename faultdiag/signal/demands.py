"""What signal functions ask of a signal beyond finite samples: length, and that it varies."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import RecordError

__all__ = ["refuse_constant", "refuse_short"]


def refuse_short(n_samples: int, n_needed: float, *, what: str, remedy: str) -> None:
    """Refuse a signal that has fewer samples than something takes.

    Parameters
    ----------
    n_samples, n_needed : int, float
        What there is, and what it takes.
    what : str
        What takes them, as the start of a sentence.
    remedy : str
        What else to do than to give a longer signal.

    Raises
    ------
    RecordError
        With both counts.
    """
    if n_samples < n_needed:
        raise RecordError(
            f"{what} takes at least {n_needed:.10g} samples, the signal has {n_samples}; "
            f"give a longer one or {remedy}"
        )


def refuse_constant(samples: NDArray[np.floating[Any]]) -> None:
    """Refuse a channel that does not vary.

    Parameters
    ----------
    samples : ndarray, shape [..., n_samples]
        The signal.

    Raises
    ------
    RecordError
        With the channel and its value.
    """
    constant = samples.max(axis=-1) == samples.min(axis=-1)
    if constant.any():
        where = tuple(int(i) for i in np.argwhere(constant)[0])
        raise RecordError(
            f"all {samples.shape[-1]} samples{f' of row {list(where)}' if where else ''} are "
            f"{samples[(*where, 0)]:g}; leave out a channel that does not vary"
        )
