"""Examples: labels are numbers of classes, and what contradicts itself is refused."""

import numpy as np
import pytest

from faultdiag.datasets.examples import Examples, is_healthy
from faultdiag.errors import DatasetError
from faultdiag.records import Record


def record(label, group=None, origin="a.mat"):
    return Record(source=np.zeros((1, 8)), label=label, group=group, origin=origin)


def test_labels_are_places_in_the_order_of_the_classes():
    records = tuple(record(label) for label in ("ball", "normal", "ball", "inner"))
    found = Examples(name="x", task="fault", classes=("normal", "inner", "ball"), records=records)
    assert found.kind == "signal"
    assert found.labels.tolist() == [2, 0, 2, 1]
    assert found.labels.dtype == np.int64


def test_a_record_without_a_group_is_one_of_its_own():
    records = (record("a", "A"), record("a"), record("b", "A"), record("b"))
    groups = Examples(name="x", task="t", classes=("a", "b"), records=records).groups.tolist()
    assert groups[0] == groups[2] == "A"
    assert len(set(groups)) == 3


def test_every_image_is_a_group_of_its_own():
    images, labels = np.zeros((3, 2, 2, 1), np.uint8), np.array([1, 0, 1])
    found = Examples(name="x", task="t", classes=("a", "b"), images=images, image_labels=labels)
    assert found.kind == "image"
    assert found.labels.tolist() == [1, 0, 1]
    assert len(set(found.groups.tolist())) == 3


def test_no_records_are_no_labels():
    found = Examples(name="x", task="t", classes=("a", "b"))
    assert (len(found.labels), len(found.groups)) == (0, 0)


@pytest.mark.parametrize("classes", [(), ("a",), ("a", "a"), ("a", "b", "a")])
def test_there_are_two_classes_at_least_and_none_twice(classes):
    listed = ", ".join(map(repr, classes))
    message = rf"^data set 'x': needs two classes at least, each named once, got \[{listed}\]$"
    with pytest.raises(DatasetError, match=message):
        Examples(name="x", task="t", classes=classes)


@pytest.mark.parametrize("label", ["cage", None])
def test_a_label_is_one_of_the_classes(label):
    message = rf"^7\.mat: label {label!r} is none of the classes \['a', 'b'\]$"
    with pytest.raises(DatasetError, match=message):
        Examples(name="x", task="t", classes=("a", "b"), records=(record(label, origin="7.mat"),))


@pytest.mark.parametrize(("labels", "count"), [(None, 0), (np.array([0, 1]), 2)])
def test_every_image_has_a_label(labels, count):
    images = np.zeros((3, 2, 2, 1), np.uint8)
    with pytest.raises(DatasetError, match=f"^data set 'x': 3 images but {count} labels$"):
        Examples(name="x", task="t", classes=("a", "b"), images=images, image_labels=labels)


def test_healthy_is_normal_or_healthy_in_any_case():
    assert [is_healthy(label) for label in ("normal", "Normal", "HEALTHY", "inner", "abnormal")] == [
        *(True, True, True),
        *(False, False),
    ]
