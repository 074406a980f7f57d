"""Long files are read in blocks: 200 MB on disk are never 64 MB in memory."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.io

pytest.importorskip("resource", reason="the size of a process: this system does not tell it")

CHILD = Path(__file__).with_name("read_blocks.py")
N_SAMPLES = 50_000_000
ONES_AT = slice(1_000_000, 1_000_100)


def growth_and_sum(small, large, rows):
    done = subprocess.run(
        [sys.executable, str(CHILD), str(small), str(large), rows], capture_output=True, text=True, check=True
    )
    growth, total = done.stdout.split()
    return int(growth), float(total)


@pytest.mark.parametrize(
    ("shape", "order", "rows"),
    [
        ((N_SAMPLES,), "C", "unknown"),
        ((4, N_SAMPLES // 4), "C", "channels"),
        ((4, N_SAMPLES // 4), "F", "signals"),
        ((N_SAMPLES // 4, 4), "C", "samples"),
    ],
)
def test_a_numpy_array(tmp_path, shape, order, rows):
    small, large = tmp_path / "small.npy", tmp_path / "large.npy"
    np.save(small, np.ones((2, 100), np.float32))
    # a file of zeros takes no time and no room, but for a few ones
    array = np.lib.format.open_memmap(large, "w+", np.float32, shape, fortran_order=order == "F")
    array.reshape(-1, order="A")[ONES_AT] = 1.0
    del array
    assert large.stat().st_size > 200_000_000
    growth, total = growth_and_sum(small, large, rows)
    assert total == 100.0
    assert growth < 64 << 20


def test_a_matlab_file(tmp_path):
    small, large = tmp_path / "small.mat", tmp_path / "large.mat"
    scipy.io.savemat(small, {"x": np.ones(100)})
    samples = np.zeros(N_SAMPLES, np.int32)
    samples[ONES_AT] = 1
    scipy.io.savemat(large, {"x": samples})
    growth, total = growth_and_sum(small, large, "unknown")
    assert total == 100.0
    assert growth < 64 << 20
