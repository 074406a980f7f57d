"""Show a download on stderr: a bar on a terminal, a line for each file elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

__all__ = ["shown_progress"]


@contextmanager
def shown_progress(*, quiet: bool = False) -> Iterator[Callable[[str, int, int], None] | None]:
    """Give a function to call with file name, bytes there and bytes in all; None if `quiet`."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        yield from _bar()
    else:
        yield _lines()


def _lines() -> Callable[[str, int, int], None]:
    last = ""

    def show(file: str, n_bytes: int, n_total: int) -> None:
        nonlocal last
        if file != last:
            click.echo(f"fetching {file} ({n_bytes / 1e6:.0f} of {n_total / 1e6:.0f} MB)", err=True)
            last = file

    return show


def _bar() -> Iterator[Callable[[str, int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("fetching")

        def show(file: str, n_bytes: int, n_total: int) -> None:
            progress.update(task, description=file, completed=n_bytes, total=n_total)

        yield show
