"""The rectifiers of the residual networks: each row of ACTIVATIONS makes one layer.

All stand behind a batch normalisation and take inputs ``[batch, ..., channels]`` of any rank.
"""

from dataclasses import dataclass
from typing import Any

import keras

from faultdiag.networks.aprelu import APReLU, SlopeInputs
from faultdiag.networks.squeeze_excitation import SqueezeExcitationReLU

__all__ = ["Settings", "aprelu", "aprelu_shared", "lrelu", "prelu", "relu", "se_relu", "sigmoid", "tanh"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a network tells each of its rectifiers; each takes what it needs.

    Attributes
    ----------
    rank : int
        Axes of the input beside batch and channels.
    reduction : int
        The hidden layer of a slope network has ``channels // reduction`` units.
    slope_inputs : {"both", "average", "positive", "negative"}
        What a slope network sees of each channel.
    momentum, epsilon : float
        Of the batch normalisations.
    l2 : float
        Penalty on kernels and scales, ``l2 * sum(w**2)``.
    """

    rank: int
    reduction: int = 16
    slope_inputs: SlopeInputs = "both"
    momentum: float = 0.9
    epsilon: float = 1e-3
    l2: float = 1e-4

    def of_slopes(self) -> dict[str, Any]:
        """Return the arguments of a layer with a slope network."""
        return {
            "reduction": self.reduction,
            "inputs": self.slope_inputs,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "l2": self.l2,
        }


def sigmoid(settings: Settings) -> keras.layers.Layer:
    """Return ``1 / (1 + exp(-x))``."""
    return keras.layers.Activation("sigmoid")


def tanh(settings: Settings) -> keras.layers.Layer:
    """Return the hyperbolic tangent."""
    return keras.layers.Activation("tanh")


def relu(settings: Settings) -> keras.layers.Layer:
    """Return ``max(x, 0)``."""
    return keras.layers.ReLU()


def lrelu(settings: Settings) -> keras.layers.Layer:
    """Return ``max(x, 0) + 0.1 * min(x, 0)``, the slope of the paper's comparison."""
    return keras.layers.LeakyReLU(negative_slope=0.1)


def prelu(settings: Settings) -> keras.layers.Layer:
    """Return ``max(x, 0) + slope * min(x, 0)`` with one trained slope a channel.

    The slopes start at 0.25 and have no penalty, as in K. He et al., "Delving Deep into Rectifiers", ICCV
    2015, doi:10.1109/ICCV.2015.123; the paper on APReLU does not say how its PReLU starts.
    """
    return keras.layers.PReLU(
        alpha_initializer=keras.initializers.Constant(0.25), shared_axes=list(range(1, settings.rank + 1))
    )


def aprelu(settings: Settings) -> keras.layers.Layer:
    """Return APReLU with a slope for each input and channel."""
    return APReLU(**settings.of_slopes())


def aprelu_shared(settings: Settings) -> keras.layers.Layer:
    """Return APReLU with one slope for all channels of an input.

    Its hidden layer has two units whatever `reduction` is, as in the author's program of June 2020.
    """
    return APReLU(**settings.of_slopes() | {"shared": True, "reduction": 1})


def se_relu(settings: Settings) -> keras.layers.Layer:
    """Return ReLU with a squeeze-and-excitation gate that has exactly the weights of `aprelu`."""
    return SqueezeExcitationReLU(**settings.of_slopes())
