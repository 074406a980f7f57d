"""Evaluate: the figures of a Run on examples that it was not trained on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.datasets.examples import Examples
from faultdiag.errors import DatasetError
from faultdiag.inference.metrics import accuracy_and_f1, figures, record_means
from faultdiag.inference.rms import window_levels
from faultdiag.inference.run import Run
from faultdiag.records import Record
from faultdiag.runs.probabilities import softmax
from faultdiag.views.pool import WindowPool
from faultdiag.windows import Windows, tile

__all__ = ["assumptions", "evaluate", "judge", "result_figures"]

_Test = tuple[dict[str, Any], WindowPool, Windows]
"""What a result says of itself, and what it judges."""


def evaluate(run: Run, examples: Examples, *, include_training: bool = False) -> list[dict[str, Any]]:
    """Judge every record or image that the Run was not trained on.

    Parameters
    ----------
    run : Run
        A finished Run.
    examples : Examples
        Labelled records, or images of the Run's size; their classes must be among the Run's.
    include_training : bool
        Judge what the Run was trained on, too; the result is then marked leaky.

    Returns
    -------
    list of dict
        One result, as ``evaluate --json`` prints it; images that the data set keeps for testing have their
        own.

    Raises
    ------
    DatasetError
        If the Run takes something else, a class is unknown to it, or nothing is left to judge.
    ParameterError
        If the images have another size.
    """
    if examples.kind != run.document.input:
        raise DatasetError(
            f"data set {examples.name!r}: holds {examples.kind}s, the Run takes {run.document.input}s"
        )
    unknown = sorted({examples.classes[i] for i in np.unique(examples.labels)} - set(run.classes))
    if unknown:
        raise DatasetError(
            f"data set {examples.name!r}: classes {', '.join(unknown)} are none of the Run's "
            f"({', '.join(run.classes)}); give the task that the Run was trained for"
        )
    tests = _image_tests if examples.kind == "image" else _record_tests
    return [
        row | result_figures(run, pool, windows, judge(run, pool, windows))
        for row, pool, windows in tests(run, examples, include_training)
    ]


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
    row["unlike"] = _unlike_share(run, pool, windows)
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


def _unlike_share(run: Run, pool: WindowPool, windows: Windows) -> float | None:
    """Share of the records that `predict` would flag, had they these windows only."""
    likeness = run.likeness
    if likeness is None:
        return None
    logarithms = [likeness.log_distances(pool.samples(batch)) for batch in windows.batches(512)]
    numbers, means = record_means(np.concatenate(logarithms)[:, None], windows.record)
    limits = [likeness.limit(int(np.sum(windows.record == number))) for number in numbers]
    return float(np.mean(np.exp(means[:, 0]) > limits))


def _record_tests(run: Run, examples: Examples, include_training: bool) -> list[_Test]:
    """All records that the Run may be judged on, cut as its own were for testing."""
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
    holds_out = f"{len(pool.records)} records of {examples.name}{left_out}"
    return [(_row("none", holds_out, leaky=include_training and n_trained > 0), pool, windows)]


def _image_tests(run: Run, examples: Examples, include_training: bool) -> list[_Test]:
    """The images that the Run may be judged on: those that the data set keeps for testing, and others."""
    pool = WindowPool(_numbers(run, examples), images=examples.images)
    every = np.arange(len(pool.labels))
    trained = np.isin(pool.short_hashes(Windows.whole(every)), run.trained_images)
    kept = np.zeros(len(every), bool) if examples.official_test is None else examples.official_test
    tests: list[_Test] = []
    for split, what, part in (("none", "images", ~kept), ("official", "official test images", kept)):
        seen = bool((trained & part).any())
        windows = Windows.whole(every[part if include_training else part & ~trained])
        if len(windows):
            left_out = "; images of training left out" if seen and not include_training else ""
            holds_out = f"{len(windows)} {what} of {examples.name}{left_out}"
            tests.append((_row(split, holds_out, leaky=include_training and seen), pool, windows))
    if not tests:
        raise DatasetError(
            f"data set {examples.name!r}: the Run was trained on all {len(every)} images; "
            "--include-training judges them all the same"
        )
    return tests


def _row(split: str, holds_out: str, *, leaky: bool) -> dict[str, Any]:
    return {"split": split, "holds_out": holds_out, "leaky": leaky, "leaky_classes": []}


def _numbers(run: Run, examples: Examples) -> NDArray[np.int64]:
    """The Run's class numbers of images, -1 for classes that no image has."""
    known = [run.classes.index(name) if name in run.classes else -1 for name in examples.classes]
    return np.array(known, np.int64)[examples.labels]


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
