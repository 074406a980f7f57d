"""The engine: schedule, loss, best epoch, early stop, and one line when the loss is no number."""

from dataclasses import dataclass

import keras
import numpy as np
import pytest

from faultdiag.datasets.examples import Examples
from faultdiag.errors import FaultdiagError
from faultdiag.records import Record
from faultdiag.runs.backend import Device
from faultdiag.training.batches import WindowBatches
from faultdiag.training.checkpoint import CHECKPOINT, Progress
from faultdiag.training.display import SilentDisplay
from faultdiag.training.fit import compiled, fit_network, precision_policy
from faultdiag.training.material import gather
from faultdiag.training.recipe import Fit, make_recipe
from faultdiag.views.pool import WindowPool

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
    """Remembers what it was told, and whether there was a checkpoint then."""

    def __init__(self, folder):
        self.folder = folder
        self.batches, self.epochs, self.saved = [], [], []

    def batch(self, state):
        self.batches.append(state)
        self.saved.append((self.folder / CHECKPOINT).is_file())

    def epoch(self, state):
        self.epochs.append(state)


@dataclass
class Fitted:
    """A network, how it came about, and what it was validated on."""

    network: keras.Model
    progress: Progress
    shown: Keeps
    validation: WindowBatches


def fitted(examples, folder, *, validated=True, swapped=False, **fit):
    """Fit one dense layer; `swapped` validates on labels the wrong way round: better here is worse there."""
    recipe = recipe_for(examples, **fit)
    material = gather(recipe, examples)
    keras.utils.set_random_seed(1)
    network = keras.Sequential(
        [keras.Input((LENGTH, 1)), keras.layers.Flatten(), keras.layers.Dense(2, kernel_regularizer="l2")]
    )
    pool, view = material.pool, material.view
    train = WindowBatches(pool, material.split.train, view, batch_size=8, seed=0)
    others = WindowPool(1 - pool.labels, pool.records) if swapped else pool
    validation = WindowBatches(others, material.split.tests[-1].windows, view, batch_size=64)
    shown = Keeps(folder)
    progress = fit_network(
        network,
        recipe,
        train,
        validation if validated else None,
        folder=folder,
        device=CPU,
        display=shown,
    )
    return Fitted(network, progress, shown, validation)


@pytest.fixture(scope="module")
def plain(examples, tmp_path_factory):
    """Three epochs, validated."""
    return fitted(examples, tmp_path_factory.mktemp("plain"))


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


def test_the_history_has_a_row_an_epoch(plain):
    history = plain.progress.history
    assert [row["epoch"] for row in history] == [1, 2, 3]
    names = {"epoch", "loss", "crossentropy", "accuracy", "val_loss", "val_crossentropy", "val_accuracy"}
    assert all(set(row) == names for row in history)
    assert all(row["loss"] > row["crossentropy"] for row in history), "the loss holds the penalty, too"
    assert plain.progress.epoch == 3
    assert plain.progress.seconds > 0


def test_a_display_sees_every_epoch(plain):
    assert [state.epoch for state in plain.shown.epochs] == [1, 2, 3]
    state, row = plain.shown.epochs[-1], plain.progress.history[-1]
    assert (state.epochs, state.batch, state.left_s) == (3, state.batches, 0)
    assert (state.loss, state.accuracy) == (row["crossentropy"], row["accuracy"])
    assert (state.validation_loss, state.validation_accuracy) == (
        row["val_crossentropy"],
        row["val_accuracy"],
    )


def test_a_display_sees_progress_within_an_epoch(plain):
    assert plain.shown.batches
    for state in plain.shown.batches:
        assert 1 <= state.batch <= state.batches
        assert state.validation_loss is None
        assert state.windows_per_s > 0
        assert state.left_s >= 0


def test_a_checkpoint_is_there_from_the_first_batch_on(plain):
    assert all(plain.shown.saved)


def test_a_finished_training_is_not_repeated(examples, plain):
    again = fitted(examples, plain.shown.folder)
    assert again.progress.history == plain.progress.history
    assert again.shown.epochs == []
    for a, b in zip(again.network.get_weights(), plain.network.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def crossentropy(network, batches):
    total = []
    for i in range(len(batches)):
        x, labels = batches[i][:2]
        logits = np.asarray(network(x))
        log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        total += (-log_p[np.arange(len(labels)), labels]).tolist()
    return np.mean(total)


def test_it_stops_when_the_best_epoch_is_too_long_ago_and_goes_back_to_it(examples, tmp_path):
    done = fitted(examples, tmp_path, swapped=True, epochs=9, patience=2, learning_rate=0.05)
    losses = [row["val_crossentropy"] for row in done.progress.history]
    assert losses == sorted(losses), "it gets worse from epoch to epoch"
    assert done.progress.stopped
    assert (done.progress.epoch, done.progress.best_epoch, done.progress.best_loss) == (3, 1, losses[0])
    assert crossentropy(done.network, done.validation) == pytest.approx(losses[0], rel=1e-5)


def test_without_patience_it_ends_with_the_last_epoch(examples, tmp_path):
    done = fitted(examples, tmp_path, swapped=True, patience=0, learning_rate=0.05)
    progress = done.progress
    assert (progress.epoch, progress.best_epoch, progress.best_weights) == (3, 0, [])
    last = progress.history[-1]["val_crossentropy"]
    assert crossentropy(done.network, done.validation) == pytest.approx(last, rel=1e-5)


def test_without_validation_it_goes_to_the_end(examples, tmp_path):
    done = fitted(examples, tmp_path, validated=False)
    assert (done.progress.epoch, done.progress.stopped) == (3, False)
    assert "val_loss" not in done.progress.history[0]
    assert done.shown.epochs[0].validation_loss is None


@pytest.mark.filterwarnings("ignore:overflow|invalid:RuntimeWarning")
def test_a_loss_that_is_no_number_is_one_line(examples, tmp_path):
    wild = {"optimizer": "sgd", "learning_rate": 1e30, "weight_decay": 0.0, "warmup": 0.0}
    with pytest.raises(
        FaultdiagError, match=r"the loss is (nan|inf) in epoch \d; lower fit\.learning_rate"
    ) as e:
        fitted(examples, tmp_path, **wild)
    assert str(tmp_path) in str(e.value)
    assert "\n" not in str(e.value)
