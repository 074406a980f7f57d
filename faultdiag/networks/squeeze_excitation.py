"""Squeeze-and-excitation ReLU: the twin of APReLU that scales what the rectifier lets through."""

from typing import Any

import keras
from keras import ops

from faultdiag.networks.aprelu import APReLU

__all__ = ["SqueezeExcitationReLU"]


@keras.saving.register_keras_serializable(package="faultdiag")
class SqueezeExcitationReLU(APReLU):
    """ReLU whose channels are scaled by a gate that is computed from the input itself.

    ``y = gate * max(x, 0)``. The gate is the slope network of `APReLU` to the letter: the same means, the
    same hidden layer, the same weights, so that a network with the one has exactly as many weights as a
    network with the other. What differs is what is scaled: all that is positive, and not the negative part.

    The parameters are those of `APReLU`.

    References
    ----------
    J. Hu, L. Shen, G. Sun, "Squeeze-and-Excitation Networks", CVPR 2018, doi:10.1109/CVPR.2018.00745. There
    the gate sees the mean of each channel and has no batch normalisation.
    """

    def call(self, x: Any, training: bool = False) -> Any:
        """Return the rectified and scaled input, of the same shape."""
        return ops.relu(x) * self.slopes(x, training=training)
