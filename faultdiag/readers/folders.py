"""Folders of signal files: which files in them are meant."""

from pathlib import Path

from faultdiag.errors import RecordError
from faultdiag.readers.table import READERS

__all__ = ["MANIFEST", "find_signals", "signal_files"]

MANIFEST = "manifest.csv"
"""The list of a folder's files and their labels: no signal."""


def find_signals(folder: Path) -> list[Path]:
    """Return every file below a folder that has the ending of a row of READERS, sorted.

    Hidden files and the manifest of a data set are none.

    Raises
    ------
    RecordError
        If there is none.
    """
    endings = tuple(f".{name}" for name in READERS)
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.name.lower().endswith(endings)
        and path.name[0] != "."
        and path.name != MANIFEST
        and path.is_file()
    )
    if not found:
        raise RecordError(f"{folder}: no signal file; readable are {', '.join(READERS)}")
    return found


def signal_files(path: Path | str) -> list[Path]:
    """Return the signal files in a folder, or the file itself.

    Raises
    ------
    RecordError
        If the folder holds none.
    """
    return find_signals(Path(path)) if Path(path).is_dir() else [Path(path)]
