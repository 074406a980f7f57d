"""Damaged files: refused in one sentence or read as they were, never a crash, never all the memory.

Each test reads its cases in one child process, which has an address space of twice the file and 256 MB.
"""

import gzip
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
import scipy.io

from faultdiag.readers.table import READERS

pytest.importorskip("resource", reason="limits of memory: this system has none")

CHILD = Path(__file__).with_name("read_damaged.py")
ENDINGS = list(READERS)
N_CHANGES = 400
HUGE = 1 << 28  # doubles: 2 GB


def outcomes(good, cases):
    """What the good file gave, and what each case gave: [word, detail]."""
    job = json.dumps({"good": str(good), "cases": cases})
    done = subprocess.run(
        [sys.executable, str(CHILD)], input=job, capture_output=True, text=True, timeout=300, check=False
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode:
        pytest.fail(f"died of {cases[len(lines) - 1]} of {good.name}: {done.stderr[-2000:]}")
    normal, *found, growth = lines
    assert growth < 2 * good.stat().st_size + (256 << 20)
    failed = [(case, detail) for case, (word, detail) in zip(cases, found, strict=True) if word == "failed"]
    assert failed == []
    return normal, found


@pytest.fixture
def good(request, tmp_path, sample_files):
    """A copy of the sample file of an ending."""
    path = tmp_path / f"sample.{request.param}"
    path.write_bytes(sample_files[request.param].read_bytes())
    return path


def every_format(test):
    return pytest.mark.parametrize("good", ENDINGS, indirect=True)(test)


@every_format
def test_a_file_cut_at_every_sixteenth(good):
    n_bytes = good.stat().st_size
    normal, found = outcomes(good, [["cut", n_bytes * i // 16] for i in range(16)] + [["cut", n_bytes - 1]])
    assert normal[0] == "read"
    if good.suffix != ".csv":  # a text may end anywhere
        assert {word for word, _ in found} == {"refused"}


@every_format
def test_one_byte_changed(good):
    rng = np.random.default_rng(5)
    places = rng.integers(0, good.stat().st_size, N_CHANGES).tolist()
    masks = rng.integers(1, 256, N_CHANGES).tolist()
    normal, found = outcomes(good, [["change", *case] for case in zip(places, masks, strict=True)])
    assert normal[0] == "read"
    if good.suffix == ".npz":  # checksums see all that matters
        assert {detail for word, detail in found if word == "read"} <= {normal[1]}


def every_byte(path, but=()):
    """Cases that change each byte outside some stretches, in three ways."""
    left = set(range(path.stat().st_size)) - {i for start, n in but for i in range(start, start + n)}
    return [["change", i, mask] for i in sorted(left) for mask in (0x01, 0x80, 0xFF)]


def write_record(path, *, compressed):
    """A record of two channels with its speed, and other variables around it."""
    rng = np.random.default_rng(3)
    channels = {f"X105_{name}_time": rng.standard_normal((60, 1)) for name in ("DE", "FE")}
    before, after = {"note": "hello"}, {"X105RPM": np.array([[1797.0]]), "cells": np.array([1, "a"], object)}
    scipy.io.savemat(path, before | channels | after, do_compression=compressed)
    return [*channels, "X105RPM"], [*channels.values(), after["X105RPM"]]


def test_every_byte_of_a_matlab_file(tmp_path):
    """What is neither a name nor a number is refused or makes no difference."""
    path = tmp_path / "105.mat"
    names, arrays = write_record(path, compressed=False)
    data = path.read_bytes()
    content = [name.encode() for name in names] + [array.tobytes() for array in arrays]
    normal, found = outcomes(path, every_byte(path, [(data.index(part), len(part)) for part in content]))
    assert normal[0] == "read"
    assert {detail for word, detail in found if word == "read"} == {normal[1]}
    assert sum(word == "refused" for word, _ in found) > 500


def test_every_number_of_a_matlab_file_may_change(tmp_path):
    path = tmp_path / "105.mat"
    _, arrays = write_record(path, compressed=False)
    start = path.read_bytes().index(arrays[0].tobytes())
    normal, found = outcomes(path, [["change", i, 0x01] for i in range(start, start + arrays[0].nbytes)])
    assert all(word == "read" and detail != normal[1] for word, detail in found)


def test_every_byte_of_a_compressed_matlab_file(tmp_path):
    """A checksum vouches for names and numbers too."""
    path = tmp_path / "105.mat"
    write_record(path, compressed=True)
    normal, found = outcomes(path, every_byte(path))
    assert normal[0] == "read"
    assert {detail for word, detail in found if word == "read"} == {normal[1]}


def claims(path, word):
    """A file of a few bytes that says it holds 2 GB."""
    path.write_bytes(word)
    return ["file", str(path)]


def npy_that_claims(n_doubles, n_there=10):
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({n_doubles},), }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(8 * n_there)


def mat_variable_that_claims(n_doubles, n_there=10):
    flags_and_dimensions = struct.pack("<8I", 6, 8, 6, 0, 5, 8, n_doubles, 1)
    name_and_tag = struct.pack("<4I", 1 << 16 | 1, ord("x"), 9, 8 * n_doubles & 0xFFFFFFFF)
    body = flags_and_dimensions + name_and_tag + bytes(8 * n_there)
    return struct.pack("<2I", 14, 48 + 8 * n_doubles & 0xFFFFFFFF) + body


MAT_HEADER = b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM"


def packed_element(data):
    packed = zlib.compress(data, 1)
    return struct.pack("<2I", 15, len(packed)) + packed


def zip_of(path, member):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("x.npy", member)
    return ["file", str(path)]


def test_small_files_that_claim_two_gigabytes(tmp_path, sample_files):
    mat, n = mat_variable_that_claims, HUGE - 1
    cases = [
        claims(tmp_path / "a.npy", npy_that_claims(HUGE)),
        claims(tmp_path / "b.npy", b"\x93NUMPY\x02\x00" + struct.pack("<I", 1 << 31) + bytes(100)),
        zip_of(tmp_path / "a.npz", npy_that_claims(HUGE)),
        claims(tmp_path / "a.mat", MAT_HEADER + mat(n)),
        claims(tmp_path / "b.mat", MAT_HEADER + packed_element(mat(n))),
        claims(tmp_path / "c.mat", MAT_HEADER + struct.pack("<2I", 15, 1 << 31) + bytes(100)),
    ]
    _, found = outcomes(sample_files["npy"], cases)
    assert {word for word, _ in found} == {"refused"}


def test_small_files_that_hold_much(tmp_path, sample_files):
    """104 MB of nothing, in less than a megabyte."""
    n = 13_000_000
    zeros = bytes(8 * n)
    cases = [
        zip_of(tmp_path / "a.npz", npy_that_claims(n, n)),
        claims(tmp_path / "a.mat", MAT_HEADER + packed_element(mat_variable_that_claims(n, n))),
        claims(tmp_path / "a.csv.gz", gzip.compress(zeros.replace(b"\0", b"0"), 1)),
        claims(tmp_path / "b.csv.gz", gzip.compress(b"0\n" * (4 * n), 1)),
        claims(tmp_path / "c.csv.gz", gzip.compress(b"0,0\n1\n" + b"\n" * (4 * n), 1)),
    ]
    _, found = outcomes(sample_files["npy"], cases)
    assert {word for word, _ in found} == {"refused"}
    assert all("times as many" in message for _, message in found)


def test_small_files_that_hold_as_much_as_they_may(tmp_path, sample_files):
    n = 11_000_000
    cases = [
        zip_of(tmp_path / "a.npz", npy_that_claims(n, n)),
        claims(tmp_path / "a.mat", MAT_HEADER + packed_element(mat_variable_that_claims(n, n))),
        claims(tmp_path / "a.csv.gz", gzip.compress(b"0\n" * (n // 4), 1)),
    ]
    _, found = outcomes(sample_files["npy"], cases)
    assert [word for word, _ in found] == ["read"] * 3
