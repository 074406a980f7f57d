"""The description of an exported network is enough to feed it and to read its answer."""

import json

import pytest

from faultdiag import __version__
from faultdiag.runs.export.description import describe
from faultdiag.views.table import VIEWS

pytestmark = pytest.mark.keras


def test_it_holds_the_whole_way_and_nothing_of_the_training(document):
    about = describe(document)
    assert set(about) == {
        *("format_version", "faultdiag_version", "input", "dataset", "task", "classes", "data", "view"),
        *("network", "calibration"),
    }
    assert (about["format_version"], about["faultdiag_version"]) == (1, __version__)
    assert (about["input"], about["classes"]) == ("signal", ["normal", "inner", "outer"])
    assert about["data"] == {
        "channels": ["ch0"],
        "rate_hz": 12000.0,
        "lowpass_hz": None,
        "window": 256,
        "test_hop": 256,
    }
    assert about["network"] == {
        "name": "residual",
        "options": document.network.options,
        "input_shape": [256, 1],
    }
    assert about["calibration"] == document.calibration


def test_it_is_plain_json(document):
    about = describe(document)
    assert json.loads(json.dumps(about, allow_nan=False)) == about


def test_its_view_makes_the_view_of_the_run(document, tone_run):
    about = describe(document)["view"]
    assert VIEWS.load(about["name"])(**about["state"]) == tone_run.view
