"""Batches for `Model.fit`: windows in an order drawn from the seed and the number of the epoch."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from faultdiag.views.base import View
from faultdiag.views.pool import WindowPool
from faultdiag.windows import Windows

__all__ = ["WindowBatches", "class_weights"]


class WindowBatches(keras.utils.PyDataset):
    """The windows of one side of a split, as batches of tensors.

    The order depends on `seed` and `epoch` only, so an epoch is the same after a resume.

    Parameters
    ----------
    pool : WindowPool
        Prepared examples.
    windows : Windows
        Which of their windows.
    view : View
        What the network sees of them.
    batch_size : int
        Windows of a batch; the last one may be smaller.
    seed : int or None
        None keeps the windows in their order.
    weights : ndarray, shape [classes], optional
        Weight of each class in the loss.
    stored : ndarray of float32, shape ``[n_windows, *view.shape]``, optional
        The tensors of all windows, made ahead; else each batch is made when it is its turn.
    """

    def __init__(
        self,
        pool: WindowPool,
        windows: Windows,
        view: View,
        *,
        batch_size: int,
        seed: int | None = None,
        weights: NDArray[np.float64] | None = None,
        stored: NDArray[np.float32] | None = None,
    ) -> None:
        super().__init__()
        self.pool = pool
        self.windows = windows
        self.view = view
        self.batch_size = batch_size
        self.seed = seed
        self.weights = None if weights is None else weights.astype(np.float32)
        self.stored = stored
        self.epoch = 0

    @property
    def epoch(self) -> int:
        """Number of the epoch, from 0; the trainer sets it before each."""
        return self._epoch

    @epoch.setter
    def epoch(self, number: int) -> None:
        self._epoch = number
        n = len(self.windows)
        self._order = (
            np.arange(n) if self.seed is None else np.random.default_rng([self.seed, number]).permutation(n)
        )

    def __len__(self) -> int:
        return -(-len(self.windows) // self.batch_size)

    def __getitem__(self, number: int) -> tuple[NDArray[Any], ...]:
        places = self._order[number * self.batch_size : (number + 1) * self.batch_size]
        chosen = self.windows.take(places)
        labels = self.pool.truth(chosen)
        tensors = self.pool.tensors(self.view, chosen) if self.stored is None else self.stored[places]
        return (tensors, labels) if self.weights is None else (tensors, labels, self.weights[labels])


def class_weights(labels: NDArray[np.int64], n_classes: int) -> NDArray[np.float64]:
    """Return weights ``[classes]`` by which every class counts the same; their mean over windows is 1."""
    counts = np.bincount(labels, minlength=n_classes)
    return len(labels) / (n_classes * np.maximum(counts, 1))
