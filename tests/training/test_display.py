"""What a training says: its lines, and that all of them end in the log."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from faultdiag.errors import RunError
from faultdiag.training.display import EpochState, LoggedDisplay, SilentDisplay, epoch_line


def state(**more):
    return EpochState(
        **{
            "epoch": 2,
            "epochs": 5,
            "batch": 3,
            "batches": 10,
            "loss": 0.12345,
            "accuracy": 0.75,
            "validation_loss": None,
            "validation_accuracy": None,
            "windows_per_s": 1234.5,
            "left_s": 61.4,
        }
        | more
    )


class Told(SilentDisplay):
    def __init__(self):
        self.calls = []

    def say(self, text):
        self.calls.append(("say", text))

    def batch(self, state):
        self.calls.append(("batch", state))

    def epoch(self, state):
        self.calls.append(("epoch", state))

    def fetch(self, file, n_bytes, n_total):
        self.calls.append(("fetch", file, n_bytes, n_total))


def test_the_line_of_an_epoch_without_validation():
    assert epoch_line(state()) == "epoch 2/5: loss 0.1235 accuracy 0.7500, 1234 windows/s, 61 s left"


def test_the_line_of_an_epoch_with_validation():
    line = epoch_line(state(validation_loss=1.0, validation_accuracy=0.5))
    assert ", validation loss 1.0000 accuracy 0.5000, " in line


def test_a_logged_display_shows_everything_and_keeps_what_stays(tmp_path):
    told = Told()
    display = LoggedDisplay(told, tmp_path / "log.txt")
    display.say("hello ü")
    display.batch(state())
    display.epoch(state())
    display.fetch("1.mat", 5, 10)
    assert told.calls == [
        ("say", "hello ü"),
        ("batch", state()),
        ("epoch", state()),
        ("fetch", "1.mat", 5, 10),
    ]
    lines = (tmp_path / "log.txt").read_text(encoding="utf-8").splitlines()
    stamps, texts = zip(*(line.split(" ", 1) for line in lines), strict=True)
    assert texts == ("hello ü", epoch_line(state()))
    for stamp in stamps:
        assert abs(datetime.now(UTC) - datetime.fromisoformat(stamp)) < timedelta(minutes=1)


def test_a_log_is_added_to(tmp_path):
    for text in ("one", "two"):
        LoggedDisplay(SilentDisplay(), tmp_path / "log.txt").say(text)
    assert [line.split()[-1] for line in (tmp_path / "log.txt").read_text().splitlines()] == ["one", "two"]


def test_a_log_that_cannot_be_written_is_one_line(tmp_path):
    display = LoggedDisplay(SilentDisplay(), tmp_path / "gone" / "log.txt")
    with pytest.raises(
        RunError, match=re.escape(f"{tmp_path / 'gone' / 'log.txt'}: cannot write: No such file")
    ):
        display.say("hello")


def test_a_silent_display_is_silent(capsys):
    display = SilentDisplay()
    display.say("hello")
    display.batch(state())
    display.epoch(state())
    display.fetch("1.mat", 5, 10)
    assert capsys.readouterr() == ("", "")
