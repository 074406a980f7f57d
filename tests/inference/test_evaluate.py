"""Evaluate: judged is what the Run was not trained on, known by group and by samples."""

from dataclasses import replace

import numpy as np
import pytest

from faultdiag.errors import DatasetError
from faultdiag.inference.evaluate import evaluate, judge
from faultdiag.records import Record
from faultdiag.views.pool import WindowPool
from faultdiag.windows import Windows

pytestmark = pytest.mark.keras


def elsewhere(examples, **more):
    """The same examples as another data set."""
    return replace(examples, **{"name": "elsewhere", "source": "elsewhere"} | more)


def regrouped(examples):
    return tuple(replace(record, group=f"new {i}") for i, record in enumerate(examples.records))


def trained_groups(run):
    return {record.group for record in run.document.trained_on}


def test_what_was_trained_on_is_left_out(tone_run, tones):
    (result,) = evaluate(tone_run, tones)
    assert result["records"] == len(tones.records) - len(tone_run.document.trained_on) == 3
    assert result["holds_out"] == "3 records of tones; 6 records of training left out"
    assert (result["leaky"], result["leaky_classes"], result["split"]) == (False, [], "none")
    assert result["windows"] == 3 * (24000 // 256)


def test_it_repeats_the_result_of_the_training(tone_run, tones):
    """Held out by the split, so judged here on the same windows."""
    (result,) = evaluate(tone_run, tones)
    unseen = tone_run.results[-1]
    for name in set(result) - {"split", "holds_out"}:
        assert result[name] == pytest.approx(unseen[name]), name


def test_groups_of_the_data_set_count_whatever_their_samples(tone_run, tones):
    """Another recording of a bearing that was trained on."""
    louder = tuple(replace(record, source=2 * record.samples) for record in tones.records)
    assert evaluate(tone_run, replace(tones, records=louder))[0]["records"] == 3
    (result,) = evaluate(tone_run, elsewhere(tones, records=louder))
    assert result["records"] == 9, "groups of another data set are other bearings"


def test_samples_count_whatever_their_groups(tone_run, tones):
    (result,) = evaluate(tone_run, elsewhere(tones, records=regrouped(tones)))
    assert result["records"] == 3
    assert "6 records of training left out" in result["holds_out"]


def test_including_training_is_leaky(tone_run, tones):
    (result,) = evaluate(tone_run, tones, include_training=True)
    assert (result["records"], result["leaky"], result["holds_out"]) == (9, True, "9 records of tones")


def test_including_training_of_unknown_records_is_not_leaky(tone_run, tones):
    held_out = tuple(r for r in tones.records if r.group not in trained_groups(tone_run))
    (result,) = evaluate(tone_run, replace(tones, records=held_out), include_training=True)
    assert (result["records"], result["leaky"]) == (3, False)


def test_nothing_left_is_one_line(tone_run, tones):
    trained = tuple(r for r in tones.records if r.group in trained_groups(tone_run))
    with pytest.raises(
        DatasetError, match="the Run was trained on all 6 records or on their bearings; --include"
    ):
        evaluate(tone_run, replace(tones, records=trained))


def test_a_class_that_the_run_does_not_know_is_named(tone_run, tones):
    records = (*tones.records, replace(tones.records[0], label="cage", group="new"))
    other = elsewhere(tones, classes=(*tones.classes, "cage"), records=records)
    with pytest.raises(DatasetError, match=r"classes cage are none of the Run's \(normal, inner, outer\)"):
        evaluate(tone_run, other)


def test_a_class_without_records_does_not_matter(tone_run, tones):
    assert evaluate(tone_run, replace(tones, classes=(*tones.classes, "cage")))[0]["accuracy"] == 1.0


def test_classes_are_matched_by_name(tone_run, tones):
    turned = replace(tones, classes=tones.classes[::-1])
    assert evaluate(tone_run, turned)[0]["accuracy"] == evaluate(tone_run, tones)[0]["accuracy"] == 1.0


def test_records_that_are_too_short_are_one_line(tone_run, tones):
    rng = np.random.default_rng(0)
    short = tuple(
        Record(source=rng.standard_normal((1, 100)), rate_hz=12000.0, label=label, group=label)
        for label in tones.classes
    )
    with pytest.raises(DatasetError, match=r"data set 'elsewhere': .*Run's window of 256 samples"):
        evaluate(tone_run, elsewhere(tones, records=short))


def test_another_rate_is_resampled(tone_run, tones):
    rng = np.random.default_rng(0)
    time_s = np.arange(48000) / 48000
    records = tuple(
        Record(
            source=(np.sin(2 * np.pi * hz * time_s) + 0.1 * rng.standard_normal(48000))[None],
            rate_hz=48000.0,
            label=label,
            group=f"new {label}",
        )
        for label, hz in (("normal", 500.0), ("inner", 1500.0), ("outer", 3000.0))
    )
    (result,) = evaluate(tone_run, elsewhere(tones, records=records))
    assert result["record_accuracy"] == 1.0
    assert result["windows"] == 3 * (12000 // 256)


def test_judge_gives_each_window_its_probabilities_whatever_their_number(tone_run, tones):
    pool = WindowPool(np.zeros(1, np.int64), (tone_run.preparation(tones.records[0]),))
    windows = Windows.of(0, np.arange(0, 20000, 31), 256)
    found = judge(tone_run, pool, windows)
    assert found.shape == (len(windows), 3)
    assert len(windows) > 512
    some = np.array([0, 511, 512, len(windows) - 1])
    np.testing.assert_allclose(
        found[some], tone_run.probabilities(pool.samples(windows.take(some))), atol=1e-5
    )
