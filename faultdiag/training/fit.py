"""The engine: `Model.fit` with our batches, schedule and checkpoint, resumable to the bit."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from faultdiag.errors import FaultdiagError
from faultdiag.runs.backend import Device
from faultdiag.training.augment import augmented
from faultdiag.training.batches import WindowBatches
from faultdiag.training.checkpoint import Progress, load_checkpoint, save_checkpoint
from faultdiag.training.display import Display, EpochState
from faultdiag.training.interrupts import held_interrupts
from faultdiag.training.optimizers import make_optimizer
from faultdiag.training.recipe import Fit, Recipe

__all__ = ["compiled", "fit_network", "precision_policy"]


def precision_policy(fit: Fit, device: Device) -> str:
    """Return Keras' name of the numbers to compute with: mixed on a GPU, plain on a CPU."""
    if fit.precision != "auto":
        return fit.precision
    return "mixed_bfloat16" if device.is_gpu else "float32"


def compiled(network: keras.Model, recipe: Recipe, *, steps: int, device: Device) -> keras.Model:
    """Return the network behind its augmentation, compiled for a number of steps in all.

    Parameters
    ----------
    network : keras.Model
        From tensors to logits.
    recipe : Recipe
        Its `augment` and `fit` parts count.
    steps : int
        Batches from first to last epoch: the length of the schedule.
    device : Device
        Where it runs: XLA is used on GPUs, and on the CPU by the backend JAX only, as TensorFlow's
        convolutions are slower under XLA than those of oneDNN.
    """
    fit = recipe.fit
    xla = fit.xla if fit.xla is not None else (device.is_gpu or device.backend == "jax")
    model = augmented(network, recipe.augment, seed=recipe.seed, steps=steps // fit.epochs)
    model.compile(
        optimizer=make_optimizer(fit, network.trainable_variables, steps=steps),
        loss=_SmoothedCrossentropy(fit.label_smoothing),
        weighted_metrics=[
            keras.metrics.SparseCategoricalAccuracy(name="accuracy"),
            keras.metrics.SparseCategoricalCrossentropy(from_logits=True, name="crossentropy"),
        ],
        jit_compile=xla,
    )
    return model


def fit_network(
    network: keras.Model,
    recipe: Recipe,
    train: WindowBatches,
    validation: WindowBatches | None,
    *,
    folder: Path,
    device: Device,
    display: Display,
    tensorboard: Path | None = None,
) -> Progress:
    """Train to the end, from the folder's checkpoint on if there is one.

    The network ends with the weights of its best epoch on the validation windows, or with its
    last ones where `patience` is 0 or nothing validates.

    Parameters
    ----------
    network : keras.Model
        From tensors to logits; changed in place.
    recipe : Recipe
        How to train.
    train, validation : WindowBatches
        The two sides.
    folder : Path
        Where the checkpoint lies.
    device : Device
        What computes.
    display : Display
        What is told meanwhile.
    tensorboard : Path, optional
        Folder for TensorBoard logs.

    Raises
    ------
    FaultdiagError
        If the loss is no number any more.
    RunError
        If a checkpoint cannot be written or read.
    """
    epochs = recipe.fit.epochs
    with held_interrupts() as check:
        model = compiled(network, recipe, steps=len(train) * epochs, device=device)
        progress = load_checkpoint(folder, model)
        if progress.epoch == 0:
            save_checkpoint(folder, model, progress)
        if progress.epoch < epochs and not progress.stopped:
            keeper = _Keeper(network, train, progress, recipe.fit, folder, display, check)
            logs = [] if tensorboard is None else [keras.callbacks.TensorBoard(str(tensorboard))]
            model.fit(
                train,
                validation_data=validation,
                initial_epoch=progress.epoch,
                epochs=epochs,
                callbacks=[keeper, *logs],
                shuffle=False,
                verbose=0,
            )
    if recipe.fit.patience and progress.best_weights:
        network.set_weights(progress.best_weights)
    return progress


class _SmoothedCrossentropy(keras.losses.Loss):
    """Cross-entropy of logits and class numbers, with label smoothing."""

    def __init__(self, smoothing: float) -> None:
        super().__init__(name="crossentropy")
        self.smoothing = smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        n_classes = y_pred.shape[-1]
        target = keras.ops.one_hot(keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32"), n_classes)
        target = target * (1 - self.smoothing) + self.smoothing / n_classes
        return keras.ops.categorical_crossentropy(target, y_pred, from_logits=True)


class _Keeper(keras.callbacks.Callback):
    """Sets the order of each epoch, keeps the books, saves, stops early, and tells the display."""

    def __init__(
        self,
        network: keras.Model,
        train: WindowBatches,
        progress: Progress,
        fit: Fit,
        folder: Path,
        display: Display,
        check_interrupt: Callable[[], None],
    ) -> None:
        super().__init__()
        self.network = network
        self.train = train
        self.progress = progress
        self.fit = fit
        self.folder = folder
        self.display = display
        self.check_interrupt = check_interrupt
        self.shown = 0.0

    def on_train_begin(self, logs: Any = None) -> None:
        self.lap = time.monotonic()
        self.paced = 0  # batches since the first one, which compiles, and when that was done
        self.pace_from = self.lap

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.train.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        now = time.monotonic()
        if self.paced == 0:
            self.pace_from = now
        self.paced += 1
        if now - self.shown > 0.2:
            self.shown = now
            self.display.batch(self._state(batch + 1, logs))
        self.check_interrupt()

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        self.check_interrupt()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        row = {name: float(value) for name, value in (logs or {}).items()}
        if not np.isfinite(row["loss"]):
            raise FaultdiagError(
                f"{self.folder}: the loss is {row['loss']} in epoch {epoch + 1}; "
                "lower fit.learning_rate and begin again"
            )
        now = time.monotonic()
        self.progress.seconds += now - self.lap
        self.lap = now
        self.progress.history.append({"epoch": epoch + 1, **row})
        self._judge(row)
        self.display.epoch(self._state(len(self.train), row))
        self.progress.epoch = epoch + 1
        save_checkpoint(self.folder, self.model, self.progress)
        self.check_interrupt()

    def _judge(self, row: dict[str, float]) -> None:
        """Keep the weights of the best epoch; stop when it is too long ago."""
        done = self.progress.epoch + 1
        loss = row.get("val_crossentropy")  # the loss itself also holds the penalty on weights
        if loss is None or not self.fit.patience:
            return
        if loss < self.progress.best_loss:
            self.progress.best_loss = loss
            self.progress.best_epoch = done
            self.progress.best_weights = [np.array(w) for w in self.network.get_weights()]
        elif done - self.progress.best_epoch >= self.fit.patience:
            self.progress.stopped = self.model.stop_training = True

    def _state(self, batches: int, logs: Any) -> EpochState:
        logs = logs or {}
        total = len(self.train)
        batches_per_s = max(1, self.paced - 1) / max(1e-9, time.monotonic() - self.pace_from)
        left = (self.fit.epochs - self.progress.epoch) * total - batches
        return EpochState(
            epoch=self.progress.epoch + 1,
            epochs=self.fit.epochs,
            batch=batches,
            batches=total,
            loss=float(logs.get("crossentropy", np.nan)),
            accuracy=float(logs.get("accuracy", np.nan)),
            validation_loss=logs.get("val_crossentropy"),
            validation_accuracy=logs.get("val_accuracy"),
            windows_per_s=batches_per_s * self.train.batch_size,
            left_s=left / batches_per_s,
        )
