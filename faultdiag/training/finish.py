"""The end of a training: judge once, write everything, give the folder its name."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faultdiag._version import __version__
from faultdiag.inference.evaluate import judge, result_figures
from faultdiag.inference.likeness import fit_likeness
from faultdiag.inference.metrics import confusion
from faultdiag.inference.rms import RmsRule, window_levels
from faultdiag.inference.run import Run
from faultdiag.plots.pictures import confusion_picture, history_picture, results_picture, save_picture
from faultdiag.runs.backend import Device
from faultdiag.runs.document import (
    DataDocument,
    MetricsDocument,
    NetworkDocument,
    ResultDocument,
    RunDocument,
    TrainedRecord,
)
from faultdiag.runs.export.exporting import export_unfinished
from faultdiag.runs.folder import TRAINED_IMAGES, finish, sha256_of, write_safely, writing
from faultdiag.training.card import card_text
from faultdiag.training.checkpoint import Progress
from faultdiag.training.job import BEGUN, CHECKPOINT
from faultdiag.training.material import Material

if TYPE_CHECKING:
    import keras

__all__ = ["finish_run"]


def finish_run(
    folder: Path,
    material: Material,
    network: "keras.Model",
    progress: Progress,
    device: Device,
    *,
    seconds: float,
) -> Run:
    """Judge the trained network on the parts that nothing else has looked at, and write the Run.

    Parameters
    ----------
    folder : Path
        Of the unfinished Run.
    material : Material
        Data, split and view.
    network : keras.Model
        Trained.
    progress : Progress
        Of the training.
    device : Device
        What computed.
    seconds : float
        Time from data to now.

    Returns
    -------
    Run
        In its final folder.

    Raises
    ------
    RunError
        If something cannot be written.
    """
    document = _document(material, network, progress, device, seconds)
    unjudged = Run(folder, document, network)
    results, matrices = _judged(unjudged, material)
    with writing(folder):
        network.save(folder / "model.keras")
        _pictures(folder, progress, results, matrices, material.examples.classes)
    _table(folder / "history.csv", progress.history)
    _table(folder / "confusion.csv", _matrix_rows(matrices, material.examples.classes))
    files = {"model.keras": sha256_of(folder / "model.keras")}
    if material.examples.kind == "image":
        _trained_images(folder / TRAINED_IMAGES, material)
        files[TRAINED_IMAGES] = sha256_of(folder / TRAINED_IMAGES)
    metrics = MetricsDocument(results=tuple(ResultDocument(**result) for result in results))
    document = document.model_copy(update={"metrics": metrics, "files": files})
    document = _exported(folder, document, None if device.is_gpu else network)
    write_safely(folder / "card.md", card_text(document).encode())
    write_safely(folder / "run.json", document.to_json().encode())
    final = finish(folder)
    # only now: killed before, the Run can still be resumed
    with writing(final):
        (final / CHECKPOINT).unlink(missing_ok=True)
        (final / BEGUN).unlink(missing_ok=True)
    return Run(final, document, network)


def _exported(folder: Path, document: RunDocument, network: "keras.Model | None") -> RunDocument:
    """The document with what became of the export: a training does not fail because of it."""
    onnx, training = export_unfinished(folder, document, network), document.training
    if onnx["file"] is None:
        training = training | {"notes": [*training["notes"], f"not exported: {onnx['reason']}"]}
    return document.model_copy(update={"onnx": onnx, "training": training})


def _judged(run: Run, material: Material) -> tuple[list[dict[str, Any]], dict[str, NDArray[np.int64]]]:
    """Results and confusion matrices of every test part."""
    results, matrices = [], {}
    pool = material.pool
    for part in material.split.tests:
        found = judge(run, pool, part.windows)
        about = {
            "split": part.split,
            "holds_out": part.holds_out,
            "leaky": part.leaky,
            "leaky_classes": list(part.leaky_classes),
        }
        results.append(about | result_figures(run, pool, part.windows, found))
        truth = pool.truth(part.windows)
        matrices[part.split] = confusion(truth, found.argmax(axis=1), len(run.classes))
    return results, matrices


def _document(
    material: Material, network: "keras.Model", progress: Progress, device: Device, seconds: float
) -> RunDocument:
    recipe, examples, pool = material.recipe, material.examples, material.pool
    train = material.split.train
    rule = None
    if examples.kind == "signal":
        rule = RmsRule.fit(window_levels(pool, train), pool.truth(train)).state()
    likeness = fit_likeness(pool, train, examples.groups)
    return RunDocument(
        faultdiag_version=__version__,
        created=datetime.now(UTC).isoformat(timespec="microseconds"),
        input=examples.kind,
        dataset=examples.name,
        source=examples.source,
        task=examples.task,
        classes=examples.classes,
        data=DataDocument(
            channels=material.preparation.channels,
            rate_hz=material.preparation.rate_hz,
            lowpass_hz=material.preparation.lowpass_hz,
            window=material.layout.length,
            test_hop=material.layout.test_hop,
        ),
        view={"name": recipe.view.name, "state": material.view.state()},
        network=NetworkDocument(
            name=recipe.network.name,
            options=recipe.network.options,
            input_shape=material.view.shape,
            n_parameters=network.count_params(),
        ),
        recipe=recipe.model_dump(mode="json"),
        training={
            "backend": device.backend,
            "device": device.name,
            "seconds": round(seconds, 2),
            "fit_seconds": round(progress.seconds, 2),
            "epochs": progress.epoch,
            "best_epoch": progress.best_epoch,
            "windows": len(train),
            "validation_windows": len(material.split.validation),
            "notes": material.notes,
            "rms_rule": rule,
        },
        trained_on=_trained_on(material),
        metrics=MetricsDocument(results=()),
        calibration={
            "temperature": None,
            "abstain": None,
            "reason": "the network's own, not calibrated",
            "unlike": None if likeness is None else likeness.state(),
        },
        onnx={"file": None, "reason": "not exported"},
        files={},
    )


def _trained_on(material: Material) -> tuple[TrainedRecord, ...]:
    """The records that any training or validation window came from."""
    examples, split = material.examples, material.split
    if examples.kind == "image":
        return ()
    used = np.union1d(split.train.record, split.validation.record)
    return tuple(
        TrainedRecord(
            origin=examples.records[i].origin,
            group=examples.records[i].group,
            label=str(examples.records[i].label),
            sha256=material.pool.sha256(int(i)),
        )
        for i in used
    )


def _trained_images(path: Path, material: Material) -> None:
    """Write by what a training or validation image is known again: too many for run.json."""
    content, split = io.BytesIO(), material.split
    hashes = [material.pool.short_hashes(side) for side in (split.train, split.validation)]
    np.save(content, np.unique(np.concatenate(hashes)))
    write_safely(path, content.getvalue())


def _pictures(
    folder: Path,
    progress: Progress,
    results: list[dict[str, Any]],
    matrices: dict[str, NDArray[np.int64]],
    classes: tuple[str, ...],
) -> None:
    save_picture(history_picture(progress.history, best_epoch=progress.best_epoch), folder / "history.png")
    if results:
        save_picture(results_picture(results), folder / "results.png")
        save_picture(confusion_picture(matrices, classes), folder / "confusion.png")


def _matrix_rows(matrices: dict[str, NDArray[np.int64]], classes: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"test": name, "true": classes[row], **{c: int(n) for c, n in zip(classes, matrix[row], strict=True)}}
        for name, matrix in matrices.items()
        for row in range(len(classes))
    ]


def _table(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows as CSV; no rows write an empty file."""
    text = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    write_safely(path, text.getvalue().encode())
