"""Network and physics side by side: where they agree, and where nothing is compared."""

import json

import numpy as np
import pytest

from faultdiag.datasets.rig import Assembly, simulate_bearing
from faultdiag.errors import ParameterError
from faultdiag.inference.physics import beside_physics
from faultdiag.inference.predict import predict
from faultdiag.inference.prediction import Prediction
from faultdiag.kinematics.bearing import Bearing
from faultdiag.records import Record

BEARING = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)


@pytest.fixture(scope="module")
def outer():
    rng = np.random.default_rng(1)
    samples = simulate_bearing(
        bearing=BEARING,
        fault="outer",
        rate_hz=12000.0,
        duration_s=6.0,
        speed_rpm=1763.0,
        snr_db=3.0,
        assembly=Assembly.draw(rng),
        rng=rng,
    )
    return Record(source=samples[None], rate_hz=12000.0, speed_rpm=1763.0, origin="pump.npy")


def says(label, status="ok"):
    probabilities = {"normal": 0.2, "outer": 0.8}
    return Prediction("pump.npy", 0, status, label, 0.8, probabilities, 9, 1.0, "runs/a", warnings=["kept"])


def test_where_both_name_the_same_fault_they_agree(outer):
    answer = beside_physics(says("outer"), outer, BEARING)
    assert answer.agrees is True
    assert answer.physics["label"] == "outer"
    assert answer.warnings == ["kept"]
    json.dumps(answer.to_dict())


@pytest.mark.parametrize("label", ["inner", "normal"])
def test_where_they_do_not_it_is_said(outer, label):
    answer = beside_physics(says(label), outer, BEARING)
    assert answer.agrees is False
    assert answer.warnings[-1] == f"the network says {label}, the physics outer: look at the evidence"
    assert answer.label == label  # the network's answer stays


def test_where_either_has_no_answer_nothing_is_compared(outer):
    assert beside_physics(says("outer-7"), outer, BEARING).agrees is None
    assert beside_physics(says(None, "undetermined"), outer, BEARING).agrees is None
    noise = np.random.default_rng(0).standard_normal((1, 60000))
    quiet = Record(source=noise, rate_hz=12000.0, speed_rpm=1763.0)
    assert beside_physics(says("outer"), quiet, BEARING).agrees is None


def test_what_keeps_the_physics_from_judging_is_no_error_of_the_network(outer):
    unknown = Record(source=outer.samples, rate_hz=12000.0, origin="pump.npy")
    answer = beside_physics(says("outer"), unknown, BEARING)
    assert (answer.status, answer.agrees) == ("ok", None)
    assert (answer.physics["status"], answer.agrees) == ("undetermined", None)
    assert "Without the speed of the shaft" in answer.physics["text"]
    failed = Prediction.failed(file="a", signal=0, run="r", error="no")
    assert beside_physics(failed, outer, BEARING) == failed


@pytest.mark.keras
def test_with_a_bearing_the_physics_stands_beside_the_answer(tone_run, pulsing):
    x = pulsing(3.585, 1800, n=72000)
    (answer,) = predict(x, run=tone_run, rate_hz=12000, speed_rpm=1800, bearing="6205")
    assert answer.physics["label"] == "outer"
    assert answer.agrees is (answer.label == "outer")
    (plain,) = predict(x, run=tone_run, rate_hz=12000, speed_rpm=1800)
    assert (plain.physics, plain.agrees, plain.label) == (None, None, answer.label)
    with pytest.raises(ParameterError, match="unknown bearing"):
        predict(x, run=tone_run, rate_hz=12000, speed_rpm=1800, bearing="no such")
