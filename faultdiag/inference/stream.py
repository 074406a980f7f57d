"""Windows out of a stream of blocks, in constant memory."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["windows_of"]

Samples = NDArray[np.floating[Any]]


def windows_of(blocks: Iterable[Samples], *, length: int, hop: int, at_most: int = 512) -> Iterator[Samples]:
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
        The windows in order, m at most `at_most`; the same windows whatever the pieces.
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
            n_windows = min((n_waiting - length) // hop + 1, n_waiting // hop)
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
