"""Augmentation as layers before the network: of signals here, of images beside."""

from typing import Any

import keras
from keras import ops

from faultdiag.errors import ParameterError
from faultdiag.training.image_augment import RandomAffine, RandomCrop, RandomCutout, RandomMirror, RandomMixup
from faultdiag.training.random_layer import RandomLayer
from faultdiag.training.recipe import Augment

__all__ = ["RandomMask", "RandomNoise", "RandomSign", "augmented"]

_OF_IMAGES = ("rotate_deg", "shear_deg", "shift", "zoom", "mirror", "crop", "cutout", "mixup")


class RandomNoise(RandomLayer):
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


class RandomSign(RandomLayer):
    """Turn every second input, by lot, upside down: the mounting of a sensor is arbitrary."""

    def changed(self, x: Any) -> Any:
        """Return the input times 1 or -1."""
        lot = keras.random.uniform(_each(x), dtype=x.dtype, seed=self.generator)
        return x * (1 - 2 * ops.cast(lot < 0.5, x.dtype))


class RandomMask(RandomLayer):
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


def augmented(network: keras.Model, augment: Augment, *, seed: int, steps: int) -> keras.Model:
    """Return a model that trains the network on changed inputs; it shares the network's weights.

    Parameters
    ----------
    network : keras.Model
        From tensors to logits.
    augment : Augment
        What to change; even for nothing the network itself stays uncompiled, so that it is saved alone.
    seed : int
        Of the random numbers.
    steps : int
        Batches of an epoch.

    Raises
    ------
    ParameterError
        If an input has no length to mask, or is no image of a fixed size where images are changed.
    """
    inputs = keras.Input(shape=network.input_shape[1:])
    x = inputs
    for layer in [*_of_signals(network, augment, seed), *_of_images(network, augment, seed, steps)]:
        x = layer(x)
    if not augment.mixup:
        return keras.Model(inputs, network(x), name="augmented")
    mixup = RandomMixup(alpha=augment.mixup, seed=seed + 8)
    return _Blended(inputs, network(mixup(x)), name="augmented")


class _Blended(keras.Model):
    """A model whose last layer before the network blends its inputs, and whose loss blends the labels."""

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        def loss(labels: Any, weights: Any) -> Any:
            return super(_Blended, self).compute_loss(x, labels, y_pred, weights, training)

        mixup = next(layer for layer in self.layers if isinstance(layer, RandomMixup))
        return mixup.blended(loss, y, sample_weight) if training else loss(y, sample_weight)


def _of_signals(network: keras.Model, augment: Augment, seed: int) -> list[RandomLayer]:
    layers: list[RandomLayer] = []
    if augment.flip_sign:
        layers.append(RandomSign(seed=seed + 1))
    if augment.noise:
        layers.append(RandomNoise(level=augment.noise, seed=seed + 2))
    if augment.mask:
        if network.input_shape[1] is None:
            raise ParameterError("augment.mask: needs inputs of a fixed length")
        layers.append(RandomMask(share=augment.mask, seed=seed + 3))
    return layers


def _of_images(network: keras.Model, augment: Augment, seed: int, steps: int) -> list[RandomLayer]:
    """A mirror by lot is part of the affine warp, if there is one; the other looks at unchanged images."""
    chosen = [key for key in _OF_IMAGES if getattr(augment, key) not in (0, "none")]
    shape = network.input_shape[1:]
    if chosen and (len(shape) != 3 or None in shape):
        raise ParameterError(f"augment.{chosen[0]}: needs images of a fixed size, the network sees {shape}")
    if augment.crop and augment.crop >= min(shape[:2]):
        raise ParameterError(f"augment.crop: {augment.crop} pixels of an image of {shape[0]} x {shape[1]}")
    affine = {key: getattr(augment, key) for key in ("rotate_deg", "shear_deg", "shift", "zoom")}
    warps, by_lot = any(affine.values()), augment.mirror == "random"
    layers: list[RandomLayer] = []
    if augment.mirror == "alternating":
        layers.append(RandomMirror(steps=steps, seed=seed + 4))
    elif by_lot and not warps:
        layers.append(RandomMirror(seed=seed + 4))
    if warps:
        layers.append(RandomAffine(**affine, mirror=by_lot, seed=seed + 5))
    if augment.crop:
        layers.append(RandomCrop(pixels=augment.crop, seed=seed + 6))
    if augment.cutout:
        layers.append(RandomCutout(pixels=augment.cutout, seed=seed + 7))
    return layers


def _each(x: Any) -> tuple[Any, ...]:
    """The shape of one number for each input."""
    return (ops.shape(x)[0], *(1,) * (len(x.shape) - 1))
