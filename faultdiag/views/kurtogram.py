"""The fast kurtogram: which bands come in bursts."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from faultdiag.signal.bands import FEWEST_SAMPLES, tree_counts
from faultdiag.signal.kurtogram import fast_kurtogram
from faultdiag.views.base import Speeds
from faultdiag.views.windows import SignalView, channels_last, known_rate, picked

__all__ = ["KurtogramView"]

MOST_LEVELS = 5


@dataclass(frozen=True, kw_only=True)
class KurtogramView(SignalView):
    """Signed square root of the kurtosis of every band of a 1/3-binary tree, so that no burst fills it all.

    Attributes
    ----------
    n_levels : int
        Depth of the tree.
    """

    name: ClassVar[str] = "kurtogram"

    n_levels: int

    @classmethod
    def fit(
        cls, windows: NDArray[Any], *, rate_hz: float | None = None, n_levels: int | None = None
    ) -> "KurtogramView":
        """Return the view for windows ``[n, channels, length]``: by default up to 5 levels."""
        n_channels, length = cls.sizes(windows)
        rate = known_rate(cls.name, rate_hz)
        deepest = int(np.log2(max(length / 2 / FEWEST_SAMPLES, 0.5)))
        n_levels = picked(
            cls.name, "n_levels", min(MOST_LEVELS, deepest) if n_levels is None else n_levels, 1, deepest
        )
        return cls(n_channels=n_channels, length=length, rate_hz=rate, n_levels=n_levels)

    @property
    def shape(self) -> tuple[int, ...]:
        """Levels from the widest bands on, frequencies and channels."""
        counts = tree_counts(self.n_levels)
        return (len(counts), int(np.lcm.reduce(counts)), self.n_channels)

    def tensors(self, windows: NDArray[Any], speed_rpm: Speeds) -> NDArray[np.float32]:
        """Return tensors ``[..., levels, frequencies, channels]``."""
        kurtosis = fast_kurtogram(windows, rate_hz=self.rate_hz or 1.0, n_levels=self.n_levels).grid()
        return channels_last(np.sign(kurtosis) * np.sqrt(np.abs(kurtosis)), n_axes=2)
