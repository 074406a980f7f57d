"""Check the files of a data set against the sizes and checksums of the official ones."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from faultdiag.datasets.files import DataFile, cache_folder, data_files, existing_folder, part_name
from faultdiag.errors import DatasetError, ParameterError

__all__ = ["FileStatus", "Verdict", "file_status", "refuse_wrong", "verify"]

FileStatus = Literal["ok", "missing", "part", "wrong size", "wrong hash"]


@dataclass(frozen=True)
class Verdict:
    """What was found of one file: its name and how it stands."""

    file: str
    status: FileStatus

    @property
    def is_wrong(self) -> bool:
        """Whether the file is there but is not the official one."""
        return self.status in ("wrong size", "wrong hash")


def verify(name: str, data_dir: Path | None = None) -> list[Verdict]:
    """Compare every file of a data set with the official one.

    Parameters
    ----------
    name : str
        A name in DATASETS.
    data_dir : Path, optional
        Folder with the files; by default the set's folder in the user's cache.

    Returns
    -------
    list of Verdict
        One for each file of the set, there or not. ``"part"`` is a file that is missing while its
        first part is there.

    Raises
    ------
    ParameterError
        If there is no such data set, or it has no files of its own, or the folder does not exist.
    """
    files = data_files(name)
    if not files:
        raise ParameterError(f"data set {name!r} has no files of its own to verify")
    folder = cache_folder(name) if data_dir is None else existing_folder(name, data_dir)
    return [Verdict(file.name, file_status(folder, file)) for file in files]


def refuse_wrong(name: str, verdicts: list[Verdict]) -> None:
    """Raise `DatasetError` if any file is there but is not the official one, naming the first few."""
    wrong = [f"{verdict.file} ({verdict.status})" for verdict in verdicts if verdict.is_wrong]
    if wrong:
        more = " ..." if len(wrong) > 5 else ""
        raise DatasetError(
            f"data set {name!r}: {len(wrong)} files are not the official ones: {', '.join(wrong[:5])}{more}; "
            "delete them and fetch them again"
        )


def file_status(folder: Path, file: DataFile) -> FileStatus:
    """Return how one file stands; it is read only if its size is right."""
    path = folder / file.name
    if not path.is_file():
        return "part" if (folder / part_name(file.name)).is_file() else "missing"
    if path.stat().st_size != file.n_bytes:
        return "wrong size"
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    return "ok" if found == file.sha256 else "wrong hash"
