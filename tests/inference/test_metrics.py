"""Figures: against scikit-learn, and by hand where what counts is what is left out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

from faultdiag.inference.metrics import accuracy_and_f1, confusion, figures, record_means

CLASSES = ("normal", "inner", "outer")


def one_hot(found, n_classes=3):
    return np.eye(n_classes)[np.asarray(found)]


@st.composite
def judged(draw):
    """Labels by record, and what a network says of each window."""
    n_records = draw(st.integers(1, 6))
    of_record = np.array(draw(st.lists(st.integers(0, 2), min_size=n_records, max_size=n_records)))
    windows = np.array(draw(st.lists(st.integers(0, n_records - 1), min_size=1, max_size=40)))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    return of_record[windows], rng.dirichlet(np.ones(3), len(windows)), windows


@given(judged())
def test_figures_of_windows_are_those_of_scikit_learn(test):
    labels, probabilities, record = test
    row = figures(labels, probabilities, record, CLASSES)
    found = probabilities.argmax(axis=1)
    present = sorted(set(labels))
    assert row["windows"] == len(labels)
    assert row["accuracy"] == pytest.approx(accuracy_score(labels, found))
    expected = f1_score(labels, found, labels=present, average="macro", zero_division=0)
    assert row["macro_f1"] == pytest.approx(expected)
    faults = [label for label in present if label != 0]
    if faults:
        expected = f1_score(labels, found, labels=faults, average="macro", zero_division=0)
        assert row["fault_macro_f1"] == pytest.approx(expected)
    else:
        assert row["fault_macro_f1"] is None


@given(judged())
def test_figures_of_records_are_those_of_their_mean_probabilities(test):
    labels, probabilities, record = test
    row = figures(labels, probabilities, record, CLASSES)
    numbers = sorted(set(record))
    means = [
        np.mean([p for p, r in zip(probabilities, record, strict=True) if r == n], axis=0) for n in numbers
    ]
    truth = [next(label for label, r in zip(labels, record, strict=True) if r == n) for n in numbers]
    found = [int(np.argmax(mean)) for mean in means]
    assert row["records"] == len(numbers)
    assert row["record_accuracy"] == pytest.approx(accuracy_score(truth, found))
    present = sorted(set(truth))
    expected = f1_score(truth, found, labels=present, average="macro", zero_division=0)
    assert row["record_macro_f1"] == pytest.approx(expected)


def test_figures_have_the_fields_of_the_document():
    row = figures(np.array([0, 1]), one_hot([0, 1]), np.array([0, 1]), CLASSES)
    names = ["accuracy", "macro_f1", "fault_macro_f1"]
    assert list(row) == ["windows", "records", *names, *(f"record_{name}" for name in names)]


def test_macro_f1_runs_over_the_classes_present_in_the_test():
    """By hand: inner has 2 of 2 right and one false alarm, F1 = 2*2/(2*2+1); normal 1 of 2, F1 = 2/(2+1)."""
    labels, found = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    expected = {"accuracy": 0.75, "macro_f1": pytest.approx((2 / 3 + 4 / 5) / 2)}
    assert accuracy_and_f1(labels, found) == expected


def test_a_class_that_is_only_found_lowers_no_mean_of_its_own():
    labels, found = np.array([1, 1, 1, 1]), np.array([1, 1, 1, 2])
    assert accuracy_and_f1(labels, found)["macro_f1"] == pytest.approx(2 * 3 / (2 * 3 + 1))


def test_the_f1_of_faults_leaves_normal_out():
    """All normal windows right and all faults wrong: accuracy looks well, the faults' F1 is 0."""
    labels = np.array([0] * 8 + [1, 2])
    row = figures(labels, one_hot(np.zeros(10, int)), np.arange(10), CLASSES)
    assert row["accuracy"] == 0.8
    assert row["fault_macro_f1"] == row["record_fault_macro_f1"] == 0.0


@pytest.mark.parametrize("healthy", ["normal", "healthy"])
def test_a_test_without_faults_has_no_f1_of_faults(healthy):
    row = figures(np.zeros(3, int), one_hot([0, 0, 1]), np.arange(3), (healthy, "inner", "outer"))
    assert row["fault_macro_f1"] is None
    assert row["record_fault_macro_f1"] is None


def test_a_record_is_judged_by_its_mean_not_by_its_votes():
    """Two windows lean to inner, one is sure of outer: the mean is outer's."""
    probabilities = np.array([[0, 0.55, 0.45], [0, 0.55, 0.45], [0, 0, 1.0]])
    row = figures(np.array([2, 2, 2]), probabilities, np.array([7, 7, 7]), CLASSES)
    assert row["accuracy"] == pytest.approx(1 / 3)
    assert row["record_accuracy"] == 1.0


def test_means_of_records_go_with_their_numbers():
    probabilities = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    numbers, means = record_means(probabilities, np.array([9, 4, 9]))
    np.testing.assert_array_equal(numbers, [4, 9])
    np.testing.assert_allclose(means, [[0, 1], [0.75, 0.25]])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1))
def test_the_confusion_is_that_of_scikit_learn(pairs):
    labels, found = np.array(pairs).T
    np.testing.assert_array_equal(
        confusion(labels, found, 4), confusion_matrix(labels, found, labels=range(4))
    )
