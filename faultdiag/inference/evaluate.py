"""Evaluate: the figures of a Run on examples that it was not trained on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.datasets.examples import Examples
from faultdiag.errors import DatasetError
from faultdiag.inference.metrics import accuracy_and_f1, figures, softmax
from faultdiag.inference.rms import log_rms
from faultdiag.inference.run import Run, network_logits
from faultdiag.records import Record
from faultdiag.views.pool import WindowPool
from faultdiag.windows import Windows, tile

__all__ = ["evaluate", "judge", "result_figures"]


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
        row["rms_only"] = accuracy_and_f1(truth, rule.predict(log_rms(pool.samples(windows))))
    return row


def judge(run: Run, pool: WindowPool, windows: Windows) -> NDArray[np.floating[Any]]:
    """Return the probabilities of windows of prepared examples, shape [n, classes]."""
    batches = [windows.take(np.arange(i, min(i + 512, len(windows)))) for i in range(0, len(windows), 512)]
    return np.concatenate([softmax(network_logits(run.network, pool.tensors(run.view, b))) for b in batches])


def _left_over(run: Run, examples: Examples, include_training: bool) -> tuple[WindowPool, int]:
    """The prepared records that the Run may be judged on, and how many it was trained on."""
    trained = run.document.trained_on
    groups = {r.group for r in trained} if run.document.dataset == examples.name else set()
    hashes = {r.sha256 for r in trained}
    records: list[Record] = []
    n_trained = 0
    for record, group in zip(examples.records, examples.groups, strict=True):
        prepared = run.preparation(record)
        hashed = WindowPool(np.zeros(1, np.int64), (prepared,)).sha256(0)
        known = str(group) in groups or hashed in hashes
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
