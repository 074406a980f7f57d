import json

import numpy as np

from faultdiag.diagnosis.diagnosis import Diagnosis, Evidence, Hypothesis
from faultdiag.diagnosis.trace import Trace, TurnTrace
from faultdiag.signal.bands import BandMap


def test_it_becomes_plain_json():
    one = Hypothesis("inner", 0.9, 40.0, 162.0, 1e-12, 0.4, 0.1)
    line = Evidence("inner", 1, 161.8, 162.0, 30.0, "a line")
    said = Diagnosis(
        "a.mat", "DE", "ok", "inner", 0.9, (), (one,), 1797.0, (line,), "The inner race.", ("a",)
    )
    document = json.loads(json.dumps(said.to_dict()))
    assert document["hypotheses"][0]["p_value"] == 1e-12
    assert document["hypotheses"][0]["limit"] == 0.1
    assert document["evidence"][0]["found_hz"] == 162.0
    assert document["warnings"] == ["a"]
    assert document["also"] == []


def test_curves_are_no_part_of_the_document():
    curve = np.zeros(3)
    trace = Trace("inner", curve, curve, BandMap(curve, curve, curve), (0.0, 1.0))
    turn = TurnTrace("the input shaft", 30.0, False, curve, curve)
    said = Diagnosis("a.mat", "DE", "ok", "normal", traces=(trace,), turn_traces=(turn,))
    assert said == Diagnosis("a.mat", "DE", "ok", "normal")
    assert said.to_dict() == Diagnosis("a.mat", "DE", "ok", "normal").to_dict()
    assert "trace" not in json.dumps([said.to_dict(), said.to_row()])
