"""Augmentation as layers: random changes of a tensor that keep its label.

They run on the device and are seeded by variables.
"""

from abc import abstractmethod
from typing import Any

import keras
from keras import ops

from faultdiag.errors import ParameterError
from faultdiag.training.recipe import Augment

__all__ = ["RandomMask", "RandomNoise", "RandomSign", "augmented"]


class _Random(keras.layers.Layer):
    """A layer that changes its input in training and hands it on unchanged otherwise."""

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


class RandomNoise(_Random):
    """Add white noise whose deviation is drawn for each input between 0 and `level`.

    Parameters
    ----------
    level : float
        In units of the tensor; the view `raw` has deviation 1.
    seed : int
        Of the random numbers.
    """

    def __init__(self, *, level: float, seed: int, **kwargs: Any) -> None:
        super().__init__(seed=seed, **kwargs)
        self.level = level

    def changed(self, x: Any) -> Any:
        """Return the noisy input."""
        deviation = keras.random.uniform(_each(x), 0.0, self.level, dtype=x.dtype, seed=self.generator)
        return x + deviation * keras.random.normal(ops.shape(x), dtype=x.dtype, seed=self.generator)


class RandomSign(_Random):
    """Turn every second input, by lot, upside down: the mounting of a sensor is arbitrary."""

    def changed(self, x: Any) -> Any:
        """Return the input times 1 or -1."""
        lot = keras.random.uniform(_each(x), dtype=x.dtype, seed=self.generator)
        return x * (1 - 2 * ops.cast(lot < 0.5, x.dtype))


class RandomMask(_Random):
    """Set one stretch of the first axis to zero, at most this share of it.

    Parameters
    ----------
    share : float
        Largest share, below 1.
    seed : int
        Of the random numbers.
    """

    def __init__(self, *, share: float, seed: int, **kwargs: Any) -> None:
        super().__init__(seed=seed, **kwargs)
        self.share = share

    def changed(self, x: Any) -> Any:
        """Return the input with its gap."""
        length = keras.random.uniform(_each(x), 0.0, self.share, dtype=x.dtype, seed=self.generator)
        start = keras.random.uniform(_each(x), dtype=x.dtype, seed=self.generator) * (1 - length)
        place = (ops.cast(ops.arange(x.shape[1]), x.dtype) + 0.5) / x.shape[1]
        place = ops.reshape(place, (1, -1, *(1,) * (len(x.shape) - 2)))
        inside = ops.logical_and(place >= start, place < start + length)
        return ops.where(inside, ops.zeros_like(x), x)


def augmented(network: keras.Model, augment: Augment, *, seed: int) -> keras.Model:
    """Return a model that trains the network on changed inputs; it shares the network's weights.

    Parameters
    ----------
    network : keras.Model
        From tensors to logits.
    augment : Augment
        What to change; even for nothing the network itself stays uncompiled, so that it is saved alone.
    seed : int
        Of the random numbers.

    Raises
    ------
    ParameterError
        If an input has no length to mask.
    """
    layers: list[keras.layers.Layer] = []
    if augment.flip_sign:
        layers.append(RandomSign(seed=seed + 1))
    if augment.noise:
        layers.append(RandomNoise(level=augment.noise, seed=seed + 2))
    if augment.mask:
        if network.input_shape[1] is None:
            raise ParameterError("augment.mask: needs inputs of a fixed length")
        layers.append(RandomMask(share=augment.mask, seed=seed + 3))
    inputs = keras.Input(shape=network.input_shape[1:])
    x = inputs
    for layer in layers:
        x = layer(x)
    return keras.Model(inputs, network(x), name="augmented")


def _each(x: Any) -> tuple[Any, ...]:
    """The shape of one number for each input."""
    return (ops.shape(x)[0], *(1,) * (len(x.shape) - 1))
