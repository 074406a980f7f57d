"""What every split keeps to: run over the whole table."""

import importlib

import numpy as np
import pytest

from faultdiag.datasets.examples import Examples
from faultdiag.datasets.splits import SPLITS, Layout, split_examples
from faultdiag.records import Record

LAYOUT = Layout(length=64, train_hop=32, test_hop=64)
VALUES = {"bearing": "1", "load": "2", "tuning": "9"}
OF_IMAGES = ("official", "tuning")
each_split = pytest.mark.parametrize("name", SPLITS.names())


@pytest.fixture
def examples(name, records, images):
    """What the split is for."""
    return images if name in OF_IMAGES else records


@pytest.fixture(scope="module")
def images():
    """Ten images of each of three classes, the last three of which the set keeps for testing."""
    return Examples(
        name="x",
        task="object",
        classes=("a", "b", "c"),
        images=np.zeros((30, 2, 2, 1), np.uint8),
        image_labels=np.arange(30) // 10,
        official_test=np.arange(30) % 10 >= 7,
    )


@pytest.fixture(scope="module")
def records():
    """Three faulty bearings of two kinds and one healthy one, each at three loads."""
    mounted = [(label, i) for label in ("inner", "outer") for i in range(3)] + [("normal", 0)]
    records = tuple(
        Record(
            source=np.zeros((1, 3000 + 100 * load)),
            label=label,
            group=f"{label}-{i}",
            conditions={"load": float(load), "bearing": float(i)},
        )
        for label, i in mounted
        for load in range(3)
    )
    return Examples(name="x", task="fault", classes=("normal", "inner", "outer"), records=records)


@pytest.fixture
def found(examples, name):
    spec = f"{name}:{VALUES[name]}" if name in VALUES else name
    if name in OF_IMAGES:
        lengths, layout = np.ones(len(examples.labels), np.int64), Layout(1, 1, 1)
    else:
        lengths, layout = np.array([r.n_samples for r in examples.records]), LAYOUT
    return split_examples(examples, spec, lengths=lengths, layout=layout, seed=3)


@each_split
def test_a_row_has_a_function_and_a_description(name):
    module, _, attribute = SPLITS.rows[name][1].partition(":")
    assert hasattr(importlib.import_module(module), attribute)
    assert 0 < len(SPLITS.describe(name)) < 80


@each_split
def test_no_window_trains_and_is_judged(name, found):
    assert not found.train.overlaps(found.validation)
    for part in found.tests:
        assert len(part.windows)
        assert not part.windows.overlaps(found.train)
        assert not part.windows.overlaps(found.validation)


@each_split
def test_every_class_trains_and_is_tested(name, examples, found):
    assert set(examples.labels[found.train.record]) == {0, 1, 2}
    for part in found.tests:
        assert set(examples.labels[part.windows.record]) == {0, 1, 2}


@each_split
def test_a_test_says_what_it_holds_out_and_whether_its_bearings_train(name, examples, found):
    trained = set(examples.groups[found.train.record])
    for part in found.tests:
        assert part.holds_out
        assert "\n" not in part.holds_out
        open_classes = [number for number, c in enumerate(examples.classes) if c not in part.leaky_classes]
        inside = np.isin(examples.labels[part.windows.record], open_classes)
        tested = set(examples.groups[part.windows.record[inside]])
        assert part.leaky == bool(tested & trained)


@each_split
def test_the_description_says_so_too(name, found):
    """Who reads the list of splits learns which ones flatter."""
    leaky = bool(found.tests) and found.tests[-1].leaky
    assert ("leaky" in SPLITS.describe(name)) == leaky


@each_split
def test_the_last_test_is_the_one_asked_for(name, found):
    if found.tests:
        assert found.tests[-1].split.partition(":")[0] == name
        assert [part.split for part in found.tests[:-1]] in ([], ["seen"])
