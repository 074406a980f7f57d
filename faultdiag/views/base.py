"""What a view is."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Speeds", "View", "ViewType"]

Speeds = float | NDArray[np.float64] | None


class View(Protocol):
    """A function of one window, its rate and its speed, and of what `ViewType.fit` stored.

    Nothing reads the rest of the record, so a stream in chunks gives the answer of the whole file.
    """

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the tensor of one window, channels last."""

    @property
    def needs_speed(self) -> bool:
        """Whether a window whose speed is unknown has no tensor."""

    @property
    def is_slow(self) -> bool:
        """Whether tensors are worth being kept on disk while a network is trained."""

    def state(self) -> dict[str, Any]:
        """Return what makes this view again, as plain JSON: ``type(view)(**view.state())``."""

    def __call__(
        self, samples: NDArray[Any], rate_hz: float | None = None, speed_rpm: Speeds = None
    ) -> NDArray[np.float32]:
        """Return the tensors of windows.

        Parameters
        ----------
        samples : ndarray, shape [..., channels, n], or images [..., height, width, channels]
            The windows.
        rate_hz : float or None
            Their rate.
        speed_rpm : float, ndarray of shape [...], or None
            Their speeds; NaN, like None, is an unknown one.

        Returns
        -------
        ndarray of float32, shape [..., *shape]
        """


class ViewType(Protocol):
    """A kind of view. A row of VIEWS."""

    def fit(self, windows: NDArray[Any], *, rate_hz: float | None) -> View:
        """Return the view for such windows; what it learns comes from training windows only.

        Parameters
        ----------
        windows : ndarray, shape [n, channels, length], or images [n, height, width, channels]
            Training windows.
        rate_hz : float or None
            Their rate.
        """

    def __call__(self, **state: Any) -> View:
        """Return the view with a stored state."""
