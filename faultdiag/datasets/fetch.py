"""Have the files of a data set: in the folder that was named, or fetched into the user's cache."""

from collections.abc import Iterable
from pathlib import Path

from faultdiag.datasets.cards import load_card
from faultdiag.datasets.download import Progress, download
from faultdiag.datasets.files import absent_files, cache_folder, data_files, existing_folder
from faultdiag.errors import DatasetError, ParameterError
from faultdiag.registry import near_names

__all__ = ["ensure", "fetch", "files_of_task"]


def ensure(
    name: str, data_dir: Path | None, wanted: Iterable[str], *, progress: Progress | None = None
) -> Path:
    """Return the folder with the files of a data set, fetching them where that is allowed.

    A folder that was named is used as it is if any file of the set lies there. The cache folder is
    ours: there, all that is wanted and absent is fetched.

    Parameters
    ----------
    name : str
        A name in DATASETS.
    data_dir : Path or None
        An existing folder; None is the set's folder in the user's cache.
    wanted : iterable of str
        Names of the files to have.
    progress : Progress, optional
        Called for every piece that comes.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ParameterError
        If the named folder does not exist.
    DatasetError
        If files cannot be fetched.
    """
    if data_dir is None:
        folder = cache_folder(name)
        absent = absent_files(folder, wanted)
    else:
        folder = existing_folder(name, data_dir)
        every = [file.name for file in data_files(name)]
        absent = list(wanted) if len(absent_files(folder, every)) == len(every) else []
    if absent:
        try:
            fetch(name, folder, absent, progress=progress)
        except DatasetError as error:
            raise DatasetError(f"data set {name!r}: {folder} lacks {len(absent)} files; {error}") from error
    return folder


def fetch(
    name: str,
    folder: Path | None = None,
    names: Iterable[str] | None = None,
    *,
    progress: Progress | None = None,
    base_url: str | None = None,
) -> Path:
    """Download files of a data set; those that are there and right are left alone.

    Parameters
    ----------
    name : str
        A name in DATASETS.
    folder : Path, optional
        Where to put them, made if need be; by default the set's folder in the user's cache.
    names : iterable of str, optional
        Which files; by default all.
    progress : Progress, optional
        Called for every piece that comes.
    base_url : str, optional
        Address to fetch from, another than the card's.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ParameterError
        If the set has no files to fetch, or none of such a name.
    DatasetError
        If a file cannot be fetched, or is not the one whose checksum is known.
    """
    files = {file.name: file for file in data_files(name)}
    if not files:
        raise ParameterError(f"data set {name!r} has no files to fetch")
    chosen = set(files if names is None else names)
    for unknown in sorted(chosen - set(files)):
        raise ParameterError(f"data set {name!r} has no file {unknown!r}; {near_names(unknown, list(files))}")
    card = load_card(name)
    folder = cache_folder(name) if folder is None else Path(folder)
    download(
        [file for file in files.values() if file.name in chosen],
        folder,
        base_url=base_url or card.download_url,
        page=card.homepage,
        progress=progress,
    )
    return folder


def files_of_task(name: str, task: str | None = None) -> list[str]:
    """Return the names of the files that a task needs where no option says otherwise.

    Parameters
    ----------
    name : str
        A name in DATASETS.
    task : str, optional
        One of the card's tasks; by default its default task.

    Raises
    ------
    ParameterError
        If there is no such data set, or it has no such task.
    """
    card = load_card(name)
    task = card.checked_task(task or card.defaults.task)
    return [file.name for file in data_files(name) if task in file.tasks]
