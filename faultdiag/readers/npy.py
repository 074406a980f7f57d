"""NumPy arrays (.npy): their samples stay on disk."""

from pathlib import Path

from faultdiag.errors import ParameterError, RecordError
from faultdiag.readers.arrays import arrange
from faultdiag.readers.disk import DiskArray
from faultdiag.readers.npy_header import read_header, refuse_objects
from faultdiag.records import Record, Rows

__all__ = ["read"]


def read(path: Path, *, variable: str | None = None, rows: Rows = "unknown") -> list[Record]:
    """Return the signals of a NumPy array; only its header is read.

    Parameters
    ----------
    path : Path
        The file.
    variable : None
        There are no names in such a file.
    rows : {"unknown", "channels", "signals", "samples"}
        What the rows of a 2-D array are.

    Raises
    ------
    RecordError
        If the file is truncated, damaged or of another format, or the array is no signal.
    ParameterError
        If a variable is named.
    """
    if variable is not None:
        raise ParameterError(f"{path}: a .npy file has one array without a name; leave out {variable!r}")
    with open(path, "rb") as file:
        header = read_header(file, path)
    refuse_objects(header, path)
    n_bytes = path.stat().st_size - header.start
    if n_bytes != header.n_bytes:
        raise RecordError(
            f"{path}: {'truncated' if n_bytes < header.n_bytes else 'damaged'}: the header claims "
            f"{header.n_bytes} bytes of samples and {n_bytes} are there; get the file again"
        )
    array = DiskArray(path, header.start, header.dtype, header.shape, header.order)
    return arrange(array, rows=rows, origin=str(path))
