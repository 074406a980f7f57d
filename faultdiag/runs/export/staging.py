"""Several files that appear together: written aside, then moved into place one right after the other."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faultdiag.runs.folder import writing

__all__ = ["staged"]


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Give an empty folder; what is in it when the block ends well replaces what `folder` has of that name.

    If the block ends in an error, nothing is replaced and nothing is left behind. run.json, which vouches
    for the others, is moved last.

    Raises
    ------
    RunError
        If `folder` cannot be written to.
    """
    with writing(folder):
        stage = tempfile.TemporaryDirectory(prefix=".export-", dir=folder)
    with stage as name:
        yield Path(name)
        with writing(folder):
            _move(Path(name), folder)


def _move(stage: Path, folder: Path) -> None:
    made = sorted(stage.iterdir(), key=lambda path: path.name == "run.json")
    for path in stage.rglob("*"):
        if path.is_file():
            _to_disk(path)
    for path in made:
        target = folder / path.name
        if target.is_dir() and not target.is_symlink():  # a folder cannot be replaced in one step
            target.rename(stage / f"{path.name}.old")
        path.replace(target)


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
