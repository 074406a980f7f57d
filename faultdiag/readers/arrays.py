"""Arrays as records: what their axes mean, which types are taken, and what the scalars beside them say."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError, RecordError
from faultdiag.readers.disk import DiskArray, DiskSignal
from faultdiag.records import NanPolicy, Record, Rows, SampleSource

__all__ = ["RATE_NAMES", "SPEED_NAMES", "arrange", "described_by", "list_arrays"]

Samples = NDArray[np.floating[Any]]
Axes = tuple[int | None, int | None, int]

RATE_NAMES = ("rate_hz", "sampling_rate_hz", "sampling_rate", "sample_rate", "rate", "fs", "sr")
"""Names, in any case, under which a scalar beside the signals is their sampling rate in Hz."""

SPEED_NAMES = ("speed_rpm", "shaft_rpm", "rpm")
"""Names, in any case, under which a scalar beside the signals is the shaft speed in rpm."""

_MAX_LISTED = 20


def arrange(
    array: NDArray[Any] | DiskArray,
    *,
    rows: Rows = "unknown",
    rate_hz: float | None = None,
    speed_rpm: float | None = None,
    nan: NanPolicy = "refuse",
    origin: str = "array",
) -> list[Record]:
    """Return the signals of an array.

    Parameters
    ----------
    array : ndarray or DiskArray
        ``[n]``, ``[n, 1]`` and ``[1, n]`` are one signal, ``[k, n]`` is what `rows` says, and
        ``[signals, channels, n]`` is what its axes are called, whatever `rows` says.
    rows : {"unknown", "channels", "signals", "samples"}
        With "samples" an array is ``[n, k]``, its columns channels. With "unknown" rows become
        channels of one Record that says so.
    rate_hz, speed_rpm : float, optional
        Sampling rate and shaft speed.
    nan : {"refuse", "interpolate"}
        What the Records do about samples that are not finite.
    origin : str
        For messages; ``[i]`` is added where there are several signals.

    Returns
    -------
    list of Record
        float32 where that holds every number of the array's type, else float64; arrays on disk stay there.

    Raises
    ------
    RecordError
        If the array is empty, has no axis or more than three, or is not of real numbers.
    ParameterError
        If `rows` is none of the four, or the rate is not positive.

    Examples
    --------
    >>> [record.n_samples for record in arrange(np.ones((3, 2, 100)))]
    [100, 100, 100]
    """
    axes = _axes(array.shape, rows, origin)
    float_dtype = _float_dtype(array.dtype, origin)
    if 0 in array.shape:
        raise RecordError(f"{origin}: an array of shape {list(array.shape)} has no samples; measure again")
    signal, channel, _ = axes
    n_signals = 1 if signal is None else array.shape[signal]
    guessed = rows == "unknown" and signal is None and channel is not None
    return [
        Record(
            source=_signal(array, axes, number, float_dtype),
            rate_hz=rate_hz,
            speed_rpm=speed_rpm,
            origin=f"{origin}[{number}]" if n_signals > 1 else origin,
            rows="unknown" if guessed else "channels",
            nan=nan,
        )
        for number in range(n_signals)
    ]


def described_by(scalars: Mapping[str, float], origin: str) -> tuple[float | None, float | None]:
    """Return the sampling rate and the shaft speed that scalars beside the signals say.

    Parameters
    ----------
    scalars : mapping of str to float
        By name; those in `RATE_NAMES` and `SPEED_NAMES` count, in any case.
    origin : str
        For messages.

    Raises
    ------
    RecordError
        If one is not positive and finite, or two contradict each other.

    Examples
    --------
    >>> described_by({"fs": 12000.0, "RPM": 1797.0, "load": 2.0}, "a.npz")
    (12000.0, 1797.0)
    """
    return _said(scalars, RATE_NAMES, origin), _said(scalars, SPEED_NAMES, origin)


def list_arrays(arrays: Iterable[tuple[str, tuple[int, ...], str]]) -> str:
    """Return what people need for a choice: name, shape and type of each array, of twenty at most.

    Examples
    --------
    >>> list_arrays([("DE", (2048, 1), "double"), ("fs", (1, 1), "double")])
    'DE (2048x1 double), fs (1x1 double)'
    """
    texts = [f"{name} ({'x'.join(map(str, shape)) or 'scalar'} {kind})" for name, shape, kind in arrays]
    more = [f"and {len(texts) - _MAX_LISTED} more"] if len(texts) > _MAX_LISTED else []
    return ", ".join(texts[:_MAX_LISTED] + more)


def _said(scalars: Mapping[str, float], names: tuple[str, ...], origin: str) -> float | None:
    said = {name: value for name, value in scalars.items() if name.lower() in names}
    for name, value in said.items():
        if not (np.isfinite(value) and value > 0):
            raise RecordError(f"{origin}: {name} is {value:g}, not positive; correct it in the file")
    if len(set(said.values())) > 1:
        both = ", ".join(f"{name} = {value:g}" for name, value in said.items())
        raise RecordError(f"{origin}: contradicts itself: {both}; correct it in the file")
    return next(iter(said.values()), None)


def _float_dtype(dtype: np.dtype[Any], origin: str) -> np.dtype[Any]:
    """float32 for all types whose every number it holds, float64 for the other real ones."""
    if dtype.kind not in "iuf":
        raise RecordError(f"{origin}: samples are {dtype}; only real numbers can be read")
    exact = np.can_cast(dtype, np.float32, "safe")
    return np.dtype(np.float32 if exact else np.float64)


def _axes(shape: tuple[int, ...], rows: Rows, origin: str) -> Axes:
    """Numbers of the axes of signals, channels and samples."""
    if rows not in get_args(Rows):
        raise ParameterError(f"rows {rows!r} is none of {', '.join(get_args(Rows))}")
    if len(shape) == 1:
        return None, None, 0
    if len(shape) == 2 and 1 in shape:
        return None, None, int(shape[0] == 1)
    if len(shape) == 2:
        by_rows: dict[Rows, Axes] = {"signals": (0, None, 1), "samples": (None, 1, 0)}
        return by_rows.get(rows, (None, 0, 1))
    if len(shape) == 3:
        return 0, 1, 2
    raise RecordError(
        f"{origin}: an array of shape {list(shape)} is no signal; "
        "give [n], [channels, n] or [signals, channels, n]"
    )


def _signal(
    array: NDArray[Any] | DiskArray, axes: Axes, number: int, float_dtype: np.dtype[Any]
) -> Samples | SampleSource:
    """One signal ``[channels, n]``, in memory or on disk as the array is."""
    signal, channel, sample = axes
    if isinstance(array, np.ndarray):
        one = array if signal is None else np.take(array, number, axis=signal)
        if one.ndim == 1 or channel is None:
            one = one.reshape(1, -1)
        elif channel > sample:
            one = one.T
        return one.astype(float_dtype, copy=False)
    skipped = 0 if signal is None else number * array.strides[signal]
    return DiskSignal(
        path=array.path,
        start=array.start + skipped * array.dtype.itemsize,
        dtype=array.dtype,
        shape=(1 if channel is None else array.shape[channel], array.shape[sample]),
        strides=(1 if channel is None else array.strides[channel], array.strides[sample]),
        float_dtype=float_dtype,
    )
