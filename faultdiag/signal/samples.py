"""What every signal function asks of its samples: real, finite, floating point."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faultdiag.errors import RecordError

__all__ = ["as_samples"]


def as_samples(x: ArrayLike, *, start: int = 0) -> NDArray[np.floating[Any]]:
    """Return samples as float32 or float64 after a check.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        Floats of 32 or 64 bits stay as they are; shorter floats and integers become float32 where that
        is exact, anything longer becomes float64.
    start : int
        Sample number of the first one, for the message.

    Raises
    ------
    RecordError
        If there is no sample, or one is not a finite real number.

    Examples
    --------
    >>> import numpy as np
    >>> as_samples(np.array([1, -2], np.int16)).dtype
    dtype('float32')
    """
    given = np.asarray(x)
    if given.dtype.kind not in "fiu":
        raise RecordError(f"samples must be real numbers, got {given.dtype}")
    if given.ndim == 0 or given.size == 0:
        raise RecordError(f"there are no samples: the shape is {list(given.shape)}")
    dtype = np.float32 if np.can_cast(given.dtype, np.float32) else np.float64
    samples: NDArray[np.floating[Any]] = given.astype(dtype, copy=False)
    if not np.isfinite(samples).all():
        where = [int(i) for i in np.argwhere(~np.isfinite(samples))[0]]
        value = samples[tuple(where)]
        raise RecordError(
            f"sample {start + where[-1]}{f' of row {where[:-1]}' if where[:-1] else ''} is {value}; "
            "cut it out or fill it first"
        )
    return samples
