import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.checks import (
    positive,
    refuse_constant,
    refuse_short,
    rising_band,
    whole_number,
)


@pytest.mark.parametrize("value", [0, -1, np.nan, np.inf])
def test_a_number_that_is_not_positive_is_refused_by_name(value):
    with pytest.raises(ParameterError, match=f"step_s must be a positive number, got {value}"):
        positive("step_s", value)


def test_a_positive_number_comes_back():
    assert positive("step_s", 0.5) == 0.5


def test_a_number_of_numpy_becomes_one_of_python():
    assert type(positive("step_s", np.float64(2))) is float


def test_a_whole_number_in_range_comes_back_as_int():
    number = whole_number("n", np.int64(3), least=3, most=3)
    assert (number, type(number)) == (3, int)


def test_a_whole_number_out_of_range_is_refused_with_the_reason():
    with pytest.raises(ParameterError, match="n must be at least 1, got 0"):
        whole_number("n", 0, least=1)
    with pytest.raises(ParameterError, match="n must be at most 4, the bins there are, got 5"):
        whole_number("n", 5, least=1, most=4, why="the bins there are")
    with pytest.raises(ParameterError, match="n must be at most 4, got 5"):
        whole_number("n", 5, least=1, most=4)


@pytest.mark.parametrize("value", [1.0, "2", None])
def test_a_number_that_is_not_whole_is_refused(value):
    with pytest.raises(ParameterError, match=f"n must be a whole number, got {value!r}"):
        whole_number("n", value, least=1)


@pytest.mark.parametrize(
    "band_hz", [(0, 100), (200, 100), (100, 100), (100, 500), (np.nan, 100), (100, np.nan)]
)
def test_a_band_must_rise_strictly_within_the_spectrum(band_hz):
    with pytest.raises(ParameterError, match=f"band 2 must rise between 0 and 500 Hz.*got {band_hz[0]:g} to"):
        rising_band("band 2", band_hz, rate_hz=1000)


def test_a_band_needs_a_rate():
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got 0"):
        rising_band("band_hz", (1, 2), rate_hz=0)


def test_a_short_signal_is_refused_with_both_counts_and_the_remedy():
    refuse_short(10, 10, what="a filter", remedy="a wider band")
    message = "a filter takes at least 10 samples, the signal has 9; give a longer one or a wider band"
    with pytest.raises(RecordError, match=message):
        refuse_short(9, 10, what="a filter", remedy="a wider band")


def test_a_constant_channel_is_refused_with_its_place_and_value():
    x = np.arange(12.0).reshape(2, 2, 3)
    refuse_constant(x)
    x[1, 0] = 2.5
    with pytest.raises(RecordError, match=r"all 3 samples of row \[1, 0\] are 2\.5; leave out"):
        refuse_constant(x)
    with pytest.raises(RecordError, match="all 4 samples are 0; leave out"):
        refuse_constant(np.zeros(4))
