"""Golden inputs: simulated windows as the view of a Run gives them, the same on every machine.

Their logits lie beside an exported network, so that whoever loads it can see that it still computes
what the Run computes. No recording of a data set is among them.
"""

import io

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError, RunError
from faultdiag.runs.document import RunDocument
from faultdiag.runs.export.base import Tensors
from faultdiag.views.make import restored_view

__all__ = ["golden_bytes", "n_golden", "simulated_inputs"]

MOST, MOST_BYTES = 4, 160_000
SPEED_RPM = 1800.0
"""For views that need a speed."""


def simulated_inputs(document: RunDocument, n: int, *, seed: int = 0) -> Tensors:
    """Return inputs of the network of a Run, made from simulated windows by its own view.

    Parameters
    ----------
    document : RunDocument
        Of the Run.
    n : int
        How many.
    seed : int
        Of the simulation.

    Returns
    -------
    ndarray of float32, shape [n, *input_shape]

    Raises
    ------
    RunError
        If the view is none of this faultdiag.
    """
    rng = np.random.default_rng(seed)
    try:
        view = restored_view(document.view["name"], document.view["state"])
        windows = _images(rng, n, view.shape) if document.input == "image" else _signals(rng, n, document)
        inputs: Tensors = view(windows, document.data.rate_hz, SPEED_RPM)
    except (KeyError, TypeError, ParameterError) as error:
        raise RunError(f"run.json: not a view of this faultdiag: {error}") from error
    return inputs


def n_golden(input_shape: tuple[int, ...]) -> int:
    """Return how many golden inputs there are: few, so that their file stays small.

    Examples
    --------
    >>> n_golden((2048, 1)), n_golden((128, 128, 2))
    (4, 1)
    """
    return int(np.clip(MOST_BYTES // (4 * np.prod(input_shape)), 1, MOST))


def golden_bytes(inputs: Tensors, logits: Tensors) -> bytes:
    """Return the content of golden.npz."""
    content = io.BytesIO()
    np.savez_compressed(content, inputs=inputs, logits=logits)
    return content.getvalue()


def _signals(rng: np.random.Generator, n: int, document: RunDocument) -> NDArray[np.float32]:
    """Windows ``[n, channels, length]``: a resonance that is struck periodically, in noise."""
    length = document.data.window
    period = rng.uniform(length / 32, length / 4, (n, 1, 1))  # in samples
    since = (np.arange(length) + rng.uniform(0, period)) % period
    ringing = np.exp(-since / (0.2 * period)) * np.sin(2 * np.pi * rng.uniform(0.02, 0.4, (n, 1, 1)) * since)
    noise = rng.standard_normal((n, len(document.data.channels), length))
    windows: NDArray[np.float64] = rng.uniform(0, 5, (n, 1, 1)) * ringing + noise
    return windows.astype(np.float32)


def _images(rng: np.random.Generator, n: int, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Images ``[n, height, width, channels]``: patches of colour, in noise."""
    height, width, channels = shape
    patches = rng.integers(0, 256, (n, 4, 4, channels))
    rows, columns = 4 * np.arange(height) // height, 4 * np.arange(width) // width
    noise = rng.normal(0, 16, (n, height, width, channels))
    return np.clip(patches[:, rows[:, None], columns] + noise, 0, 255).astype(np.uint8)
