import io
from pathlib import Path

import numpy as np
import pytest

from faultdiag.errors import RecordError
from faultdiag.readers.mat5_elements import Part
from faultdiag.readers.mat5_variable import read_variable

COMPLEX, GLOBAL, LOGICAL = 0x800, 0x400, 0x200


def variable_of(*elements, order="<"):
    data = b"".join(elements)
    return read_variable(Part(io.BytesIO(data), Path("a.mat"), order, 0, len(data)))


def inside(variable):
    """The content of a whole variable, without its tag."""
    return variable[8:]


@pytest.mark.parametrize("code", ["f8", "f4", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"])
def test_each_numeric_class_is_stored_as_it_is(mat5, code):
    names = {"f8": "double", "f4": "single"}
    found = variable_of(inside(mat5.array("x", np.ones((2, 3), code))))
    assert (found.name, found.shape, found.n_numbers) == ("x", (2, 3), 6)
    assert found.class_name == names.get(code, np.dtype(code).name)
    assert found.dtype == found.stored == np.dtype(code)
    assert found.is_numeric


@pytest.mark.parametrize(
    ("code", "stored"), [("f8", "u1"), ("f8", "i2"), ("f8", "i4"), ("f4", "u2"), ("i4", "u1"), ("f8", "f4")]
)
def test_numbers_may_be_stored_narrower_than_their_class(mat5, code, stored):
    found = variable_of(inside(mat5.array("x", np.ones(5, code), stored=stored)))
    assert found.dtype == np.dtype(code)
    assert found.stored == np.dtype(stored)


@pytest.mark.parametrize(
    ("code", "stored", "kind"),
    [("f8", "i8", 12), ("f4", "f8", 9), ("i4", "u4", 6), ("u2", "i2", 3), ("f4", "i4", 5), ("u1", "i1", 1)],
)
def test_a_type_that_its_class_never_has_is_damage(mat5, code, stored, kind):
    name = np.dtype(code).name
    with pytest.raises(RecordError, match=f"variable 'x' of {name} has numbers of type {kind}"):
        variable_of(inside(mat5.array("x", np.ones(5, code), stored=stored)))


def test_a_type_that_does_not_exist(mat5):
    head = mat5.flags(6) + mat5.dimensions(1, 1) + mat5.name("x")
    with pytest.raises(RecordError, match="variable 'x' of float64 has numbers of type 99"):
        variable_of(head, mat5.element(99, bytes(8)))


def test_both_byte_orders(mat5, big_endian_mat5):
    for writer in (mat5, big_endian_mat5):
        found = variable_of(inside(writer.array("x", np.ones((4, 2)))), order=writer.order)
        assert found.shape == (4, 2)
        assert found.stored == np.dtype(writer.order + "f8")


def test_the_start_of_the_numbers(mat5):
    content = inside(mat5.array("x", np.arange(3.0)))
    found = variable_of(content)
    assert content[found.start : found.start + 24] == np.arange(3.0).tobytes()


def test_small_elements_and_signs_that_other_programs_write(mat5):
    found = variable_of(
        mat5.flags(6),
        mat5.element(6, np.array([1, 1], "<u4").tobytes()),  # dimensions without a sign
        mat5.small(16, b"fs"),  # a name in UTF-8
        mat5.small(4, np.array([12000], "<u2").tobytes()),
    )
    assert (found.name, found.shape, found.stored) == ("fs", (1, 1), np.dtype("<u2"))


def test_complex_and_logical_ones_are_named_and_not_loaded(mat5):
    content = inside(mat5.array("z", np.ones(3), flags=COMPLEX)) + mat5.numbers(np.ones(3), "f8")
    found = variable_of(content)
    assert (found.class_name, found.stored, found.is_numeric) == ("complex double", None, True)
    found = variable_of(inside(mat5.array("mask", np.ones(3, "u1"), flags=LOGICAL)))
    assert (found.class_name, found.stored, found.is_numeric) == ("logical", None, False)
    assert variable_of(inside(mat5.array("x", np.ones(3), flags=GLOBAL))).class_name == "double"


@pytest.mark.parametrize(
    ("number", "class_name", "kind"),
    [
        (1, "cell", 14),
        (2, "struct", 5),
        (3, "object", 1),
        (4, "char", 4),
        (5, "sparse", 5),
        (16, "function", 14),
    ],
)
def test_other_classes_are_named_and_passed_over(mat5, number, class_name, kind):
    head = mat5.flags(number) + mat5.dimensions(1, 2) + mat5.name("other")
    found = variable_of(head, mat5.element(kind, bytes(16)), b"anything")
    assert (found.name, found.class_name, found.shape) == ("other", class_name, (1, 2))
    assert not found.is_numeric
    with pytest.raises(RecordError, match=f"'other' is {class_name}, which cannot begin with type 9"):
        variable_of(head, mat5.element(9, bytes(16)))


def test_an_empty_cell_has_nothing_inside(mat5):
    found = variable_of(mat5.flags(1), mat5.dimensions(0, 0), mat5.name("c"))
    assert (found.class_name, found.n_numbers) == ("cell", 0)


def test_an_opaque_object_has_no_dimensions(mat5):
    found = variable_of(mat5.flags(17), mat5.name("table"), mat5.name("MCOS"), bytes(24))
    assert (found.name, found.class_name, found.shape) == ("table", "opaque", ())


def test_a_class_that_does_not_exist(mat5):
    with pytest.raises(RecordError, match="variable 'x' has class 77, which does not exist"):
        variable_of(mat5.flags(77), mat5.dimensions(1, 1), mat5.name("x"))


def test_flags_of_another_size(mat5):
    with pytest.raises(RecordError, match="flags of a variable have 4 bytes where 8 belong"):
        variable_of(mat5.element(6, bytes(4)), bytes(64))


@pytest.mark.parametrize(("shape", "said"), [((5,), r"\[5\] in 4"), ((-1, 3), r"\[-1, 3\] in 8")])
def test_dimensions_that_cannot_be(mat5, shape, said):
    with pytest.raises(RecordError, match=f"dimensions of a variable are {said} bytes"):
        variable_of(mat5.flags(6), mat5.dimensions(*shape), mat5.name("x"), mat5.numbers([1.0], "f8"))


def test_dimensions_that_are_not_whole_numbers(mat5):
    with pytest.raises(RecordError, match=r"\[1, 1\] in 10 bytes"):
        variable_of(mat5.flags(6), mat5.element(5, b"\1\0\0\0\1\0\0\0\0\0"), bytes(32))


def test_dimensions_that_claim_two_gigabytes(mat5):
    with pytest.raises(RecordError, match=r"variable 'x' is \[268435456, 1\] of float64, but has 8 bytes"):
        variable_of(mat5.flags(6), mat5.dimensions(1 << 28, 1), mat5.name("x"), mat5.numbers([1.0], "f8"))


@pytest.mark.parametrize("name", ["1x", "a-b", "ä"])
def test_a_name_that_cannot_be(mat5, name):
    with pytest.raises(RecordError, match="a variable is named b"):
        variable_of(mat5.flags(6), mat5.dimensions(1, 1), mat5.name(name), mat5.numbers([1.0], "f8"))


@pytest.mark.parametrize("name", [b"rpm", b"rp0", b"rp_"])
def test_a_name_that_is_cut(mat5, name):
    cut = mat5.small(1, name, n_bytes=2)
    with pytest.raises(RecordError, match="the name of variable 'rp' goes on behind its end"):
        variable_of(mat5.flags(6), mat5.dimensions(1, 1), cut, mat5.numbers([1.0], "f8"))


def test_bytes_that_are_left_over(mat5):
    with pytest.raises(RecordError, match="8 bytes are left over in variable 'x'"):
        variable_of(inside(mat5.array("x", [1.0])), bytes(8))
