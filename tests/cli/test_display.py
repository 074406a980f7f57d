"""Lines in a pipe, a bar on a terminal, silence on request; all of it on stderr."""

import io
import sys

import pytest

from faultdiag.cli.display import PlainDisplay, TerminalDisplay, make_display
from faultdiag.training.display import EpochState, SilentDisplay, epoch_line

STATE = EpochState(
    epoch=2,
    epochs=5,
    batch=3,
    batches=10,
    loss=0.5,
    accuracy=0.75,
    validation_loss=0.6,
    validation_accuracy=0.7,
    windows_per_s=1234.0,
    left_s=42.0,
)


def test_a_pipe_gets_one_plain_line_for_each_thing_that_stays(capsys):
    shown = PlainDisplay()
    shown.say("98.mat is not there")
    shown.batch(STATE)
    shown.epoch(STATE)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["98.mat is not there", epoch_line(STATE)]


def test_an_epoch_line_tells_all_that_a_person_waits_for():
    line = epoch_line(STATE)
    for part in ("2/5", "loss 0.5000", "accuracy 0.7500", "1234 windows/s", "42 s left", "0.6000", "0.7000"):
        assert part in line


def test_a_pipe_gets_one_line_a_file_that_is_fetched(capsys):
    shown = PlainDisplay()
    for n_bytes in (0, 1_000_000, 2_000_000):
        shown.fetch("105.mat", n_bytes, 4_000_000)
    shown.fetch("106.mat", 3_000_000, 4_000_000)
    assert capsys.readouterr().err.splitlines() == [
        "fetching 105.mat (0 of 4 MB)",
        "fetching 106.mat (3 of 4 MB)",
    ]


@pytest.fixture
def bar():
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=io.StringIO(), force_terminal=True, width=200)) as progress:
        yield progress


def test_a_terminal_gets_a_bar_that_counts_batches_of_all_epochs(bar):
    shown = TerminalDisplay(bar)
    shown.batch(STATE)
    (task,) = bar.tasks
    assert (task.completed, task.total) == (13, 50)
    assert task.description == epoch_line(STATE)


def test_a_terminal_gets_lines_that_stay_as_they_are(bar):
    TerminalDisplay(bar).say("[not] markup")
    assert "[not] markup" in bar.console.file.getvalue()


def test_a_terminal_shows_what_is_fetched(bar):
    TerminalDisplay(bar).fetch("105.mat", 10, 40)
    (task,) = bar.tasks
    assert (task.completed, task.total, task.description) == (10, 40, "fetching 105.mat")


def test_quiet_is_silent():
    with make_display(quiet=True) as shown:
        assert isinstance(shown, SilentDisplay)


def test_the_display_follows_where_stderr_goes(monkeypatch):
    with make_display(quiet=False) as shown:
        assert isinstance(shown, PlainDisplay)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with make_display(quiet=False) as shown:
        assert isinstance(shown, TerminalDisplay)
