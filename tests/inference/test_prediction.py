"""An answer as plain JSON."""

import dataclasses
import json

import numpy as np

from faultdiag.inference.prediction import Prediction

ANSWER = Prediction(
    file="a.npy",
    signal=2,
    status="ok",
    label="inner",
    probability=0.75,
    probabilities={"normal": 0.25, "inner": 0.75},
    windows=4,
    share=0.5,
    run="runs/a",
    trace=np.zeros((4, 2)),
    window_s=0.1,
)


def test_it_has_exactly_the_fields_of_the_document_and_the_error():
    assert list(ANSWER.to_dict()) == [
        "file",
        "signal",
        "status",
        "label",
        "probability",
        "probabilities",
        "windows",
        "share",
        "run",
        "warnings",
        "physics",
        "agrees",
        "unlike",
        "error",
    ]


def test_it_is_json():
    assert json.loads(json.dumps(ANSWER.to_dict())) == ANSWER.to_dict()


def test_the_trace_is_no_part_of_the_answer():
    assert dataclasses.replace(ANSWER, trace=None, window_s=None) == ANSWER
    assert "trace" not in repr(ANSWER)
    assert dataclasses.replace(ANSWER, label="outer") != ANSWER


def test_warnings_are_not_shared():
    first, second = (dataclasses.replace(ANSWER, file=name) for name in "ab")
    fresh = Prediction(**{f: getattr(ANSWER, f) for f in ANSWER.to_dict() if f != "warnings"})
    assert fresh.warnings == []
    assert fresh.warnings is not first.warnings or first.warnings is second.warnings
