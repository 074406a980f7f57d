"""Synchronous averages: what repeats with every turn of a shaft, and what is left."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.samples import as_samples

__all__ = ["remove_synchronous", "synchronous_average"]

Samples = NDArray[np.floating[Any]]


def synchronous_average(x: ArrayLike, *, samples_per_turn: int) -> tuple[Samples, int]:
    """Return the mean turn of a signal at even steps of angle.

    Parameters
    ----------
    x : array_like, shape [..., n_steps]
        The signal, from `faultdiag.signal.angle.angular_resample`: there a turn is a whole number of
        samples at any speed. An unfinished last turn is left out.
    samples_per_turn : int
        Samples per turn.

    Returns
    -------
    average : ndarray, shape [..., samples_per_turn]
        In the unit of `x`.
    n_turns : int
        How many turns it is the mean of: noise and whatever is not locked to the shaft is smaller by the
        square root of it.

    Raises
    ------
    ParameterError
        If the samples per turn are no whole number.
    RecordError
        If there are fewer than two turns, or a sample is not finite.

    References
    ----------
    McFadden, P. D. (1987), A revised model for the extraction of periodic waveforms by time domain
    averaging, Mechanical Systems and Signal Processing 1(1), 83-95, doi 10.1016/0888-3270(87)90085-9.

    Examples
    --------
    >>> average, n_turns = synchronous_average([1, 2, 3, 3, 4, 5, 9], samples_per_turn=3)
    >>> average.tolist(), n_turns
    ([2.0, 3.0, 4.0], 2)
    """
    samples = as_samples(x)
    if not (samples_per_turn >= 2 and float(samples_per_turn).is_integer()):
        raise ParameterError(
            f"samples_per_turn must be a whole number of 2 or more, got {samples_per_turn}; angular_resample "
            "makes it one"
        )
    per_turn = int(samples_per_turn)
    n_turns = samples.shape[-1] // per_turn
    if n_turns < 2:
        raise RecordError(
            f"an average needs two turns, {2 * per_turn} samples at {per_turn} per turn; got "
            f"{samples.shape[-1]}"
        )
    turns = samples[..., : n_turns * per_turn].reshape(*samples.shape[:-1], n_turns, per_turn)
    # summed in double precision: thousands of float32 turns would lose digits
    return turns.mean(axis=-2, dtype=np.float64).astype(samples.dtype), n_turns


def remove_synchronous(x: ArrayLike, *, samples_per_turn: int) -> Samples:
    """Return a signal at even steps of angle without its synchronous average.

    Parameters
    ----------
    x, samples_per_turn
        As for `synchronous_average`.

    Returns
    -------
    ndarray, shape [..., n_steps]
        Each turn less the mean turn, the unfinished last one included.

    Raises
    ------
    ParameterError, RecordError
        As for `synchronous_average`.

    Notes
    -----
    Bearings slip and stay in what is left, gears on the shaft go. For gears on other shafts, resample to
    the angle of those and repeat.

    Examples
    --------
    >>> remove_synchronous([1, 2, 3, 3, 4, 5, 9], samples_per_turn=3).tolist()
    [-1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 7.0]
    """
    samples = as_samples(x)
    average, _ = synchronous_average(samples, samples_per_turn=samples_per_turn)
    return samples - average[..., np.arange(samples.shape[-1]) % average.shape[-1]]
