import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultdiag.errors import RecordError
from faultdiag.readers.csv_column import Column
from faultdiag.readers.csv_time import is_time, rate_of, time_unit_s

T = Column("t")


def times_of(rate_hz, n=2000, *, digits=None, start=0.0):
    times = start + np.arange(n) / rate_hz
    return times if digits is None else np.round(times, digits)


@pytest.mark.parametrize(
    "name", ["time", "Time", "TIME", "t", "T", "time_s", "t_ms", "Zeit", "TEMPS", "tiempo", "tempo_ms"]
)
def test_names_of_times(name):
    assert is_time(Column(name))


@pytest.mark.parametrize("name", ["times", "torque", "DE_time", "t0", "", "timer", "x", "zeitung", "temp"])
def test_other_names(name):
    assert not is_time(Column(name))


@given(
    st.sampled_from([1.0, 100.0, 2000.0, 12000.0, 25600.0, 48000.0, 51200.0]),
    st.sampled_from([0.0, 5.0, -3.0]),
)
def test_the_rate_of_even_times(rate_hz, start):
    assert rate_of(times_of(rate_hz, start=start), T, origin="a.csv") == rate_hz


@pytest.mark.parametrize(
    ("rate_hz", "digits"),
    [(12000, 6), (12000, 5), (25600, 6), (48000, 6), (51200, 6), (97656.25, 8), (1e6, 6)],
)
def test_times_that_are_written_with_few_digits(rate_hz, digits):
    """At 48 kHz steps of 20 and 21 microseconds take turns."""
    assert rate_of(times_of(rate_hz, 4800, digits=digits), T, origin="a.csv") == rate_hz


@pytest.mark.parametrize("rate_hz", [12000.3, 1234.5678])
def test_a_rate_that_is_odd_stays_so(rate_hz):
    assert rate_of(times_of(rate_hz), T, origin="a.csv") == pytest.approx(rate_hz, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "unit", "factor"),
    [("t", "s", 1), ("t", "ms", 1e3), ("time", "us", 1e6), ("time", "µs", 1e6), ("time_ms", "unknown", 1e3)],
)
def test_units_of_time(name, unit, factor):
    times = times_of(1000.0) * factor
    assert rate_of(times, Column(name, unit), origin="a.csv") == pytest.approx(1000.0, rel=1e-9)


def test_a_unit_that_is_none_of_time():
    with pytest.raises(RecordError, match="a.csv: column time is in 'h', not one of s, sec, ms, us"):
        rate_of(times_of(1000.0), Column("time", "h"), origin="a.csv")


def test_one_sample_tells_no_rate():
    assert rate_of(np.array([0.5]), T, origin="a.csv") is None


@pytest.mark.parametrize(("rate_hz", "digits"), [(1.0, 0), (1000.0, 3), (250e3, 6), (48e3, 6), (12e3, 5)])
@pytest.mark.parametrize("lost", [1, 50, 98])
def test_a_lost_sample_is_seen_through_the_rounding(rate_hz, digits, lost):
    times = np.delete(times_of(rate_hz, 100, digits=digits), lost)
    with pytest.raises(RecordError, match=f"not evenly spaced: .* in row {lost} is followed by"):
        rate_of(times, T, origin="a.csv")


def test_uneven_times_are_named():
    times = times_of(1000.0, 10)
    times[6:] += 0.001
    with pytest.raises(
        RecordError, match=r"column t is not evenly spaced: 0\.005 in row 6 is followed by 0\.007"
    ):
        rate_of(times, T, origin="a.csv")


@pytest.mark.parametrize(("jitter", "passes"), [(0.004, True), (0.02, False)])
def test_one_percent_is_the_limit(rng, jitter, passes):
    times = times_of(1000.0) + 0.001 * jitter * rng.uniform(-1, 1, 2000)
    if passes:
        assert rate_of(times, T, origin="a.csv") == pytest.approx(1000.0, rel=1e-5)
    else:
        with pytest.raises(RecordError, match="not evenly spaced"):
            rate_of(times, T, origin="a.csv")


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ([3, 2, 1], "3 in row 1 is followed by 2"),
        ([1, 1, 1], "1 in row 1 is followed by 1"),
    ],
)
def test_times_that_do_not_go_on(times, said):
    with pytest.raises(RecordError, match=f"not evenly spaced: {said}"):
        rate_of(np.array(times, float), T, origin="a.csv")


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("row", [0, 3, 9])
def test_a_time_that_is_missing(value, row):
    times = times_of(1000.0, 10)
    times[row] = value
    with pytest.raises(RecordError, match=f"a.csv: column t is {value} in row {row + 1}; correct it"):
        rate_of(times, T, origin="a.csv")


@pytest.mark.parametrize(("rate_hz", "digits"), [(12000, 7), (48000, 8), (1000, 6), (51200, 9)])
@pytest.mark.parametrize("start", [0.0, 0.25])
def test_times_that_are_written_with_a_number_of_digits(rate_hz, digits, start):
    """Behind one second, and behind ten, there is a decimal less."""
    times = np.array([float(f"{t:.{digits}g}") for t in times_of(rate_hz, int(11 * rate_hz), start=start)])
    assert rate_of(times, T, origin="a.csv") == rate_hz


@pytest.mark.parametrize("lost", [1, 11999, 12000, 12001, 12050])
def test_a_lost_sample_is_seen_where_decimals_are_lost(lost):
    times = np.array([float(f"{t:.7g}") for t in np.delete(times_of(12000, 14000), lost)])
    with pytest.raises(RecordError, match=f"in row {lost} is followed by .*; resample the signal$"):
        rate_of(times, T, origin="a.csv")


def test_times_with_too_few_digits_are_said_to_be_so():
    times = np.array([float(f"{t:.5g}") for t in times_of(12000, 14000)])
    with pytest.raises(RecordError, match="; resample the signal, or write its times with more digits$"):
        rate_of(times, T, origin="a.csv")


@pytest.mark.parametrize(
    ("column", "unit_s"),
    [(T, 1.0), (Column("t", "ms"), 1e-3), (Column("t_us"), 1e-6), (Column("t_ms", "s"), 1e-3)],
)
def test_the_unit_of_times(column, unit_s):
    assert time_unit_s(column, origin="a.csv") == unit_s
