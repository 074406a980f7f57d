"""An answer is judged by the part that it names first; a sound part beside it is counted."""

from dataclasses import replace

import pytest
from outcomes import outcome, shares

from faultdiag.diagnosis.diagnosis import Diagnosis


@pytest.mark.parametrize(
    ("label", "also", "truth", "found"),
    [
        ("outer", (), "outer", "right"),
        ("outer", ("ball",), "outer", "beside"),
        ("ball", (), "outer", "wrong"),
        ("ball", (), "normal", "wrong"),
        ("normal", (), "outer", "normal"),
        (None, (), "outer", "undetermined"),
        ("outer", ("imbalance",), "outer", "right"),
    ],
)
def test_an_answer_has_an_outcome(label, also, truth, found):
    answer = replace(Diagnosis(file="", status="ok"), label=label, also=also)
    assert outcome(answer, truth) == found


def test_shares_of_outcomes():
    found = shares(["right", "beside", "wrong", "normal"])
    assert found == {"n": 4, "right": 0.5, "beside": 0.25, "wrong": 0.25, "undetermined": 0.0, "normal": 0.25}
