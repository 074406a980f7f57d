from pathlib import Path

import numpy as np
import pytest

from faultdiag.datasets.cards import load_card
from faultdiag.datasets.simulated import examples
from faultdiag.errors import ParameterError

SMALL = {"n_bearings": 2, "duration_s": 0.5}


def test_every_label_has_its_bearings_each_at_every_load():
    data = examples(**SMALL)
    assert data.classes == ("normal", "inner", "outer", "ball")
    assert len(data.records) == 4 * 2 * 4
    assert len(set(data.groups)) == 8
    for record in data.records:
        assert record.group == f"{record.label}-{record.conditions['bearing']:g}"
    members = [r for r in data.records if r.group == "inner-1"]
    assert [r.conditions["load"] for r in members] == [0, 1, 2, 3]
    speeds_rpm = [r.speed_rpm for r in members]
    np.testing.assert_allclose(speeds_rpm, [1797, 1772, 1750, 1730], rtol=0.0021)


def test_records_are_as_the_card_says():
    card, data = load_card("simulated"), examples(**SMALL)
    for record in data.records:
        assert (record.rate_hz, record.channels, record.units) == (12000, ("housing",), ("unknown",))
        assert record.source.shape == (1, 6000)
        assert record.source.dtype == np.float32
    assert card.rates_hz == (12000,)
    assert data.classes == card.labels
    assert data.notes == card.limits[:1]
    assert card.defaults.task in card.tasks


def test_the_default_records_are_long_enough_for_a_validation_window():
    # a tenth of the record holds a window after a gap of one
    record = examples(n_bearings=1).records[0]
    assert record.n_samples / 10 >= 2 * load_card("simulated").defaults.window


def test_the_same_seed_gives_the_same_record_however_many_there_are():
    few, many = examples(**SMALL), examples(**SMALL | {"n_bearings": 3})
    by_origin = {r.origin: r for r in many.records}
    assert len(by_origin) == len(many.records)
    for record in few.records:
        np.testing.assert_array_equal(record.source, by_origin[record.origin].source)


def test_no_two_records_and_no_two_seeds_are_alike():
    waves = [r.source[0] for seed in (0, 1) for r in examples(**SMALL, seed=seed).records]
    alike = np.abs(np.corrcoef(waves)) - np.eye(len(waves))
    assert alike.max() < 0.5


def test_signal_to_noise_ratio_is_spread_about_the_one_asked_for():
    ratios_db = [r.conditions.get("snr_db") for r in examples(**SMALL, snr_db=-5.0).records]
    assert ratios_db[:8] == [None] * 8  # a healthy bearing has none
    assert -8 <= min(ratios_db[8:]) < -5 < max(ratios_db[8:]) <= -2


def test_amplitude_does_not_tell_the_label():
    data = examples(n_bearings=6, duration_s=0.5)
    level_db = 20 * np.log10([r.source.std() for r in data.records])
    means_db = [level_db[data.labels == label].mean() for label in range(4)]
    assert level_db.std() > 10
    assert np.ptp(means_db) < level_db.std()


def test_arguments_out_of_range_are_named():
    with pytest.raises(ParameterError, match=r"has no files; leave its folder out, got 'some.folder'"):
        examples(Path("some folder"))
    with pytest.raises(ParameterError, match="no task 'severity'"):
        examples(task="severity")
    with pytest.raises(ParameterError, match="no channel 'DE'"):
        examples(channels=("DE",), **SMALL)
    with pytest.raises(ParameterError, match="got 0 and 0"):
        examples(n_bearings=0)
    with pytest.raises(ParameterError, match="got 1 and -1"):
        examples(n_bearings=1, seed=-1)
    with pytest.raises(ParameterError, match="duration_s must be a positive number, got -1"):
        examples(duration_s=-1)
