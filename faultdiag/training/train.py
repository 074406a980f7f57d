"""Train: from a data set to a finished Run."""

import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faultdiag.datasets.examples import Examples
from faultdiag.errors import FaultdiagError, Interrupted, ParameterError
from faultdiag.runs.backend import Device, use_backend
from faultdiag.runs.network import build_network
from faultdiag.training.ahead import stored_tensors
from faultdiag.training.display import Display, LoggedDisplay, SilentDisplay
from faultdiag.training.interrupts import held_interrupts
from faultdiag.training.job import Job, begin, check_data, drop_unused, resumed_backend, take_up
from faultdiag.training.material import Material, gather

if TYPE_CHECKING:
    import keras
    import numpy as np
    from numpy.typing import NDArray

    from faultdiag.inference.run import Run
    from faultdiag.training.batches import WindowBatches
    from faultdiag.windows import Windows

__all__ = ["train"]


def train(
    dataset: str | Examples | None = None,
    *,
    data_dir: Path | str | None = None,
    recipe: Path | str | None = None,
    settings: dict[str, Any] | None = None,
    out: Path | str | None = None,
    resume: Path | str | None = None,
    device: str = "auto",
    backend: str | None = None,
    tensorboard: bool = False,
    display: Display | None = None,
) -> "Run":
    """Train a network and judge it, once, on what its split holds out.

    Parameters
    ----------
    dataset : str or Examples
        A name in DATASETS, or examples in memory; not needed to resume a named data set.
    data_dir : path, optional
        Folder with the data set's files; default: the user's cache folder.
    recipe : path or str, optional
        A recipe file, or the name of one that comes with faultdiag.
    settings : dict, optional
        Dotted recipe keys that win over all else: ``{"split": "load:3", "fit.epochs": 5}``.
    out : path, optional
        Folder of the finished Run; default: a new one in ``./runs``.
    resume : path, optional
        Folder of an unfinished Run, ending in ``.part``, to finish instead of a new one.
    device : str
        ``"auto"``, ``"cpu"``, ``"gpu"`` or ``"gpu:1"``.
    backend : str, optional
        Of Keras: tensorflow, jax or torch.
    tensorboard : bool
        Whether to write TensorBoard logs into the Run.
    display : Display, optional
        What shows the progress.

    Returns
    -------
    Run
        Finished, with its results.

    Raises
    ------
    Interrupted
        On Ctrl-C; the message says how to go on.
    FaultdiagError
        One of its kinds, in one line, whatever is wrong: names and values (ParameterError), data
        (DatasetError, RecordError), the folder (RunError), a missing part (MissingExtraError).
    """
    began = time.monotonic()
    place = None if data_dir is None else Path(data_dir)
    if resume is not None and (recipe or settings or out or tensorboard):
        raise ParameterError("resume: an unfinished Run has its recipe and folder; give no other options")
    if resume is not None:
        backend = resumed_backend(Path(resume), backend)
    with held_interrupts():
        used = use_backend(backend, device)
    shown = display or SilentDisplay()
    if resume is not None:
        job = take_up(Path(resume), dataset, place, shown)
    elif dataset is None:
        raise ParameterError("nothing to train on: name a data set with --dataset")
    else:
        job = begin(
            dataset,
            data_dir=place,
            recipe=recipe,
            settings=settings or {},
            out=None if out is None else Path(out),
            tensorboard=tensorboard,
            backend=used.backend,
            display=shown,
        )
    shown = LoggedDisplay(shown, job.folder / "log.txt")
    shown.say(f"until it is whole: {job.folder}")
    try:
        return _finish_job(job, used, shown, began)
    except FaultdiagError:
        if resume is None:
            drop_unused(job)
        raise
    except KeyboardInterrupt as interrupt:
        command = f"faultdiag train --resume {shlex.quote(str(job.folder))}"
        if isinstance(dataset, Examples):
            command = f"faultdiag.train(examples, resume={str(job.folder)!r})"
        raise Interrupted(f"interrupted; '{command}' goes on from the last epoch") from interrupt


def _finish_job(job: Job, device: Device, display: Display, began: float) -> "Run":
    """Gather, fit, judge, write."""
    import keras

    from faultdiag.training.finish import finish_run
    from faultdiag.training.fit import fit_network, precision_policy

    material = gather(job.recipe, job.examples)
    for note in material.notes:
        display.say(note)
    check_data(job, material)
    keras.utils.set_random_seed(job.recipe.seed)
    train_side, validation_side = _sides(material)
    before = time.monotonic()
    with _precision(precision_policy(job.recipe.fit, device)):
        with held_interrupts():
            network = _network(material)
        progress = fit_network(
            network,
            job.recipe,
            train_side,
            validation_side,
            folder=job.folder,
            device=device,
            display=display,
            tensorboard=job.folder / "tensorboard" if job.tensorboard else None,
        )
    # what is judged and kept computes in float32, as it will when it is loaded
    judged = _network(material)
    judged.set_weights(network.get_weights())
    # fitting counts with all its legs, whatever was interrupted
    seconds = progress.seconds + (before - began)
    return finish_run(job.folder, material, judged, progress, device, seconds=seconds)


@contextmanager
def _precision(policy: str) -> Iterator[None]:
    """Build and compile in another precision than Keras' own."""
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _network(material: Material) -> "keras.Model":
    """A fresh network."""
    recipe = material.recipe
    return build_network(
        recipe.network.name,
        input_shape=material.view.shape,
        n_classes=len(material.examples.classes),
        options=recipe.network.options,
    )


def _sides(material: Material) -> "tuple[WindowBatches, WindowBatches | None]":
    """Training and validation windows as batches; no validation where there are no windows for it."""
    from faultdiag.training.batches import WindowBatches, class_weights

    pool, split, view, recipe = material.pool, material.split, material.view, material.recipe
    name = recipe.view.name

    def ahead(windows: "Windows") -> "NDArray[np.float32] | None":
        return stored_tensors(pool, name, view, windows) if view.is_slow and len(windows) else None

    weights = None
    if recipe.fit.class_weights:
        weights = class_weights(pool.truth(split.train), len(material.examples.classes))
    size = recipe.fit.batch_size
    train_side = WindowBatches(
        pool,
        split.train,
        view,
        batch_size=size,
        seed=recipe.seed,
        weights=weights,
        stored=ahead(split.train),
    )
    if len(split.validation) == 0:
        return train_side, None
    stored = ahead(split.validation)
    return train_side, WindowBatches(pool, split.validation, view, batch_size=size, stored=stored)
