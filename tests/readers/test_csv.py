import gzip

import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.readers import csv
from faultdiag.readers.csv import read


@pytest.fixture(params=["a.csv", "a.csv.gz", "A.CSV", "a.csv.GZ"])
def save(request, tmp_path):
    """Writes a text, compressed where the name says so."""

    def write(text, encoding="utf-8"):
        data = text if isinstance(text, bytes) else text.encode(encoding)
        path = tmp_path / request.param
        path.write_bytes(gzip.compress(data) if path.name.lower().endswith(".gz") else data)
        return path

    return write


def lines_of(values):
    return "".join(",".join(map(repr, row)) + "\n" for row in values.tolist())


def one(path, **options):
    (record,) = read(path, **options)
    return record


def test_columns_are_channels(save):
    path = save("DE [g],FE (m/s^2)\n1,2\n3,4\n5,6\n")
    record = one(path)
    assert record.channels == ("DE", "FE")
    assert record.units == ("g", "m/s2")
    assert (record.rate_hz, record.rows, record.origin) == (None, "channels", str(path))
    np.testing.assert_array_equal(record.samples, [[1, 3, 5], [2, 4, 6]])


@pytest.mark.parametrize(
    "text",
    ["1;2\n3;4", "1\t2\n3\t4", "1 2\n3 4", "1,2\r\n3,4\r\n", "1,2\r3,4\r", "\n\n1,2\n\n3,4\n", "1.,2e0\n3,4"],
)
def test_every_way_to_write_them(save, text):
    np.testing.assert_array_equal(one(save(text)).samples, [[1, 3], [2, 4]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_encodings_of_names(save, encoding):
    record = one(save("Größe [µm]\n1\n2\n", encoding))
    assert (record.channels, record.units) == (("Größe",), ("um",))


def test_a_mark_of_the_encoding_is_no_header(save):
    np.testing.assert_array_equal(one(save("1,2\n", "utf-8-sig")).samples, [[1], [2]])


@pytest.mark.parametrize("header", ["t,DE,FE", "DE,time [s],FE", "DE,FE,Time (s)"])
def test_a_column_of_times_gives_the_rate_and_is_no_channel(save, header):
    place = next(i for i, name in enumerate(header.split(",")) if name[0] in "tT")
    rows = np.insert([[i * 10.0, -i] for i in range(50)], place, np.arange(50) / 1000, axis=1)
    record = one(save(header + "\n" + lines_of(rows)))
    assert record.rate_hz == 1000.0
    assert record.channels == ("DE", "FE")
    np.testing.assert_array_equal(record.samples, [np.arange(50) * 10.0, -np.arange(50)])


def test_a_decimal_comma(save):
    record = one(save("t;DE\n0,000;1,5\n0,001;-2,5\n"))
    assert record.rate_hz == 1000.0
    np.testing.assert_array_equal(record.samples, [[1.5, -2.5]])


def test_lines_may_be_signals_or_channels(save):
    path = save("1,2,3\n4,5,6\n")
    assert [r.samples.tolist() for r in read(path, rows="signals")] == [[[1, 2, 3]], [[4, 5, 6]]]
    assert one(path, rows="channels").samples.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert one(path, rows="samples").samples.tolist() == [[1, 4], [2, 5], [3, 6]]
    with pytest.raises(ParameterError, match="rows 'lines' is none of"):
        read(path, rows="lines")


def test_chunks_join_without_a_seam(save, rng, monkeypatch):
    monkeypatch.setattr(csv, "_CHUNK_CHARACTERS", 64)
    values = rng.standard_normal((200, 3))
    np.testing.assert_array_equal(one(save("a,b,c\n" + lines_of(values))).samples, values.T)


def test_line_numbers_count_over_chunks(save, rng, monkeypatch):
    monkeypatch.setattr(csv, "_CHUNK_CHARACTERS", 64)
    lines = lines_of(rng.standard_normal((200, 2))).splitlines()
    lines[150] = "1,bad"
    with pytest.raises(RecordError, match="line 153, column FE: 'bad' is no number"):
        read(save("\nDE,FE\n" + "\n".join(lines)))


def test_missing_samples(save):
    record = one(save("DE,FE\n1,2\n,4\n5,6\n"))
    assert np.isnan(record.source[0, 1])
    with pytest.raises(RecordError, match="channel DE is nan at sample 1"):
        record.read(0, 3)


def test_long_first_lines_do_not_ask_for_much_memory(save):
    """A thousand fields, then a thousand lines of one: the first line that differs is named."""
    with pytest.raises(RecordError, match="line 2 has 1 fields where 1000 belong"):
        read(save(",".join("1" * 1000) + "\n" + "1\n" * 1000))


def test_a_file_that_grows_while_it_is_read(save, monkeypatch):
    monkeypatch.setattr(csv, "_measure", lambda path: (2, 100))
    with pytest.raises(RecordError, match="has become longer while it was read"):
        read(save("1\n2\n3\n"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("DE,FE\n1,2\n3,x\n", "line 3, column FE: 'x' is no number"),
        ("DE,FE\n1,2\n3\n", "line 3 has 1 fields where 2 belong"),
        ("DE,FE\n1,2,3\n", "line 2 has 3 fields where 2 belong"),
        ("DE,DE\n1,2\n", "2 columns are named 'DE'"),
        ("DE,FE\n", "no numbers below the header"),
        (
            "Dear all,\nthe pump is loud\n",
            "line 2 has 4 fields where 2 belong; .* the line 'Dear all,', which was",
        ),
        ("t,DE\ns,x\n0,1\n", "line 2, column t: 's' is no number; correct it, or the line 't,DE', which was"),
        ("t,DE\ns,g\n0,x\n1,2\n", "line 3, column DE: 'x' is no number; correct it, or the line 't,DE'"),
        ("t,DE\nm,g\n0,1\n", "column t is in 'm', not one of s"),
        ("\n \n", "all lines are blank"),
        ("t,DE\n0,1\n1,2\n3,4\n4,5\n", "column t is not evenly spaced: 1 in row 2 is followed by 3"),
        ("t,time\n0,0\n1,1\n", "2 of its 2 columns are times"),
        ("t\n0\n1\n", "1 of its 1 columns are times"),
        (b"\xff\xfe1\x00", "not text, it looks like UTF-16 text"),
        (b"1,2\n\x00\x01\x02", "not text, it looks like binary"),
        (b"RIFF\x24\0\0\0WAVE", "not text, it looks like RIFF"),
    ],
)
def test_what_is_wrong_is_named(save, text, said):
    with pytest.raises(RecordError, match=f"(?i)a.csv.*: .*{said}"):
        read(save(text))


def test_columns_are_chosen_as_channels(save):
    with pytest.raises(ParameterError, match="channels, not variables; take --channel DE"):
        read(save("1\n"), variable="DE")


def test_compression_must_be_what_the_name_says(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(gzip.compress(b"1,2\n"))
    with pytest.raises(RecordError, match=r"not text, it looks like gzip \(.csv.gz is one\)"):
        read(path)
    path = tmp_path / "a.csv.gz"
    path.write_text("1,2\n")
    with pytest.raises(RecordError, match="not gzip, it looks like text"):
        read(path)


def test_compressed_in_several_parts(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"1,2\n") + gzip.compress(b"3,4\n"))
    np.testing.assert_array_equal(one(path).samples, [[1, 3], [2, 4]])


@pytest.mark.parametrize("damage", ["cut", "changed", "checksum", "garbage behind"])
def test_damaged_compression(tmp_path, rng, damage):
    packed = bytearray(gzip.compress(lines_of(rng.standard_normal((100, 2))).encode()))
    if damage == "cut":
        del packed[-9:]
    elif damage == "garbage behind":
        packed += b"more"
    else:
        packed[1000 if damage == "changed" else -5] ^= 0xFF
    path = tmp_path / "a.csv.gz"
    path.write_bytes(packed)
    with pytest.raises(RecordError, match=r"a\.csv\.gz: damaged or truncated: "):
        read(path)


def test_a_text_that_would_fill_the_memory(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"0\n" * 20_000_000, 1))
    with pytest.raises(RecordError, match="compressed bytes would become 160000"):
        read(path)
    path.write_bytes(gzip.compress(b"0000000000000000\n" * 7_000_000, 1))
    with pytest.raises(RecordError, match="compressed bytes would become 10[0-9]{7},"):
        read(path)


def test_notes_above_the_header_are_passed_over(save):
    """Of the line that is wrong the number is that in the file."""
    notes = "Machine: pump 3\n\nRate: 3000 Hz, by hand\n# two sensors\n"
    record = one(save(notes + "DE [g],FE [g]\n1,2\n3,4\n"))
    assert (record.channels, record.units) == (("DE", "FE"), ("g", "g"))
    np.testing.assert_array_equal(record.samples, [[1, 3], [2, 4]])
    with pytest.raises(RecordError, match="line 7, column FE: 'x' is no number; correct it$"):
        read(save(notes + "DE [g],FE [g]\n1,2\n3,x\n"))


def test_a_long_text_without_numbers_is_not_held(save, monkeypatch):
    looked_at = []
    monkeypatch.setattr(csv, "is_row", lambda line: looked_at.append(line))
    with pytest.raises(RecordError, match="line 2, column word: 'word' is no number"):
        read(save("word\n" * 5000))
    assert len(looked_at) == 201


def test_a_german_table(save):
    record = one(save("Zeit (s);Beschleunigung (g)\n0,000;1,5\n0,001;-2,5\n", "latin-1"))
    assert (record.rate_hz, record.channels, record.units) == (1000.0, ("Beschleunigung",), ("g",))


def test_units_in_a_line_below_the_names(save):
    record = one(save("Device;XY\nOperator;Bob\n\nTime;acc\nms;[m/s^2]\n\n0;1,5\n0,5;-2,5\n"))
    assert (record.rate_hz, record.channels, record.units) == (2000.0, ("acc",), ("m/s2",))
    np.testing.assert_array_equal(record.samples, [[1.5, -2.5]])
