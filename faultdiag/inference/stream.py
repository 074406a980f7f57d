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
    kept: Samples | None = None
    skip = 0  # samples still to pass over before the next window, where the hop exceeds the length
    for block in blocks:
        dropped = min(skip, block.shape[-1])
        skip -= dropped
        block = block[:, dropped:]
        kept = block if kept is None or kept.shape[-1] == 0 else np.concatenate([kept, block], axis=-1)
        n_windows = max(0, (kept.shape[-1] - length) // hop + 1)
        if n_windows == 0:
            continue
        every = np.lib.stride_tricks.sliding_window_view(kept, length, axis=-1)[:, ::hop]
        for start in range(0, n_windows, at_most):
            yield np.swapaxes(every[:, start : start + at_most], 0, 1)
        skip = max(0, n_windows * hop - kept.shape[-1])
        kept = kept[:, n_windows * hop :]
