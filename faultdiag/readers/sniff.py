"""What a file looks like by its first bytes: only for error messages, never to choose a reader."""

from pathlib import Path

__all__ = ["foreign", "looks_like"]

_SIGNATURES: tuple[tuple[bytes, int, str], ...] = (
    # bytes, where they stand, what they mean
    (b"\x93NUMPY", 0, "a NumPy array (.npy)"),
    (b"PK\x03\x04", 0, "a zip archive (.npz is one)"),
    (b"PK\x05\x06", 0, "an empty zip archive"),
    (b"\x1f\x8b", 0, "gzip (.csv.gz is one)"),
    (b"\x89HDF\r\n\x1a\n", 0, "HDF5"),
    (b"\x89HDF\r\n\x1a\n", 512, "HDF5 (MATLAB 7.3 is one)"),
    (b"\x00\x01IM", 124, "a MATLAB 5 file (.mat)"),
    (b"\x01\x00MI", 124, "a MATLAB 5 file (.mat)"),
    (b"RIFF", 0, "RIFF (.wav is one)"),
    (b"TDSm", 0, "TDMS"),
    (b"fLaC", 0, "FLAC sound"),
    (b"OggS", 0, "Ogg sound"),
    (b"\x89PNG\r\n\x1a\n", 0, "a PNG picture"),
    (b"\xff\xd8\xff", 0, "a JPEG picture"),
    (b"%PDF", 0, "a PDF document"),
    (b"PAR1", 0, "Parquet"),
    (b"1AY&SY", 4, "bzip2"),
    (b"\xfd7zXZ\x00", 0, "xz"),
    (b"\xff\xfe", 0, "UTF-16 text"),
    (b"\xfe\xff", 0, "UTF-16 text"),
)


def looks_like(head: bytes) -> str:
    r"""Say what a file seems to be.

    Parameters
    ----------
    head : bytes
        Its first 1024 bytes, or all where it has fewer.

    Examples
    --------
    >>> looks_like(b"PK\x03\x04 and more")
    'a zip archive (.npz is one)'
    >>> looks_like(b"0.1,0.2\n")
    'text'
    """
    for signature, start, meaning in _SIGNATURES:
        if head[start : start + len(signature)] == signature:
            return meaning
    if head and not any(byte < 32 and byte not in b"\t\n\v\f\r" for byte in head):
        return "text"
    return "binary data of a kind not known here"


def foreign(path: Path | str, expected: str, head: bytes) -> str:
    """Say that the content of a file is not what its ending says, and what it seems to be."""
    return f"{path}: not {expected}, it looks like {looks_like(head)}; name it by what it holds"
