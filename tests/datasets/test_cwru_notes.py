import numpy as np
import pytest

from faultdiag.datasets.cwru_notes import notes_on
from faultdiag.datasets.cwru_records import official_records
from faultdiag.records import Record

FACTS = {fact.number: fact for fact in official_records()}


def notes(*numbers, channels=("DE",), n_samples=None, lost_classes=()):
    """The notes on records of these numbers, of official length unless another is given."""
    pairs = []
    for number in numbers:
        n = n_samples or FACTS[number].n_samples
        samples = np.broadcast_to(np.zeros((len(channels), 1)), (len(channels), n))
        record = Record(source=samples, channels=channels, speed_rpm=1796.6, origin=f"folder/{number}.mat")
        pairs.append((FACTS[number], record))
    return "\n".join(notes_on(pairs, lost_classes=lost_classes))


def test_records_without_peculiarities_have_the_assumed_unit_only():
    assert notes(97, 109) == "the unit g is assumed: no source states it"


def test_twins_count_only_if_both_channels_take_part():
    text = notes(97, 189, 201, channels=("DE", "FE"))
    assert "channels DE and FE hold one and the same signal: record 189, 201" in text
    assert "same signal" not in notes(97, 189, channels=("FE",))


def test_clipping_counts_only_in_the_channel_and_the_records_that_take_part():
    assert "channel DE reaches full scale: record 200, 236" in notes(97, 200, 236)
    assert "channel FE reaches full scale: record 285" in notes(98, 285, channels=("DE", "FE"))
    assert "full scale" not in notes(97, 285)
    assert "full scale" not in notes(97, 105)


def test_noise():
    assert "patches of electrical noise: record 177" in notes(98, 177, 174)
    assert "patches" not in notes(98, 174)


def test_another_amplitude_scale():
    text = notes(97, 3001, 3005)
    assert "another amplitude scale, about five times the others': record 3001, 3005" in text


@pytest.mark.parametrize("number", [158, 279])
def test_a_speed_that_the_file_has_wrong(number):
    assert f"record {number} turns at 1796.6 rpm (measured), whatever its file says" in notes(97, number)


def test_two_rates():
    assert "the healthy records are sampled at 48 kHz, the others at 12 kHz" in notes(97, 105)
    assert "48 kHz" not in notes(97, 109)


def test_faults_away_from_the_channel():
    words = "the faults are at the FE end, away from channel DE"
    assert words in notes(97, 270)
    assert words not in notes(97, 270, channels=("FE",))
    assert words not in notes(97, 270, channels=("DE", "FE"))
    assert "away from" not in notes(97, 98)


def test_another_length_than_the_official_one():
    assert "folder/99.mat holds 500 samples, record 99 has 485063" in notes(99, n_samples=500)


def test_classes_without_a_record():
    assert "no record of class 'ball' is there: it is left out" in notes(97, 105, lost_classes=["ball"])
