from pathlib import Path
from typing import Literal

import numpy as np
import pytest

import faultdiag
from faultdiag.datasets import load as module
from faultdiag.datasets.examples import Examples
from faultdiag.datasets.load import load_dataset
from faultdiag.errors import ParameterError
from faultdiag.records import Record

calls = []


def fake(
    data_dir: Path | None,
    *,
    task: str = "fault",
    channels: tuple[str, ...] = (),
    rate_hz: float | None = None,
    n_records: int = 2,
    kind: Literal["real", "mock"] = "real",
    progress=None,
) -> Examples:
    calls.append((data_dir, task, channels, rate_hz, n_records, kind, progress))
    records = tuple(Record(source=np.zeros((1, 9)), label=label) for label in "ab")
    return Examples(name="fake", task=task, classes=("a", "b"), records=records)


@pytest.fixture(autouse=True)
def only_fake(monkeypatch):
    """Put a function that notes its arguments in the place of the data set cwru."""
    calls.clear()
    monkeypatch.setattr(module.DATASETS, "load", lambda name: fake)


def test_it_is_public():
    assert faultdiag.load_dataset is load_dataset


def test_task_and_channels_come_from_the_card():
    assert load_dataset("cwru").name == "fake"
    assert calls == [(None, "fault", ("DE",), None, 2, "real", None)]


def test_everything_can_be_said():
    load_dataset("cwru", "here", task="severity", channels=["FE"], progress=print, n_records=3, rate_hz=5)
    assert calls == [(Path("here"), "severity", ("FE",), 5.0, 3, "real", print)]


def test_text_of_a_command_line_becomes_what_is_declared():
    load_dataset("cwru", n_records="7", rate_hz="1e3", kind="mock")
    assert calls[0][3:6] == (1000.0, 7, "mock")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"rate": 3}, r"data set 'cwru' has no option 'rate'; did you mean rate_hz\?"),
        ({"rate_hz": "fast"}, "'cwru': option rate_hz = 'fast': Input should be a valid number"),
        ({"n_records": 1.5}, "option n_records = 1.5: Input should be a valid integer"),
        ({"kind": "rael"}, "option kind = 'rael': Input should be 'real' or 'mock'"),
        ({"task": "size"}, "data set 'cwru' has no task 'size'"),
    ],
)
def test_what_is_wrong_is_named(options, words):
    with pytest.raises(ParameterError, match=words):
        load_dataset("cwru", **options)
    assert calls == []


def test_an_unknown_data_set(monkeypatch):
    monkeypatch.undo()
    with pytest.raises(ParameterError, match=r"unknown data set 'cruw'; did you mean cwru\?"):
        load_dataset("cruw")


def test_a_set_that_fetches_nothing_is_not_told_of_progress(monkeypatch, tmp_path):
    monkeypatch.undo()
    with pytest.raises(ParameterError, match="'folder' needs --data-dir"):
        load_dataset("folder", progress=print)
