"""Our Keras network, trained on the JAX backend in whole epochs that never leave the device.

`Model.fit` calls Python for each batch, which takes longer than a GPU takes for a small network. Here an
epoch is one call: a scan over the steps, with images, order and augmentation on the device. What is
trained are the variables of the Keras model and of its optimiser, by Keras' own stateless calls.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras
import numpy as np
from rivals.ours import our_network
from rivals.tasks import LEARNING_RATE, MOMENTUM, Task
from rivals.transfer import weights_of

from gpu.augmentation import MEAN, N_DRAWS, affine_maps

POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}

State = tuple[list[Any], list[Any], list[Any]]  # trainable, other variables, those of the optimiser


class Timed(NamedTuple):
    """Seconds of an epoch, and what the compiler says of one step: None where it says nothing."""

    seconds: float
    flops: float | None
    n_bytes: float | None


class Epochs:
    """Trains a Keras model; one call is one epoch.

    Parameters
    ----------
    model, optimizer
        Of Keras; their variables are changed by `put_back` alone.
    batch : int
        Images of a step; what is left of an epoch is dropped.
    prepare : callable
        From a random key and a batch of raw inputs to what the model takes.
    """

    def __init__(self, model: keras.Model, optimizer: Any, batch: int, prepare: Callable[..., Any]) -> None:
        optimizer.build(model.trainable_variables)
        self.model, self.optimizer, self.batch, self.prepare = model, optimizer, batch, prepare
        groups = (model.trainable_variables, model.non_trainable_variables, optimizer.variables)
        # copies, as a step gives its memory to the next one
        self.state: State = tuple([jnp.array(v.value) for v in group] for group in groups)
        self._run: Any = None

    def __call__(self, key: Any, inputs: Any, labels: Any) -> Any:
        """Train one epoch; return the mean loss, as an array on the device."""
        if self._run is None:
            epoch = jax.jit(self._epoch, donate_argnums=0)
            self._run = epoch.lower(self.state, key, inputs, labels).compile()
        self.state, loss = self._run(self.state, key, inputs, labels)
        return loss

    def cost(self, name: str) -> float | None:
        """Return a cost of one step: the compiler counts the body of a loop once."""
        found = (self._run.cost_analysis() or {}).get(name)
        return None if found is None or found <= 0 else float(found)

    def put_back(self) -> None:
        """Give the trained numbers to the model and its optimiser."""
        groups = (
            self.model.trainable_variables,
            self.model.non_trainable_variables,
            self.optimizer.variables,
        )
        for variables, values in zip(groups, self.state, strict=True):
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)

    def _epoch(self, state: State, key: Any, inputs: Any, labels: Any) -> tuple[State, Any]:
        n_steps = len(labels) // self.batch
        order = jax.random.permutation(key, len(labels))[: n_steps * self.batch].reshape(n_steps, -1)
        step = partial(self._step, inputs, labels)
        state, losses = jax.lax.scan(step, state, (order, jax.random.split(key, n_steps)))
        return state, losses.mean()

    def _step(self, inputs: Any, labels: Any, state: State, drawn: tuple[Any, Any]) -> tuple[State, Any]:
        chosen, key = drawn
        trainable, others, slots = state
        x, y = self.prepare(key, inputs[chosen]), labels[chosen]
        differentiated = jax.value_and_grad(partial(_loss, self.model), has_aux=True)
        (loss, others), gradients = differentiated(trainable, others, x, y)
        trainable, slots = self.optimizer.stateless_apply(slots, gradients, trainable)
        return (trainable, others, slots), loss


def augmented(key: Any, images: Any) -> Any:
    """Return bytes ``[batch, size, size, 3]`` changed at random, as numbers about zero."""
    draws = jax.random.uniform(key, (N_DRAWS, images.shape[0]), minval=-1, maxval=1)
    return warped(images, affine_maps(draws, images.shape[1], jnp)) / 255 - MEAN


def warped(images: Any, maps: Any) -> Any:
    """Return images ``[batch, size, size, channels]`` seen through affine maps, linear between pixels."""
    n, size, _, channels = images.shape
    place = jnp.arange(size) - (size - 1) / 2
    rows, columns = (
        jnp.clip(
            m[:, 0, None, None] * place[:, None]
            + m[:, 1, None, None] * place
            + m[:, 2, None, None]
            + (size - 1) / 2,
            0,
            size - 1,
        )
        for m in (maps[:, 0], maps[:, 1])
    )
    row, column = (jnp.minimum(jnp.floor(at), size - 2) for at in (rows, columns))
    down, right = (rows - row)[..., None], (columns - column)[..., None]
    first = (row * size + column).astype(jnp.int32).reshape(n, -1, 1)
    pixels = images.reshape(n, size * size, channels)

    def at(offset: int) -> Any:
        return jnp.take_along_axis(pixels, first + offset, axis=1).reshape(images.shape).astype(jnp.float32)

    upper = at(0) * (1 - right) + at(1) * right
    lower = at(size) * (1 - right) + at(size + 1) * right
    return upper * (1 - down) + lower * down


def epoch_time(task: Task, activation: str, precision: str, n: int, repeats: int) -> Timed:
    """Time epochs of `n` inputs; images are bytes and augmented, signals are taken as they are.

    Raises
    ------
    ArithmeticError
        If the loss is no number any more.
    """
    keras.config.set_dtype_policy(POLICIES[precision])
    sgd = keras.optimizers.SGD(LEARNING_RATE, momentum=MOMENTUM, nesterov=True)
    prepare = augmented if task.rank == 2 else lambda key, signals: signals
    epochs = Epochs(our_network(task, activation), sgd, task.batch, prepare)
    keras.config.set_dtype_policy("float32")
    rng = np.random.default_rng(0)
    inputs = jnp.asarray(raw_inputs(task, n))
    labels = jnp.asarray(rng.integers(0, task.n_classes, n))
    seconds = []
    for number in range(repeats + 1):
        start = time.perf_counter()
        loss = float(epochs(jax.random.key(number), inputs, labels))
        seconds.append(time.perf_counter() - start)
        if not np.isfinite(loss):
            raise ArithmeticError(f"{task.network}: the loss is {loss} in epoch {number + 1}")
    epochs.put_back()
    return Timed(float(np.median(seconds[1:])), epochs.cost("flops"), epochs.cost("bytes accessed"))


def raw_inputs(task: Task, n: int) -> Any:
    """Return random images as bytes, or random signals, on the host."""
    rng = np.random.default_rng(0)
    if task.rank == 2:
        return rng.integers(0, 256, (n, *task.input_shape), np.uint8)
    return rng.standard_normal((n, *task.input_shape), np.float32)


def computed(task: Task, inputs: Any, labels: Any) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """Return logits, gradients and weights of a fresh network in training mode, at full precision."""
    model = our_network(task)
    trainable = [v.value for v in model.trainable_variables]
    others = [v.value for v in model.non_trainable_variables]
    x, y = jnp.asarray(inputs), jnp.asarray(labels)
    with jax.default_matmul_precision("highest"):
        logits, _ = jax.jit(partial(model.stateless_call, training=True))(trainable, others, x)
        gradients, _ = jax.jit(jax.grad(partial(_loss, model), has_aux=True))(trainable, others, x, y)
    paths = [v.path for v in model.trainable_variables]
    return np.asarray(logits), dict(zip(paths, map(np.asarray, gradients), strict=True)), weights_of(model)


def copy_bytes_per_s(n_bytes: int) -> float:
    """Measure how fast the device moves bytes, read and written ones counted."""
    x = jnp.zeros(n_bytes // 4, jnp.float32)
    return 2 * n_bytes / _seconds(jax.jit(lambda a: a + 1), x)


def matmul_flops_per_s(n: int, precision: str) -> float:
    """Measure products of two n x n matrices of random numbers."""
    x = jax.random.normal(jax.random.key(0), (n, n), jnp.dtype(precision))
    return 2 * n**3 / _seconds(jax.jit(lambda a: a @ a), x)


def _seconds(function: Callable[[Any], Any], x: Any, repeats: int = 10) -> float:
    function(x).block_until_ready()
    start = time.perf_counter()
    for _ in range(repeats):
        result = function(x)
    result.block_until_ready()
    return (time.perf_counter() - start) / repeats


def _loss(model: keras.Model, trainable: Any, others: Any, x: Any, labels: Any) -> tuple[Any, Any]:
    """Mean cross-entropy and the penalties, with the variables that training changes beside."""
    logits, others, penalties = model.stateless_call(trainable, others, x, training=True, return_losses=True)
    each = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return each.mean() + sum(penalties), others
