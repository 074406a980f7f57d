"""Evaluate: the figures of a Run on examples that it was not trained on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.datasets.examples import Examples
from faultdiag.errors import DatasetError
from faultdiag.inference.metrics import accuracy_and_f1, figures
from faultdiag.inference.rms import window_levels
from faultdiag.inference.run import Run
from faultdiag.records import Record
from faultdiag.runs.probabilities import softmax
from faultdiag.views.pool import WindowPool
from faultdiag.windows import Windows, tile

__all__ = ["assumptions", "evaluate", "judge", "result_figures"]


def evaluate(run: Run, examples: Examples, *, include_training: bool = False) -> list[dict[str, Any]]:
    """Judge every record that the Run was not trained on.

    Parameters
    ----------
    run : Run
        A finished Run for signals.
    examples : Examples
        Labelled records; their classes must be among the Run's.
    include_training : bool
        Judge what the Run was trained on, too; the result is then marked leaky.

    Returns
    -------
    list of dict
        One result, as ``evaluate --json`` prints it.

    Raises
    ------
    DatasetError
        If a class is unknown to the Run, or nothing is left to judge.
    """
    if examples.kind == "image":
        raise DatasetError(f"data set {examples.name!r}: evaluate judges signals, these are images")
    unknown = sorted(set(examples.classes) - set(run.classes))
    unknown = [name for name in unknown if any(r.label == name for r in examples.records)]
    if unknown:
        raise DatasetError(
            f"data set {examples.name!r}: classes {', '.join(unknown)} are none of the Run's "
            f"({', '.join(run.classes)}); give the task that the Run was trained for"
        )
    pool, n_trained = _left_over(run, examples, include_training)
    data = run.document.data
    cuts = [
        Windows.of(i, tile(0, record.n_samples, length=data.window, hop=data.test_hop), data.window)
        for i, record in enumerate(pool.records)
    ]
    windows = Windows.join(cuts, data.window)
    if len(windows) == 0:
        raise DatasetError(
            f"data set {examples.name!r}: every record is shorter than the Run's window of "
            f"{data.window} samples"
        )
    left_out = "" if include_training else f"; {n_trained} records of training left out"
    row = {
        "split": "none",
        "holds_out": f"{len(pool.records)} records of {examples.name}{left_out}",
        "leaky": bool(include_training and n_trained),
        "leaky_classes": [],
    }
    return [row | result_figures(run, pool, windows, judge(run, pool, windows))]


def assumptions(run: Run, examples: Examples) -> list[str]:
    """Return what was assumed about any of the records that are judged, a sentence each."""
    said = [note for record in examples.records for note in run.preparation.warnings(record)]
    return list(dict.fromkeys(said))


def result_figures(
    run: Run, pool: WindowPool, windows: Windows, probabilities: NDArray[np.floating[Any]]
) -> dict[str, Any]:
    """Return the figures of one test: the network's, and beside them those of the RMS alone.

    Parameters
    ----------
    run : Run
        Who judges.
    pool : WindowPool
        Prepared examples, their labels numbered as the Run's classes.
    windows : Windows
        What was judged.
    probabilities : ndarray, shape [windows, classes]
        What the network said, from `judge`.
    """
    truth = pool.truth(windows)
    row: dict[str, Any] = {**figures(truth, probabilities, windows.record, run.classes), "undetermined": 0.0}
    rule = run.rms_rule
    row["rms_only"] = None
    if rule is not None:
        row["rms_only"] = accuracy_and_f1(truth, rule.predict(window_levels(pool, windows)))
    row["mirror_accuracy"] = None
    if pool.images is not None:
        both = probabilities + judge(run, pool, windows, mirrored=True)
        row["mirror_accuracy"] = float(np.mean(both.argmax(axis=1) == truth))
    return row


def judge(
    run: Run, pool: WindowPool, windows: Windows, *, mirrored: bool = False
) -> NDArray[np.floating[Any]]:
    """Return the probabilities of windows of prepared examples, or of mirrored images, shape [n, classes]."""
    tensors = (pool.tensors(run.view, batch) for batch in windows.batches(512))
    if mirrored:
        tensors = (images[:, :, ::-1] for images in tensors)
    return softmax(np.concatenate([run.engine.logits(batch) for batch in tensors]))


def _left_over(run: Run, examples: Examples, include_training: bool) -> tuple[WindowPool, int]:
    """The prepared records that the Run may be judged on, and how many it was trained on."""
    trained = run.document.trained_on
    same = examples.source != "" and run.document.source == examples.source
    groups = {r.group for r in trained if r.group} if same else set()
    hashes = {r.sha256 for r in trained}
    records: list[Record] = []
    n_trained = 0
    for record in examples.records:
        prepared = run.preparation(record)
        hashed = WindowPool(np.zeros(1, np.int64), (prepared,)).sha256(0)
        known = record.group in groups or hashed in hashes
        n_trained += known
        if include_training or not known:
            records.append(prepared)
    if not records:
        raise DatasetError(
            f"data set {examples.name!r}: the Run was trained on all {n_trained} records or on their "
            "bearings; --include-training judges them all the same"
        )
    labels = np.array([run.classes.index(str(record.label)) for record in records], np.int64)
    return WindowPool(labels, tuple(records)), n_trained
