"""The head of a page repeats what was said, in words that can be checked."""

from pathlib import Path

import numpy as np
import pytest

from faultdiag.errors import ParameterError
from faultdiag.kinematics.gears import GearTrain
from faultdiag.kinematics.orders import GivenOrders
from faultdiag.records import Record
from faultdiag.report.given import given_facts

NOTHING = dict.fromkeys(("rate_hz", "speed_rpm", "tacho", "bearing", "gear", "reference"))


def facts(**said):
    return dict(given_facts(**NOTHING | said))


def test_nothing_said_leaves_the_rate_to_the_files():
    assert facts() == {"sampling rate": "that of the files"}


def test_rate_and_speed_keep_their_digits():
    told = facts(rate_hz=25600.5, speed_rpm=1797.25)
    assert told == {"sampling rate": "25600.5 Hz, as said", "speed": "1797.25 rpm, as said"}
    assert facts(tacho="key")["speed"] == "by the tachometer, channel key"


def test_a_bearing_has_its_orders_and_gears_their_meshes():
    pump = GivenOrders("pump", bpfo=3.585, bpfi=5.415, bsf=2.357, ftf=0.398)
    orders = "outer race 3.585, inner race 5.415, ball or roller 4.714, cage 0.398"
    assert facts(bearing=pump)["bearing"] == f"pump; strikes per turn of the shaft: {orders}"
    # the second mesh: 48 teeth on a shaft that turns 32 / 80 times as fast
    for gear in ("32/80,48/64", GearTrain(((32, 80), (48, 64)))):
        assert facts(gear=gear)["gears"] == "32/80, 48/64; meshes per turn of the shaft: 32, 19.2"


def test_a_reference_is_called_by_its_file():
    record = Record(source=np.zeros((1, 8)), rate_hz=100.0, origin="new.npz")
    assert facts(reference=record)["reference"] == "new.npz"
    assert facts(reference=Path("machines") / "new.csv")["reference"] == str(Path("machines") / "new.csv")


def test_what_cannot_be_read_is_refused():
    with pytest.raises(ParameterError, match="unknown bearing '6025'"):
        facts(bearing="6025")
    with pytest.raises(ParameterError, match="gears '32:80'"):
        facts(gear="32:80")
