import numpy as np
import pytest

from faultdiag.errors import ParameterError
from faultdiag.records import Record
from faultdiag.views.chosen import chosen_channels


@pytest.fixture
def record():
    return Record(source=np.zeros((3, 9), np.float32), channels=("x", "y", "key"))


def test_without_a_name_all_are_taken(record):
    assert chosen_channels(record, (), None) == (record, None)
    assert chosen_channels(record, (), "2") == (record, "key")


def test_the_tachometer_comes_with_those_that_are_named(record):
    chosen, pulses = chosen_channels(record, ("1",), "key")
    assert (chosen.channels, pulses) == (("y", "key"), "key")
    assert chosen_channels(record, ("key", "x"), "2")[0].channels == ("key", "x")
    assert chosen_channels(record, ["x"], None)[0].channels == ("x",)


def test_a_name_that_is_none_is_refused(record):
    with pytest.raises(ParameterError, match="no channel 'z'"):
        chosen_channels(record, ("z",), None)
