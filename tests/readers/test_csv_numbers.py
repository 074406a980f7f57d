from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultdiag.errors import RecordError
from faultdiag.readers.csv_column import Column
from faultdiag.readers.csv_layout import Layout
from faultdiag.readers.csv_numbers import parse_lines

NAMES = ("DE", "FE", "BA")


def parse(text, *, delimiter=",", n=2, first_line=1):
    layout = Layout(delimiter, tuple(Column(name) for name in NAMES[:n]))
    return parse_lines(text, layout, first_line=first_line, path=Path("a.csv"))


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("1,2.5\n-3e2,4\n", ","),
        ("1,2.5\n-3e2,4", ","),
        (" 1 , 2.5 \n -300, 4\n", ","),
        ("1;2,5\n-300;4\n", ";"),
        ("1;2.5\n-3,0e2;4\n", ";"),
        ("1\t2,5\n-300\t4\n", "\t"),
        ("1 2.5\n -300   4\n", None),
        ("\n1,2.5\n\n   \n-300,4\n\n", ","),
        ('"1","2.5"\n"-300",4\n', ","),
        ('"1";"2,5"\n"-300";4\n', ";"),
    ],
)
def test_every_way_to_write_two_lines(text, delimiter):
    np.testing.assert_array_equal(parse(text, delimiter=delimiter), [[1, 2.5], [-300, 4]])


@given(st.lists(st.tuples(*[st.floats(width=64)] * 3), min_size=1), st.sampled_from([",", ";", "\t", None]))
def test_numbers_come_back_to_the_last_bit(rows, delimiter):
    text = "".join((delimiter or " ").join(map(repr, row)) + "\n" for row in rows)
    np.testing.assert_array_equal(parse(text, delimiter=delimiter, n=3), np.array(rows))


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("1,,3\n,2,\n,,\n", ","),
        ("1; ;3\n;2;\n;;\n", ";"),
        ("1\t\t3\n\t2\t\n\t\t", "\t"),
        ("1,,3\n,2,\n , ,", ","),
    ],
)
def test_an_empty_field_is_missing(text, delimiter):
    nan = np.nan
    expected = [[1, nan, 3], [nan, 2, nan], [nan, nan, nan]]
    np.testing.assert_array_equal(parse(text, delimiter=delimiter, n=3), expected)


def test_words_for_what_is_not_finite():
    np.testing.assert_array_equal(parse("nan,inf\n-inf,NaN\n"), [[np.nan, np.inf], [-np.inf, np.nan]])


def test_blank_lines_are_no_numbers():
    assert parse("\n  \n").shape == (0, 2)


@pytest.mark.parametrize(
    ("text", "delimiter", "said"),
    [
        ("1,2\n3,x\n", ",", "line 11, column FE: 'x' is no number"),
        ("1,2\n\n\n, y y ,4\n", ",", "line 13 has 3 fields where 2 belong"),
        ("1,2\n\n\ny y ,4\n", ",", "line 13, column DE: 'y y' is no number"),
        ("1,2\n3\n", ",", "line 11 has 1 fields where 2 belong"),
        ("1 2\n3 4 5\n", None, "line 11 has 3 fields where 2 belong"),
        ("1,2,3\n4,5,6\n", ",", "line 10 has 3 fields where 2 belong"),
        ("1;2.000,5\n", ";", "line 10, column FE: '2.000.5' is no number"),
        ("1,2\n1_0,2\n", ",", "line 11, column DE: '1_0' is no number"),
        ("1,2\n3,\x004\n", ",", "line 11, column FE: '.x004' is no number"),
        ("1," + "z" * 99, ",", "column FE: '" + "z" * 40 + "' is no number"),
    ],
)
def test_the_place_of_what_is_wrong(text, delimiter, said):
    with pytest.raises(RecordError, match=f"a.csv: .*{said}"):
        parse(text, delimiter=delimiter, first_line=10)
