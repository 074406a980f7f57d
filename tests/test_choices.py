"""The words that options choose from are those that the parts know."""

from typing import get_args

from faultdiag import records
from faultdiag.choices import Backend, KerasBackend, NanPolicy, Rows
from faultdiag.runs import backend


def test_backends_are_those_of_keras_that_can_be_installed_and_onnx():
    assert get_args(KerasBackend) == tuple(backend._EXTRAS)
    assert get_args(Backend) == ("onnx", *get_args(KerasBackend))


def test_records_mean_the_same():
    assert (records.NanPolicy, records.Rows) == (NanPolicy, Rows)
