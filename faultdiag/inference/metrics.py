"""The figures of a test: on windows and on whole records, over all classes and over faults alone."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.datasets.examples import is_healthy

__all__ = ["accuracy_and_f1", "confusion", "figures", "record_means"]

Probabilities = NDArray[np.floating[Any]]
Numbers = NDArray[np.int64]


def record_means(probabilities: Probabilities, record: Numbers) -> tuple[Numbers, Probabilities]:
    """Return the record numbers and the mean probabilities of their windows, ``[records, classes]``."""
    numbers, inverse = np.unique(record, return_inverse=True)
    sums = np.zeros((len(numbers), probabilities.shape[1]))
    np.add.at(sums, inverse, probabilities)
    return numbers, sums / np.bincount(inverse)[:, None]


def figures(
    labels: Numbers, probabilities: Probabilities, record: Numbers, classes: tuple[str, ...]
) -> dict[str, float | int | None]:
    """Return the figures of one test.

    Parameters
    ----------
    labels : ndarray of int64, shape [windows]
        True class numbers.
    probabilities : ndarray, shape [windows, classes]
        What the network says.
    record : ndarray of int64, shape [windows]
        Record of each window; all windows of a record have one label.
    classes : tuple of str
        Class names.

    Returns
    -------
    dict
        ``windows, records, accuracy, macro_f1, fault_macro_f1`` and, of the mean of a record's
        windows, ``record_accuracy, record_macro_f1, record_fault_macro_f1``. Macro-F1 runs over
        the classes present in the test; that of the faults is None where there is none.
    """
    numbers, means = record_means(probabilities, record)
    record_labels = np.array([labels[record == number][0] for number in numbers], np.int64)
    on_windows = _scores(labels, probabilities.argmax(axis=1), classes)
    on_records = _scores(record_labels, means.argmax(axis=1), classes)
    return {
        "windows": len(labels),
        "records": len(numbers),
        **on_windows,
        **{f"record_{name}": value for name, value in on_records.items()},
    }


def confusion(labels: Numbers, found: Numbers, n_classes: int) -> Numbers:
    """Return counts ``[true class, found class]``."""
    counts = np.zeros((n_classes, n_classes), np.int64)
    np.add.at(counts, (labels, found), 1)
    return counts


def accuracy_and_f1(labels: Numbers, found: Numbers) -> dict[str, float]:
    """Return accuracy and macro-F1 over the classes present in `labels`."""
    from sklearn.metrics import f1_score

    present = np.unique(labels)
    return {
        "accuracy": float(np.mean(labels == found)),
        "macro_f1": float(f1_score(labels, found, labels=present, average="macro", zero_division=0)),
    }


def _scores(labels: Numbers, found: Numbers, classes: tuple[str, ...]) -> dict[str, float | None]:
    from sklearn.metrics import f1_score

    faults = [c for c in np.unique(labels) if not is_healthy(classes[c])]
    fault_f1 = f1_score(labels, found, labels=faults, average="macro", zero_division=0) if faults else None
    return {
        **accuracy_and_f1(labels, found),
        "fault_macro_f1": None if fault_f1 is None else float(fault_f1),
    }
