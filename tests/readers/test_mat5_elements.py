import io
import struct
from pathlib import Path

import pytest

from faultdiag.errors import RecordError
from faultdiag.readers.mat5_elements import Part, Tag


def part_of(data, *, order="<", stop=None):
    return Part(io.BytesIO(data), Path("a.mat"), order, 0, len(data) if stop is None else stop)


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_tag_is_type_and_size_and_its_room_is_padded_to_eight(order):
    data = struct.pack(f"{order}2I", 9, 12) + bytes(16)
    assert part_of(data, order=order).tag("it") == Tag(kind=9, n_bytes=12, room=16)


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_small_element_has_its_bytes_in_the_tag(order):
    data = struct.pack(f"{order}I", 3 << 16 | 1) + b"rpm\0"
    part = part_of(data, order=order)
    assert part.element("the name", kinds=(1,), at_most=63) == (b"rpm", b"\0")
    assert part.left == 0


def test_element_returns_its_padding_apart():
    part = part_of(struct.pack("<2I", 1, 5) + b"speed\0\0\0rest")
    assert part.element("the name", kinds=(1, 16), at_most=63) == (b"speed", b"\0\0\0")
    assert part.take(4, "the rest") == b"rest"


def test_skip_leaves_the_source_behind_it():
    part = part_of(b"12345678abc")
    part.skip(8, "it")
    assert part.position == 8
    assert part.take(3, "it") == b"abc"


def test_nothing_is_taken_from_beyond_the_end():
    part = part_of(bytes(64), stop=10)
    part.skip(4, "it")
    with pytest.raises(
        RecordError, match=r"a\.mat: damaged at byte 4: the name claims 7 bytes where 6 are left"
    ):
        part.take(7, "the name")
    with pytest.raises(RecordError, match="it claims 7 bytes where 6 are left"):
        part.skip(7, "it")


def test_a_source_that_ends_early_is_noticed():
    with pytest.raises(RecordError, match="byte 3: it ends early"):
        part_of(b"123", stop=8).take(8, "it")


def test_a_tag_that_claims_more_than_there_is():
    with pytest.raises(RecordError, match="it claims 4294967288 bytes where 8 are left"):
        part_of(struct.pack("<2I", 9, 0xFFFFFFF8) + bytes(8)).tag("it")


def test_a_small_element_holds_four_bytes_at_most():
    with pytest.raises(RecordError, match="it claims 5 bytes in a small element of 4"):
        part_of(struct.pack("<I", 5 << 16 | 1) + b"abcd").tag("it")


def test_an_element_of_another_type():
    with pytest.raises(RecordError, match="the name has type 9 where 1 belongs"):
        part_of(struct.pack("<2I", 9, 8) + bytes(8)).element("the name", kinds=(1, 16), at_most=63)


def test_an_element_that_is_too_long():
    with pytest.raises(RecordError, match="the name claims 64 bytes, more than 63"):
        part_of(struct.pack("<2I", 1, 64) + bytes(64)).element("the name", kinds=(1,), at_most=63)
