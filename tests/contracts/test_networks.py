"""What every network and every activation keeps to: run over the whole tables, on two backends."""

import importlib
import inspect
import itertools
import os
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from faultdiag.errors import ParameterError  # noqa: E402
from faultdiag.networks.activations import Settings  # noqa: E402
from faultdiag.networks.aprelu import APReLU  # noqa: E402
from faultdiag.networks.describe import describe  # noqa: E402
from faultdiag.networks.residual import build  # noqa: E402
from faultdiag.networks.table import ACTIVATIONS, NETWORKS  # noqa: E402

ROOT = Path(__file__).parents[2]
SHAPES = {"signal": (96, 2), "image": (12, 10, 3)}
N_CLASSES = 5

pytestmark = pytest.mark.keras
each_network = pytest.mark.parametrize("name", NETWORKS.names())
each_activation = pytest.mark.parametrize("name", ACTIVATIONS.names())
each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


def inputs(shape, n=6):
    return np.random.default_rng(4).standard_normal((n, *shape)).astype(np.float32)


def made(name, shape, n_classes, **options):
    """A network of the table; of a deep one, one block a stage: its full depth is counted in its own test."""
    builder = NETWORKS.load(name)
    stages = inspect.signature(builder).parameters.get("stages")
    if stages is not None:
        options = {"stages": tuple((filters, 1, stride) for filters, _, stride in stages.default)} | options
    return builder(input_shape=shape, n_classes=n_classes, **options)


@pytest.mark.parametrize(
    ("table", "name"), [(table, name) for table in (NETWORKS, ACTIVATIONS) for name in table]
)
def test_a_row_has_a_description_and_its_module_a_test(table, name):
    module, _, attribute = table.rows[name][1].partition(":")
    assert hasattr(importlib.import_module(module), attribute)
    assert (ROOT / "tests" / "networks" / f"test_{module.rpartition('.')[2]}.py").is_file()
    assert 0 < len(table.describe(name)) < 80


@pytest.mark.parametrize("table", [NETWORKS, ACTIVATIONS], ids=["networks", "activations"])
def test_a_name_misspelt_is_told_with_near_ones(table):
    name = table.names()[0]
    with pytest.raises(ParameterError, match=f"unknown {table.kind} '{name}x'; did you mean {name}"):
        table.load(f"{name}x")


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
    model = made(name, shape, N_CLASSES)
    assert model.input_shape == (None, *shape)
    assert model.output_shape == (None, N_CLASSES)
    logits = model.predict(inputs(shape), verbose=0)
    assert np.isfinite(logits).all()
    assert np.abs(logits.sum(axis=1) - 1).max() > 1e-3  # no probabilities: the loss takes logits


@each_network
def test_inputs_do_not_know_each_other_in_use(name):
    model, x = made(name, SHAPES["signal"], 3), inputs(SHAPES["signal"])
    alone = np.concatenate([model(x[i : i + 1]) for i in range(3)])
    np.testing.assert_allclose(model(x)[:3], alone, rtol=1e-4, atol=1e-5)


@each_network
def test_the_same_seed_makes_the_same_network(name):
    def kernels(seed):
        keras.utils.set_random_seed(seed)
        return made(name, SHAPES["signal"], 3).get_weights()

    first, same, other = kernels(3), kernels(3), kernels(4)
    for one, two in zip(first, same, strict=True):
        np.testing.assert_array_equal(one, two)
    assert any(np.any(one != two) for one, two in zip(first, other, strict=True))


@each_network
def test_it_learns_what_it_is_shown_and_every_kernel_takes_part(name):
    keras.utils.set_random_seed(1)
    x, labels = inputs(SHAPES["signal"], 24), np.arange(24) % 3
    x += labels[:, None, None]
    model = made(name, SHAPES["signal"], 3)
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
        model = made(name, SHAPES["signal"], 3)
    finally:
        keras.config.set_dtype_policy("float32")
    assert model.output.dtype == "float32"
    assert model.get_layer("mean").compute_dtype == "bfloat16"
    assert {v.dtype for v in model.variables} == {"float32"}
    assert np.isfinite(model.predict(inputs(SHAPES["signal"]), verbose=0)).all()


@each_network
@each_shape
def test_any_length_is_admitted_and_any_number_of_channels(name, shape):
    model = made(name, (*(None,) * (len(shape) - 1), 4), 3)
    for n in (9, 17):
        assert model(inputs((*(n,) * (len(shape) - 1), 4), 2)).shape == (2, 3)


@each_network
def test_it_can_be_described(name):
    model = made(name, SHAPES["signal"], 3)
    found = describe(model)
    assert found.n_parameters == model.count_params() > found.n_trainable > 0
    assert found.flops > 0
    assert found.receptive_field[0] > 1


@each_network
def test_plain_keras_saves_and_loads_it(name, tmp_path):
    model, x = made(name, SHAPES["signal"], 3), inputs(SHAPES["signal"])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(loaded(x), model(x))


def rectifier(name, rank):
    return ACTIVATIONS.load(name)(Settings(rank=rank, reduction=2))


@each_activation
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_an_activation_keeps_the_shape_at_any_length(name, rank):
    layer = rectifier(name, rank)
    layer.build((None, *(None,) * rank, 8))
    for n in (1, 5):
        x = inputs((*(n,) * rank, 8), 3)
        for training in (False, True):
            assert layer(x, training=training).shape == x.shape


@each_activation
def test_an_activation_is_made_afresh_each_time(name):
    assert rectifier(name, 1) is not rectifier(name, 1)


@each_activation
def test_an_activation_comes_back_from_its_config(name, tmp_path):
    model = shaken(keras.Sequential([keras.Input((None, 8)), rectifier(name, 1)]), 1)
    layer, x = model.layers[-1], inputs((12, 8))
    config = layer.get_config()
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    assert loaded.layers[-1].get_config() == config
    np.testing.assert_array_equal(loaded(x), model(x))


@each_activation
def test_a_network_with_any_activation_learns(name):
    keras.utils.set_random_seed(1)
    x, labels = inputs(SHAPES["signal"], 24), np.arange(24) % 3
    x += labels[:, None, None]
    model = made("residual", SHAPES["signal"], 3, activation=name, stages=((16, 1, 2),))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, run_eagerly=True)
    losses = model.fit(x, labels, batch_size=24, epochs=3, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def shaken(model, seed):
    """The model, its variables away from a start that is half zeros and ones; variances stay positive."""
    rng, moved = np.random.default_rng(seed), []
    for weights in model.get_weights():
        lot = 0.1 * rng.standard_normal(weights.shape)
        moved.append(weights + (np.abs(lot) if np.all(weights == 1) else lot))
    model.set_weights(moved)
    return model


def models():
    """APReLU alone at each rank, and small networks with each activation, strides and every shortcut."""
    found = {
        f"aprelu-{len(shape) - 1}": keras.Sequential([keras.Input(shape), APReLU(reduction=2)])
        for shape in ((20, 8), (5, 4, 8), (4, 3, 2, 8))
    }
    shortcuts = itertools.cycle(["pad", "pad-both", "projection", "none"])
    for name, shortcut in zip(ACTIVATIONS, shortcuts, strict=False):
        found[f"network-{name}"] = build(
            input_shape=(21, 14, 2) if name == "aprelu" else (21, 2),
            n_classes=3,
            stem_filters=8,
            stem_kernel=6,
            stem_stride=2,
            stages=((8, 1, 1), (13, 1, 2)) if name == "aprelu" else ((13, 1, 2),),
            shortcut=shortcut,
            activation=name,
            reduction=4,
        )
    return {name: shaken(model, number) for number, (name, model) in enumerate(found.items())}


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

from faultdiag.networks import activations  # registers all our layers

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
