import csv
from collections import Counter

import numpy as np
import pytest
from scipy.io import savemat

from faultdiag.datasets.cwru import examples
from faultdiag.datasets.cwru_records import official_records
from faultdiag.errors import DatasetError, ParameterError, RecordError

FACTS = {fact.number: fact for fact in official_records()}


def signal(value, n=3000):
    """A column of samples that all have the value."""
    return np.full((n, 1), float(value))


def put(folder, number, *, name=None, rpm=1790, **variables):
    """Write the file of a record; by default with the variables that it officially has."""
    fact = FACTS[number]
    if not variables:
        variables = {f"{fact.prefix}_{c}_time": signal(number + i) for i, c in enumerate(fact.channels)}
        if rpm:
            variables[f"{fact.prefix}RPM"] = np.array([[rpm]], np.uint16)
    savemat(folder / (name or fact.file), variables)


def read(folder, number, **options):
    """The record of a number, read from its folder beside one of another class."""
    fact = FACTS[number]
    if fact.record_set != "normal":
        options.setdefault("record_set", fact.record_set)
        put(folder, 97)
    else:
        put(folder, 105)
    (record,) = (r for r in examples(folder, **options).records if r.conditions["record"] == number)
    return record


def notes(folder, *numbers, **options):
    for number in numbers:
        put(folder, number)
    return "\n".join(examples(folder, **options).notes)


def test_a_record_carries_all_that_is_known(tmp_path):
    put(tmp_path, 131, rpm=1773)
    record = read(tmp_path, 131)
    assert (record.label, record.group) == ("outer", "DE-OR-007")
    assert (record.rate_hz, record.speed_rpm) == (12000, 1773)
    assert (record.channels, record.units) == (("DE",), ("g",))
    assert record.origin == str(tmp_path / "131.mat")
    assert record.conditions == {
        "record": 131,
        "fault": "outer",
        "size_in": 0.007,
        "size_mil": 7,
        "load_hp": 1,
        "end": "DE",
        "position": "6",
    }
    np.testing.assert_array_equal(record.samples, signal(131).T)


def test_healthy_records_are_one_group_at_48_khz(tmp_path):
    put(tmp_path, 97)
    record = read(tmp_path, 97)
    assert (record.label, record.group, record.rate_hz) == ("normal", "healthy", 48000)
    assert record.conditions == {"record": 97, "fault": "normal", "size_in": 0.0, "size_mil": 0, "load_hp": 0}


def test_samples_stay_on_disk_until_they_are_read(tmp_path):
    put(tmp_path, 105)
    assert not isinstance(read(tmp_path, 105).source, np.ndarray)


def test_channels_come_in_the_order_asked_for(tmp_path):
    put(tmp_path, 105)
    record = read(tmp_path, 105, channels=("FE", "DE"))
    assert record.channels == ("FE", "DE")
    np.testing.assert_array_equal(record.read(5, 7), [[106, 106], [105, 105]])


def test_record_98_has_no_speed_and_takes_the_nominal_one(tmp_path):
    put(tmp_path, 98, X098_DE_time=signal(1), X098_FE_time=signal(2))
    assert read(tmp_path, 98).speed_rpm == 1772


def test_file_99_also_holds_record_98(tmp_path):
    copies = {"X098_DE_time": signal(98), "X098_FE_time": signal(98)}
    put(tmp_path, 99, **copies, X099_DE_time=signal(99), X099_FE_time=signal(99), ans=np.ones((1, 5)))
    record = read(tmp_path, 99)
    assert record.read(0, 1) == 99
    assert record.speed_rpm == 1750


def test_file_175_also_holds_a_variable_named_217(tmp_path):
    rpm = np.array([[1772]])
    other = {"X217_DE_time": signal(217)}
    put(tmp_path, 175, **other, X175_DE_time=signal(175), X175_FE_time=signal(176), X175RPM=rpm)
    record = read(tmp_path, 175)
    assert record.read(0, 1) == 175
    assert record.group == "DE-IR-014"


def test_file_217_also_holds_record_215(tmp_path):
    copies = {"X215_DE_time": signal(215), "X215_FE_time": signal(215), "X215RPM": np.array([[1]])}
    put(
        tmp_path,
        217,
        **copies,
        X217_DE_time=signal(217),
        X217_FE_time=signal(218),
        X217RPM=np.array([[1728]]),
    )
    record = read(tmp_path, 217)
    assert record.read(0, 1) == 217
    assert record.speed_rpm == 1728


@pytest.mark.parametrize("number", [174, *range(3001, 3009)])
def test_nine_files_name_their_variables_by_another_number(tmp_path, number):
    fact = FACTS[number]
    put(tmp_path, number, **{f"{fact.prefix}_DE_time": signal(number)})
    record = read(tmp_path, number, sizes_mil=(7, 14, 21, 28))
    assert record.read(0, 1) == number
    assert record.speed_rpm == fact.rpm_nominal


def test_a_stray_variable_does_not_matter(tmp_path):
    own = {f"X278_{c}_time": signal(278) for c in ("DE", "FE", "BA")}
    put(tmp_path, 278, i=np.tile([-1.0, 1.0], (1, 5000)), **own)
    assert read(tmp_path, 278).n_samples == 3000


def test_a_file_with_the_variables_of_another_record_is_refused(tmp_path):
    put(tmp_path, 105, X118_DE_time=signal(1), X118RPM=np.array([[1797]]))
    with pytest.raises(
        DatasetError, match=r"record 105 is not in its file: .*105\.mat: no variable 'X105'; .*X118"
    ):
        read(tmp_path, 105)


def test_channels_of_unequal_length_are_refused(tmp_path):
    put(tmp_path, 105, X105_DE_time=signal(1, 3000), X105_FE_time=signal(1, 2999))
    with pytest.raises(RecordError, match=r"105\.mat: channels of unequal length: X105_DE_time \(3000x1"):
        read(tmp_path, 105, channels=("DE", "FE"))


def test_a_file_without_a_channel_that_its_record_has_is_refused(tmp_path):
    put(tmp_path, 105, X105_DE_time=signal(1))
    with pytest.raises(DatasetError, match=r"record 105 is not in its file: .*105\.mat: no channel 'FE'"):
        read(tmp_path, 105, channels=("DE", "FE"))


@pytest.mark.parametrize(("number", "rpm", "truth"), [(158, 1773, 1796.6), (279, 1732, 1773.8)])
def test_two_records_turn_at_another_speed_than_their_files_say(tmp_path, number, rpm, truth):
    put(tmp_path, number, rpm=rpm)
    assert read(tmp_path, number).speed_rpm == truth
    text = notes(tmp_path, record_set=FACTS[number].record_set)
    assert f"record {number} turns at {truth} rpm (measured)" in text


def test_28_mil_is_left_out_unless_asked_for(tmp_path):
    for number in (97, 105, 3001, 3005):
        put(tmp_path, number)
    assert [r.conditions["record"] for r in examples(tmp_path).records] == [97, 105]
    assert [r.conditions["record"] for r in examples(tmp_path, sizes_mil=[28]).records] == [97, 3001, 3005]
    both = examples(tmp_path, task="severity", sizes_mil=(7, 14, 21, 28))
    assert both.classes == ("normal", "inner-7", "inner-28", "ball-28")
    assert [r.units for r in both.records] == [("g",), ("g",), ("unknown",), ("unknown",)]
    assert "another amplitude scale, about five times the others': record 3001, 3005" in "\n".join(both.notes)


def test_peculiar_records_are_noted_for_the_channels_asked_for(tmp_path):
    text = notes(tmp_path, 97, 189, 201, record_set="48k_DE", channels=("DE", "FE"))
    assert "channels DE and FE hold one and the same signal: record 189, 201" in text
    assert "same signal" not in notes(tmp_path, record_set="48k_DE", channels=("FE",))
    assert "97.mat holds 3000 samples, record 97 has 243938" in text


def test_the_first_part_of_a_record_counts_as_the_record(tmp_path):
    put(tmp_path, 105)
    put(tmp_path, 99, name="99_part.mat", X099_DE_time=signal(9), X099_FE_time=signal(9))
    found = examples(tmp_path)
    assert [r.label for r in found.records] == ["normal", "inner"]
    assert "99.mat" not in found.missing
    assert "99_part.mat holds 3000 samples, record 99 has 485063" in "\n".join(found.notes)
    put(tmp_path, 99, X099_DE_time=signal(1, 4000), X099_FE_time=signal(1, 4000))
    assert examples(tmp_path).records[0].n_samples == 4000


def test_what_is_not_there_is_listed(tmp_path):
    for number in (97, 105, 118):
        put(tmp_path, number)
    found = examples(tmp_path)
    assert found.classes == ("normal", "inner", "ball")
    assert "no record of class 'outer' is there: it is left out" in found.notes
    assert found.missing[:4] == ("98.mat", "99.mat", "100.mat", "106.mat")
    assert len(found.missing) == 53


def test_severity_orders_its_classes_by_fault_and_size(tmp_path):
    for number in (226, 97, 109, 174, 213, 122):
        put(tmp_path, number)
    found = examples(tmp_path, task="severity", record_set="48k_DE")
    assert found.classes == ("normal", "inner-7", "inner-14", "inner-21", "ball-7", "ball-21")
    assert [found.classes[i] for i in found.labels] == [r.label for r in found.records]


def test_a_folder_without_two_classes_of_the_set(tmp_path):
    put(tmp_path, 97)
    put(tmp_path, 109)
    with pytest.raises(
        DatasetError, match=r"1 classes \['normal'\] of set 12k_DE.*looked for 97\.mat, .*56 files"
    ):
        examples(tmp_path)


def test_nothing_there_is_fetched_and_failing_names_page_and_folder(tmp_path, monkeypatch):
    asked = []

    def refuse(name, folder, names, *, progress):
        asked.extend(names)
        raise DatasetError("no connection; download from PAGE")

    monkeypatch.setattr("faultdiag.datasets.fetch.fetch", refuse)
    with pytest.raises(DatasetError, match=f"{tmp_path} lacks 49 files; no connection; download from PAGE"):
        examples(tmp_path, record_set="12k_FE")
    assert set(asked) == {f.file for f in FACTS.values() if f.record_set in ("normal", "12k_FE")}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"task": "size"}, "'cwru' has no task 'size'"),
        ({"record_set": "12k_ED"}, "unknown record set '12k_ED'; did you mean 12k_FE or 12k_DE"),
        ({"channels": ("XE",)}, "'cwru' has no channel 'XE'; did you mean"),
        ({"channels": ("BA",)}, "records 97, 98, 99, 100 have no channel 'BA'"),
        ({"sizes_mil": (7, 8)}, r"sizes_mil must be some of 7, 14, 21, 28, got \[7, 8\]"),
        ({"sizes_mil": ()}, r"sizes_mil must be some of 7, 14, 21, 28, got \[\]"),
        (
            {"channels": ("FE",), "sizes_mil": (28,)},
            r"records 3001, 3002, 3003, 3004 \.\.\. have no channel 'FE'",
        ),
    ],
)
def test_wrong_options(tmp_path, options, words):
    with pytest.raises(ParameterError, match=words):
        examples(tmp_path, **options)


def test_a_folder_that_does_not_exist(tmp_path):
    with pytest.raises(ParameterError, match="there is no folder '.*absent'"):
        examples(tmp_path / "absent")


def test_a_damaged_file_is_reported(tmp_path):
    put(tmp_path, 105)
    whole = (tmp_path / "105.mat").read_bytes()
    (tmp_path / "105.mat").write_bytes(whole[:5000])
    with pytest.raises(RecordError, match=r"105\.mat"):
        read(tmp_path, 105)


@pytest.mark.data
def test_all_stored_drive_end_records_are_found(cwru_dir):
    found = examples(cwru_dir)
    assert found.missing == ("98.mat", "100.mat")
    assert Counter(r.label for r in found.records) == {"normal": 2, "inner": 12, "ball": 12, "outer": 28}
    assert len(set(found.groups)) == 10
    assert {r.n_samples for r in found.records if r.label == "normal"} == {243938, 121155}
    for record in found.records:
        assert abs(record.speed_rpm - FACTS[record.conditions["record"]].rpm_nominal) < 26


@pytest.mark.data
@pytest.mark.parametrize(
    ("record_set", "n_records", "n_missing"), [("12k_DE", 62, 2), ("12k_FE", 47, 2), ("48k_DE", 15, 41)]
)
def test_every_stored_record_has_its_printed_kurtosis(cwru_dir, test_data, record_set, n_records, n_missing):
    found = examples(cwru_dir, record_set=record_set, sizes_mil=(7, 14, 21, 28), task="severity")
    assert (len(found.records), len(found.missing)) == (n_records, n_missing)
    index = test_data / "cwru" / "index.csv"
    with index.open(newline="") as stream:
        printed = {int(row["number"]): row for row in csv.DictReader(stream)}
    for record in found.records:
        if record.origin.endswith("_part.mat"):
            continue
        x = record.samples[0] - record.samples[0].mean()
        kurtosis = np.mean(x**4) / np.mean(x**2) ** 2
        expected = float(printed[record.conditions["record"]]["kurtosis_de_sr2015"])
        assert kurtosis == pytest.approx(expected, rel=6e-3), record.origin


@pytest.mark.data
def test_twins_are_twins(cwru_dir):
    found = examples(cwru_dir, record_set="48k_DE", channels=("DE", "FE"))
    for record in found.records:
        de, fe = record.read(0, 20_000)
        is_twin = "twin" in FACTS[record.conditions["record"]].traps
        assert np.allclose(fe, de * 0.98485, atol=1e-4) == is_twin, record.origin
