"""What every network keeps to: run over the whole table, on two backends."""

import importlib
import inspect
import os
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from faultdiag.networks.aprelu import APReLU  # noqa: E402
from faultdiag.networks.residual import build  # noqa: E402
from faultdiag.networks.table import NETWORKS  # noqa: E402

ROOT = Path(__file__).parents[2]
SHAPES = {"signal": (96, 2), "image": (12, 10, 3)}
N_CLASSES = 5

pytestmark = pytest.mark.keras
each_network = pytest.mark.parametrize("name", NETWORKS.names())
each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


def inputs(shape, n=6):
    return np.random.default_rng(4).standard_normal((n, *shape)).astype(np.float32)


@each_network
def test_a_row_has_a_description_and_its_module_a_test(name):
    module, _, attribute = NETWORKS.rows[name][1].partition(":")
    assert hasattr(importlib.import_module(module), attribute)
    assert (ROOT / "tests" / "networks" / f"test_{module.rpartition('.')[2]}.py").is_file()
    assert 0 < len(NETWORKS.describe(name)) < 80


@each_network
def test_a_builder_takes_keywords_with_defaults(name):
    parameters = inspect.signature(NETWORKS.load(name)).parameters
    assert {"input_shape", "n_classes"} <= set(parameters)
    for parameter in parameters.values():
        assert parameter.kind is parameter.KEYWORD_ONLY, parameter.name
        own = parameter.name not in ("input_shape", "n_classes")
        assert (parameter.default is not parameter.empty) == own, parameter.name
    builder = NETWORKS.load(name)
    assert set(parameters) <= set(get_type_hints(getattr(builder, "func", builder)))


@each_network
@each_shape
def test_logits_of_each_class(name, shape):
    model = NETWORKS.load(name)(input_shape=shape, n_classes=N_CLASSES)
    assert model.input_shape == (None, *shape)
    assert model.output_shape == (None, N_CLASSES)
    logits = model.predict(inputs(shape), verbose=0)
    assert np.isfinite(logits).all()
    assert np.abs(logits.sum(axis=1) - 1).max() > 1e-3  # no probabilities: the loss takes logits


@each_network
def test_inputs_do_not_know_each_other_in_use(name):
    model, x = NETWORKS.load(name)(input_shape=SHAPES["signal"], n_classes=3), inputs(SHAPES["signal"])
    alone = np.concatenate([model(x[i : i + 1]) for i in range(3)])
    np.testing.assert_allclose(model(x)[:3], alone, rtol=1e-4, atol=1e-5)


@each_network
def test_the_same_seed_makes_the_same_network(name):
    def kernels(seed):
        keras.utils.set_random_seed(seed)
        return NETWORKS.load(name)(input_shape=SHAPES["signal"], n_classes=3).get_weights()

    first, same, other = kernels(3), kernels(3), kernels(4)
    for one, two in zip(first, same, strict=True):
        np.testing.assert_array_equal(one, two)
    assert any(np.any(one != two) for one, two in zip(first, other, strict=True))


@each_network
def test_it_learns_what_it_is_shown_and_every_kernel_takes_part(name):
    keras.utils.set_random_seed(1)
    x, labels = inputs(SHAPES["signal"], 24), np.arange(24) % 3
    x += labels[:, None, None]
    model = NETWORKS.load(name)(input_shape=SHAPES["signal"], n_classes=3)
    kernels = [v for v in model.trainable_variables if v.name == "kernel"]
    before = [v.numpy() for v in kernels]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, run_eagerly=True)
    losses = model.fit(x, labels, batch_size=24, epochs=2, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    for kernel, was in zip(kernels, before, strict=True):
        assert np.any(kernel.numpy() != was), kernel.path


@each_network
def test_logits_are_single_precision_whatever_the_rest_is(name):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = NETWORKS.load(name)(input_shape=SHAPES["signal"], n_classes=3)
    finally:
        keras.config.set_dtype_policy("float32")
    assert model.output.dtype == "float32"
    assert model.get_layer("mean").compute_dtype == "bfloat16"
    assert {v.dtype for v in model.variables} == {"float32"}
    assert np.isfinite(model.predict(inputs(SHAPES["signal"]), verbose=0)).all()


def shaken(model, seed):
    """The model, its variables away from a start that is half zeros and ones; variances stay positive."""
    rng, moved = np.random.default_rng(seed), []
    for weights in model.get_weights():
        lot = 0.1 * rng.standard_normal(weights.shape)
        moved.append(weights + (np.abs(lot) if np.all(weights == 1) else lot))
    model.set_weights(moved)
    return model


def models():
    """APReLU alone at each rank, and a small network with a wide stem, strides and added channels."""
    made = {
        f"aprelu-{len(shape) - 1}": keras.Sequential([keras.Input(shape), APReLU(reduction=2)])
        for shape in ((20, 8), (5, 4, 8), (4, 3, 2, 8))
    }
    made["network"] = build(
        input_shape=(21, 14, 2),
        n_classes=3,
        stem_filters=8,
        stem_kernel=6,
        stem_stride=2,
        stages=((8, 1, 1), (12, 1, 2)),
        reduction=4,
    )
    return {name: shaken(model, number) for number, (name, model) in enumerate(made.items())}


def answers(name, model, x):
    """What a model gives in use; and APReLU in training, and what it remembers of that."""
    found = {f"{name}: in use": keras.ops.convert_to_numpy(model(x, training=False))}
    if name.startswith("aprelu"):
        found[f"{name}: in training"] = keras.ops.convert_to_numpy(model(x, training=True))
        for number, variable in enumerate(model.non_trainable_variables):
            found[f"{name}: remembered {number}"] = variable.numpy()
    return found


# compiling takes longer than computing here
QUICK_JAX = {"JAX_PLATFORMS": "cpu", "XLA_FLAGS": "--xla_backend_optimization_level=0"}

IN_JAX = f"""
import sys
from pathlib import Path

import keras
import numpy as np

from faultdiag.networks.aprelu import APReLU

{inspect.getsource(answers)}

assert keras.backend.backend() == "jax"
folder, found = Path(sys.argv[1]), {{}}
for path in folder.glob("*.keras"):
    model = keras.saving.load_model(path, safe_mode=True)
    found |= answers(path.stem, model, np.load(path.with_suffix(".npy")))
assert "tensorflow" not in sys.modules
np.savez(folder / "found.npz", **found)
"""


@pytest.mark.slow
def test_jax_loads_what_was_saved_here_and_gives_the_same(tmp_path):
    pytest.importorskip("jax")
    expected = {}
    for name, model in models().items():
        x = inputs(model.input_shape[1:])
        np.save(tmp_path / f"{name}.npy", x)
        model.save(tmp_path / f"{name}.keras")
        loaded = keras.saving.load_model(tmp_path / f"{name}.keras", safe_mode=True)
        in_use = keras.ops.convert_to_numpy(loaded(x, training=False))
        expected |= answers(name, model, x)
        np.testing.assert_array_equal(in_use, expected[f"{name}: in use"])
    environment = os.environ | {"KERAS_BACKEND": "jax", "PYTHONPATH": str(ROOT)} | QUICK_JAX
    command = [sys.executable, "-c", IN_JAX, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = np.load(tmp_path / "found.npz")
    assert set(found) == set(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-3, atol=1e-4, err_msg=name)
