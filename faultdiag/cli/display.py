"""The display of a training: a live line on a terminal, plain lines in a pipe. Both on stderr."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from faultdiag.training.display import Display, EpochState, SilentDisplay, epoch_line

__all__ = ["PlainDisplay", "TerminalDisplay", "make_display"]


class PlainDisplay:
    """One line for each thing that stays."""

    def __init__(self) -> None:
        self.fetching = ""

    def say(self, text: str) -> None:
        """Print a line."""
        click.echo(text, err=True)

    def fetch(self, file: str, n_bytes: int, n_total: int) -> None:
        """Print a line for each file."""
        if file != self.fetching:
            self.fetching = file
            click.echo(f"fetching {file} ({n_bytes / 1e6:.0f} of {n_total / 1e6:.0f} MB)", err=True)

    def batch(self, state: EpochState) -> None:
        """Print nothing: a pipe has no use for a moving line."""

    def epoch(self, state: EpochState) -> None:
        """Print the epoch."""
        click.echo(epoch_line(state), err=True)


class TerminalDisplay:
    """A live bar below the lines that stay.

    Parameters
    ----------
    progress : rich.progress.Progress
        Started.
    """

    def __init__(self, progress: Any) -> None:
        self.progress = progress
        self.task = progress.add_task("starting", total=None)

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        self.progress.console.print(text, markup=False, highlight=False)

    def fetch(self, file: str, n_bytes: int, n_total: int) -> None:
        """Move the bar."""
        self.progress.update(self.task, description=f"fetching {file}", completed=n_bytes, total=n_total)

    def batch(self, state: EpochState) -> None:
        """Move the bar."""
        done = (state.epoch - 1) * state.batches + state.batch
        self.progress.update(
            self.task, description=epoch_line(state), completed=done, total=state.epochs * state.batches
        )

    def epoch(self, state: EpochState) -> None:
        """Move the bar."""
        self.batch(state)


@contextmanager
def make_display(*, quiet: bool) -> Iterator[Display]:
    """Give the display that fits where stderr goes."""
    if quiet:
        yield SilentDisplay()
    elif not sys.stderr.isatty():
        yield PlainDisplay()
    else:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (BarColumn(bar_width=20), TextColumn("{task.description}", markup=False))
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            yield TerminalDisplay(progress)
