"""What signal functions ask of their arguments and of a signal beyond finite samples, with one wording."""

import operator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError, RecordError

__all__ = ["positive", "refuse_constant", "refuse_short", "rising_band", "whole_number"]


def positive(name: str, value: float) -> float:
    """Return a number as Python's float after the check that it is finite and above 0.

    Raises
    ------
    ParameterError
        If it is not; `name` stands in the message.

    Examples
    --------
    >>> positive("rate_hz", 12000)
    12000.0
    """
    if not (np.isfinite(value) and value > 0):
        raise ParameterError(f"{name} must be a positive number, got {value}")
    return float(value)  # one of NumPy would turn float32 arrays into float64


def whole_number(name: str, value: int, *, least: int, most: int | None = None, why: str = "") -> int:
    """Return a whole number after the check that it lies in a range.

    Parameters
    ----------
    name : str
        For the message.
    value : int
        The number.
    least, most : int
        Range, both ends included; None is no upper end.
    why : str
        Reason of the upper end, as a clause for the message.

    Raises
    ------
    ParameterError
        If it is no whole number, or out of range.

    Examples
    --------
    >>> whole_number("n_teeth", 32, least=1)
    32
    """
    try:
        number = operator.index(value)
    except TypeError as error:
        raise ParameterError(f"{name} must be a whole number, got {value!r}") from error
    if number < least:
        raise ParameterError(f"{name} must be at least {least}, got {number}")
    if most is not None and number > most:
        raise ParameterError(f"{name} must be at most {most}{f', {why}' if why else ''}, got {number}")
    return number


def rising_band(name: str, band_hz: tuple[float, float], *, rate_hz: float) -> tuple[float, float]:
    """Return the edges of a band after the check that it rises strictly between 0 and half the rate.

    Raises
    ------
    ParameterError
        If it does not, or the rate is not positive.

    Examples
    --------
    >>> rising_band("band_hz", (10, 1000), rate_hz=12000)
    (10.0, 1000.0)
    """
    positive("rate_hz", rate_hz)
    low_hz, high_hz = (float(edge) for edge in band_hz)
    if not 0 < low_hz < high_hz < rate_hz / 2:
        raise ParameterError(
            f"{name} must rise between 0 and {rate_hz / 2:g} Hz, half the rate, "
            f"got {low_hz:g} to {high_hz:g} Hz"
        )
    return low_hz, high_hz


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
