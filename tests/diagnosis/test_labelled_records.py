from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from faultdiag.datasets.cards import load_card
from faultdiag.datasets.cwru_records import official_records
from faultdiag.datasets.load import load_dataset
from faultdiag.datasets.table import DATASETS
from faultdiag.diagnosis import labelled_records as module
from faultdiag.diagnosis.labelled_records import labelled_records
from faultdiag.errors import DatasetError, ParameterError
from faultdiag.kinematics.catalogue import find_bearing

BEARING = find_bearing("6205")


def write_folder(folder, rows, **columns):
    """A data set `folder`: a row is a name, a label and the samples."""
    names = ["path", "label", *columns]
    lines = [",".join(names)]
    for name, label, samples in rows:
        np.save(folder / name, samples.astype(np.float32))
        lines.append(",".join([name, label, *map(str, columns.values())]))
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n")


def test_the_card_tells_the_bearing_of_simulated_records():
    found, notes = labelled_records("simulated", n_bearings=1, duration_s=1.0)
    assert notes == []
    assert Counter(record.label for record, _ in found) == dict.fromkeys(
        ("normal", "inner", "outer", "ball"), 4
    )
    assert {bearing.name for _, bearing in found} == {"6205"}
    found, _ = labelled_records("simulated", bearing="6203", n_bearings=1, duration_s=1.0)
    assert {bearing.name for _, bearing in found} == {"6203"}


@pytest.mark.parametrize("name", DATASETS.names())
def test_the_record_sets_of_a_card_have_a_bearing_and_hold_every_record(name):
    card = load_card(name)
    assert {part.channel for part in card.record_sets.values()} <= set(card.geometry)
    if name == "cwru":
        held = {
            (p.options["record_set"], mil)
            for p in card.record_sets.values()
            for mil in p.options["sizes_mil"]
        }
        faulty = [fact for fact in official_records() if fact.fault != "normal"]
        assert {(fact.record_set, fact.size_mil) for fact in faulty} <= held
        assert all(card.record_sets[fact.record_set].channel == fact.end for fact in faulty)


def test_a_folder_is_judged_with_the_bearing_the_channel_and_the_speed_that_are_given(tmp_path):
    two = np.random.default_rng(0).standard_normal((2, 3000))
    write_folder(tmp_path, [("a.npy", "inner", two), ("b.npy", "normal", two)], rate_hz=12000)
    options = {"bearing": BEARING, "rows": "channels"}
    found, _ = labelled_records("folder", tmp_path, channel="ch1", speed_rpm=1500.0, **options)
    assert [(r.label, r.channels, r.speed_rpm, b) for r, b in found] == [
        ("inner", ("ch1",), 1500.0, BEARING),
        ("normal", ("ch1",), 1500.0, BEARING),
    ]
    with pytest.raises(ParameterError, match="records have channels ch0, ch1; name the one at the bearing"):
        labelled_records("folder", tmp_path, **options)


def test_a_speed_that_a_record_says_is_kept(tmp_path):
    noise = np.zeros(3000)
    write_folder(tmp_path, [("a.npy", "inner", noise), ("b.npy", "normal", noise)], speed_rpm=900)
    found, _ = labelled_records("folder", tmp_path, bearing="6205", speed_rpm=1500.0, rate_hz=12000.0)
    assert [(r.speed_rpm, r.rate_hz) for r, _ in found] == [(900.0, 12000.0)] * 2


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("cwur", {}, "unknown data set 'cwur'; did you mean cwru"),
        ("cifar10", {}, "data set 'cifar10' has images"),
        ("cwru", {"record_sets": ["12k_ED"]}, "'cwru' has no record set '12k_ED'; did you mean .*12k_DE"),
        ("folder", {}, "its card does not say which bearing is in its records; name it with --bearing"),
        ("folder", {"channel": "x"}, "its card does not say which bearing is at channel x"),
        ("folder", {"bearing": "6205-XX"}, "unknown bearing '6205-XX'"),
        ("simulated", {"rate_hz": 1.0}, "data set 'simulated' has no option 'rate_hz'"),
        ("simulated", {"record_sets": ["a"]}, "'simulated' has no record set 'a'; there are: none"),
    ],
)
def test_what_is_wrong_by_itself_is_refused(name, options, words, tmp_path):
    folder = None if name == "simulated" else tmp_path
    (tmp_path / "97.mat").write_bytes(b"")
    with pytest.raises(ParameterError, match=words):
        labelled_records(name, folder, **options)


def test_nothing_is_fetched_where_no_file_is_there(tmp_path, monkeypatch):
    words = rf"none of its files is in {tmp_path}; .* 'faultdiag datasets fetch cwru --all'"
    with pytest.raises(DatasetError, match=words):
        labelled_records("cwru", tmp_path)
    monkeypatch.setattr(module, "cache_folder", lambda name: tmp_path)
    with pytest.raises(DatasetError, match=words):
        labelled_records("cwru")


def test_a_set_that_cannot_be_loaded_is_noted_unless_it_is_the_only_one(monkeypatch, tmp_path):
    def load(name, folder, *, record_set, **options):
        if record_set != "12k_FE":
            raise DatasetError(f"{record_set} is not there")
        return replace(load_dataset("simulated", n_bearings=1, duration_s=0.5), missing=("270.mat",))

    monkeypatch.setattr(module, "load_dataset", load)
    (tmp_path / "97.mat").write_bytes(b"")
    found, notes = labelled_records("cwru", tmp_path)
    assert len(found) == 16
    assert {bearing.name for _, bearing in found} == {"6203-2RS JEM"}
    assert notes == [
        "12k_DE: not judged: 12k_DE is not there",
        "12k_FE: 1 of its files are not there, such as 270.mat",
        "48k_DE: not judged: 48k_DE is not there",
    ]
    with pytest.raises(DatasetError, match="48k_DE is not there"):
        labelled_records("cwru", tmp_path, record_sets=["48k_DE"])


@pytest.mark.data
def test_cwru_records_are_heard_at_the_end_of_the_fault_each_once(cwru_dir):
    found, _ = labelled_records("cwru", cwru_dir, record_sets=["12k_FE", "48k_DE"])
    heard = Counter((record.label, record.channels[0], bearing.name) for record, bearing in found)
    fan, drive = ("FE", "6203-2RS JEM"), ("DE", "6205-2RS JEM")
    assert heard["normal", *fan] == heard["normal", *drive] == 2
    assert (heard["inner", *fan], heard["inner", *drive]) == (12, 3)
    assert len({(record.origin, record.channels) for record, _ in found}) == len(found) == 45 + 13 + 4
