"""Checkpoints: everything back to the bit, never half a file, and one line when one is damaged."""

import errno
import json
from pathlib import Path

import keras
import numpy as np
import pytest

from faultdiag.errors import RunError
from faultdiag.training.checkpoint import CHECKPOINT, Progress, load_checkpoint, save_checkpoint

pytestmark = pytest.mark.keras

X = np.random.default_rng(0).standard_normal((16, 6)).astype(np.float32)
Y = np.random.default_rng(1).standard_normal((16, 2)).astype(np.float32)

OPTIMIZERS = {
    "adamw": lambda: keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(0.1, 50)),
    "momentum": lambda: keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
}


def made(optimizer="adamw", units=5):
    """A model with weights, statistics, seeds and slots."""
    model = keras.Sequential(
        [
            keras.Input((6,)),
            keras.layers.GaussianNoise(0.1, seed=3),
            keras.layers.Dense(units),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(2),
        ]
    )
    model.compile(OPTIMIZERS[optimizer](), "mse", jit_compile=False, run_eagerly=True)
    return model


def variables(model):
    return [*model.variables, *model.optimizer.variables]


def values(model):
    return [np.asarray(v).copy() for v in variables(model)]


def train(model, n_steps):
    return [float(model.train_on_batch(X, Y)) for _ in range(n_steps)]


@pytest.fixture
def trained(tmp_path):
    """A model after three steps, saved in the folder, and what it was then."""
    model = made()
    train(model, 3)
    save_checkpoint(tmp_path, model, Progress(epoch=3))
    return model


def error(folder, model):
    with pytest.raises(RunError) as caught:
        load_checkpoint(folder, model)
    assert "\n" not in str(caught.value)
    assert str(folder / CHECKPOINT) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_variable_comes_back_to_the_bit(tmp_path, optimizer):
    model = made(optimizer)
    train(model, 3)
    save_checkpoint(tmp_path, model, Progress(epoch=3))
    kept = values(model)
    fresh = made(optimizer)
    load_checkpoint(tmp_path, fresh)
    found = values(fresh)
    for variable, a, b in zip(variables(model), kept, found, strict=True):
        assert a.dtype == b.dtype, variable.path
        assert a.tobytes() == b.tobytes(), variable.path
    names = " ".join(v.path for v in variables(model))
    assert "iteration" in names
    assert "momentum" in names
    assert "seed_generator_state" in names
    assert "moving_variance" in names
    assert int(fresh.optimizer.iterations) == 3
    slots = [np.asarray(v) for v in fresh.optimizer.variables if "momentum" in v.path]
    assert slots, "the optimiser has slots"
    assert all(np.any(slot != 0) for slot in slots if slot.size > 6)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_training_goes_on_as_if_it_had_never_stopped(tmp_path, optimizer):
    model = made(optimizer)
    start = model.get_weights()
    save_checkpoint(tmp_path, model, load_checkpoint(tmp_path, model))
    uninterrupted = train(model, 6)
    other = made(optimizer)
    load_checkpoint(tmp_path, other)
    np.testing.assert_array_equal(other.get_weights()[0], start[0])
    first = train(other, 3)
    save_checkpoint(tmp_path, other, Progress(epoch=3))
    third = made(optimizer)
    load_checkpoint(tmp_path, third)
    assert first + train(third, 3) == uninterrupted
    for a, b in zip(values(model), values(third), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_progress_comes_back(tmp_path):
    model = made()
    model.optimizer.build(model.trainable_variables)
    progress = Progress(
        epoch=2,
        history=[{"epoch": 1, "loss": 0.1 + 0.2}, {"epoch": 2, "loss": 1e-300}],
        best_epoch=1,
        best_loss=0.1,
        best_weights=model.get_weights(),
        seconds=1.25,
        stopped=True,
    )
    save_checkpoint(tmp_path, model, progress)
    found = load_checkpoint(tmp_path, made())
    for name in ("epoch", "history", "best_epoch", "best_loss", "seconds", "stopped"):
        assert getattr(found, name) == getattr(progress, name)
    for a, b in zip(found.best_weights, progress.best_weights, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_loss_that_is_not_yet_there_comes_back(trained, tmp_path):
    assert load_checkpoint(tmp_path, made()).best_loss == np.inf


def test_a_folder_without_checkpoint_is_at_the_beginning(tmp_path):
    model = made()
    assert load_checkpoint(tmp_path, model) == Progress()
    assert int(model.optimizer.iterations) == 0


def full_disk(monkeypatch, *, after=100):
    """Every file that is opened for writing takes so many bytes, then the disk is full."""
    really = Path.open

    class Full:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *details):
            self.file.close()

        def write(self, content):
            self.file.write(content[:after])
            raise OSError(errno.ENOSPC, "No space left on device")

    def opened(self, mode="r", *args, **options):
        file = really(self, mode, *args, **options)
        return Full(file) if "w" in mode else file

    monkeypatch.setattr(Path, "open", opened)


def test_a_full_disk_leaves_the_last_checkpoint_whole(trained, tmp_path, monkeypatch):
    kept, before = values(trained), (tmp_path / CHECKPOINT).read_bytes()
    train(trained, 1)
    with monkeypatch.context() as patch:
        full_disk(patch)
        with pytest.raises(RunError, match="cannot write: No space left on device") as caught:
            save_checkpoint(tmp_path, trained, Progress(epoch=4))
    assert "\n" not in str(caught.value)
    assert (tmp_path / CHECKPOINT).read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [CHECKPOINT], "no half file is left"
    fresh = made()
    assert load_checkpoint(tmp_path, fresh).epoch == 3
    for a, b in zip(kept, values(fresh), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04", b"PK\x05\x06" + 18 * b"\0"])
def test_a_file_that_is_no_checkpoint_is_damaged(trained, tmp_path, content):
    (tmp_path / CHECKPOINT).write_bytes(content)
    assert "damaged checkpoint; remove it to begin again" in error(tmp_path, made())


def test_a_checkpoint_that_was_cut_is_damaged(trained, tmp_path):
    whole = (tmp_path / CHECKPOINT).read_bytes()
    for share in (0.1, 0.5, 0.9, 0.999):
        (tmp_path / CHECKPOINT).write_bytes(whole[: int(share * len(whole))])
        assert "damaged checkpoint" in error(tmp_path, made())


def test_a_changed_byte_is_noticed_or_changes_nothing(trained, tmp_path):
    model = made()
    whole = (tmp_path / CHECKPOINT).read_bytes()
    load_checkpoint(tmp_path, model)
    kept = values(model)
    rng = np.random.default_rng(0)
    outcomes = set()
    # the central directory at the end is where most kinds of damage show
    places = [*rng.integers(0, len(whole), 100), *range(len(whole) - 300, len(whole), 3)]
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= int(rng.choice([1, 8, 0x80, 0xFF]))
        (tmp_path / CHECKPOINT).write_bytes(damaged)
        try:
            progress = load_checkpoint(tmp_path, model)
        except RunError:
            outcomes.add("noticed")
        else:
            outcomes.add("harmless")
            assert progress.epoch == 3
            for a, b in zip(kept, values(model), strict=True):
                np.testing.assert_array_equal(a, b)
    assert "noticed" in outcomes


@pytest.mark.parametrize("told", [[], {"epoch": 1, "lap": 2}, 7])
def test_a_progress_of_another_kind_is_damage(tmp_path, told):
    np.savez(tmp_path / CHECKPOINT, progress=np.array(json.dumps(told)))
    assert "damaged checkpoint" in error(tmp_path, made())


def test_pickled_content_is_not_opened(tmp_path):
    np.savez(tmp_path / CHECKPOINT, progress=np.array([{"epoch": 1}], dtype=object))
    assert "damaged checkpoint" in error(tmp_path, made())


def test_a_checkpoint_of_another_network_is_told_apart(trained, tmp_path):
    other = made(units=7)
    before = other.get_weights()
    assert "checkpoint of another network; remove it to begin again" in error(tmp_path, other)
    for a, b in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_checkpoint_of_another_optimiser_is_told_apart(trained, tmp_path):
    assert "checkpoint of another network" in error(tmp_path, made("momentum"))
