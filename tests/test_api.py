"""The public API: what `import faultdiag` gives, from where, and that it all works together."""

import importlib
import inspect

import numpy as np
import pytest

import faultdiag
from faultdiag.datasets.load import load_dataset
from faultdiag.inference.predict import predict
from faultdiag.inference.run import load_run
from faultdiag.readers import read
from faultdiag.records import Record
from faultdiag.report.inspection import inspect as inspect_record
from faultdiag.training.train import train


def test_names_are_the_objects_of_their_rooms():
    assert faultdiag.inspect is inspect_record
    assert faultdiag.load_dataset is load_dataset
    assert faultdiag.load_run is load_run
    assert faultdiag.predict is predict
    assert faultdiag.read is read
    assert faultdiag.train is train
    assert faultdiag.Record is Record
    assert faultdiag.signal is importlib.import_module("faultdiag.signal")


def test_every_public_name_is_there_and_listed():
    for name in faultdiag.__all__:
        assert getattr(faultdiag, name) is not None
    assert set(faultdiag.__all__) <= set(dir(faultdiag))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'faultdiag' has no attribute 'trian'"):
        faultdiag.trian  # noqa: B018


@pytest.mark.parametrize(
    "name", sorted({"inspect", "load_dataset", "load_run", "predict", "read", "train", "Record"})
)
def test_public_functions_say_what_they_take_give_and_raise(name):
    thing = getattr(faultdiag, name)
    text = inspect.getdoc(thing)
    assert text
    if inspect.isfunction(thing):
        for parameter in inspect.signature(thing).parameters:
            assert parameter in text, f"{name}: {parameter} is not described"
        assert "Raises\n------" in text
        assert "Returns\n-------" in text


def test_star_gives_exactly_the_public_names():
    names = {}
    exec("from faultdiag import *", names)  # the only place where Python allows it
    assert set(names) - {"__builtins__"} == set(faultdiag.__all__)


@pytest.mark.keras
def test_from_files_to_an_answer(tone_run, tone_dir):
    """The way of a user of the API: load a Run, read a file, judge it, evaluate the Run."""
    run = faultdiag.load_run(tone_run.folder)
    record = faultdiag.read(tone_dir / "inner" / "inner-2" / "signal.npy", rate_hz=12000.0)
    (answer,) = faultdiag.predict(record, run=run)
    assert answer.label == "inner"
    assert run.predict(record) == [answer]
    examples = faultdiag.load_dataset("folder", tone_dir, rate_hz=12000.0)
    (result,) = run.evaluate(examples)
    assert result["record_accuracy"] == 1.0


@pytest.mark.keras
def test_a_run_judges_what_the_signal_room_makes(tone_run):
    """Up and down in rate: what was measured faster is the same signal."""
    time_s = np.arange(24000) / 48000
    tone = np.sin(2 * np.pi * 1500 * time_s)
    slower = faultdiag.signal.resample(tone, rate_hz=48000.0, to_hz=12000.0)
    answers = [
        faultdiag.predict(samples, run=tone_run, rate_hz=rate_hz)[0]
        for samples, rate_hz in ((tone, 48000.0), (slower, 12000.0))
    ]
    assert answers[0].label == answers[1].label == "inner"
    assert answers[0].probabilities == pytest.approx(answers[1].probabilities, abs=1e-3)
