"""The rule that knows the RMS alone: what it measures, learns and remembers."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.tree import DecisionTreeClassifier

from faultdiag.inference.rms import RmsRule, log_rms, window_levels
from faultdiag.records import Record
from faultdiag.views.pool import WindowPool
from faultdiag.windows import Windows


def test_the_rms_of_a_tone_is_its_amplitude_over_the_root_of_two():
    tone = 3 * np.sin(2 * np.pi * np.arange(100) / 20)
    assert log_rms(tone[None]) == pytest.approx(np.log(3 / np.sqrt(2)))


def test_the_mean_does_not_count():
    x = np.random.default_rng(0).standard_normal((4, 2, 50))
    np.testing.assert_allclose(log_rms(x + 100), log_rms(x))


def test_a_gain_is_a_shift():
    x = np.random.default_rng(0).standard_normal((4, 2, 50))
    np.testing.assert_allclose(log_rms(10 * x), log_rms(x) + np.log(10))


def test_channels_count_together():
    x = np.stack([np.tile([1.0, -1.0], 10), np.tile([7.0, -7.0], 10)])
    assert log_rms(x) == pytest.approx(np.log(5))  # of 1 and 49 the mean is 25


def test_windows_keep_their_axes():
    assert log_rms(np.random.default_rng(0).standard_normal((2, 3, 1, 50))).shape == (2, 3)


def test_a_window_without_movement_is_finite():
    assert np.isfinite(log_rms(np.full((1, 1, 8), 5.0, np.float32))).all()


def separable(n=50, n_classes=3, seed=0):
    rng = np.random.default_rng(seed)
    labels = np.arange(n * n_classes) % n_classes
    return 10.0 * labels + rng.uniform(-1, 1, len(labels)), labels


def test_separable_classes_are_told_apart():
    values, labels = separable()
    rule = RmsRule.fit(values, labels)
    assert len(rule.edges) == 2
    np.testing.assert_array_equal(rule.predict(values), labels)
    fresh, truth = separable(seed=1)
    np.testing.assert_array_equal(rule.predict(fresh), truth)


def test_a_class_may_have_several_intervals():
    values, _ = separable()
    labels = np.where(np.abs(values - 10) < 2, 1, 0)  # above and below alike, between not
    rule = RmsRule.fit(values, labels)
    assert rule.labels == (0, 1, 0)


def test_one_class_is_one_interval():
    rule = RmsRule.fit(np.arange(10.0), np.full(10, 2))
    assert rule == RmsRule((), (2,))
    np.testing.assert_array_equal(rule.predict(np.array([-1e9, 0, 1e9])), [2, 2, 2])


@given(st.integers(0, 1000), st.integers(2, 4))
def test_it_says_what_the_tree_says(seed, n_classes):
    rng = np.random.default_rng(seed)
    values, labels = rng.standard_normal(200), rng.integers(0, n_classes, 200)
    values += 0.5 * labels
    tree = DecisionTreeClassifier(class_weight="balanced", min_samples_leaf=5, random_state=0)
    tree.fit(values[:, None], labels)
    # float32, as the tree sees them, so that no value falls between a threshold and its rounding
    fresh = rng.uniform(-5, 7, 500).astype(np.float32).astype(np.float64)
    np.testing.assert_array_equal(
        RmsRule.fit(values, labels).predict(fresh), tree.predict(fresh[:, None]).astype(int)
    )


def test_classes_weigh_the_same():
    """9 of 10 values are normal, and among overlapping ones a fault still has its interval."""
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(0, 1, 900), rng.normal(2, 1, 100)])
    labels = np.repeat([0, 1], [900, 100])
    rule = RmsRule.fit(values, labels)
    found = rule.predict(rng.normal(2, 1, 1000))
    assert np.mean(found == 1) > 0.7


def test_its_state_is_json_and_gives_it_back():
    rule = RmsRule.fit(*separable())
    assert RmsRule(**json.loads(json.dumps(rule.state()))) == rule
    assert json.loads(json.dumps(rule.state())) == rule.state()


def test_levels_of_many_windows_are_those_of_each():
    rng = np.random.default_rng(0)
    record = Record(source=rng.normal(size=(2, 6000)))
    pool = WindowPool(np.zeros(1, np.int64), (record,))
    windows = Windows.of(0, np.arange(0, 5900, 10), 100)
    expected = [log_rms(record.samples[:, start : start + 100]) for start in windows.start]
    np.testing.assert_allclose(window_levels(pool, windows), expected)
    assert window_levels(pool, Windows.join([], 100)).shape == (0,)
