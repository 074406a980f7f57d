"""The networks: builders by name."""

from typing import TYPE_CHECKING, Any, Protocol

from faultdiag.registry import Registry

if TYPE_CHECKING:
    import keras

__all__ = ["NETWORKS", "Builder"]


class Builder(Protocol):
    """Builds an uncompiled network. Its further keyword arguments are the network's typed options."""

    def __call__(
        self, *, input_shape: tuple[int | None, ...], n_classes: int, **options: Any
    ) -> "keras.Model":
        """Return a model from ``[batch, *input_shape]`` to logits ``[batch, n_classes]``."""


NETWORKS: Registry[Builder] = Registry(
    "network",
    "faultdiag.networks",
    {
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
