import json

from faultdiag.diagnosis.diagnosis import Diagnosis, Evidence, Hypothesis


def test_it_becomes_plain_json():
    one = Hypothesis("inner", 0.9, 40.0, 162.0, 1e-12, 0.4)
    line = Evidence("inner", 1, 161.8, 162.0, 30.0, "a line")
    said = Diagnosis(
        "a.mat", "DE", "ok", "inner", 0.9, (), (one,), 1797.0, (line,), "The inner race.", ("a",)
    )
    document = json.loads(json.dumps(said.to_dict()))
    assert document["hypotheses"][0]["p_value"] == 1e-12
    assert document["evidence"][0]["found_hz"] == 162.0
    assert document["warnings"] == ["a"]
    assert document["also"] == []
