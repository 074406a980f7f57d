"""What an export format is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import keras

__all__ = ["Exporter", "Forward", "Tensors"]

Tensors = NDArray[np.float32]

Forward = Callable[[Tensors], Tensors]
"""From inputs ``[m, *input_shape]`` to logits ``[m, classes]``, for any m from 1 on."""


@dataclass(frozen=True)
class Exporter:
    """A format. A row of EXPORTERS; its libraries are imported when it writes or opens.

    Attributes
    ----------
    file : str
        Name of the exported file or folder inside a Run.
    write : callable
        ``write(network, about, path)`` writes a Keras network and, where the format has room for it, its
        description ``about``, to a path that does not exist yet.
    open : callable
        ``open(path)`` returns what computes with the exported file alone.
    needs : tuple of (module, extra)
        Libraries that writing and opening import, and the extras that bring them.
    backend : str or None
        The one backend of Keras that can write it; None: any.
    recorded : bool
        Whether run.json records the one inside a Run, for `predict` to compute with.
    """

    file: str
    write: Callable[["keras.Model", dict[str, Any], Path], None]
    open: Callable[[Path], Forward]
    needs: tuple[tuple[str, str], ...] = ()
    backend: str | None = None
    recorded: bool = False
