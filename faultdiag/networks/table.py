"""The networks and their rectifiers: what makes them, by name."""

from typing import TYPE_CHECKING, Any, Protocol

from faultdiag.registry import Registry

if TYPE_CHECKING:
    import keras

    from faultdiag.networks.activations import Settings

__all__ = ["ACTIVATIONS", "NETWORKS", "Builder", "Rectifier"]


class Builder(Protocol):
    """Builds an uncompiled network. Its further keyword arguments are the network's typed options."""

    def __call__(
        self, *, input_shape: tuple[int | None, ...], n_classes: int, **options: Any
    ) -> "keras.Model":
        """Return a model from ``[batch, *input_shape]`` to logits ``[batch, n_classes]``."""


class Rectifier(Protocol):
    """Makes a rectifier."""

    def __call__(self, settings: "Settings") -> "keras.layers.Layer":
        """Return a fresh layer that keeps the shape of its input ``[batch, ..., channels]``."""


ACTIVATIONS: Registry[Rectifier] = Registry(
    "activation",
    "faultdiag.activations",
    {
        "aprelu": ("a slope for each input and channel", "faultdiag.networks.activations:aprelu"),
        "aprelu_shared": (
            "one slope for each input, shared by the channels",
            "faultdiag.networks.activations:aprelu_shared",
        ),
        "lrelu": ("fixed slope of 0.1", "faultdiag.networks.activations:lrelu"),
        "prelu": ("one trained slope a channel", "faultdiag.networks.activations:prelu"),
        "relu": ("nothing below zero", "faultdiag.networks.activations:relu"),
        "se_relu": (
            "ReLU, scaled by a gate with exactly the weights of aprelu",
            "faultdiag.networks.activations:se_relu",
        ),
        "sigmoid": ("logistic function", "faultdiag.networks.activations:sigmoid"),
        "tanh": ("hyperbolic tangent", "faultdiag.networks.activations:tanh"),
    },
)

NETWORKS: Registry[Builder] = Registry(
    "network",
    "faultdiag.networks",
    {
        "author-2020-06": (
            "60 blocks of the author's CIFAR-10 program of June 2020",
            "faultdiag.networks.presets:author_2020_06",
        ),
        "paper-m12": ("the paper's network with 12 blocks", "faultdiag.networks.presets:paper_m12"),
        "paper-m6": ("the paper's network with 6 blocks", "faultdiag.networks.presets:paper_m6"),
        "paper-m9": ("the paper's network with 9 blocks", "faultdiag.networks.presets:paper_m9"),
        "record16": (
            "APReLU network of the author's CIFAR-10 record 16",
            "faultdiag.networks.presets:record16",
        ),
        "residual": (
            "residual APReLU network of any rank, every option open",
            "faultdiag.networks.residual:build",
        ),
        "vibration": (
            "residual APReLU network with a wide first kernel",
            "faultdiag.networks.presets:vibration",
        ),
    },
)
