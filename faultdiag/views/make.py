"""Views by name: one row of VIEWS, or several joined by ``+`` whose channels stand side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError
from faultdiag.registry import check_options
from faultdiag.views.base import Speeds, View
from faultdiag.views.table import VIEWS

__all__ = ["CombinedView", "check_view_name", "fit_view", "restored_view"]

JOINT = "+"


@dataclass(frozen=True)
class CombinedView:
    """Several views of the same windows, one after the other in the channels.

    Attributes
    ----------
    names : tuple of str
        Their rows in VIEWS.
    parts : tuple of View
        The views.

    Raises
    ------
    ParameterError
        If their shapes differ in more than the channels.
    """

    names: tuple[str, ...]
    parts: tuple[View, ...]

    def __post_init__(self) -> None:
        if len({part.shape[:-1] for part in self.parts}) > 1:
            shapes = ", ".join(
                f"{name} {list(part.shape[:-1])}" for name, part in zip(self.names, self.parts, strict=True)
            )
            raise ParameterError(
                f"view {JOINT.join(self.names)!r}: views become channels of one tensor only if they are "
                f"equally large: {shapes}"
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of each part, with the channels of all."""
        return (*self.parts[0].shape[:-1], sum(part.shape[-1] for part in self.parts))

    @property
    def needs_speed(self) -> bool:
        """Whether a part needs it."""
        return any(part.needs_speed for part in self.parts)

    @property
    def is_slow(self) -> bool:
        """Whether a part is."""
        return any(part.is_slow for part in self.parts)

    def state(self) -> dict[str, Any]:
        """Return the state of each part by its name."""
        return {name: part.state() for name, part in zip(self.names, self.parts, strict=True)}

    def __call__(
        self, samples: NDArray[Any], rate_hz: float | None = None, speed_rpm: Speeds = None
    ) -> NDArray[np.float32]:
        """Return the tensors of all parts, joined; raises as they do."""
        return np.concatenate([part(samples, rate_hz, speed_rpm) for part in self.parts], axis=-1)


def check_view_name(name: str) -> None:
    """Refuse a name that is neither a row of VIEWS nor several joined by ``+``.

    Raises
    ------
    ParameterError
        If there is no such view, or one is named twice.
    """
    names = name.split(JOINT)
    for one in names:
        VIEWS.describe(one)
    if len(set(names)) < len(names):
        raise ParameterError(f"view {name!r}: each view can stand in it once")


def fit_view(name: str, windows: NDArray[Any], *, rate_hz: float | None, options: Mapping[str, Any]) -> View:
    """Return a view fitted on training windows.

    Parameters
    ----------
    name : str
        A row of VIEWS, or several joined by ``+``.
    windows : ndarray, shape [n, channels, length], or images [n, height, width, channels]
        Training windows.
    rate_hz : float or None
        Their rate.
    options : mapping
        What the view's `fit` takes beside these; for several views a mapping for each by its name.

    Raises
    ------
    ParameterError
        If a name or an option is unknown, an option out of range, or several views differ in size.
    """
    names = tuple(name.split(JOINT))
    check_view_name(name)
    if len(names) == 1:
        return _fitted(name, windows, rate_hz, options)
    for key, value in options.items():
        if key not in names or not isinstance(value, Mapping):
            raise ParameterError(
                f"view {name!r}: its options are those of its views, such as "
                f"view.options.{names[0]}.NAME=VALUE, got {key!r}"
            )
    parts = tuple(_fitted(one, windows, rate_hz, options.get(one, {})) for one in names)
    return CombinedView(names, parts)


def restored_view(name: str, state: Mapping[str, Any]) -> View:
    """Return the view that has such a state.

    Raises
    ------
    KeyError, TypeError, ParameterError
        If it is none of this faultdiag.
    """
    names = tuple(name.split(JOINT))
    if len(names) == 1:
        return VIEWS.load(name)(**state)
    return CombinedView(names, tuple(VIEWS.load(one)(**state[one]) for one in names))


def _fitted(name: str, windows: NDArray[Any], rate_hz: float | None, options: Mapping[str, Any]) -> View:
    kind = VIEWS.load(name)
    check_options(f"view {name!r}", kind.fit, options)
    chosen: dict[str, Any] = dict(options)
    return kind.fit(windows, rate_hz=rate_hz, **chosen)
