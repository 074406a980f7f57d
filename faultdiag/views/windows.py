"""What the views of signals share: the windows they are made for, and normalisation of each by itself."""

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError
from faultdiag.views.base import Speeds

__all__ = ["SignalView", "channels_last", "known_rate", "log_standardized", "picked", "standardized"]

FLOOR = 1e-3
"""Of the root mean square of some amplitudes: what lies below it is as good as nothing (-60 dB)."""


@dataclass(frozen=True, kw_only=True)
class SignalView(ABC):
    """What every view of windows of a signal knows of them; a view adds `shape` and `tensors`.

    Attributes
    ----------
    n_channels, length : int
        Channels and samples of a window.
    rate_hz : float or None
        Their rate; None only where the view has no frequencies.
    """

    name: ClassVar[str]

    n_channels: int
    length: int
    rate_hz: float | None = None

    @property
    def needs_speed(self) -> bool:
        """Whether a window without a speed has no tensor."""
        return False

    @property
    def is_slow(self) -> bool:
        """Whether tensors are worth being kept on disk while a network is trained."""
        return True

    @property
    @abstractmethod
    def shape(self) -> tuple[int, ...]:
        """Shape of a tensor, channels last."""

    @abstractmethod
    def tensors(self, windows: NDArray[Any], speed_rpm: Speeds) -> NDArray[np.float32]:
        """Return the tensors of windows that fit the view and vary."""

    def state(self) -> dict[str, Any]:
        """Return the attributes."""
        return asdict(self)

    def __call__(
        self, samples: NDArray[Any], rate_hz: float | None = None, speed_rpm: Speeds = None
    ) -> NDArray[np.float32]:
        """Return tensors ``[..., *shape]`` of windows ``[..., channels, length]``.

        A channel that does not vary in a window is zeros there.

        Raises
        ------
        ParameterError
            If the windows have other channels, another length or another rate than those the view was
            fitted on, or a speed is needed and unknown.
        """
        self._check(samples, rate_hz)
        still = samples.max(axis=-1) - samples.min(axis=-1) <= 1e-6 * np.abs(samples).max(axis=-1)
        if not still.any():
            return self.tensors(samples, speed_rpm)
        waves = np.where(np.arange(self.length) % 2, 1, -1).astype(samples.dtype)
        made = self.tensors(np.where(still[..., None], waves, samples), speed_rpm)
        per_channel = made.reshape(
            *samples.shape[:-2], -1, self.n_channels, made.shape[-1] // self.n_channels
        )
        blanked = np.where(still[..., None, :, None], np.float32(0), per_channel)
        return blanked.reshape(made.shape)

    @classmethod
    def sizes(cls, windows: NDArray[Any]) -> tuple[int, int]:
        """Return channels and length of training windows ``[n, channels, length]``.

        Raises
        ------
        ParameterError
            If they have another shape.
        """
        if windows.ndim != 3:
            raise ParameterError(
                f"view {cls.name!r}: windows must have shape [n, channels, length], got {list(windows.shape)}"
            )
        return int(windows.shape[1]), int(windows.shape[2])

    def _check(self, samples: NDArray[Any], rate_hz: float | None) -> None:
        if samples.shape[-2:] != (self.n_channels, self.length):
            raise ParameterError(
                f"view {self.name!r}: windows must be [..., {self.n_channels}, {self.length}], "
                f"got {list(samples.shape)}"
            )
        if rate_hz is not None and self.rate_hz is not None and abs(rate_hz / self.rate_hz - 1) > 1e-6:
            raise ParameterError(
                f"view {self.name!r}: it was fitted at {self.rate_hz:g} Hz; resample the windows of "
                f"{rate_hz:g} Hz first"
            )


def known_rate(name: str, rate_hz: float | None) -> float:
    """Return the rate of training windows.

    Raises
    ------
    ParameterError
        If it is unknown: the view has frequencies.
    """
    if rate_hz is None:
        raise ParameterError(f"view {name!r} has frequencies, so the rate must be known; say it with --rate")
    return float(rate_hz)


def picked(view: str, name: str, value: int, least: int, most: int) -> int:
    """Return a number of an option after a check of its range.

    Raises
    ------
    ParameterError
        If it lies outside, or windows are too short for any.
    """
    if most < least:
        raise ParameterError(
            f"view {view!r}: the windows are too short for it; take longer ones (data.window)"
        )
    if not least <= value <= most:
        raise ParameterError(f"view {view!r}: {name} must lie from {least} to {most}, got {value}")
    return int(value)


def standardized(values: NDArray[Any], *, n_axes: int = 1) -> NDArray[Any]:
    """Return values at mean 0 and standard deviation 1 over the last axes; constant ones become zeros."""
    axes = tuple(range(-n_axes, 0))
    mean = values.mean(axis=axes, keepdims=True)
    centred = values - mean
    deviation = centred.std(axis=axes, keepdims=True)
    # rounding leaves constant values a deviation of some 1e-8 of their size: that is no signal
    scaled: NDArray[Any] = centred / np.where(deviation > 1e-6 * np.abs(mean), deviation, np.inf)
    return scaled


def log_standardized(amplitude: NDArray[Any], *, n_axes: int = 1) -> NDArray[Any]:
    """Return the logarithm of amplitudes at mean 0 and standard deviation 1 over the last axes."""
    axes = tuple(range(-n_axes, 0))
    size = np.sqrt(np.mean(amplitude**2, axis=axes, keepdims=True))
    floor = np.maximum(FLOOR * size, np.finfo(amplitude.dtype).tiny)
    return standardized(np.log(amplitude + floor), n_axes=n_axes)


def channels_last(values: NDArray[Any], *, n_axes: int) -> NDArray[np.float32]:
    """Return values ``[..., channels, *axes]`` as tensors ``[..., *axes, channels]``."""
    return np.ascontiguousarray(np.moveaxis(values, -n_axes - 1, -1), dtype=np.float32)
