"""The course of the learning rate against its formula, and what decay leaves alone."""

import keras
import numpy as np
import pytest

from faultdiag.training.optimizers import StepDecay, Triangle, make_optimizer
from faultdiag.training.recipe import Fit

pytestmark = pytest.mark.keras


def rates(schedule, steps):
    return np.array([float(keras.ops.convert_to_numpy(schedule(step))) for step in range(steps)])


def test_a_triangle_rises_and_falls_evenly_and_has_half_the_height_in_the_mean():
    found = rates(Triangle(0.4, 20, 100), 100)
    np.testing.assert_allclose(np.diff(found[:20]), 0.4 / 20, rtol=1e-5)
    np.testing.assert_allclose(np.diff(found[20:]), -0.4 / 80, rtol=1e-5)
    np.testing.assert_allclose(found.mean(), 0.2, rtol=1e-6)
    assert found.min() > 0
    assert 0.39 < found.max() < 0.4


def test_without_a_rise_it_falls_from_the_start():
    np.testing.assert_allclose(rates(Triangle(1.0, 0, 4), 4), [0.875, 0.625, 0.375, 0.125])


def test_steps_divide_by_ten():
    np.testing.assert_allclose(rates(StepDecay(0.1, [2, 3]), 5), [0.1, 0.1, 0.01, 0.001, 0.001], rtol=1e-6)


def test_the_recipe_gives_drops_in_epochs_however_many_there_are():
    fit = Fit(epochs=5, optimizer="sgd", schedule="steps", drops=(2, 3, 20), learning_rate=1.0)
    optimizer = make_optimizer(fit, [], steps=10)
    optimizer.build([keras.Variable(np.zeros(1))])
    found = []
    for number in range(10):
        optimizer.iterations.assign(number)
        found.append(float(keras.ops.convert_to_numpy(optimizer.learning_rate)))
    np.testing.assert_allclose(found, [1] * 4 + [0.1] * 2 + [0.01] * 4, rtol=1e-6)


def test_the_momentum_is_that_of_the_recipe():
    assert make_optimizer(Fit(optimizer="sgd", momentum=0.7), [], steps=9).momentum == 0.7


@pytest.mark.parametrize("schedule", [Triangle(0.4, 2, 9), StepDecay(0.1, [3])])
def test_a_schedule_can_be_made_again(schedule):
    again = type(schedule).from_config(schedule.get_config())
    np.testing.assert_array_equal(rates(again, 9), rates(schedule, 9))


@pytest.mark.parametrize("name", ["sgd", "adamw", "muon"])
@pytest.mark.parametrize(("decay", "shrinks"), [("all", True), ("kernels", False)])
def test_decay_shrinks_kernels_and_if_wanted_the_rest(name, decay, shrinks):
    """Without a gradient only the decay changes a weight: by rate * decay of its size."""
    inputs = keras.Input((3,))
    x = keras.layers.BatchNormalization()(keras.layers.Dense(4, name="first")(inputs))
    model = keras.Model(inputs, x)
    for weight in model.trainable_weights:
        weight.assign(np.ones(weight.shape))
    fit = Fit(optimizer=name, learning_rate=0.1, warmup=0, schedule="triangle", weight_decay=0.5, decay=decay)
    optimizer = make_optimizer(fit, model.trainable_variables, steps=1)
    optimizer.apply([keras.ops.zeros_like(w) for w in model.trainable_weights], model.trainable_weights)
    for weight in model.trainable_weights:
        left = 1 - 0.05 * 0.5 if shrinks or weight.name == "kernel" else 1.0
        np.testing.assert_allclose(keras.ops.convert_to_numpy(weight), left, rtol=1e-6)


def test_muon_moves_a_kernel_by_its_share_at_the_top_of_the_schedule_and_never_decays_it():
    kernel = keras.Variable(np.ones((3, 2, 4), np.float32), name="kernel")
    fit = Fit(
        optimizer="muon",
        learning_rate=0.4,
        kernel_share=0.03,
        warmup=0,
        schedule="triangle",
        weight_decay=0.5,
    )
    optimizer = make_optimizer(fit, [kernel], steps=10**6)
    rng = np.random.default_rng(0)
    optimizer.apply(
        [keras.ops.convert_to_tensor(rng.standard_normal((3, 2, 4)).astype(np.float32))], [kernel]
    )
    moved = keras.ops.convert_to_numpy(kernel)
    np.testing.assert_allclose(np.linalg.norm(moved), np.sqrt(24), rtol=1e-5)
    assert 0.5 * 0.03 < np.linalg.norm(moved - 1) / np.sqrt(24) < 1.1 * 0.03
