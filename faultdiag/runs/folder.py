"""The Run folder: made as ``<name>.part``, renamed when whole; found again by `find_runs`."""

import hashlib
import os
import secrets
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from faultdiag.errors import ParameterError, RunError
from faultdiag.runs.document import RunDocument, read_document

__all__ = [
    "PART",
    "TRAINED_IMAGES",
    "check_finished",
    "find_runs",
    "finish",
    "new_part",
    "read_card",
    "sha256_of",
    "write_safely",
    "writing",
]

PART = ".part"
"""Ending of the folder of an unfinished Run."""

TRAINED_IMAGES = "trained_images.npy"
"""In a Run for images: the short hashes of what it was trained on."""


def new_part(dataset: str, task: str, out: Path | None = None) -> Path:
    """Create the folder of a new Run.

    Parameters
    ----------
    dataset, task : str
        For the name, where `out` is not given.
    out : Path, optional
        The finished folder's path.

    Returns
    -------
    Path
        The folder to write into; its name ends in ``.part``.

    Raises
    ------
    ParameterError
        If `out` exists.
    RunError
        If the folder cannot be made.
    """
    if out is None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        out = Path("runs") / f"{dataset}-{task}-{stamp}-{secrets.token_hex(2)}"
    if out.name in ("", "..") or out.name.endswith(PART):
        raise ParameterError(
            f"--out {str(out)!r} is no name for a new folder; one that ends in {PART} neither"
        )
    part = out.with_name(out.name + PART)
    for path in (out, part):
        if path.exists():
            raise ParameterError(f"{path} exists already; name another folder with --out, or remove it")
    with writing(part):
        part.mkdir(parents=True)
    return part


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the system says about a write into one line."""
    try:
        yield
    except OSError as error:
        raise RunError(f"{path}: cannot write: {error.strerror or error}") from error


def write_safely(path: Path, content: bytes) -> None:
    """Replace a file as a whole: after a crash or on a full disk the old one is still there.

    Raises
    ------
    RunError
        If the content cannot be written.
    """
    fresh = path.with_name(path.name + ".new")
    with writing(path):
        try:
            with fresh.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


def finish(part: Path) -> Path:
    """Give the folder its final name and return that."""
    final = part.with_name(part.name.removesuffix(PART))
    with writing(final):
        part.rename(final)
    return final


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    Raises
    ------
    RunError
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error.strerror or error}") from error


def check_finished(folder: Path) -> RunDocument:
    """Return the document of a finished Run.

    Raises
    ------
    ParameterError
        If there is no such folder.
    RunError
        If the Run is unfinished, damaged or of a newer version.
    """
    if not folder.is_dir():
        raise ParameterError(f"no Run folder {str(folder)!r}; 'faultdiag runs list' names those there are")
    if folder.name.endswith(PART):
        raise RunError(
            f"{folder}: unfinished; 'faultdiag train --resume {shlex.quote(str(folder))}' finishes it"
        )
    document = read_document(folder)
    for name, expected in document.files.items():
        path = folder / name
        if not path.is_file():
            raise RunError(f"{folder}: damaged: {name} is missing; train again")
        if sha256_of(path) != expected:
            raise RunError(f"{path}: damaged: its SHA-256 is not the one in run.json; train again")
    return document


def find_runs(folder: Path = Path("runs")) -> list[tuple[Path, RunDocument]]:
    """Return the finished Runs below a folder, newest first; what is no Run is passed over."""
    found = []
    for path in sorted(folder.glob("*/run.json")):
        if path.parent.name.endswith(PART):
            continue
        try:
            found.append((path.parent, read_document(path.parent)))
        except RunError:
            continue
    return sorted(found, key=lambda item: item[1].created, reverse=True)


def read_card(folder: Path) -> str:
    """Return the text of a Run's card.md.

    Raises
    ------
    RunError
        If it cannot be read.
    """
    try:
        return (folder / "card.md").read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise RunError(f"{folder / 'card.md'}: cannot be read ({error})") from error
