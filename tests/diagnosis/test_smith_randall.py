from collections import Counter

import pytest

from faultdiag.datasets.cwru_records import official_records
from faultdiag.diagnosis.diagnosis import Diagnosis, Hypothesis
from faultdiag.diagnosis.smith_randall import Case, cases, grades, tallies
from faultdiag.errors import ParameterError


def case(record, fault, grade, first, label, record_set="12k_DE"):
    hypothesis = Hypothesis(first, 0.5, 1.0, 100.0, 0.1, 0.1)
    return Case(record, record_set, fault, grade, Diagnosis("a", label=label, hypotheses=(hypothesis,)))


def test_every_faulty_record_is_graded_as_in_the_article():
    facts = [fact for fact in official_records() if fact.fault != "normal"]
    assert {fact.number for fact in facts} == set(grades())
    drive_end = Counter(
        grades()[f.number] for f in facts if f.record_set == "12k_DE" and f.number in grades()
    )
    assert drive_end == {"Y1": 9, "Y2": 35, "P1": 1, "P2": 5, "N1": 10}


def test_counts_are_of_first_and_of_claims():
    found = [
        case(1, "inner", "Y1", "inner", "inner"),
        case(2, "inner", "Y2", "outer", "outer"),
        case(3, "ball", "Y2", "ball", None),
        case(4, "ball", "N1", "inner", "normal"),
        case(5, "ball", "P2", "ball", "ball", record_set="48k_DE"),
    ]
    rows = {(row.record_set, row.grades, row.fault): row for row in tallies(found)}
    every = rows["12k_DE", "Y1, Y2", "all"]
    assert (every.n, every.first, every.right, every.wrong) == (3, 2, 1, 1)
    hard = rows["12k_DE", "P1, P2, N1", "all"]
    assert (hard.n, hard.first, hard.right, hard.wrong) == (1, 0, 0, 0)
    assert rows["12k_DE", "Y1, Y2", "ball"].n == 1
    assert rows["48k_DE", "P1, P2, N1", "ball"].right == 1
    assert ("48k_DE", "Y1, Y2", "all") not in rows


def test_a_wrong_set_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="unknown record set '12k_ED'; did you mean"):
        list(cases(tmp_path, ["12k_ED"]))


@pytest.mark.data
def test_records_are_diagnosed_at_the_end_of_the_fault(cwru_dir, monkeypatch):
    from faultdiag.diagnosis import smith_randall

    kept = [fact for fact in official_records() if fact.number in (135, 294)]
    monkeypatch.setattr(smith_randall, "official_records", lambda: kept)
    found = list(cases(cwru_dir))
    assert [(c.record, c.fault, c.claimed, c.diagnosis.channel) for c in found] == [
        (135, "outer", "outer", "DE"),
        (294, "outer", "outer", "FE"),
    ]
