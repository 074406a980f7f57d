from pathlib import Path

import pytest

from faultdiag.errors import RecordError
from faultdiag.readers.csv_column import Column
from faultdiag.readers.csv_layout import is_number, is_row, sniff

PATH = Path("a.csv")


def names(layout):
    return [column.name for column in layout.columns]


@pytest.mark.parametrize(
    ("line", "delimiter", "n"),
    [
        ("1,2,3", ",", 3),
        ("1;2", ";", 2),
        ("1,5;2,5", ";", 2),
        ("1\t2", "\t", 2),
        ("1,5\t2,5", "\t", 2),
        ("1.5 2 3", None, 3),
        ("  1.5   2 ", None, 2),
        ("1, 2", ",", 2),
        ("1", None, 1),
        ("nan,inf,", ",", 3),
        ('"1","2"', ",", 2),
    ],
)
def test_the_delimiter_is_what_stands_between_the_numbers(line, delimiter, n):
    layout = sniff([line], PATH)
    assert layout.delimiter == delimiter
    assert names(layout) == [f"ch{i}" for i in range(n)]
    assert layout.header is None
    assert layout.decimal_comma == (delimiter in (";", "\t"))


@pytest.mark.parametrize(
    ("header", "data", "found"),
    [
        ("DE,FE", "1,2", ["DE", "FE"]),
        ("DE FE", "1 2", ["DE", "FE"]),
        ("DE [g] FE [m/s2]", "1 2", ["DE", "FE"]),
        ("drive end [g]", "1", ["drive end"]),
        ("# DE,FE", "1,2", ["DE", "FE"]),
        ('"DE, top";"FE"', "1;2", ["DE, top", "FE"]),
        (",DE,", "1,2,3", ["ch0", "DE", "ch2"]),
        ("x, y; z,w", "1,2", ["x", "y; z", "w"]),
    ],
)
def test_the_header_is_taken_apart_as_the_numbers_are(header, data, found):
    layout = sniff([header, data], PATH)
    assert layout.header == header
    assert names(layout) == found


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [
        ("DE [g]", "DE", "g"),
        ("DE (g)", "DE", "g"),
        ("DE[mm/s]", "DE", "mm/s"),
        ("DE (m/s^2)", "DE", "m/s2"),
        ("DE [m/s²]", "DE", "m/s2"),
        ("gap [µm]", "gap", "um"),
        ("DE", "DE", "unknown"),
        ("channel (1)", "channel (1)", "unknown"),
        ("DE []", "DE []", "unknown"),
    ],
)
def test_a_unit_stands_in_brackets(text, name, unit):
    assert sniff([f"{text},FE", "1,2"], PATH).columns[0] == Column(name, unit)


def test_a_line_of_names_alone_is_a_header():
    assert names(sniff(["DE,FE"], PATH)) == ["DE", "FE"]


def test_two_columns_of_one_name():
    with pytest.raises(RecordError, match="a.csv: 2 columns are named 'DE'"):
        sniff(["DE,FE,DE", "1,2,3"], PATH)


@pytest.mark.parametrize("field", ["1", "-1.5e-3", " 7 ", "nan", "inf", "-Infinity", "1.", ".5"])
def test_these_are_numbers(field):
    assert is_number(field)


@pytest.mark.parametrize("field", ["", "x", "1_000", "1,5", "0x10", "1 2", "١", "--1", "1e"])
def test_these_are_none(field):
    assert not is_number(field)


@pytest.mark.parametrize(
    ("above", "row", "found", "n_above"),
    [
        (["Machine: pump 3", "Date: 2026-01-01", "Rate: 12000 Hz", "acc [g]"], "0.5", ["acc"], 4),
        (["Machine: pump 3", "Rate: 12000 Hz", "t,DE"], "0,1", ["t", "DE"], 3),
        (["Machine;pump 3", "Rate;12000", "t;DE"], "0,5;1", ["t", "DE"], 3),
        (["% by hand", "# of two, sensors, and", "t,DE"], "0,1", ["t", "DE"], 3),
        (["# by hand", "# 12000 Hz, 3 s, 1 channel", "# t,DE"], "0,1", ["t", "DE"], 3),
        (["t,DE", "# in s and g"], "0,1", ["t", "DE"], 2),
        (["sep=;", "t;DE"], "0;1", ["t", "DE"], 2),
        (["drive end of a pump", "DE FE"], "0.5 1", ["DE", "FE"], 2),
        (["measured by hand", "in the evening"], "0,1", ["ch0", "ch1"], 2),
        (["# measured by hand"], "0 1", ["ch0", "ch1"], 1),
        (["t;1;2"], "0;1;2", ["t", "1", "2"], 1),
        (["t,DE", ","], "0,1", ["t", "DE"], 1),
        ([","], "0,1", ["ch0", "ch1"], 0),
        (["Device;XY", "Operator;Bob", "time;acc"], "0;1", ["time", "acc"], 3),
        (["Device;XY", "Operator;Bob", "DE;FE"], "0;1", ["DE", "FE"], 3),
        (["Date;2026-01-01", "Time;12:30:05", "DE;FE"], "0;1", ["DE", "FE"], 3),
        (["Time;12:30:05", "Zeit;DE", "s;g"], "0;1", ["Zeit", "DE"], 3),
        (["Rate;12 kHz", "1x;2x"], "0;1", ["Rate", "12 kHz"], 1),
        (["Rate;12000", "1x;2x"], "0;1", ["1x", "2x"], 2),
        (["time;acc", "s;g", "# by hand"], "0;1", ["time", "acc"], 3),
        (["t,DE", "# by hand, twice"], "0,1", ["t", "DE"], 2),
        (["DE,FE", "# by hand, twice"], "0,1", ["DE", "FE"], 2),
        (["# t,DE", "# by hand, twice"], "0,1", ["t", "DE"], 2),
        (["acc [g]", "# by hand"], "0.5", ["acc"], 2),
        (["Machine: pump 3", "# by hand"], "0.5", ["Machine: pump 3"], 2),
        (["# acc [g]"], "0.5", ["acc"], 1),
    ],
)
def test_what_stands_above_the_table_is_passed_over(above, row, found, n_above):
    layout = sniff([*above, row], PATH)
    assert (names(layout), layout.n_above) == (found, n_above)


@pytest.mark.parametrize(
    ("above", "found", "n_above"),
    [
        (["DE,FE", "1,x"], ["DE", "FE"], 1),
        (["time,DE", "s,1"], ["time", "DE"], 1),
        (["time,DE", "s,x"], ["time", "DE"], 1),
        (["time,DE", "s,g", "0,x"], ["time", "DE"], 2),
        (["time,DE", "sensor 1,sensor 2"], ["time", "DE"], 1),
        (["DE,FE", "1.5x,2.5x"], ["DE", "FE"], 1),
        (["DE,FE", "+.5x,y"], ["DE", "FE"], 1),
        (["DE,FE,BA"], ["DE", "FE", "BA"], 1),
    ],
)
def test_a_line_that_may_be_a_damaged_row_is_not_passed_over(above, found, n_above):
    layout = sniff([*above, "0,1"], PATH)
    assert (names(layout), layout.n_above) == (found, n_above)


@pytest.mark.parametrize(
    ("above", "row", "columns"),
    [
        (["time;acc", "s;g"], "0;1", [("time", "s"), ("acc", "g")]),
        (["time;acc", "[ms];[m/s²]"], "0;1", [("time", "ms"), ("acc", "m/s2")]),
        (["time;acc;key", "(s);(mm/s);(V)"], "0;1;2", [("time", "s"), ("acc", "mm/s"), ("key", "V")]),
        (["time acc", " [s] [g]"], "0 1", [("time", "s"), ("acc", "g")]),
        (['"time","acc, top"', '"s","g"'], "0,1", [("time", "s"), ("acc, top", "g")]),
        (["# time,acc", "# s,g"], "0,1", [("time", "s"), ("acc", "g")]),
        (["nr;time;acc", ";s;-"], "0;1;2", [("nr", "unknown"), ("time", "s"), ("acc", "unknown")]),
        (["Device;XY", "DE;FE", "g;g"], "0;1", [("DE", "g"), ("FE", "g")]),
        (["t;1;2", "s;g;g"], "0;1;2", [("t", "s"), ("1", "g"), ("2", "g")]),
        (["time [s];acc", "s;g"], "0;1", [("time", "s"), ("acc", "g")]),
        (["time;acc (DE)", "s;g"], "0;1", [("time", "s"), ("acc (DE)", "g")]),
        (["acc", "g"], "0.5", [("acc", "g")]),
        (["s;g"], "0;1", [("s", "unknown"), ("g", "unknown")]),
        (["Rate;12000", "s;g"], "0;1", [("s", "unknown"), ("g", "unknown")]),
        (["g"], "0.5", [("g", "unknown")]),
    ],
)
def test_a_line_of_units_below_the_names(above, row, columns):
    layout = sniff([*above, row], PATH)
    assert [(column.name, column.unit) for column in layout.columns] == columns
    assert layout.n_above == len(above)


def test_two_units_of_one_column():
    with pytest.raises(RecordError, match=r"a.csv: column 'acc \[g\]' is in m/s2 by the line below"):
        sniff(["time;acc [g]", "s;m/s²", "0;1"], PATH)


@pytest.mark.parametrize(
    ("line", "is_one"),
    [("0,1;2", True), ("1", True), ("1,,", True), (",,", False), ("1,x", False), ("DE", False)],
)
def test_a_row_is_numbers_of_which_some_may_be_missing(line, is_one):
    assert is_row(line) == is_one
