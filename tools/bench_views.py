"""How much of real time each view takes: windows of 2048 samples at 12 kHz, one channel, on one core."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from bench_signal import one_thread
from blocks import Prepare, Step
from groups import Group, Row
from numpy.typing import NDArray

if TYPE_CHECKING:
    from faultdiag.views.windows import SignalView

__all__ = ["groups"]

RATE_HZ = 12000.0
SPEED_RPM = 1797.0
LENGTH = 2048
N_WINDOWS = 256
SIGNAL_S = N_WINDOWS * LENGTH / RATE_HZ
GOALS = {1: 1 / 200, 2: 1 / 50}
"""The largest share of real time, by the rank of a view."""


def groups() -> dict[str, Group]:
    """Return a group for every view of a signal that VIEWS has."""
    from faultdiag.views.table import VIEWS
    from faultdiag.views.windows import SignalView

    of_signals = [name for name in VIEWS if issubclass(VIEWS.load(name), SignalView)]  # type: ignore[arg-type]
    return {f"views {name}": _group(name) for name in of_signals}


def _group(name: str) -> Group:
    goal = GOALS[len(_fitted(name).shape) - 1]  # the last axis is the channels
    sides: dict[str, Prepare | float] = {
        name: partial(one_thread, partial(_prepare, name)),
        "real time": SIGNAL_S,
    }
    return Group(sides, 4, (Row(f"view_{name}", name, ("real time",), goal),))


def _prepare(name: str) -> Step:
    """Return what makes the tensors of one batch."""
    return partial(_fitted(name), _windows(N_WINDOWS), RATE_HZ, np.full(N_WINDOWS, SPEED_RPM))


def _fitted(name: str) -> "SignalView":
    from faultdiag.views.table import VIEWS

    return VIEWS.load(name).fit(_windows(4), rate_hz=RATE_HZ)  # type: ignore[return-value]


def _windows(n_windows: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).standard_normal((n_windows, 1, LENGTH), np.float32)
