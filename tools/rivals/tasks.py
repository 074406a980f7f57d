"""What is trained for comparison: two published networks with the batches of their authors.

The shapes are stated once more here, apart from the package: a rival must not be built by what it is
measured against.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

L2 = 1e-4
MOMENTUM = 0.9  # of the batch normalisations, as Keras counts it, and of the optimiser
EPSILON = 1e-3
LEARNING_RATE = 0.01


class Task(NamedTuple):
    """One network on one kind of batch; `stages` are (filters, blocks, stride)."""

    network: str
    input_shape: tuple[int, ...]
    n_classes: int
    batch: int
    stem_filters: int
    stages: tuple[tuple[int, int, int], ...]
    reduction: int

    @property
    def rank(self) -> int:
        """Dimensions of an input beside its channels."""
        return len(self.input_shape) - 1

    def example(self, n: int | None = None) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return random inputs, shape [n, *input_shape], and class numbers, shape [n]; default: a batch.

        Each input has a strength of its own: slopes that are the same for all inputs say nothing.
        """
        rng = np.random.default_rng(0)
        size = self.batch if n is None else n
        inputs = rng.standard_normal((size, *self.input_shape), np.float32)
        inputs *= rng.uniform(0.5, 2.0, (size, *(1,) * len(self.input_shape)))
        return inputs, rng.integers(0, self.n_classes, size)


TASKS = {
    task.network: task
    for task in (
        Task("record16", (32, 32, 3), 10, 100, 16, ((32, 1, 1), (32, 1, 2), (64, 1, 2)), reduction=16),
        Task("paper-m12", (4096, 1), 8, 128, 4, ((4, 4, 1), (8, 4, 2), (16, 4, 2)), reduction=1),
    )
}
