import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
import scipy.io
import scipy.io.matlab
import scipy.sparse

from faultdiag.errors import RecordError
from faultdiag.readers.mat5 import load, scan

SCIPY_FILES = sorted((Path(scipy.io.matlab.__file__).parent / "tests" / "data").glob("*.mat"))


def loaded(path):
    """Every real numeric variable."""
    return {v.name: load(path, v) for v in scan(path) if v.stored is not None}


def everything(rng):
    """A variable of each class, shape and size that scipy can write."""
    content = {
        "text": "hello",
        "words": np.array(["ab", "c"]),
        "struct_": {"x": 1.0, "y": np.arange(3)},
        "cells": np.array([1, "a", np.arange(3)], dtype=object),
        "z": np.arange(3) * 1j,
        "mask": np.array([True, False]),
        "sparse_": scipy.sparse.csc_matrix(np.eye(3)),
        "cube": np.arange(24.0).reshape(2, 3, 4),
    }
    for code in ("f4", "f8", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"):
        content[f"matrix_{code}"] = rng.integers(0, 100, (7, 3)).astype(code)
        content[f"row_{code}"] = rng.integers(0, 100, 11).astype(code)
        content[f"one_{code}"] = np.array([[3]], code)
        content[f"none_{code}"] = np.zeros((0, 0), code)
    return content


@pytest.mark.parametrize("compressed", [False, True])
def test_scipy_reads_the_same(tmp_path, rng, compressed):
    path = tmp_path / "a.mat"
    scipy.io.savemat(path, everything(rng), do_compression=compressed)
    theirs = scipy.io.loadmat(path)
    assert [v.name for v in scan(path)] == [name for name in theirs if not name.startswith("__")]
    ours = loaded(path)
    assert len(ours) == 41
    for name, array in ours.items():
        assert array.dtype == theirs[name].dtype
        np.testing.assert_array_equal(array, theirs[name], strict=True)


def test_classes_are_those_of_matlab(tmp_path, rng):
    path = tmp_path / "a.mat"
    scipy.io.savemat(path, everything(rng))
    classes = {v.name: v.class_name for v in scan(path)}
    assert [classes[n] for n in ("text", "struct_", "cells", "z", "mask", "sparse_", "row_f4")] == [
        "char",
        "struct",
        "cell",
        "complex double",
        "logical",
        "sparse",
        "single",
    ]


@pytest.mark.parametrize("stored", ["f8", "u1", "i2", "u2", "i4"])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("writer", ["mat5", "big_endian_mat5"])
def test_both_byte_orders_and_every_way_of_storing(request, tmp_path, writer, stored, packed):
    write = request.getfixturevalue(writer)
    values = np.arange(21.0).reshape(7, 3)
    variable = write.array("x", values, stored=stored)
    path = write.write(tmp_path / "a.mat", write.packed(variable) if packed else variable)
    np.testing.assert_array_equal(loaded(path)["x"], values, strict=True)
    np.testing.assert_array_equal(scipy.io.loadmat(path)["x"], values)


def test_variables_without_a_name_are_matlabs_own(tmp_path, mat5):
    path = mat5.write(tmp_path / "a.mat", mat5.array("x", [1.0]), mat5.array("", np.ones(8, "u1")))
    assert [v.name for v in scan(path)] == ["x"]


def by_scipy(path):
    """What scipy makes of a file, or None where it refuses it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return scipy.io.loadmat(path)
        except (ValueError, NotImplementedError, zlib.error):
            return None


@pytest.mark.skipif(not SCIPY_FILES, reason="files of scipy's own tests: this scipy came without them")
@pytest.mark.parametrize("path", SCIPY_FILES, ids=lambda path: path.stem)
def test_the_files_of_scipys_own_tests(path):
    """What scipy refuses is refused here, what both read is the same, and version 4 is named."""
    theirs = by_scipy(path)
    if theirs is None or "__version__" not in theirs:
        with pytest.raises(RecordError, match="MATLAB 4|HDF5|damaged"):
            loaded(path)
        return
    for name, array in loaded(path).items():
        np.testing.assert_array_equal(array, theirs[name])


@pytest.mark.data
def test_scipy_reads_the_same_from_real_records(cwru_dir, hitsm_dir):
    paths = [*cwru_dir.glob("*.mat"), *hitsm_dir.rglob("*.mat")]
    assert len(paths) == 120 + 15
    for path in paths:
        theirs = {n: a for n, a in scipy.io.loadmat(path).items() if not n.startswith("__")}
        ours = loaded(path)
        assert list(ours) == list(theirs)
        for name, array in ours.items():
            assert array.dtype == np.float64
            assert array.shape == theirs[name].shape
            assert array.tobytes() == theirs[name].astype(np.float64).tobytes()


def test_hdf5_is_named(tmp_path):
    path = tmp_path / "a.mat"
    for content in (b"MATLAB 7.3 MAT-file, created by".ljust(600), b"\x89HDF\r\n\x1a\n".rjust(520)):
        path.write_bytes(content)
        with pytest.raises(RecordError, match=r"a\.mat: HDF5, the format of MATLAB 7\.3, .* with -v7"):
            scan(path)


def test_version_4_is_named(tmp_path):
    path = tmp_path / "a.mat"
    scipy.io.savemat(path, {"signal": np.arange(10.0)}, format="4")
    with pytest.raises(RecordError, match=r"a\.mat: MATLAB 4 files cannot be read; .* with -v7"):
        scan(path)


def test_another_format_is_named(tmp_path):
    path = tmp_path / "a.mat"
    for content, meaning in [
        (b"1,2\n3,4\n", "text"),
        (bytes(300), "not known"),
        (b"PK\3\4", "a zip archive"),
    ]:
        path.write_bytes(content)
        with pytest.raises(RecordError, match=f"not a MATLAB 5 file, it looks like .*{meaning}"):
            scan(path)


def test_a_truncated_file(tmp_path, mat5):
    path = mat5.write(tmp_path / "a.mat", mat5.array("x", np.arange(10.0)))
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(
        RecordError, match="byte 136: a variable claims 136 bytes where the file has 128 left"
    ):
        scan(path)


def test_bytes_behind_the_last_variable(tmp_path, mat5):
    path = mat5.write(tmp_path / "a.mat", mat5.array("x", [1.0]), b"end")
    with pytest.raises(RecordError, match="the tag of a variable claims 8 bytes where 3 are left"):
        scan(path)


def test_an_element_that_is_no_variable(tmp_path, mat5):
    path = mat5.write(tmp_path / "a.mat", mat5.numbers([1.0], "f8"))
    with pytest.raises(RecordError, match="an element of type 9 stands where a variable belongs"):
        scan(path)
    mat5.write(path, mat5.packed(mat5.numbers([1.0], "f8")))
    with pytest.raises(RecordError, match="inflated byte 8: an element of type 9 stands where"):
        scan(path)


def test_two_variables_of_one_name(tmp_path, mat5):
    path = mat5.write(tmp_path / "a.mat", mat5.array("x", [1.0]), mat5.array("x", [2.0]))
    with pytest.raises(RecordError, match="2 variables are named 'x'"):
        scan(path)


def test_a_compressed_variable_is_read_to_its_checksum(tmp_path, mat5):
    packed = bytearray(mat5.packed(mat5.array("x", np.arange(100.0))))
    packed[-1] ^= 1
    path = mat5.write(tmp_path / "a.mat", bytes(packed))
    with pytest.raises(RecordError, match="compressed part at byte 136 is damaged: .*incorrect data check"):
        scan(path)


def test_a_compressed_variable_that_would_fill_the_memory(tmp_path, mat5):
    claims = mat5.element(14, b"", n_bytes=2_000_000_000)
    path = mat5.write(tmp_path / "a.mat", mat5.packed(claims))
    with pytest.raises(RecordError, match="compressed bytes would become 2000000000, over 20 times"):
        scan(path)


def test_compressed_variables_that_would_fill_the_memory_together(tmp_path, mat5):
    """Each is 8 MB of bytes, and 64 MB as doubles."""
    zeros = np.zeros(8_000_000)
    variables = [mat5.packed(mat5.array(name, zeros, stored="u1")) for name in ("a", "b")]
    path = mat5.write(tmp_path / "a.mat", *variables)
    with pytest.raises(RecordError, match="compressed bytes would become 128000000"):
        scan(path)
    assert scan(mat5.write(path, variables[0]))[0].n_numbers == 8_000_000


def test_load_refuses_what_is_not_real_and_numeric(tmp_path, rng):
    path = tmp_path / "a.mat"
    scipy.io.savemat(path, everything(rng))
    variables = {v.name: v for v in scan(path)}
    for name, class_name in [("z", "complex double"), ("mask", "logical"), ("struct_", "struct")]:
        with pytest.raises(RecordError, match=f"variable '{name}' is {class_name}; only real numbers"):
            load(path, variables[name])


@pytest.mark.parametrize("packed", [False, True])
def test_load_notices_that_the_file_has_become_shorter(tmp_path, mat5, packed):
    array = mat5.array("x", np.arange(100.0))
    path = mat5.write(tmp_path / "a.mat", mat5.packed(array) if packed else array)
    (variable,) = scan(path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(RecordError, match="variable 'x' has become shorter; read the file again"):
        load(path, variable)
