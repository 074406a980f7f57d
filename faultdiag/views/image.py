"""Images: bytes as numbers around zero."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError
from faultdiag.views.base import Speeds

__all__ = ["ImageView"]


@dataclass(frozen=True)
class ImageView:
    """Pixels / 255 less one mean over all pixels and channels of the training images.

    Attributes
    ----------
    height, width, n_channels : int
        Size of an image.
    mean : float
        The mean of the training images, in 0..1.
    """

    height: int
    width: int
    n_channels: int
    mean: float

    @classmethod
    def fit(cls, windows: NDArray[Any], *, rate_hz: float | None = None) -> "ImageView":
        """Return the view for images ``[n, height, width, channels]`` of bytes."""
        if windows.ndim != 4 or windows.dtype != np.uint8:
            raise ParameterError(
                "view 'image': images must be bytes of shape [n, height, width, channels], "
                f"got {windows.dtype} {list(windows.shape)}"
            )
        _, height, width, n_channels = windows.shape
        return cls(height, width, n_channels, mean=float(windows.mean(dtype=np.float64)) / 255)

    @property
    def shape(self) -> tuple[int, ...]:
        """Height, width and channels."""
        return (self.height, self.width, self.n_channels)

    @property
    def is_slow(self) -> bool:
        """It is made faster than it could be read."""
        return False

    @property
    def needs_speed(self) -> bool:
        """Images have none."""
        return False

    def state(self) -> dict[str, Any]:
        """Return the attributes."""
        return asdict(self)

    def __call__(
        self, samples: NDArray[Any], rate_hz: float | None = None, speed_rpm: Speeds = None
    ) -> NDArray[np.float32]:
        """Return tensors ``[..., height, width, channels]`` of images of that size.

        Raises
        ------
        ParameterError
            If the images are no bytes or have another size.
        """
        if samples.shape[-3:] != self.shape or samples.dtype != np.uint8:
            raise ParameterError(
                f"view 'image': images must be bytes of shape [..., {', '.join(map(str, self.shape))}], "
                f"got {samples.dtype} {list(samples.shape)}"
            )
        return samples.astype(np.float32) / np.float32(255) - np.float32(self.mean)
