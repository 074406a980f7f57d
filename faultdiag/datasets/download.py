"""Download files: taken up again where a download broke off, and kept only if the checksum fits."""

import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pooch
import requests
from filelock import FileLock

from faultdiag.datasets.files import DataFile
from faultdiag.datasets.verify import file_status
from faultdiag.errors import DatasetError

__all__ = ["Progress", "download"]

Progress = Callable[[str, int, int], None]
"""Told the name of the file under way, the bytes that have come and the bytes that are to come in all."""

_TIMEOUT_S = (10, 30)  # for the connection, and between two pieces
_PIECE_BYTES = 1 << 16


def download(
    files: Iterable[DataFile],
    folder: Path,
    *,
    base_url: str,
    page: str,
    progress: Progress | None = None,
) -> None:
    """Download files into a folder, one process at a time; those that are there and right stay.

    Parameters
    ----------
    files : iterable of DataFile
        What to have.
    folder : Path
        Where; made if need be.
    base_url : str
        What stands before the name in a file's address.
    page : str
        Address of the page that offers the files to people, for messages.
    progress : Progress, optional
        Called for every piece that comes.

    Raises
    ------
    DatasetError
        If the files cannot be had or written, or one has another checksum. What came before a
        connection broke stays in a ``.part`` file, from the end of which the next call goes on.
    """
    files = list(files)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".fetch.lock"):
            _download_absent(files, folder, base_url, progress)
    except requests.RequestException as error:
        raise DatasetError(
            f"cannot fetch {_names(files)}: {_reason(error)}; "
            f"try again later, or download from {page} into {folder}"
        ) from error
    except OSError as error:
        raise DatasetError(f"cannot fetch {_names(files)} into {folder}: {error.strerror}") from error


def _download_absent(files: list[DataFile], folder: Path, base_url: str, progress: Progress | None) -> None:
    absent = [file for file in files if file_status(folder, file) != "ok"]
    registry = {file.name: file.sha256 for file in absent}
    keeper = pooch.create(path=folder, base_url=base_url, registry=registry)
    pooch.get_logger().setLevel(logging.WARNING)  # its line per file would tear a progress display
    n_before, n_total = 0, sum(file.n_bytes for file in absent)
    for file in absent:
        resumed = _Resumed(folder / f"{file.name}.part", file, n_before, n_total, progress)
        try:
            keeper.fetch(file.name, downloader=resumed)
        except requests.RequestException:
            raise
        except ValueError as error:  # the checksum; pooch has deleted what came
            reason = str(error).partition(". ")[0]
            raise DatasetError(f"{base_url}{file.name}: {reason}; it was deleted, fetch it again") from error
        n_before += file.n_bytes


@dataclass(frozen=True)
class _Resumed:
    """A downloader for pooch that collects a file in a part file and goes on from its end."""

    part: Path
    file: DataFile
    n_before: int
    n_total: int
    progress: Progress | None

    def __call__(self, url: str, output_file: str, keeper: Any) -> None:
        if self._size() > self.file.n_bytes:
            self.part.unlink()
        while (size := self._size()) < self.file.n_bytes:
            try:
                self._append(url, size)
                break  # all that the server has; whether it is right the checksum tells
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
                if self._size() <= size:  # nothing came, so asking again at once is no use
                    raise
        os.replace(self.part, output_file)

    def _append(self, url: str, start: int) -> None:
        """Write what the server has from byte `start` on; one that cannot skip sends it all again."""
        headers = {"Accept-Encoding": "identity", "Range": f"bytes={start}-"}
        with requests.get(url, headers=headers, stream=True, timeout=_TIMEOUT_S) as response:
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                self.part.unlink(missing_ok=True)  # it ends before our part does: start anew next time
            response.raise_for_status()
            skips = response.status_code == requests.codes.partial_content
            with self.part.open("ab" if skips else "wb") as stream:
                for piece in response.iter_content(_PIECE_BYTES):
                    stream.write(piece)
                    if self.progress:
                        self.progress(self.file.name, self.n_before + stream.tell(), self.n_total)

    def _size(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0


def _reason(error: requests.RequestException) -> str:
    """Why a request failed, in a few words."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"{error.response.url} answers {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke off, and what came is kept"
    url = error.request.url if error.request is not None else "the server"
    if isinstance(error, requests.Timeout):
        return f"no answer from {url}"
    if isinstance(error, requests.exceptions.SSLError):
        return f"no trusted connection to {url}"
    return f"no connection to {url}"


def _names(files: list[DataFile]) -> str:
    names = [file.name for file in files]
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} ... ({len(names)} files)"
