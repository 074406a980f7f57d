"""Networks with weights and moving statistics that are not those of the start."""

import numpy as np
import pytest


@pytest.fixture
def shaken():
    """Give every variable of a Keras network a value of its own: a fresh network is symmetric."""

    def shake(network):
        rng = np.random.default_rng(7)
        for variable in network.weights:
            noise = rng.uniform(-0.1, 0.1, variable.shape)
            variable.assign(variable.numpy() + noise.astype(variable.dtype))
        return network

    return shake


@pytest.fixture
def float64():
    """Build Keras networks in float64, in which two programs differ by what they compute alone."""
    import keras

    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


@pytest.fixture
def one_thread():
    """Let PyTorch alone compute in one thread: in this process another library has threads, too."""
    torch = pytest.importorskip("torch", reason="the twins in PyTorch: torch is not installed")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
