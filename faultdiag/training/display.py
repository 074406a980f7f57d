"""What a training says while it runs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from faultdiag.runs.folder import writing

__all__ = ["Display", "EpochState", "LoggedDisplay", "SilentDisplay", "epoch_line"]


@dataclass(frozen=True)
class EpochState:
    """Where a training stands.

    Attributes
    ----------
    epoch, epochs : int
        The present epoch, from 1, and the last one.
    batch, batches : int
        Batches done in it, and all.
    loss, accuracy : float
        Cross-entropy and share of right windows, over the epoch so far.
    validation_loss, validation_accuracy : float or None
        At the end of an epoch.
    windows_per_s : float
        Since training began.
    left_s : float
        Time to the last epoch at that pace.
    """

    epoch: int
    epochs: int
    batch: int
    batches: int
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    windows_per_s: float
    left_s: float


class Display(Protocol):
    """Shows a training: a live line on a terminal, plain lines in a pipe, or nothing."""

    def say(self, text: str) -> None:
        """Show one line that stays."""

    def fetch(self, file: str, n_bytes: int, n_total: int) -> None:
        """Show how much of a data set has come, and which file is coming."""

    def batch(self, state: EpochState) -> None:
        """Show progress within an epoch."""

    def epoch(self, state: EpochState) -> None:
        """Show an epoch that is done."""


class SilentDisplay:
    """Shows nothing."""

    def say(self, text: str) -> None:
        """Show nothing."""

    def fetch(self, file: str, n_bytes: int, n_total: int) -> None:
        """Show nothing."""

    def batch(self, state: EpochState) -> None:
        """Show nothing."""

    def epoch(self, state: EpochState) -> None:
        """Show nothing."""


class LoggedDisplay:
    """Shows on another display and keeps all lines that stay in a file.

    Parameters
    ----------
    shown : Display
        Where to show.
    path : Path
        The log, added to.
    """

    def __init__(self, shown: Display, path: Path) -> None:
        self.shown = shown
        self.path = path

    def say(self, text: str) -> None:
        """Show and keep one line."""
        self.shown.say(text)
        self._keep(text)

    def fetch(self, file: str, n_bytes: int, n_total: int) -> None:
        """Show how much of a data set has come."""
        self.shown.fetch(file, n_bytes, n_total)

    def batch(self, state: EpochState) -> None:
        """Show progress within an epoch."""
        self.shown.batch(state)

    def epoch(self, state: EpochState) -> None:
        """Show and keep an epoch that is done."""
        self.shown.epoch(state)
        self._keep(epoch_line(state))

    def _keep(self, text: str) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with writing(self.path), self.path.open("a", encoding="utf-8") as file:
            file.write(f"{now} {text}\n")


def epoch_line(state: EpochState) -> str:
    """Return one line about an epoch."""
    validated = ""
    if state.validation_loss is not None and state.validation_accuracy is not None:
        validated = f", validation loss {state.validation_loss:.4f} accuracy {state.validation_accuracy:.4f}"
    return (
        f"epoch {state.epoch}/{state.epochs}: loss {state.loss:.4f} accuracy {state.accuracy:.4f}"
        f"{validated}, {state.windows_per_s:.0f} windows/s, {state.left_s:.0f} s left"
    )
