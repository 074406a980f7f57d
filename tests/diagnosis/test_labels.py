from dataclasses import replace

import numpy as np
import pytest

from faultdiag.datasets.load import load_dataset
from faultdiag.diagnosis import labels as module
from faultdiag.diagnosis.diagnosis import Diagnosis
from faultdiag.diagnosis.labelled_records import labelled_records
from faultdiag.diagnosis.labels import LabelCheck, LabelTally, check_label, meant_part, tallies
from faultdiag.kinematics.catalogue import find_bearing
from faultdiag.records import Record

BEARING = find_bearing("6205")


@pytest.fixture(scope="module")
def simulated():
    """A record of each state, loud enough to be told."""
    found = load_dataset("simulated", n_bearings=1, duration_s=4.0, snr_db=6.0)
    return {str(record.label): record for record in found.records[::4]}


@pytest.mark.parametrize(
    ("label", "part"),
    [
        ("inner", "inner"),
        ("Inner race fault", "inner"),
        ("innerrace", "inner"),
        ("inner-14", "inner"),
        ("IR007_0", "inner"),
        ("BPFO", "outer"),
        ("OR007@6_3", "outer"),
        ("outer_ring", "outer"),
        ("B021", "ball"),
        ("Rollers", "ball"),
        ("NORMAL", "normal"),
        ("healthy pump", "normal"),
        ("inner+ball", None),
        ("inner or outer", None),
        ("bearing B", None),
        ("B", None),
        ("irregular", None),
        ("bearing IR", None),
        ("abnormal", None),
        ("cage", None),
        ("unbalance", None),
        ("3", None),
    ],
)
def test_what_a_label_means(label, part):
    # "inner or outer" names two parts, and the "or" in it is no outer race
    assert meant_part(label) == part


@pytest.mark.parametrize(
    ("label", "found", "also", "outcome"),
    [
        ("inner", "inner", (), "agrees"),
        ("inner", "outer", ("ball", "inner"), "agrees"),
        ("inner", "outer", ("ball",), "contradicts"),
        ("inner", "outer", (), "contradicts"),
        ("inner", "normal", (), "shows nothing"),
        ("inner", None, (), "shows nothing"),
        ("healthy", "normal", (), "agrees"),
        ("healthy", "ball", (), "contradicts"),
        ("healthy", None, (), "not judged"),
    ],
)
def test_a_claim_speaks_against_a_label_and_silence_does_not(monkeypatch, label, found, also, outcome):
    answer = Diagnosis("a.npy", label=found, also=also, confidence=0.9, text="So it is.")
    monkeypatch.setattr(module, "diagnose_record", lambda record, bearing: [answer])
    record = Record(
        source=np.zeros((1, 9)), speed_rpm=1500.0, channels=("x",), label=label, group="g", origin="a.npy"
    )
    check = check_label(record, BEARING)
    assert (check.outcome, check.found, check.also, check.text) == (outcome, found, also, "So it is.")
    assert (check.file, check.channel, check.group, check.label) == ("a.npy", "x", "g", label)
    assert check.to_row()["also"] == "; ".join(also)


@pytest.mark.parametrize("label", ["inner", "outer", "ball"])
def test_a_faulty_record_agrees_with_its_own_label_and_no_other(simulated, label):
    own = {other: check_label(replace(simulated[label], label=other), BEARING) for other in simulated}
    assert own.pop(label).outcome == "agrees"
    assert {check.outcome for check in own.values()} == {"contradicts"}
    assert {check.found for check in own.values()} == {label}


def test_a_healthy_record_contradicts_no_label(simulated):
    outcomes = {
        label: check_label(replace(simulated["normal"], label=label), BEARING).outcome for label in simulated
    }
    assert outcomes.pop("normal") != "contradicts"
    assert set(outcomes.values()) == {"shows nothing"}


def test_what_keeps_a_record_from_being_judged_is_said(simulated):
    outer = simulated["outer"]
    silent = check_label(replace(outer, speed_rpm=None), BEARING)
    assert (silent.outcome, silent.found) == ("not judged", None)
    assert "the speed of the shaft is unknown" in silent.text
    fast = check_label(replace(outer, speed_rpm=90000.0), BEARING)
    assert (fast.outcome, "check speed and rate" in fast.text) == ("not judged", True)
    foreign = check_label(replace(outer, label="unbalance"), BEARING)
    assert foreign.outcome == "not judged"
    assert foreign.text.startswith("label 'unbalance' names no inner race, outer race or ball")


def test_tallies_count_the_outcomes_of_each_label():
    outcomes = [
        ("outer", "agrees"),
        ("normal", "agrees"),
        ("outer", "contradicts"),
        ("outer", "shows nothing"),
        ("outer", "shows nothing"),
        ("normal", "not judged"),
    ]
    rows = tallies(LabelCheck("a", "x", "g", label, outcome) for label, outcome in outcomes)
    assert rows == [
        LabelTally("outer", n=4, agrees=1, contradicts=1, shows_nothing=2, not_judged=0),
        LabelTally("normal", n=2, agrees=1, contradicts=0, shows_nothing=0, not_judged=1),
    ]


@pytest.mark.data
def test_two_swapped_labels_of_real_records_are_found(cwru_dir, tmp_path):
    """Fan end, 7 mil: 278 and 294 as they are, the labels of 279 and 295 swapped."""
    said = {278: "inner", 294: "outer", 279: "outer", 295: "inner"}
    lines = ["path,label,rate_hz,speed_rpm"]
    for number, label in said.items():
        (tmp_path / f"{number}.mat").symlink_to(cwru_dir / f"{number}.mat")
        lines.append(f"{number}.mat,{label},12000,1772")
    (tmp_path / "manifest.csv").write_text("\n".join(lines))
    found, _ = labelled_records("folder", tmp_path, bearing="6203", channel="FE")
    checks = {check.file.rpartition("/")[2]: check.outcome for check in (check_label(*one) for one in found)}
    assert checks == {
        "278.mat": "agrees",
        "294.mat": "agrees",
        "279.mat": "contradicts",
        "295.mat": "contradicts",
    }


@pytest.mark.data
def test_the_bearing_at_the_other_end_shows_nothing_of_a_fault(cwru_dir):
    found, _ = labelled_records("cwru", cwru_dir, record_sets=["12k_FE"], channel="DE", bearing="6205")
    far = [one for one in found if one.record.conditions["record"] in (278, 294)]
    assert [check_label(*one).outcome for one in far] == ["shows nothing"] * 2
