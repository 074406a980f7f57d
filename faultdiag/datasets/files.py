"""The files of a data set: their names, sizes and checksums, where they lie, and what is there of them."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import platformdirs

from faultdiag.datasets.table import DATASETS
from faultdiag.errors import ParameterError

__all__ = [
    "DataFile",
    "absent_files",
    "cache_folder",
    "data_files",
    "existing_folder",
    "find_file",
    "part_name",
]


@dataclass(frozen=True)
class DataFile:
    """One file of a data set.

    Attributes
    ----------
    name : str
        Its name in the folder, and at the end of its address.
    n_bytes : int
        Its size.
    sha256 : str
        Its checksum, in hexadecimal digits.
    tasks : tuple of str
        The tasks that need it where no option says otherwise.
    """

    name: str
    n_bytes: int
    sha256: str
    tasks: tuple[str, ...]


@cache
def data_files(name: str) -> tuple[DataFile, ...]:
    """Return the files of a data set; none for a set that has no files of its own.

    Raises
    ------
    ParameterError
        If there is no such data set.
    """
    table = resources.files(DATASETS.home(name)) / "cards" / f"{name}.files.csv"
    if not table.is_file():
        return ()
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return tuple(
        DataFile(row["name"], int(row["n_bytes"]), row["sha256"], tuple(row["tasks"].split())) for row in rows
    )


def cache_folder(name: str) -> Path:
    """Return the folder in the user's cache where a data set lies unless another one is named."""
    return platformdirs.user_cache_path("faultdiag") / "datasets" / name


def existing_folder(name: str, data_dir: Path) -> Path:
    """Return the folder that was named for a data set.

    Raises
    ------
    ParameterError
        If it is no folder.
    """
    folder = Path(data_dir)
    if not folder.is_dir():
        raise ParameterError(
            f"data set {name!r}: there is no folder {str(folder)!r}; name one that holds its files"
        )
    return folder


def part_name(name: str) -> str:
    """Return the name of a file that holds the first part of another.

    Examples
    --------
    >>> part_name("99.mat")
    '99_part.mat'
    """
    path = Path(name)
    return f"{path.stem}_part{path.suffix}"


def find_file(folder: Path, name: str) -> Path | None:
    """Return the file, or else its first part, or None if neither is there."""
    for candidate in (name, part_name(name)):
        if (folder / candidate).is_file():
            return folder / candidate
    return None


def absent_files(folder: Path, names: Iterable[str]) -> list[str]:
    """Return the names of which neither the file nor its first part is there."""
    return [name for name in names if find_file(folder, name) is None]
