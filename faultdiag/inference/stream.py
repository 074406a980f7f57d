"""A signal in pieces of any size: its windows, and what they say, in constant memory."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faultdiag.errors import ParameterError, RecordError, RunError
from faultdiag.inference.tally import Tally

if TYPE_CHECKING:
    from faultdiag.inference.prediction import Prediction
    from faultdiag.inference.run import Run

__all__ = ["check_length", "check_use", "stream", "windows_of"]

Samples = NDArray[np.floating[Any]]

BATCH = 512
"""Most windows that are judged at once."""


def stream(
    run: "Run",
    blocks: Iterable[ArrayLike],
    *,
    rate_hz: float | None = None,
    speed_rpm: float | None = None,
    every_s: float | None = None,
) -> "Iterator[Prediction]":
    """Judge a signal while it is measured; see `Run.stream`."""
    check_use(run, rate_hz=rate_hz, speed_rpm=speed_rpm, every_s=every_s)
    if run.view.needs_speed and speed_rpm is None:
        raise ParameterError(f"view {run.document.view['name']!r} is in orders of the shaft: give speed_rpm")
    every = _windows_in(run, every_s, rate_hz)
    prepared = run.preparation.stream(blocks, rate_hz=rate_hz)
    return _answers(run, prepared, every, speed_rpm, run.preparation.rate_warnings(rate_hz))


def check_use(run: "Run", **positive: float | None) -> None:
    """Refuse what would be wrong with every signal, and load the network.

    Raises
    ------
    RunError
        If the Run is damaged or takes images.
    ParameterError
        If one of the numbers is given and not positive and finite.
    """
    if run.document.input != "signal":
        raise RunError(f"{run.folder}: this Run takes images, not signals; name another with --run")
    for name, value in positive.items():
        if value is not None and not 0 < value < np.inf:
            raise ParameterError(f"{name} must be positive and finite, got {value}")
    run.ready()


def check_length(run: "Run", n_samples: int, origin: str) -> None:
    """Refuse a signal of fewer prepared samples than a window has.

    Raises
    ------
    RecordError
    """
    data = run.document.data
    if n_samples < data.window:
        at = f" at {data.rate_hz:g} Hz" if data.rate_hz else ""
        raise RecordError(
            f"{origin}: {n_samples} samples{at}, shorter than the Run's window of {data.window}; "
            "record longer"
        )


def windows_of(
    blocks: Iterable[Samples], *, length: int, hop: int, at_most: int = BATCH
) -> Iterator[Samples]:
    """Cut consecutive blocks into windows.

    Parameters
    ----------
    blocks : iterable of ndarray, shape [channels, k]
        A signal in pieces of any size.
    length, hop : int
        Samples of a window, and from one to the next.
    at_most : int
        Windows in one batch.

    Yields
    ------
    ndarray, shape [m, channels, length]
        The windows in order, `at_most` at a time and fewer in the end; the same whatever the pieces.
    """
    waiting: list[Samples] = []
    n_waiting = 0
    enough = length + (at_most - 1) * hop  # one full batch: small pieces would make small, slow batches
    for block in blocks:
        waiting.append(block)
        n_waiting += block.shape[-1]
        if n_waiting >= enough:
            samples = np.concatenate(waiting, axis=-1)
            # where the hop exceeds the length, the next window may start in what has yet to come
            n_windows = min((n_waiting - length) // hop + 1, n_waiting // hop) // at_most * at_most
            yield from _batches(samples, n_windows, length, hop, at_most)
            waiting = [samples[:, n_windows * hop :]]
            n_waiting -= n_windows * hop
    if n_waiting >= length:
        samples = np.concatenate(waiting, axis=-1)
        yield from _batches(samples, (n_waiting - length) // hop + 1, length, hop, at_most)


def _batches(samples: Samples, n_windows: int, length: int, hop: int, at_most: int) -> Iterator[Samples]:
    """The first so many windows of some samples, in batches."""
    every = np.lib.stride_tricks.sliding_window_view(samples, length, axis=-1)[:, : n_windows * hop : hop]
    for start in range(0, n_windows, at_most):
        yield np.swapaxes(every[:, start : start + at_most], 0, 1)


def _windows_in(run: "Run", every_s: float | None, rate_hz: float | None) -> int | None:
    """Windows in so many seconds, at least one."""
    data = run.document.data
    rate = data.rate_hz or rate_hz
    if every_s is None:
        return None
    if rate is None:
        raise ParameterError(f"every_s={every_s:g} needs the rate of the signal; give rate_hz, too")
    return max(1, round(every_s * rate / data.test_hop))


def _answers(
    run: "Run", blocks: Iterable[Samples], every: int | None, speed_rpm: float | None, warnings: list[str]
) -> "Iterator[Prediction]":
    tally, n_samples, n_answered = Tally(run, speed_rpm=speed_rpm), 0, 0
    data = run.document.data

    def counted() -> Iterator[Samples]:
        nonlocal n_samples
        for block in blocks:
            n_samples += block.shape[-1]
            yield block

    at_most = BATCH if every is None else -(-every // -(-every // BATCH))  # a part of `every`
    for windows in windows_of(counted(), length=data.window, hop=data.test_hop, at_most=at_most):
        tally.add(windows)
        if every is not None and tally.n_windows - n_answered >= every:
            n_answered = tally.n_windows
            yield tally.answer(file="stream", warnings=warnings)
    check_length(run, n_samples, "stream")
    if tally.n_windows > n_answered:
        yield tally.answer(file="stream", warnings=warnings)
