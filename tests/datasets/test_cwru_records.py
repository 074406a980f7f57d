import csv
from collections import Counter

import pytest

from faultdiag.datasets.cwru_records import FULL_SETS, official_records
from faultdiag.datasets.fetch import files_of_task
from faultdiag.datasets.files import data_files

RECORDS = {fact.number: fact for fact in official_records()}


def test_the_sets_have_their_official_numbers_of_records():
    assert len(RECORDS) == len(official_records()) == 161
    counts = Counter(fact.record_set for fact in official_records())
    assert counts == {"normal": 4, "12k_DE": 60, "12k_FE": 45, "48k_DE": 52}
    assert set(FULL_SETS) == set(counts) - {"normal"}


def test_numbers_that_do_not_exist_are_not_there():
    assert {157, 216, 303, 304, 308, 314} & set(RECORDS) == set()


def test_every_record_has_a_file_and_every_file_a_record():
    assert [fact.file for fact in official_records()] == [file.name for file in data_files("cwru")]


def test_files_are_longer_than_their_samples():
    sizes = {file.name: file.n_bytes for file in data_files("cwru")}
    for fact in official_records():
        samples = 8 * fact.n_samples * len(fact.channels)
        assert 0 < sizes[fact.file] - samples < (4000 if not foreign(fact) else 12_000_000), fact.number


def foreign(fact):
    return any(trap.startswith(("foreign", "stray")) for trap in fact.traps)


def test_rates_follow_from_the_set_and_healthy_records_are_at_48_khz():
    for fact in official_records():
        assert fact.rate_hz == (12000 if fact.record_set.startswith("12k") else 48000)


def test_ends_and_bearings_agree_with_the_set():
    for fact in official_records():
        assert fact.end == ("" if fact.fault == "normal" else fact.record_set[-2:])
        assert fact.bearing == {"": "", "DE": "6205-2RS JEM", "FE": "6203-2RS JEM"}[fact.end]
        assert (fact.maker == "NTN equivalent") == (fact.size_mil == 28)


def test_groups_are_one_bearing_for_each_fault_and_size_at_an_end():
    groups = {}
    for fact in official_records():
        groups.setdefault(fact.group, set()).add((fact.end, fact.fault, fact.size_mil))
    assert all(len(kinds) == 1 for kinds in groups.values())
    assert len(set(map(frozenset, groups.values()))) == len(groups)
    assert Counter(name[:2] for name in groups) == {"DE": 11, "FE": 9, "he": 1}


def test_positions_are_told_of_outer_races_alone():
    for fact in official_records():
        assert (fact.position in ("3", "6", "12")) == (fact.fault == "outer"), fact.number


def test_variables_are_named_by_the_record_but_for_nine():
    exceptions = {n: f.prefix for n, f in RECORDS.items() if f.prefix != f"X{n:03d}"}
    assert exceptions == {
        174: "X173",
        **dict(
            zip(
                range(3001, 3009),
                ("X056", "X057", "X058", "X059", "X048", "X049", "X050", "X051"),
                strict=True,
            )
        ),
    }


def test_speeds_are_plausible_and_only_two_files_are_wrong():
    wrong = set()
    for fact in official_records():
        assert fact.rpm_nominal == {0: 1797, 1: 1772, 2: 1750, 3: 1730}[fact.load_hp]
        if fact.rpm_in_file and fact.rpm_measured and abs(fact.rpm_in_file - fact.rpm_measured) > 2.6:
            wrong.add(fact.number)
    assert wrong == {158, 279}
    assert {n for n, f in RECORDS.items() if "speed" in f.traps} == {158, 279}


@pytest.mark.parametrize(
    ("trap", "numbers"),
    [
        ("twin", {189, 201, 213, 226, 238}),
        ("clipped-DE", {191, 214, 215, 228, 229, 236, 237} | {200, 234, 246}),
        ("clipped-FE", {285, 302}),
        ("noise", {177, 283}),
        ("scale", set(range(3001, 3009))),
        ("short", {148, 161, 174, 250, 262}),
    ],
)
def test_traps_are_marked(trap, numbers):
    assert {n for n, f in RECORDS.items() if trap in f.traps} == numbers


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (310, ("outer", 14, 0, "3")),
        (309, ("outer", 14, 1, "3")),
        (313, ("outer", 14, 0, "6")),
        (315, ("outer", 21, 0, "6")),
        (316, ("outer", 21, 1, "3")),
        (302, ("outer", 7, 0, "12")),
        (307, ("outer", 7, 3, "12")),
        (217, ("inner", 21, 3, "")),
        (130, ("outer", 7, 0, "6")),
        (3005, ("ball", 28, 0, "")),
    ],
)
def test_records_whose_numbers_mislead(number, expected):
    fact = RECORDS[number]
    assert (fact.fault, fact.size_mil, fact.load_hp, fact.position) == expected


@pytest.mark.parametrize("task", ["fault", "severity"])
def test_a_task_needs_the_healthy_and_the_drive_end_records_without_28_mil(task):
    wanted = {f.file for f in official_records() if f.record_set in ("normal", "12k_DE") and f.size_mil != 28}
    assert set(files_of_task("cwru", task)) == wanted
    assert len(wanted) == 56


@pytest.mark.data
def test_facts_and_checksums_agree_with_the_index_of_the_stored_records(test_data):
    index = test_data / "cwru" / "index.csv"
    words = {"IR": "inner", "OR": "outer", "B": "ball", "normal": "normal"}
    checksums = {file.name: file.sha256 for file in data_files("cwru")}
    n_checked = 0
    with index.open(newline="") as stream:
        for row in csv.DictReader(stream):
            fact = RECORDS[int(row["number"])]
            assert fact.record_set == row["set"]
            assert fact.fault == words[row["fault"]]
            assert [str(fact.size_mil), str(fact.load_hp)] == [row["size_mil"], row["load_hp"]]
            assert [fact.position, fact.end, fact.group] == [
                row["position"],
                row["end"],
                row["bearing_group"],
            ]
            assert [fact.rate_hz, fact.n_samples] == [float(row["rate_hz"]), int(row["samples_official"])]
            assert fact.channels == tuple(row["channels"].split("+"))
            for name in row["variables"].split():
                assert name == "i" or name.startswith(fact.prefix)
            for key, value in (("rpm_in_file", fact.rpm_in_file), ("rpm_measured", fact.rpm_measured)):
                assert value == (float(row[key]) if row[key] else None)
            if row["stored"] == "yes":
                assert checksums[fact.file] == row["mat_sha256"]
                n_checked += 1
    assert n_checked == 119
