"""What a data set is."""

from pathlib import Path
from typing import Protocol

from faultdiag.datasets.examples import Examples

__all__ = ["DataSet"]


class DataSet(Protocol):
    """Finds the files of a data set and gives its examples.

    A row of DATASETS; ``cards/<name>.toml`` beside it tells its facts and defaults. Options beyond
    these are keyword arguments with defaults of their own.
    """

    def __call__(self, data_dir: Path | None, *, task: str, channels: tuple[str, ...] = ()) -> Examples:
        """Return the examples of a task.

        Parameters
        ----------
        data_dir : Path or None
            Folder with the files, used as it is if any file of the set lies there; None is the
            user's cache folder. A set of which nothing is there is fetched first.
        task : str
            Which labels, one of the card's tasks.
        channels : tuple of str
            Channels to keep; empty is the card's default.

        Raises
        ------
        DatasetError
            If the files are absent and cannot be fetched, or contradict the card.
        ParameterError
            If the task is none of the card's.
        """
