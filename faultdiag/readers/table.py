"""The file formats that can be read, by file ending."""

from faultdiag.readers.base import Reader
from faultdiag.registry import Registry

__all__ = ["READERS"]

READERS: Registry[Reader] = Registry(
    "file format",
    "faultdiag.readers",
    {
        "csv": ("text, one column a channel", "faultdiag.readers.csv:read"),
        "csv.gz": ("the same, compressed by gzip", "faultdiag.readers.csv:read"),
        "mat": ("MATLAB 5 file of numeric arrays", "faultdiag.readers.mat:read"),
        "npy": ("NumPy array", "faultdiag.readers.npy:read"),
        "npz": ("NumPy archive of named arrays", "faultdiag.readers.npz:read"),
        "wav": ("sound file of integers or floats", "faultdiag.readers.wav:read"),
    },
)
