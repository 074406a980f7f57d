"""What is trained on: rates and channels in common, windows, notes, and a view that fits."""

from dataclasses import replace

import numpy as np
import pytest

from faultdiag.datasets.examples import Examples
from faultdiag.errors import DatasetError, ParameterError, RecordError
from faultdiag.records import Record
from faultdiag.training.material import gather
from faultdiag.training.recipe import make_recipe


def some(*, rates_hz=(1000.0,), n_samples=2000, labels=("a", "b"), **more):
    """Two groups of each label, with rates in turn."""
    rng = np.random.default_rng(0)
    records = tuple(
        Record(
            source=rng.standard_normal((1, n_samples)).astype(np.float32),
            rate_hz=rates_hz[i % len(rates_hz)],
            label=label,
            group=f"{label}{number}",
            origin=f"record {i}",
        )
        for i, (label, number) in enumerate((label, number) for label in labels for number in range(2))
    )
    return Examples(name="some", task="fault", classes=labels, records=records, **more)


def gathered(examples, **settings):
    given = {"data.window": 100} | {key.replace("__", "."): value for key, value in settings.items()}
    return gather(make_recipe(examples, settings=given), examples)


def test_windows_hop_by_half_in_training_and_by_one_in_the_test():
    material = gathered(some())
    layout = material.layout
    assert (layout.length, layout.train_hop, layout.test_hop) == (100, 50, 100)
    assert material.view.shape == (100, 1)
    assert material.pool.samples(material.split.train).shape == (len(material.split.train), 1, 100)


def test_hops_of_the_recipe_win():
    layout = gathered(some(), data__train_hop=10, data__test_hop=20).layout
    assert (layout.train_hop, layout.test_hop) == (10, 20)


def test_a_window_of_one_sample_still_hops():
    assert gathered(some(), data__window=1).layout.train_hop == 1


def test_records_meet_at_the_lowest_rate():
    material = gathered(some(rates_hz=(1000.0, 2000.0)))
    assert material.preparation.rate_hz == material.pool.rate_hz == 1000.0
    assert sorted(set(material.pool.lengths)) == [1000, 2000]


def test_the_rate_of_the_recipe_wins():
    assert set(gathered(some(), data__rate_hz=500.0).pool.lengths) == {1000}


def test_without_any_rate_samples_stay_as_they_are():
    material = gathered(some(rates_hz=(None,)))
    assert material.preparation.rate_hz is None
    np.testing.assert_array_equal(material.pool.records[0].samples, some(rates_hz=(None,)).records[0].samples)


def test_a_record_of_unknown_rate_among_others_is_refused():
    with pytest.raises(DatasetError, match=r"record 1: the rate is unknown while other records have 1000 Hz"):
        gathered(some(rates_hz=(1000.0, None)))


@pytest.mark.parametrize("settings", [{"data__rate_hz": 500.0}, {"data__lowpass_hz": [100, 200]}])
def test_a_recipe_in_hertz_needs_a_rate(settings):
    with pytest.raises(DatasetError, match="record 0: the rate is unknown while the recipe has one"):
        gathered(some(rates_hz=(None,)), **settings)


def test_channels_are_the_recipes_or_those_of_the_first_record():
    two = some()
    records = tuple(
        replace(r, source=np.repeat(r.samples, 2, axis=0), channels=("DE", "FE"), units=())
        for r in two.records
    )
    two = replace(two, records=records)
    assert gathered(two).preparation.channels == ("DE", "FE")
    assert gathered(two, data__channels=["FE"]).pool.records[0].channels == ("FE",)
    with pytest.raises(RecordError, match="record 0: has 2 channels .DE, FE., the network takes 1 .BA."):
        gathered(two, data__channels=["BA"])


def test_no_record_is_refused():
    with pytest.raises(DatasetError, match="data set 'some': no record to train on"):
        gathered(replace(some(), records=()))


def test_notes_name_what_is_missing():
    material = gathered(some(missing=("98.mat", "100.mat"), notes=("one note",)))
    assert material.notes[:2] == ["one note", "2 files are not there: 98.mat, 100.mat"]


def test_an_unknown_view_gives_near_spellings():
    with pytest.raises(ParameterError, match=r"unknown view 'rwa'; did you mean raw\?"):
        gathered(some(), view__name="rwa")


def test_an_unknown_option_of_a_view_is_refused():
    with pytest.raises(ParameterError, match="view 'raw' has no option 'bands'"):
        gathered(some(), view__options={"bands": 4})


def test_records_without_a_whole_window_are_refused():
    with pytest.raises(DatasetError, match="no training window of 5000 samples"):
        gathered(some(), data__window=5000)


def test_images_are_windows_of_one():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (20, 8, 8, 3), dtype=np.uint8)
    labels = np.arange(20) % 2
    examples = Examples(name="pics", task="which", classes=("a", "b"), images=images, image_labels=labels)
    material = gather(make_recipe(examples), examples)
    assert material.layout.length == 1
    assert material.view.shape == (8, 8, 3)
    sides = [material.split.train, material.split.validation, *(p.windows for p in material.split.tests)]
    assert sorted(np.concatenate([side.record for side in sides])) == list(range(20))


def test_records_of_several_rates_share_a_low_pass_below_the_lowest_nyquist():
    """Else the records that are resampled could be told from the others by their filter."""
    pass_hz, stop_hz = gathered(some(rates_hz=(1000.0, 2000.0))).preparation.lowpass_hz
    assert 0 < pass_hz < stop_hz < 1000.0 / 2
    assert gathered(some(rates_hz=(1000.0,))).preparation.lowpass_hz is None
