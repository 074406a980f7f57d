"""ELU, a rectifier for the residual networks."""

import keras

from faultdiag.networks.activations import Settings

__all__ = ["elu"]


def elu(settings: Settings) -> keras.layers.Layer:
    """Return ``x`` above zero and ``exp(x) - 1`` below."""
    return keras.layers.ELU()
