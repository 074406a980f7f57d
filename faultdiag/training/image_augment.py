"""Augmentation of images as layers: moves, mirrors and gaps that keep the label.

Coordinates are (row, column) in pixels; every layer computes in float32 whatever the network does, as half
precision cannot number the pixels of an image.
"""

import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from faultdiag.training.affine import affine_maps
from faultdiag.training.random_layer import RandomLayer

__all__ = ["RandomAffine", "RandomCrop", "RandomCutout", "RandomMirror", "RandomMixup", "warped"]


class RandomAffine(RandomLayer):
    """Rotate, shift, shear, zoom and mirror, as one affine warp of each image.

    Everything is drawn evenly, for each image, about its centre: rotation * shift * shear * zoom, then the
    mirror. Places between pixels are interpolated, those outside take the nearest pixel.

    Parameters
    ----------
    rotate_deg, shear_deg : float
        Largest angles.
    shift : float
        Largest shift along each axis, as a share of the image.
    zoom : float
        Each axis is stretched by 1 - zoom to 1 + zoom.
    mirror : bool
        Whether every second image, by lot, is mirrored left to right.
    seed : int
        Of the random numbers.
    """

    def __init__(
        self,
        *,
        rotate_deg: float = 0.0,
        shear_deg: float = 0.0,
        shift: float = 0.0,
        zoom: float = 0.0,
        mirror: bool = False,
        seed: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, dtype="float32", **kwargs)
        self.rotate_deg, self.shear_deg = rotate_deg, shear_deg
        self.shift, self.zoom, self.mirror = shift, zoom, mirror

    def changed(self, x: Any) -> Any:
        """Return the warped images."""
        height, width = x.shape[1:3]
        u = keras.random.uniform((7, ops.shape(x)[0]), -1.0, 1.0, seed=self.generator)
        maps = affine_maps(
            angle=u[0] * math.radians(self.rotate_deg),
            shear=u[1] * math.radians(self.shear_deg),
            down=u[2] * self.shift * height,
            right=u[3] * self.shift * width,
            zoom=(1 + u[4] * self.zoom, 1 + u[5] * self.zoom),
            mirror=ops.where(u[6] < 0, -1.0, 1.0) if self.mirror else ops.ones_like(u[6]),
            xp=ops,
        )
        return warped(x, maps)


class RandomCrop(RandomLayer):
    """Shift by whole pixels; what comes in at the border is the image's own reflection.

    Parameters
    ----------
    pixels : int
        Largest shift along each axis.
    seed : int
        Of the random numbers.
    """

    def __init__(self, *, pixels: int, seed: int, **kwargs: Any) -> None:
        super().__init__(seed=seed, dtype="float32", **kwargs)
        self.pixels = pixels

    def changed(self, x: Any) -> Any:
        """Return the shifted images."""
        n, (height, width) = ops.shape(x)[0], x.shape[1:3]
        moves = keras.random.randint((2, n, 1), -self.pixels, self.pixels + 1, seed=self.generator)
        rows = _reflected(ops.arange(height)[None] + moves[0], height)
        columns = _reflected(ops.arange(width)[None] + moves[1], width)
        return _picked(x, rows[:, :, None], columns[:, None, :])


class RandomMirror(RandomLayer):
    """Mirror images left to right, by lot or every second time.

    Parameters
    ----------
    steps : int or None
        None draws a lot each time. A number is the batches of an epoch: each image has one lot, the parity
        of its pixels, and is mirrored in the even epochs or in the odd ones, so that two epochs show both
        sides of all (K. Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", 2024).
    seed : int
        Of the random numbers.
    """

    def __init__(self, *, steps: int | None = None, seed: int, **kwargs: Any) -> None:
        super().__init__(seed=seed, dtype="float32", **kwargs)
        self.steps = steps
        self.done = (
            None
            if steps is None
            else self.add_weight(
                shape=(), dtype="int32", initializer="zeros", trainable=False, name="batches_done"
            )
        )

    def changed(self, x: Any) -> Any:
        """Return the images, some of them mirrored."""
        if self.steps is None or self.done is None:
            lot = keras.random.uniform((ops.shape(x)[0],), seed=self.generator) < 0.5
        else:
            # signs that alternate leave out whatever constant the view has taken from all pixels
            signs = np.indices(x.shape[1:]).sum(axis=0) % 2 * 2 - 1
            pixels = ops.sum(x * (255.0 * signs).astype(np.float32), axis=(1, 2, 3))
            lot = ops.cast(ops.round(pixels), "int32") + self.done // self.steps
            lot = ops.equal(ops.mod(lot, 2), 1)
            self.done.assign_add(1)
        return ops.where(ops.reshape(lot, (-1, 1, 1, 1)), ops.flip(x, axis=2), x)


class RandomCutout(RandomLayer):
    """Set a square to zero, the mean of the training images, around a pixel drawn from all.

    Parameters
    ----------
    pixels : int
        Side of the square; near a border a part of it lies outside.
    seed : int
        Of the random numbers.
    """

    def __init__(self, *, pixels: int, seed: int, **kwargs: Any) -> None:
        super().__init__(seed=seed, dtype="float32", **kwargs)
        self.pixels = pixels

    def changed(self, x: Any) -> Any:
        """Return the images with their gaps."""
        inside = None
        for axis in (1, 2):
            first = keras.random.randint((ops.shape(x)[0], 1), 0, x.shape[axis], seed=self.generator)
            place = ops.arange(x.shape[axis])[None] - first + self.pixels // 2
            along = ops.logical_and(place >= 0, place < self.pixels)
            along = ops.expand_dims(along, 3 - axis)
            inside = along if inside is None else ops.logical_and(inside, along)
        return ops.where(ops.expand_dims(inside, -1), ops.zeros_like(x), x)


class RandomMixup(RandomLayer):
    """Blend each input with another one of its batch, which is turned around for that.

    Parameters
    ----------
    alpha : float
        The share of each own input is drawn for the batch, from the Beta distribution (alpha, alpha).
    seed : int
        Of the random numbers.

    References
    ----------
    H. Zhang, M. Cisse, Y. N. Dauphin, D. Lopez-Paz, "mixup: Beyond Empirical Risk Minimization", ICLR 2018.
    """

    def __init__(self, *, alpha: float, seed: int, **kwargs: Any) -> None:
        super().__init__(seed=seed, dtype="float32", **kwargs)
        self.alpha = alpha
        self.share: Any = 1.0

    def call(self, x: Any, training: bool = False) -> Any:
        """Return the input, blended in training; `share` is what each keeps of itself."""
        self.share = 1.0
        return super().call(x, training=training)

    def changed(self, x: Any) -> Any:
        """Return the blended inputs."""
        self.share = keras.random.beta((), self.alpha, self.alpha, seed=self.generator)
        return self.share * x + (1 - self.share) * ops.flip(x, axis=0)

    def blended(self, loss: Callable[[Any, Any], Any], labels: Any, weights: Any) -> Any:
        """Return the loss of what was blended last, from that for labels and their weights."""
        turned = None if weights is None else ops.flip(weights, axis=0)
        own, other = loss(labels, weights), loss(ops.flip(labels, axis=0), turned)
        return self.share * own + (1 - self.share) * other


def warped(images: Any, maps: Any) -> Any:
    """Sample images where the maps say, linearly between pixels; outside lies the nearest pixel.

    Parameters
    ----------
    images : tensor, float32, shape [batch, height, width, channels]
    maps : tensor, shape [batch, 2, 3]
        As `affine_maps` gives.

    Returns
    -------
    tensor
        Of the shape of `images`.
    """
    height, width = images.shape[1:3]
    centre = (height - 1) / 2, (width - 1) / 2
    down = (ops.arange(height, dtype="float32") - centre[0])[None, :, None]
    right = (ops.arange(width, dtype="float32") - centre[1])[None, None, :]
    places = []
    for axis, size in ((0, height), (1, width)):
        row, column, constant = (maps[:, axis, i][:, None, None] for i in range(3))
        place = row * down + column * right + constant + centre[axis]
        places.append(ops.clip(place, 0.0, size - 1.0))
    (above, left), result = [ops.floor(place) for place in places], None
    lower, righter = (ops.expand_dims(p - f, -1) for p, f in zip(places, (above, left), strict=True))
    for i, down_share in ((0, 1 - lower), (1, lower)):
        for j, right_share in ((0, 1 - righter), (1, righter)):
            rows = ops.cast(ops.minimum(above + i, height - 1.0), "int32")
            columns = ops.cast(ops.minimum(left + j, width - 1.0), "int32")
            part = down_share * right_share * _picked(images, rows, columns)
            result = part if result is None else result + part
    return result


def _picked(images: Any, rows: Any, columns: Any) -> Any:
    """The pixels at whole rows and columns, [batch, height, width] both, or what broadcasts to it."""
    n, (height, width, channels) = ops.shape(images)[0], images.shape[1:]
    first = ops.reshape(ops.arange(n, dtype="int32") * (height * width), (-1, 1, 1))
    places = first + ops.cast(rows, "int32") * width + ops.cast(columns, "int32")
    return ops.take(ops.reshape(images, (-1, channels)), places, axis=0)


def _reflected(places: Any, size: int) -> Any:
    """Places outside 0 to size - 1, by less than the size, seen in the mirrors at both border pixels."""
    return (size - 1) - ops.abs((size - 1) - ops.abs(places))
