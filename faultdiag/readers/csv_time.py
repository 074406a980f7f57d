"""A column of times: it is no signal, and tells the sampling rate."""

import re

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import RecordError
from faultdiag.readers.csv_column import SECONDS, Column

__all__ = ["MAX_UNEVENNESS", "is_time", "rate_of", "time_unit_s"]

MAX_UNEVENNESS = 0.01
"""Most by which a step may differ from the usual one, as a share of it."""

_NAME = re.compile(r"(?:time|t|zeit|temps|tiempo|tempo|tijd|tid|czas)(?:_(?P<unit>s|ms|us))?", re.IGNORECASE)
"""Time in English, German, French, Spanish, Italian, Dutch, the Nordic languages and Polish."""

_MOST_DECIMALS = 12
"""From more decimals on a time counts as exact."""


def is_time(column: Column) -> bool:
    """Whether a column holds times: ``time``, ``t``, ``Time [ms]``, ``t_s``, ``Zeit (s)`` and the like.

    Examples
    --------
    >>> is_time(Column("Time", "s")), is_time(Column("torque", "Nm"))
    (True, False)
    """
    return _NAME.fullmatch(column.name) is not None


def rate_of(times: NDArray[np.float64], column: Column, *, origin: str) -> float | None:
    """Return the sampling rate by a column of times.

    Times are written with few digits: of the rates that they allow, the one with the fewest digits is
    taken, 12000 and not 12000.0001.

    Parameters
    ----------
    times : ndarray, shape [n_samples]
        In the unit of the column, seconds without one.
    column : Column
        Its name and unit.
    origin : str
        For messages.

    Returns
    -------
    float or None
        In Hz; None for a single sample.

    Raises
    ------
    RecordError
        If the unit is none of time, a time is missing, or a step differs from the usual one by more than
        1 % and the last digit to which the times are written.

    Examples
    --------
    >>> rate_of(np.round(np.arange(1000) / 12000, 6), Column("t"), origin="a.csv")
    12000.0
    """
    seconds = time_unit_s(column, origin=origin)
    if len(times) < 2:
        return None
    if not np.isfinite(times).all():
        row = int(np.argmin(np.isfinite(times)))
        raise RecordError(f"{origin}: column {column.name} is {times[row]} in row {row + 1}; correct it")
    first, last = float(times[0]), float(times[-1])
    steps = np.diff(times)
    usual = float(np.median(steps))
    written_to = _written_to(times)
    rounded_to = np.where(written_to <= usual / 4, written_to, 0)  # coarser ones would hide lost samples
    rounding = np.maximum(rounded_to[:-1], rounded_to[1:])
    even = (usual > 0) & (
        np.abs(steps - usual) <= MAX_UNEVENNESS * usual + np.maximum(rounding, np.median(rounded_to))
    )
    if not even.all():
        row = int(np.argmin(even))
        digits = "" if written_to[row + 1] <= usual / 4 else ", or write its times with more digits"
        raise RecordError(
            f"{origin}: column {column.name} is not evenly spaced: {times[row]:.10g} in row {row + 1} is "
            f"followed by {times[row + 1]:.10g}, usual is a step of {usual:.10g}; resample the signal{digits}"
        )
    off = float(np.abs(times - np.linspace(first, last, len(times))).max())
    rate_hz = (len(times) - 1) / ((last - first) * seconds)
    return _shortest(rate_hz, tolerance=max(1e-12, (rounded_to.max() + 2.0 * off) / (last - first)))


def time_unit_s(column: Column, *, origin: str) -> float:
    """Return the unit of a column of times, in seconds.

    Parameters
    ----------
    column : Column
        Its name and unit; ``t_ms`` says its unit in the name.
    origin : str
        For messages.

    Raises
    ------
    RecordError
        If the unit is none of time.

    Examples
    --------
    >>> time_unit_s(Column("t", "ms"), origin="a.csv")
    0.001
    """
    match = _NAME.fullmatch(column.name)
    unit = column.unit if match is None or match["unit"] is None else match["unit"].lower()
    if unit == "unknown":
        return 1.0
    if unit not in SECONDS:
        raise RecordError(
            f"{origin}: column {column.name} is in {unit!r}, not one of {', '.join(SECONDS)}; convert it, "
            "or rename what is no time"
        )
    return SECONDS[unit]


def _written_to(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """The power of ten to which each time is rounded, or 0 where it has all its digits.

    A time that happens to end in zeros is rounded as its neighbours are. Where a number of digits is
    written, and not of decimals, larger times have fewer decimals, never more.
    """
    decimals = np.full(len(times), _MOST_DECIMALS + 1)
    for n in range(_MOST_DECIMALS, -1, -1):
        decimals[np.round(times, n) == times] = n
    magnitude = np.floor(np.log10(np.maximum(np.abs(times), 10.0**-_MOST_DECIMALS)))
    found, which = np.unique(magnitude, return_inverse=True)
    most = np.zeros(len(found), int)
    np.maximum.at(most, which, decimals)
    most = np.maximum.accumulate(most[::-1])[::-1][which]
    written: NDArray[np.float64] = np.where(most > _MOST_DECIMALS, 0, 10.0**-most)
    return written


def _shortest(value: float, *, tolerance: float) -> float:
    """The number of fewest digits within a relative tolerance."""
    shorter = (float(f"{value:.{digits}g}") for digits in range(1, 17))
    return next((s for s in shorter if abs(s - value) <= tolerance * value), value)
