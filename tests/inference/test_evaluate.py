"""Evaluate: judged is what the Run was not trained on, known by group and by samples."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from faultdiag.datasets.examples import Examples
from faultdiag.errors import DatasetError, ParameterError, RunError
from faultdiag.inference.evaluate import evaluate, judge
from faultdiag.inference.run import Run
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


def test_the_share_of_records_that_are_flagged_is_that_of_predict(tone_run, tones):
    rng = np.random.default_rng(0)
    noise = [replace(record, source=rng.standard_normal((1, 24000))) for record in tones.records[:2]]
    (result,) = evaluate(
        tone_run, elsewhere(tones, records=(*noise, *tones.records[2:])), include_training=True
    )
    flagged = [answer.unlike for answer in tone_run.predict([*noise, *tones.records[2:]])]
    assert flagged[:2] == [True, True]
    assert result["unlike"] == np.mean(flagged)


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


@pytest.fixture
def pictures(image_run):
    """The images of `image_run` in an order of their own, some marked as kept for testing."""
    labels = np.arange(120) % 2
    noise = np.random.default_rng(0).integers(0, 128, (120, 8, 8, 3))
    images = (noise + 127 * labels[:, None, None, None]).astype(np.uint8)
    order = np.random.default_rng(1).permutation(120)
    return Examples(
        name="brightness",
        task="which",
        classes=("light", "dark"),
        images=images[order],
        image_labels=1 - labels[order],
    )


def test_images_of_training_are_known_by_their_pixels(image_run, pictures):
    (result,) = evaluate(image_run, pictures)
    training = image_run.document.training
    assert result["windows"] == 120 - training["windows"] - training["validation_windows"]
    assert result["holds_out"] == f"{result['windows']} images of brightness; images of training left out"
    assert (result["split"], result["leaky"]) == ("none", False)
    unseen = image_run.results[-1]
    for name in ("windows", "accuracy", "mirror_accuracy", "macro_f1"):
        assert result[name] == pytest.approx(unseen[name]), name


def test_another_set_of_images_is_judged_whole(image_run, pictures):
    other = replace(pictures, images=pictures.images ^ 1)  # the last bit: other pixels, the same classes
    (result,) = evaluate(image_run, other)
    (known,) = evaluate(image_run, pictures, include_training=True)
    assert result["windows"] == 120
    assert result["accuracy"] == pytest.approx(known["accuracy"], abs=0.05)
    assert result["holds_out"] == "120 images of brightness"


def test_images_that_the_set_keeps_for_testing_have_their_own_result(image_run, pictures):
    kept = np.arange(120) < 40
    others, official = evaluate(image_run, replace(pictures, official_test=kept), include_training=True)
    assert (others["windows"], others["split"]) == (80, "none")
    assert (official["windows"], official["split"]) == (40, "official")
    assert official["holds_out"] == "40 official test images of brightness"
    assert others["leaky"]
    assert official["leaky"]


def test_images_of_training_alone_are_one_line(image_run, pictures):
    pool = WindowPool(pictures.labels, images=pictures.images)
    trained = np.isin(pool.short_hashes(Windows.whole(np.arange(120))), image_run.trained_images)
    seen = replace(pictures, images=pictures.images[trained], image_labels=pictures.image_labels[trained])
    with pytest.raises(DatasetError, match=rf"was trained on all {trained.sum()} images; --include-training"):
        evaluate(image_run, seen)


def test_signals_and_images_are_not_confused(image_run, tone_run, pictures, tones):
    with pytest.raises(DatasetError, match="'brightness': holds images, the Run takes signals"):
        evaluate(tone_run, pictures)
    with pytest.raises(DatasetError, match="'tones': holds signals, the Run takes images"):
        evaluate(image_run, tones)


def test_images_of_another_size_are_one_line(image_run, pictures):
    with pytest.raises(ParameterError, match=r"images must be bytes of shape \[\.\.\., 8, 8, 3\]"):
        evaluate(image_run, replace(pictures, images=pictures.images[:, :6]))


def test_lost_hashes_are_one_line(image_run, pictures, tmp_path):
    folder = shutil.copytree(image_run.folder, tmp_path / "run")
    (folder / "trained_images.npy").write_bytes(b"nothing")
    run = Run(folder, image_run.document, image_run.network)
    with pytest.raises(RunError, match=r"trained_images\.npy: cannot be read"):
        evaluate(run, pictures)
