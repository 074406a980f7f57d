"""What all layers of augmentation share: they change their input in training, and only then."""

from abc import abstractmethod
from typing import Any

import keras

__all__ = ["RandomLayer"]


class RandomLayer(keras.layers.Layer):
    """A layer that changes its input in training and hands it on unchanged otherwise.

    Its random numbers are drawn where the network computes and are seeded by a variable, so that a
    checkpoint of all variables repeats them.
    """

    def __init__(self, *, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, x: Any, training: bool = False) -> Any:
        """Return the input, changed in training."""
        return self.changed(x) if training else x

    @abstractmethod
    def changed(self, x: Any) -> Any:
        """Return the changed input."""

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return `input_shape`."""
        return input_shape
