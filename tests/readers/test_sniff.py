import gzip
import io
import zipfile

import numpy as np
import pytest
import scipy.io

from faultdiag.readers.sniff import foreign, looks_like


def written(write):
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "meaning"),
    [
        (written(lambda f: np.save(f, np.zeros(3))), "a NumPy array"),
        (written(lambda f: np.savez(f, np.zeros(3))), "a zip archive"),
        (written(lambda f: zipfile.ZipFile(f, "w").close()), "an empty zip archive"),
        (written(lambda f: scipy.io.savemat(f, {"x": np.zeros(3)})), "a MATLAB 5 file"),
        (gzip.compress(b"1,2\n"), "gzip"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "HDF5"),
        (b"MATLAB 7.3 MAT-file".ljust(512) + b"\x89HDF\r\n\x1a\n", "MATLAB 7.3"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "RIFF"),
        (b"TDSm\x0e\0\0\0", "TDMS"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"%PDF-1.4\n", "PDF"),
        (b"PAR1\x15", "Parquet"),
        (b"\xff\xfe1\0,\0", "UTF-16"),
        (b"\x00\x01\x02", "not known"),
        (b"", "not known"),
    ],
)
def test_the_first_bytes_tell(data, meaning):
    assert meaning in looks_like(data[:1024])


@pytest.mark.parametrize("text", ["1,2\n", "DE [g]\t\n", "Größe;µ\r\n", "x" * 124 + "IM"])
def test_text_is_text(text):
    assert looks_like(text.encode()) == "text"


def test_the_message_says_what_it_is_not_and_what_it_seems():
    said = foreign("a.npy", "a NumPy array", b"PK\x03\x04")
    assert (
        said
        == "a.npy: not a NumPy array, it looks like a zip archive (.npz is one); name it by what it holds"
    )
