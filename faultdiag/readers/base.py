"""What a reader of signal files is."""

from pathlib import Path
from typing import Protocol

from faultdiag.records import Record, Rows

__all__ = ["Reader"]


class Reader(Protocol):
    """Reads one file format.

    A row of READERS. Long files stay on disk: the Records then hold a `SampleSource` that reads
    stretches, so a reader must check what the file claims before it believes it, not load it.
    """

    def __call__(self, path: Path, *, variable: str | None = None, rows: Rows = "unknown") -> list[Record]:
        """Return the signals of a file, at least one.

        Parameters
        ----------
        path : Path
            An existing file.
        variable : str, optional
            Which of the file's arrays to take, where the format names them.
        rows : {"unknown", "channels", "signals", "samples"}
            What the rows of a 2-D array are. With "unknown" they become the channels of one
            Record whose `rows` stays "unknown", where the format does not say.

        Raises
        ------
        RecordError
            If the file is empty, truncated, damaged or of another format, or if the choice of
            an array is not clear; the message lists what there is.
        ParameterError
            If `variable` names nothing in the file.
        """
