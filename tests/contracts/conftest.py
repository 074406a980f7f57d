"""Sample files of every format, for the contract of the readers and for damage to them."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import scipy.io
import scipy.io.wavfile
from numpy.typing import NDArray

RATE_HZ, SPEED_RPM = 1000.0, 1500.0


def as_text(samples: NDArray[np.float64]) -> bytes:
    """A column of times, then one for each channel."""
    rows = np.column_stack([np.arange(samples.shape[1]) / RATE_HZ, samples.T]).tolist()
    names = "".join(f",ch{i}" for i in range(len(samples)))
    return f"t{names}\n{''.join(','.join(map(repr, row)) + chr(10) for row in rows)}".encode()


def write_npy(path: Path, samples: NDArray[np.float64]) -> None:
    with path.open("wb") as file:
        np.save(file, samples)


def write_npz(path: Path, samples: NDArray[np.float64]) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, x=samples, fs=RATE_HZ, rpm=SPEED_RPM)


def write_wav(path: Path, samples: NDArray[np.float64]) -> None:
    scipy.io.wavfile.write(path, int(RATE_HZ), samples.T)


def write_mat(path: Path, samples: NDArray[np.float64]) -> None:
    scipy.io.savemat(path, {"x": samples, "fs": RATE_HZ, "rpm": SPEED_RPM})


WRITERS: dict[str, Callable[[Path, NDArray[np.float64]], object]] = {
    "csv": lambda path, samples: path.write_bytes(as_text(samples)),
    "csv.gz": lambda path, samples: path.write_bytes(gzip.compress(as_text(samples), mtime=0)),
    "mat": write_mat,
    "npy": write_npy,
    "npz": write_npz,
    "wav": write_wav,
}
"""How a known measurement is written, for each row of READERS."""


@pytest.fixture(scope="session")
def known_samples() -> NDArray[np.float64]:
    """Two channels, shape [2, 60]; in all but npy files with rate, in mat and npz with speed."""
    return np.random.default_rng(11).standard_normal((2, 60))


@pytest.fixture(scope="session")
def sample_files(
    tmp_path_factory: pytest.TempPathFactory, known_samples: NDArray[np.float64]
) -> dict[str, Path]:
    """A file of `known_samples` for each ending."""
    folder = tmp_path_factory.mktemp("formats")
    files = {ending: folder / f"sample.{ending}" for ending in WRITERS}
    for ending, path in files.items():
        WRITERS[ending](path, known_samples)
    return files


@pytest.fixture(scope="session")
def write_sample() -> Callable[[str, Path, NDArray[np.float64]], Path]:
    """Write samples of one's own in the format of an ending."""

    def write(ending: str, path: Path, samples: NDArray[np.float64]) -> Path:
        WRITERS[ending](path, samples)
        return path

    return write
