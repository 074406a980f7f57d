"""APReLU once more, in NumPy, as the paper describes it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

Array = NDArray[np.float64]


def array(variable: Any) -> Array:
    return np.asarray(variable.numpy(), np.float64)


def normalised(x: Array, norm: Any, *, training: bool) -> Array:
    """Batch normalisation of ``[batch, ..., channels]``, by the batch or by what the layer remembers."""
    gamma, beta, mean, variance = (
        array(v) for v in (norm.gamma, norm.beta, norm.moving_mean, norm.moving_variance)
    )
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
    return gamma * (x - mean) / np.sqrt(variance + norm.epsilon) + beta


def slopes(x: Array, layer: Any, *, training: bool) -> Array:
    """Means of both parts, a narrow dense layer, a wide one; each is normalised before its rectifier."""
    axes = tuple(range(1, x.ndim - 1))
    negative = np.where(x < 0, x, 0).mean(axis=axes)
    positive = np.where(x > 0, x, 0).mean(axis=axes)
    seen = {
        "both": [negative, positive],
        "average": [x.mean(axis=axes)],
        "positive": [positive],
        "negative": [negative],
    }[layer.inputs]
    if layer.shared:
        seen = [means.mean(axis=1, keepdims=True) for means in seen]
    hidden = np.concatenate(seen, axis=1) @ array(layer.squeeze.kernel)
    hidden = normalised(hidden + array(layer.squeeze.bias), layer.squeeze_norm, training=training)
    wide = np.where(hidden > 0, hidden, 0) @ array(layer.excite.kernel) + array(layer.excite.bias)
    found = 1 / (1 + np.exp(-normalised(wide, layer.excite_norm, training=training)))
    return found.reshape(len(x), *(1,) * len(axes), -1)


@pytest.fixture
def batch_norm() -> Callable[..., Array]:
    return normalised


@pytest.fixture
def slopes_of() -> Callable[..., Array]:
    return slopes


@pytest.fixture
def aprelu_of() -> Callable[..., Array]:
    def rectified(x: Array, layer: Any, *, training: bool) -> Array:
        return np.where(x > 0, x, slopes(x, layer, training=training) * x)

    return rectified


@pytest.fixture
def shake() -> Callable[..., None]:
    """Give every variable of a layer or model a value by lot; variances stay positive."""

    def shaken(layer: Any, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        for variable in layer.variables:
            value = rng.uniform(-1, 1, variable.shape)
            variable.assign(0.5 + np.abs(value) if "variance" in variable.path else value)

    return shaken
