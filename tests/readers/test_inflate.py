import io
import zlib
from pathlib import Path

import numpy as np
import pytest

from faultdiag.errors import RecordError
from faultdiag.readers.inflate import Inflated, refuse_bomb

PATH = Path("a.mat")


def inflated(packed, *, before=b"head", after=b"", n_bytes=None):
    n_bytes = len(packed) if n_bytes is None else n_bytes
    return Inflated(io.BytesIO(before + packed + after), PATH, len(before), n_bytes)


@pytest.fixture
def plain(rng):
    """More than one chunk, going in and coming out."""
    return rng.integers(0, 40, 300_000).astype(np.uint8).tobytes()


def test_read_and_seek_give_what_was_compressed(plain):
    source = inflated(zlib.compress(plain), after=b"next")
    assert source.read(10) == plain[:10]
    source.seek(100_000)
    assert source.read(150_000) == plain[100_000:250_000]
    assert source.read(100_000) == plain[250_000:]
    source.finish(len(plain))


def test_finish_wants_exactly_the_bytes(plain):
    for n_bytes, why in [(len(plain) - 1, "more than 299999"), (len(plain) + 1, "300000 of 300001")]:
        source = inflated(zlib.compress(plain))
        source.seek(n_bytes)
        with pytest.raises(RecordError, match=f"compressed part at byte 4 is damaged.*{why} bytes"):
            source.finish(n_bytes)


def test_finish_compares_the_checksum(plain):
    packed = bytearray(zlib.compress(plain))
    packed[-1] ^= 1
    source = inflated(bytes(packed))
    assert source.read(100) == plain[:100]
    with pytest.raises(RecordError, match="incorrect data check"):
        source.seek(len(plain) + 1)


def test_finish_refuses_what_is_left_over(plain):
    source = inflated(zlib.compress(plain) + b"more")
    source.seek(len(plain))
    with pytest.raises(RecordError, match="bytes are left over behind it"):
        source.finish(len(plain))


def test_a_stream_that_is_cut(plain):
    packed = zlib.compress(plain)
    source = inflated(packed[:1000])
    assert len(source.read(len(plain))) < len(plain)
    with pytest.raises(RecordError, match="it ends after [0-9]+ of 300000 bytes"):
        source.finish(len(plain))


def test_damaged_bytes():
    with pytest.raises(RecordError, match="byte 4 is damaged: Error -3.*incorrect header check"):
        inflated(b"no zlib at all").read(1)


def test_much_may_come_out_of_a_large_file_and_little_out_of_a_small_one():
    refuse_bomb(PATH, n_bytes=96 << 20, file_bytes=1000)
    refuse_bomb(PATH, n_bytes=2_000_000_000, file_bytes=100_000_000)
    with pytest.raises(RecordError, match="1000 compressed bytes would become 100663297, over 20 times"):
        refuse_bomb(PATH, n_bytes=(96 << 20) + 1, file_bytes=1000)
    with pytest.raises(RecordError, match="100000000 compressed bytes would become 2000000001"):
        refuse_bomb(PATH, n_bytes=2_000_000_001, file_bytes=100_000_000)
