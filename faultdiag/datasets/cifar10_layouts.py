"""The two official layouts of CIFAR-10: pickled dictionaries, and plain records.

The pickles go through an unpickler that makes arrays, lists, dictionaries, bytes and numbers, no more.
"""

import io
import pickle
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import DatasetError

__all__ = ["LAYOUTS", "Batch", "Layout", "OfficialFile", "read_binary", "read_python"]

N_CLASSES = 10
SIDE = 32
N_PIXELS = 3 * SIDE * SIDE

_RECONSTRUCT = np.zeros(0).__reduce__()[0]  # what an array's own pickle calls, wherever NumPy keeps it


# what unpickling says about a damaged file, and NumPy about an array that fits nothing
_DAMAGES = (
    *(pickle.UnpicklingError, EOFError, struct.error, ValueError, TypeError, AttributeError, ImportError),
    *(LookupError, MemoryError, OverflowError, AssertionError, RuntimeError),
)


class Batch(NamedTuple):
    """Images uint8 ``[n, 32, 32, 3]`` and their class numbers, int64 ``[n]``."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


class OfficialFile(NamedTuple):
    """Size and MD5 of a file."""

    n_bytes: int
    md5: str


@dataclass(frozen=True)
class Layout:
    """How the batches lie in one of the archives.

    Attributes
    ----------
    archive, folder : str
        Name of the archive, and of the folder that it holds.
    files : mapping of str to OfficialFile
        The batches in order; the last one is the test.
    read : callable
        ``read(content, where)`` returns the batch.
    """

    archive: str
    folder: str
    files: Mapping[str, OfficialFile]
    read: Callable[[bytes, str], Batch]

    @property
    def test(self) -> str:
        """Name of the test batch."""
        return list(self.files)[-1]

    @property
    def most_bytes(self) -> int:
        """Size of the largest file."""
        return max(file.n_bytes for file in self.files.values())


def read_binary(content: bytes, where: str) -> Batch:
    """Read records of a label byte and 3072 bytes: the red, green and blue plane, row by row.

    Raises
    ------
    DatasetError
        If the size is not that of whole records, or a label is above 9.
    """
    if not content or len(content) % (1 + N_PIXELS):
        raise DatasetError(f"{where}: {len(content)} bytes are no whole records of {1 + N_PIXELS} bytes")
    records = np.frombuffer(content, np.uint8).reshape(-1, 1 + N_PIXELS)
    return _batch(records[:, 1:], records[:, 0].astype(np.int64), where)


def read_python(content: bytes, where: str) -> Batch:
    """Read a pickled dictionary with ``data``, bytes ``[n, 3072]``, and ``labels``, a list of n numbers.

    Raises
    ------
    DatasetError
        If it is damaged, wants more than data, or holds something else.
    """
    try:
        found = _OnlyData(content, where).load()
    except _DAMAGES as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise DatasetError(f"{where}: damaged pickle ({said})") from error
    data = found.get(b"data") if isinstance(found, dict) else None
    labels = found.get(b"labels") if isinstance(found, dict) else None
    if not isinstance(data, np.ndarray) or data.dtype != np.uint8 or data.shape[1:] != (N_PIXELS,):
        raise DatasetError(f"{where}: holds no bytes 'data' of shape [n, {N_PIXELS}]")
    if not isinstance(labels, list) or len(labels) != len(data) or any(type(x) is not int for x in labels):
        raise DatasetError(f"{where}: holds no list 'labels' of {len(data)} numbers")
    return _batch(data, np.array([max(-1, min(label, 255)) for label in labels], np.int64), where)


class _OnlyData(pickle.Unpickler):
    """Admits what an array of NumPy is made from."""

    _ADMITTED = frozenset(
        {
            ("numpy", "dtype"),
            ("numpy", "ndarray"),
            ("numpy.core.multiarray", "_reconstruct"),
            ("numpy._core.multiarray", "_reconstruct"),
        }
    )

    def __init__(self, content: bytes, where: str) -> None:
        super().__init__(io.BytesIO(content), encoding="bytes")
        self._where = where

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self._ADMITTED:
            raise DatasetError(
                f"{self._where}: refused, the pickle wants {module}.{name}, which is more than data"
            )
        return getattr(np, name) if module == "numpy" else _RECONSTRUCT


def _batch(planes: NDArray[np.uint8], labels: NDArray[np.int64], where: str) -> Batch:
    wrong = np.flatnonzero((labels < 0) | (labels >= N_CLASSES))
    if len(wrong):
        raise DatasetError(
            f"{where}: image {wrong[0]} has label {labels[wrong[0]]}, "
            f"and there are labels 0 to {N_CLASSES - 1}"
        )
    images = planes.reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1)
    return Batch(np.ascontiguousarray(images), labels)


_N_BINARY = 10_000 * (1 + N_PIXELS)

LAYOUTS = (
    Layout(
        "cifar-10-python.tar.gz",
        "cifar-10-batches-py",
        {
            "data_batch_1": OfficialFile(31_035_704, "c99cafc152244af753f735de768cd75f"),
            "data_batch_2": OfficialFile(31_035_320, "d4bba439e000b95fd0a9bffe97cbabec"),
            "data_batch_3": OfficialFile(31_035_999, "54ebc095f3ab1f0389bbae665268c751"),
            "data_batch_4": OfficialFile(31_035_696, "634d18415352ddfa80567beed471001a"),
            "data_batch_5": OfficialFile(31_035_623, "482c414d41f54cd18b22e5b47cb7c3cb"),
            "test_batch": OfficialFile(31_035_526, "40351d587109b95175f43aff81a1287e"),
        },
        read_python,
    ),
    Layout(
        "cifar-10-binary.tar.gz",
        "cifar-10-batches-bin",
        {
            "data_batch_1.bin": OfficialFile(_N_BINARY, "5dd7e06a14cb22eb9f671a540d1b7c25"),
            "data_batch_2.bin": OfficialFile(_N_BINARY, "5ea93a67294ea407fff1d09f752e9692"),
            "data_batch_3.bin": OfficialFile(_N_BINARY, "942cd6a4bcdd0dd3c604fbe906cb4421"),
            "data_batch_4.bin": OfficialFile(_N_BINARY, "ae636b3ba5c66a11e91e8cb52e771fcb"),
            "data_batch_5.bin": OfficialFile(_N_BINARY, "53f37980c15c3d472c316c40844f3f0d"),
            "test_batch.bin": OfficialFile(_N_BINARY, "803d5f7f4d78ea53de84dbe85f74fb6d"),
        },
        read_binary,
    ),
)
