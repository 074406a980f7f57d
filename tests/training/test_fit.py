"""The engine: schedule, loss, best epoch, early stop, and one line when the loss is no number."""

import keras
import numpy as np
import pytest

from faultdiag.datasets.examples import Examples
from faultdiag.errors import FaultdiagError
from faultdiag.records import Record
from faultdiag.runs.backend import Device
from faultdiag.training.batches import WindowBatches
from faultdiag.training.checkpoint import CHECKPOINT
from faultdiag.training.display import SilentDisplay
from faultdiag.training.fit import compiled, fit_network, precision_policy
from faultdiag.training.material import gather
from faultdiag.training.recipe import Fit, make_recipe

pytestmark = pytest.mark.keras

CPU, GPU = Device("tensorflow", "cpu"), Device("tensorflow", "gpu:0")
LENGTH = 20


@pytest.fixture(scope="module")
def examples():
    """Slow and fast tones: a single dense layer tells them apart by their phase at the window's start."""
    rng = np.random.default_rng(0)
    records = tuple(
        Record(
            source=(np.cos(2 * np.pi * k * np.arange(600) / LENGTH) + 0.1 * rng.standard_normal(600))[None],
            label=label,
            group=f"{label}{i}",
        )
        for label, k in (("slow", 1), ("fast", 4))
        for i in range(2)
    )
    return Examples(name="some", task="fault", classes=("slow", "fast"), records=records)


def recipe_for(examples, **fit):
    given = {"data.window": LENGTH, "data.train_hop": LENGTH, "fit": {"batch_size": 8, "epochs": 3} | fit}
    return make_recipe(examples, settings=given)


class Keeps(SilentDisplay):
    """Remembers what it was told."""

    def __init__(self):
        self.batches, self.epochs = [], []

    def batch(self, state):
        self.batches.append(state)

    def epoch(self, state):
        self.epochs.append(state)


@pytest.fixture
def fitted(examples, tmp_path):
    """Fit a network of one dense layer; return network, progress and what was displayed."""

    def fitted(*, validated=True, shuffled_validation=False, **fit):
        recipe = recipe_for(examples, **fit)
        material = gather(recipe, examples)
        keras.utils.set_random_seed(1)
        network = keras.Sequential(
            [keras.Input((LENGTH, 1)), keras.layers.Flatten(), keras.layers.Dense(2, kernel_regularizer="l2")]
        )
        pool, view = material.pool, material.view
        train = WindowBatches(pool, material.split.train, view, batch_size=8, seed=0)
        other = WindowBatches(pool, material.split.tests[-1].windows, view, batch_size=64)
        if shuffled_validation:  # labels the wrong way round: the better on training, the worse here
            other.pool = type(pool)(1 - pool.labels, pool.records)
        shown = Keeps()
        progress = fit_network(
            network,
            recipe,
            train,
            other if validated else None,
            folder=tmp_path,
            device=CPU,
            display=shown,
        )
        return network, progress, shown, other

    return fitted


@pytest.mark.parametrize(
    ("precision", "device", "policy"),
    [
        ("auto", CPU, "float32"),
        ("auto", GPU, "mixed_bfloat16"),
        ("mixed_float16", CPU, "mixed_float16"),
        ("float32", GPU, "float32"),
    ],
)
def test_precision_is_mixed_on_a_gpu_unless_named(precision, device, policy):
    assert precision_policy(Fit(precision=precision), device) == policy


@pytest.fixture
def dense():
    return keras.Sequential([keras.Input((4, 1)), keras.layers.Flatten(), keras.layers.Dense(3)])


def rates(model, steps):
    schedule = model.optimizer._learning_rate
    return np.array([float(schedule(step)) for step in steps])


def test_the_rate_rises_in_a_line_and_falls_as_a_cosine(dense, examples):
    recipe = recipe_for(examples, learning_rate=0.2, warmup=0.1)
    model = compiled(dense, recipe, steps=200, device=CPU)
    steps = np.arange(201)
    warm = 0.2 / 100 + (0.2 - 0.2 / 100) * steps / 20
    fall = 0.2 * 0.5 * (1 + np.cos(np.pi * (steps - 20) / 180))
    np.testing.assert_allclose(rates(model, steps), np.where(steps < 20, warm, fall), rtol=1e-4, atol=1e-7)


def test_without_warmup_it_starts_at_the_top(dense, examples):
    model = compiled(dense, recipe_for(examples, learning_rate=0.2, warmup=0.0), steps=100, device=CPU)
    np.testing.assert_allclose(rates(model, [0, 50, 100]), [0.2, 0.1, 0], atol=1e-7)


def test_the_optimiser_is_the_recipes(dense, examples):
    adamw = compiled(dense, recipe_for(examples, weight_decay=0.3), steps=9, device=CPU).optimizer
    assert type(adamw).__name__ == "AdamW"
    assert adamw.weight_decay == 0.3
    recipe = recipe_for(examples, optimizer="sgd", weight_decay=0.0)
    sgd = compiled(dense, recipe, steps=9, device=CPU).optimizer
    assert (type(sgd).__name__, sgd.momentum, sgd.nesterov, sgd.weight_decay) == ("SGD", 0.9, True, None)


@pytest.mark.parametrize(
    ("xla", "device", "expected"),
    [
        (None, CPU, False),
        (None, GPU, True),
        (None, Device("jax", "cpu"), True),
        (True, CPU, True),
        (False, GPU, False),
    ],
)
def test_xla_is_used_where_it_pays(dense, examples, xla, device, expected):
    assert compiled(dense, recipe_for(examples, xla=xla), steps=9, device=device).jit_compile is expected


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.9])
def test_the_loss_is_the_smoothed_cross_entropy(dense, examples, smoothing):
    model = compiled(dense, recipe_for(examples, label_smoothing=smoothing), steps=9, device=CPU)
    rng = np.random.default_rng(0)
    logits, labels = 3 * rng.standard_normal((50, 3)).astype(np.float32), rng.integers(0, 3, 50)
    target = np.eye(3)[labels] * (1 - smoothing) + smoothing / 3
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    assert float(model.loss(labels, logits)) == pytest.approx(-(target * log_p).sum(axis=1).mean(), rel=1e-5)


def test_the_history_has_a_row_an_epoch(fitted):
    _, progress, shown, _ = fitted()
    assert [row["epoch"] for row in progress.history] == [1, 2, 3]
    names = {"epoch", "loss", "crossentropy", "accuracy", "val_loss", "val_crossentropy", "val_accuracy"}
    assert all(set(row) == names for row in progress.history)
    assert progress.epoch == 3
    assert progress.seconds > 0
    assert [s.epoch for s in shown.epochs] == [1, 2, 3]
    last = shown.epochs[-1]
    assert (last.epochs, last.batch, last.left_s) == (3, last.batches, 0)
    assert last.loss == progress.history[-1]["crossentropy"]
    assert last.validation_accuracy == progress.history[-1]["val_accuracy"]


def test_a_display_sees_progress_within_an_epoch(fitted):
    _, _, shown, _ = fitted()
    assert shown.batches
    for state in shown.batches:
        assert 1 <= state.batch <= state.batches
        assert state.validation_loss is None
        assert state.windows_per_s > 0
        assert state.left_s >= 0


def crossentropy(network, batches):
    total = []
    for i in range(len(batches)):
        x, labels = batches[i][:2]
        logits = np.asarray(network(x))
        log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        total += (-log_p[np.arange(len(labels)), labels]).tolist()
    return np.mean(total)


def test_the_network_ends_with_its_best_epoch(fitted):
    """Validated on swapped labels it is best at first, so the first epoch's weights must stand at the end."""
    network, progress, _, other = fitted(shuffled_validation=True, epochs=4, learning_rate=0.05)
    losses = [row["val_crossentropy"] for row in progress.history]
    assert losses == sorted(losses), "it gets worse from epoch to epoch"
    assert progress.best_epoch == 1
    assert progress.best_loss == losses[0]
    assert crossentropy(network, other) == pytest.approx(losses[0], rel=1e-5)


def test_it_stops_when_the_best_epoch_is_too_long_ago(fitted):
    _, progress, _, _ = fitted(shuffled_validation=True, epochs=9, patience=2, learning_rate=0.05)
    assert progress.stopped
    assert progress.epoch == progress.best_epoch + 2 == 3


def test_without_patience_it_ends_with_the_last_epoch(fitted):
    network, progress, _, other = fitted(shuffled_validation=True, patience=0, learning_rate=0.05)
    assert (progress.epoch, progress.best_epoch, progress.best_weights) == (3, 0, [])
    last = progress.history[-1]["val_crossentropy"]
    assert crossentropy(network, other) == pytest.approx(last, rel=1e-5)


def test_without_validation_it_goes_to_the_end(fitted):
    _, progress, shown, _ = fitted(validated=False)
    assert progress.epoch == 3
    assert not progress.stopped
    assert "val_loss" not in progress.history[0]
    assert shown.epochs[0].validation_loss is None


def test_a_checkpoint_is_there_before_the_first_epoch(examples, tmp_path, fitted):
    class Looks(Keeps):
        def batch(self, state):
            if state.epoch == 1:
                self.batches.append((tmp_path / CHECKPOINT).is_file())

    looks = Looks()
    recipe = recipe_for(examples, epochs=1)
    material = gather(recipe, examples)
    network = keras.Sequential([keras.Input((LENGTH, 1)), keras.layers.Flatten(), keras.layers.Dense(2)])
    train = WindowBatches(material.pool, material.split.train, material.view, batch_size=8, seed=0)
    fit_network(network, recipe, train, None, folder=tmp_path, device=CPU, display=looks)
    assert looks.batches[0] is True


def test_a_finished_training_is_not_repeated(fitted):
    _, first, _, _ = fitted()
    _, again, shown, _ = fitted()
    assert again.history == first.history
    assert shown.epochs == []


@pytest.mark.filterwarnings("ignore:overflow|invalid:RuntimeWarning")
def test_a_loss_that_is_no_number_is_one_line(fitted, tmp_path):
    with pytest.raises(
        FaultdiagError, match=r"the loss is (nan|inf) in epoch \d; lower fit\.learning_rate"
    ) as e:
        fitted(optimizer="sgd", learning_rate=1e30, weight_decay=0.0, warmup=0.0)
    assert str(tmp_path) in str(e.value)
    assert "\n" not in str(e.value)
