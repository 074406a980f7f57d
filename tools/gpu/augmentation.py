"""The note's augmentation as one affine map of each image, for whichever library draws and warps.

Rotation by up to 30 degrees, shifts of up to an eighth of the image, shear by up to 30 degrees, zoom
between 0.8 and 1.2 for each axis, and every second image mirrored: rotation * shift * shear * zoom,
then the mirror, all about the centre of the image. What lies outside is the nearest pixel.
"""

import math
from typing import Any

from faultdiag.training import affine

N_DRAWS = 7
MEAN = 0.473  # of all pixels of the training images of CIFAR-10, from 0 to 1

_ANGLE_RAD = math.radians(30)
_SHIFT = 0.125
_ZOOM = 0.2


def affine_maps(draws: Any, size: int, xp: Any) -> Any:
    """Return the maps from places in the result to places in the image, both from the centre.

    Parameters
    ----------
    draws : array, shape [7, batch]
        Independent, uniform in (-1, 1).
    size : int
        Height and width of the images, in pixels.
    xp : module
        Whose arrays these are: numpy, jax.numpy or torch.

    Returns
    -------
    array, shape [batch, 2, 3]
        ``[row, column] = map @ [row, column, 1]``, in pixels.
    """
    return affine.affine_maps(
        angle=draws[0] * _ANGLE_RAD,
        shear=draws[1] * _ANGLE_RAD,
        down=draws[2] * _SHIFT * size,
        right=draws[3] * _SHIFT * size,
        zoom=(1 + draws[4] * _ZOOM, 1 + draws[5] * _ZOOM),
        mirror=xp.sign(draws[6]),
        xp=xp,
    )
