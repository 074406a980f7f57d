"""The views: how a window becomes the tensor that a network sees."""

from faultdiag.registry import Registry
from faultdiag.views.base import ViewType

__all__ = ["VIEWS"]

VIEWS: Registry[ViewType] = Registry(
    "view",
    "faultdiag.views",
    {
        "image": (
            "an image in 0..1 less the mean of the training images",
            "faultdiag.views.image:ImageView",
        ),
        "raw": (
            "the waveform, each window at mean 0 and deviation 1",
            "faultdiag.views.raw:RawView",
        ),
    },
)
