import struct
import wave

import numpy as np
import pytest
import scipy.io.wavfile

from faultdiag.errors import ParameterError, RecordError
from faultdiag.readers.wav import read

RATE_HZ = 12000


def one(path, **options):
    (record,) = read(path, **options)
    return record


def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def header(coding=1, n_channels=1, rate_hz=RATE_HZ, n_bits=16, frame_bytes=None):
    frame_bytes = n_channels * n_bits // 8 if frame_bytes is None else frame_bytes
    return struct.pack("<HHIIHH", coding, n_channels, rate_hz, rate_hz * frame_bytes, frame_bytes, n_bits)


def write(path, *chunks):
    body = b"WAVE" + b"".join(chunks)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


@pytest.mark.parametrize("n_channels", [1, 3])
@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_integers_are_shares_of_their_full_scale(tmp_path, rng, width, n_channels):
    half = 1 << (8 * width - 1)
    numbers = rng.integers(-half, half, (500, n_channels))
    numbers[:3] = [[-half], [0], [half - 1]]
    stored = numbers + half if width == 1 else numbers  # eight bits have no sign
    data = b"".join(int(v).to_bytes(width, "little", signed=width > 1) for v in stored.ravel())
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((n_channels, width, RATE_HZ, 0, "NONE", ""))
        file.writeframes(data)
    record = one(path)
    np.testing.assert_array_equal(record.samples, numbers.T / half)
    assert record.samples.dtype == (np.float64 if width == 4 else np.float32)
    assert (record.rate_hz, record.units) == (RATE_HZ, ("unknown",) * n_channels)
    assert record.channels == tuple(f"ch{i}" for i in range(n_channels))
    assert not isinstance(record.source, np.ndarray)
    np.testing.assert_array_equal(np.concatenate(list(record.blocks(7)), axis=1), record.samples)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_floats_are_as_they_are(tmp_path, rng, dtype):
    samples = (30 * rng.standard_normal((400, 2))).astype(dtype)
    scipy.io.wavfile.write(tmp_path / "a.wav", RATE_HZ, samples)
    np.testing.assert_array_equal(one(tmp_path / "a.wav").samples, samples.T, strict=True)


def test_other_chunks_and_the_extensible_form(tmp_path):
    """24 bits as recorders write them, a note of odd length before the samples and another behind them."""
    form = header(0xFFFE, n_bits=24) + struct.pack("<HHIH", 22, 24, 4, 1) + bytes(14)
    data = b"".join(v.to_bytes(3, "little", signed=True) for v in (-(1 << 23), 1 << 22, 0))
    path = write(
        tmp_path / "a.wav",
        chunk(b"bext", b"pumps"),
        chunk(b"fmt ", form),
        chunk(b"data", data),
        chunk(b"LIST", b"more"),
    )
    np.testing.assert_array_equal(one(path).samples, [[-1, 0.5, 0]])


@pytest.mark.parametrize(
    ("chunks", "said"),
    [
        ([], "truncated or damaged: a RIFF file without description of its samples"),
        ([chunk(b"data", bytes(8))], "without description of its samples"),
        ([chunk(b"fmt ", header())], "without samples"),
        ([chunk(b"fmt ", header()[:10]), chunk(b"data", b"")], "the WAV header is too short"),
        ([chunk(b"fmt ", header()), chunk(b"data", b"")], "a WAV file without samples"),
        (
            [chunk(b"fmt ", header()), b"data" + struct.pack("<I", 100) + bytes(8)],
            "8 of 100 bytes of samples",
        ),
        (
            [chunk(b"fmt ", header(n_channels=2)), chunk(b"data", bytes(6))],
            "6 of 6 bytes .*, 4 for each instant",
        ),
        ([chunk(b"fmt ", header(2, n_bits=4)), chunk(b"data", bytes(8))], r"compressed samples \(coding 2\)"),
        ([chunk(b"fmt ", header(0xFFFE)), chunk(b"data", bytes(8))], r"compressed samples \(coding 65534\)"),
        ([chunk(b"fmt ", header(3)), chunk(b"data", bytes(8))], "cannot be: 1 channels of 16 bits"),
        ([chunk(b"fmt ", header(n_channels=0)), chunk(b"data", bytes(8))], "cannot be: 0 channels"),
        ([chunk(b"fmt ", header(rate_hz=0)), chunk(b"data", bytes(8))], "at 0 Hz"),
        ([chunk(b"fmt ", header(frame_bytes=3)), chunk(b"data", bytes(8))], "16 bits in 3 bytes"),
    ],
)
def test_what_is_damaged_is_named(tmp_path, chunks, said):
    with pytest.raises(RecordError, match=rf"a\.wav: .*{said}"):
        read(write(tmp_path / "a.wav", *chunks))


@pytest.mark.parametrize("content", [b"0.1\n0.2\n", b"RIFF\x04\0\0\0AVI LIST"])
def test_another_format_is_named(tmp_path, content):
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(RecordError, match="a.wav: not a WAV file, it looks like (text|RIFF)"):
        read(tmp_path / "a.wav")


def test_a_file_that_becomes_shorter_while_it_is_read(tmp_path):
    path = write(tmp_path / "a.wav", chunk(b"fmt ", header()), chunk(b"data", bytes(200)))
    record = one(path)
    path.write_bytes(path.read_bytes()[:-20])
    assert record.read(0, 90).shape == (1, 90)
    with pytest.raises(RecordError, match="has become shorter since it was opened"):
        record.read(0, 100)
    path.unlink()
    with pytest.raises(RecordError, match="cannot be read any more"):
        record.read(0, 1)


def test_a_variable_is_refused(tmp_path):
    path = write(tmp_path / "a.wav", chunk(b"fmt ", header()), chunk(b"data", bytes(200)))
    with pytest.raises(ParameterError, match="channels, no variables; take --channel DE"):
        read(path, variable="DE")
