import pytest

from faultdiag.readers.csv_column import SECONDS, Column, column_of, units_of
from faultdiag.records import UNIT_FACTORS


@pytest.mark.parametrize("unit", [*UNIT_FACTORS, *SECONDS, "V", "rpm", "°C"])
def test_a_unit_in_the_header_is_one_in_the_line_below(unit):
    assert units_of([unit]) == units_of([f"[{unit}]"]) == units_of([f" ( {unit} ) ".strip()])
    assert column_of(f"DE [{unit}]") == Column("DE", *units_of([unit]))


@pytest.mark.parametrize("word", ["DE", "DE [g]", "g1", "1", "0.5", "nan", "x", "m/s3"])
def test_one_word_that_is_no_unit_makes_it_no_line_of_units(word):
    assert units_of(["g"]) == ("g",)
    assert units_of(["g", word]) is None


@pytest.mark.parametrize("words", [[], [""], ["-", ""], ["[]", "-"]])
def test_a_line_of_no_units(words):
    assert units_of(words) is None


@pytest.mark.parametrize("nothing", ["", "-", "[-]", "[]"])
def test_a_column_without_a_unit(nothing):
    assert units_of(["s", nothing]) == ("s", "unknown")


def test_a_column_without_a_name():
    assert column_of("", number=2) == Column("ch2")
