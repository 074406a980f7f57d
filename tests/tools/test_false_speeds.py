"""A speed is found, said to be unsure, or neither; what is claimed is counted beside it."""

import false_speeds
import numpy as np
import pytest
from false_speeds import Case

from faultdiag.kinematics.catalogue import find_bearing
from faultdiag.records import Record

RATE_HZ, SPEED_RPM = 12000.0, 1797.0


def record(*, shaft):
    """Noise, with lines of the shaft or without."""
    turns = SPEED_RPM / 60 * np.arange(36000) / RATE_HZ
    samples = np.random.default_rng(0).standard_normal(36000)
    samples += shaft * sum(np.cos(2 * np.pi * k * turns) for k in range(1, 21))
    return Record(source=samples[None], rate_hz=RATE_HZ, speed_rpm=SPEED_RPM, label="normal")


@pytest.mark.parametrize(("shaft", "speed"), [(1.0, "found"), (0.0, "unsure")])
def test_the_speed_of_a_clear_shaft_is_found_and_none_is_said_to_be_unsure(shaft, speed):
    case = Case("here", record(shaft=shaft), find_bearing("6205"), SPEED_RPM)
    answers = list(false_speeds._answers(case))
    assert [one.error_percent for one in answers] == list(false_speeds.ERRORS_PERCENT)
    assert {one.speed for one in answers} == {speed}
    assert {one.outcome for one in answers} <= {"normal", "undetermined"}


def test_a_truth_that_is_another_speed_misleads():
    case = Case("here", record(shaft=1.0), find_bearing("6205"), 1.05 * SPEED_RPM)
    counts = false_speeds.summary([case])
    assert (counts["misled"], counts["found"], counts["n"], counts["n_wrong"]) == (1.0, 0.0, 9, 0)
    assert counts["parts"]["+4 %"]["n"] == 1
