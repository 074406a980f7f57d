"""Splits of images by hand-made sets."""

import numpy as np
import pytest

from faultdiag.datasets.examples import Examples
from faultdiag.datasets.splits import Layout, split_examples
from faultdiag.errors import ParameterError


def images(n=40, kept=10, classes=("a", "b")):
    """Images of alternating classes; the last ones are kept for testing."""
    return Examples(
        name="x",
        task="t",
        classes=classes,
        images=np.zeros((n, 2, 2, 1), np.uint8),
        image_labels=np.arange(n) % len(classes),
        official_test=np.arange(n) >= n - kept,
    )


def split(examples, spec, seed=0):
    lengths = np.ones(len(examples.labels), np.int64)
    return split_examples(examples, spec, lengths=lengths, layout=Layout(1, 1, 1), seed=seed)


def test_official_trains_on_the_one_part_and_tests_on_the_other():
    found = split(images(), "official")
    (part,) = found.tests
    np.testing.assert_array_equal(found.train.record, np.arange(30))
    np.testing.assert_array_equal(part.windows.record, np.arange(30, 40))
    assert (len(found.validation), part.leaky, part.holds_out) == (0, False, "the 10 official test images")


def test_tuning_holds_out_the_same_of_each_class_and_leaves_the_test_images_alone():
    found = split(images(), "tuning:6")
    held = found.tests[0].windows.record
    assert np.bincount(held % 2).tolist() == [3, 3]
    np.testing.assert_array_equal(np.sort(np.concatenate([held, found.train.record])), np.arange(30))


def test_tuning_is_drawn_by_the_seed():
    first, same, other = (split(images(), "tuning:6", seed).tests[0].windows.record for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("value", ["", "0", "5", "-2", "30", "x", "²"])
def test_a_number_that_cannot_be_held_out_is_refused(value):
    said = f"split 'tuning:{value}': give a number of images, a multiple of 2 from 2 to 28: tuning:5000"
    with pytest.raises(ParameterError, match=said):
        split(images(), f"tuning:{value}")


@pytest.mark.parametrize("spec", ["random", "none"])
def test_no_other_split_touches_the_images_that_are_kept(spec):
    found = split(images(), spec)
    used = np.concatenate(
        [s.record for s in (found.train, found.validation, *(p.windows for p in found.tests))]
    )
    np.testing.assert_array_equal(np.sort(used), np.arange(30))


@pytest.mark.parametrize("spec", ["official", "tuning:6"])
def test_images_without_a_test_of_their_own_are_refused(spec):
    with pytest.raises(ParameterError, match=r"'x' keeps none"):
        split(images(kept=0), spec)


def test_official_takes_no_value():
    with pytest.raises(ParameterError, match="split 'official' takes no value, got '3'"):
        split(images(), "official:3")
