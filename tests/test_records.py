"""Records: any stretch of a record is the same whether it lies in memory or on disk, whole or in blocks."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultdiag.errors import ParameterError, RecordError
from faultdiag.records import MAX_GAP_SAMPLES, Record, SampleSource


class OnDisk:
    """Samples that are handed out piece by piece; a stretch beyond the ends is refused."""

    def __init__(self, samples):
        self.samples = samples

    @property
    def shape(self):
        return self.samples.shape

    def read(self, start, stop):
        if not 0 <= start <= stop <= self.shape[1]:
            raise IndexError(f"stretch {start} to {stop} of {self.shape[1]} samples")
        return self.samples[:, start:stop].copy()


def ramp(n_channels=2, n_samples=300):
    return np.arange(n_channels * n_samples, dtype=np.float64).reshape(n_channels, n_samples)


def test_a_source_is_recognised():
    assert isinstance(OnDisk(ramp()), SampleSource)


def test_a_record_knows_its_size():
    record = Record(source=ramp(2, 300), rate_hz=100.0)
    assert (record.n_channels, record.n_samples, record.duration_s) == (2, 300, 3.0)
    assert record.channels == ("ch0", "ch1")
    assert record.units == ("unknown", "unknown")


def test_without_a_rate_there_is_no_duration():
    assert Record(source=ramp()).duration_s is None


@pytest.mark.parametrize(("speed_rpm", "mean"), [(None, None), (1797.0, 1797.0), (np.arange(300.0), 149.5)])
def test_mean_speed(speed_rpm, mean):
    assert Record(source=ramp(), speed_rpm=speed_rpm).mean_speed_rpm == mean


@pytest.mark.parametrize("make", [np.asarray, OnDisk])
@given(
    n_samples=st.integers(0, 50),
    start=st.integers(-10, 70),
    stop=st.integers(-10, 70),
)
def test_a_stretch_is_cut_at_the_ends(make, n_samples, start, stop):
    samples = ramp(2, n_samples)
    kept = [i for i in range(n_samples) if start <= i < stop]
    np.testing.assert_array_equal(Record(source=make(samples)).read(start, stop), samples[:, kept])


@given(n_samples=st.integers(0, 200), block=st.integers(1, 250))
def test_blocks_are_the_whole(n_samples, block):
    samples = ramp(2, n_samples)
    blocks = list(Record(source=OnDisk(samples)).blocks(block))
    assert all(b.shape[1] == block for b in blocks[:-1])
    np.testing.assert_array_equal(np.concatenate([np.empty((2, 0)), *blocks], axis=1), samples)


@pytest.mark.parametrize("n_samples", [0, -1])
def test_blocks_of_no_samples_are_refused(n_samples):
    with pytest.raises(ParameterError, match=f"block.* at least 1 sample, got {n_samples}$"):
        list(Record(source=ramp()).blocks(n_samples))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_sample_that_is_no_number_is_refused_and_located(value):
    samples = ramp()
    samples[1, 77] = value
    record = Record(source=OnDisk(samples), channels=("DE", "FE"), origin="105.mat")
    with pytest.raises(RecordError, match=f"^105.mat: channel FE is {value} at sample 77; --nan interpolate"):
        record.read(70, 90)
    np.testing.assert_array_equal(record.read(78, 90), samples[:, 78:90])


def filled(row, *, start, stop):
    """The stretch with short gaps filled sample by sample, or None if a long one reaches into it."""
    n = len(row)
    out = []
    for i in range(start, stop):
        left = right = i
        while left >= 0 and not np.isfinite(row[left]):
            left -= 1
        while right < n and not np.isfinite(row[right]):
            right += 1
        if right - left - 1 > MAX_GAP_SAMPLES or (left < 0 and right == n):
            return None
        if left == right:
            out.append(row[i])
        elif left < 0 or right == n:
            out.append(row[right] if left < 0 else row[left])
        else:
            out.append(row[left] + (row[right] - row[left]) * (i - left) / (right - left))
    return out


gaps = st.lists(st.tuples(st.integers(0, 299), st.integers(1, MAX_GAP_SAMPLES + 6)), max_size=5)


@given(gaps=gaps, start=st.integers(0, 299), length=st.integers(1, 120), seed=st.integers(0, 9))
def test_short_gaps_are_filled_by_the_straight_line_whatever_the_stretch(gaps, start, length, seed):
    row = np.random.default_rng(seed).normal(size=300)
    for first, size in gaps:
        row[first : first + size] = np.nan
    record = Record(source=OnDisk(row[None]), nan="interpolate", origin="a.npy")
    stop = min(start + length, 300)
    expected = filled(row, start=start, stop=stop)
    if expected is None:
        with pytest.raises(RecordError, match=r"^a.npy, channel ch0: "):
            record.read(start, stop)
    else:
        np.testing.assert_allclose(record.read(start, stop)[0], expected, rtol=1e-12, atol=1e-12)


@given(
    gaps=st.lists(st.tuples(st.integers(0, 299), st.integers(1, 12)), max_size=4), block=st.integers(1, 99)
)
def test_gaps_across_block_borders_are_filled_as_in_the_whole(gaps, block):
    samples = np.sin(ramp(2, 300)).astype(np.float32)
    for first, size in gaps:
        samples[0, first : first + size] = np.inf
    record = Record(source=OnDisk(samples), nan="interpolate")
    np.testing.assert_array_equal(np.concatenate(list(record.blocks(block)), axis=1), record.samples)
    assert record.samples.dtype == np.float32


def test_filling_leaves_the_source_as_it_is():
    samples = ramp()
    samples[0, 5] = np.nan
    assert Record(source=samples, nan="interpolate").samples[0, 5] == 5.0
    assert np.isnan(samples[0, 5])


def test_a_long_gap_is_refused_and_located():
    samples = ramp()
    samples[1, 100 : 101 + MAX_GAP_SAMPLES] = np.nan
    record = Record(source=samples, nan="interpolate", origin="a.csv")
    with pytest.raises(
        RecordError, match="a.csv, channel ch1: more than 64 samples .* around sample 120; cut"
    ):
        record.read(120, 130)


def test_nothing_to_fill_from_is_refused():
    with pytest.raises(RecordError, match="a.csv, channel ch0: none of its 9 samples is finite"):
        _ = Record(source=np.full((1, 9), np.nan), nan="interpolate", origin="a.csv").samples


@pytest.mark.parametrize("make", [np.asarray, OnDisk])
def test_channels_are_selected_by_name_or_number_in_the_order_asked_for(make):
    record = Record(source=make(ramp(3, 9)), channels=("DE", "FE", "BA"), units=("g", "g", "m/s2"))
    chosen = record.select(["2", "DE"])
    assert (chosen.channels, chosen.units) == (("BA", "DE"), ("m/s2", "g"))
    np.testing.assert_array_equal(chosen.samples, ramp(3, 9)[[2, 0]])
    np.testing.assert_array_equal(chosen.select(["DE"]).read(2, 5), ramp(3, 9)[:1, 2:5])


def test_selecting_every_channel_in_order_is_the_record_itself():
    record = Record(source=ramp(), channels=("DE", "FE"))
    assert record.select(("DE", "FE")) is record


def test_the_name_of_a_channel_wins_over_its_number():
    assert Record(source=ramp(2, 3), channels=("1", "0")).select(["0"]).channels == ("0",)


@pytest.mark.parametrize("name", ["DX", "2", "-1", "²"])
def test_a_channel_that_is_not_there(name):
    record = Record(source=ramp(), channels=("DE", "FE"), origin="105.mat")
    with pytest.raises(ParameterError, match=f"^105.mat: no channel '{name}'; .*[Tt]here are: DE, FE$"):
        record.select([name])


@pytest.mark.parametrize(
    ("unit", "to", "factor"),
    [
        ("g", "m/s2", 9.80665),
        ("m/s2", "g", 1 / 9.80665),
        ("in/s", "mm/s", 25.4),
        ("mm/s", "m/s", 1e-3),
        ("mil", "um", 25.4),
        ("m", "mil", 1 / 2.54e-5),
        ("g", "g", 1.0),
    ],
)
def test_units_are_converted(unit, to, factor):
    record = Record(source=ramp(1, 5), units=(unit,)).to(to)
    assert record.units == (to,)
    np.testing.assert_allclose(record.samples, ramp(1, 5) * factor, rtol=1e-15)


def test_each_channel_is_converted_from_its_own_unit():
    record = Record(source=np.ones((2, 3)), units=("g", "m/s2")).to("m/s2")
    np.testing.assert_allclose(record.samples[:, 0], [9.80665, 1.0])


@pytest.mark.parametrize("unit", ["unknown", "mm/s", "V"])
def test_an_unknown_or_other_quantity_cannot_be_converted(unit):
    record = Record(source=ramp(1, 5), units=(unit,), origin="a.csv")
    with pytest.raises(
        RecordError, match=rf"^a.csv: channel ch0 is in '{unit}', .* 'm/s2' \(acceleration\)$"
    ):
        record.to("m/s2")


def test_a_unit_that_does_not_exist():
    with pytest.raises(ParameterError, match="unknown unit 'mm/s2'; did you mean"):
        Record(source=ramp()).to("mm/s2")


@pytest.mark.parametrize("shape", [(5,), (1, 2, 3)])
def test_samples_need_two_axes(shape):
    with pytest.raises(RecordError, match=r"^a.npy: samples must have shape \[channels, n\], got \["):
        Record(source=np.zeros(shape), origin="a.npy")


@pytest.mark.parametrize("dtype", ["int16", "complex128", "float16"])
def test_samples_in_memory_are_floating_numbers(dtype):
    with pytest.raises(RecordError, match=f"memory: samples are {dtype}, not float32 or float64; convert"):
        Record(source=np.zeros((1, 5), dtype))


@pytest.mark.parametrize("names", [{"channels": ("DE",)}, {"units": ("g", "g", "g")}])
def test_as_many_names_and_units_as_channels(names):
    with pytest.raises(RecordError, match="memory: 2 channels of samples but [12] names and [23] units"):
        Record(source=ramp(), **names)


@pytest.mark.parametrize("rate_hz", [0.0, -1.0, np.nan, np.inf])
def test_a_rate_is_positive(rate_hz):
    with pytest.raises(ParameterError, match=f"memory: rate_hz must be positive, got {rate_hz}"):
        Record(source=ramp(), rate_hz=rate_hz)


def test_a_speed_that_varies_has_one_value_a_sample():
    with pytest.raises(RecordError, match=r"memory: speed_rpm has shape \[299\] beside 300 samples"):
        Record(source=ramp(), speed_rpm=np.ones(299))


def test_a_changed_copy_is_checked_too():
    with pytest.raises(ParameterError, match="rate_hz must be positive, got 0"):
        replace(Record(source=ramp(), rate_hz=1.0), rate_hz=0.0)


def test_a_record_of_nothing_but_a_gap_is_refused_as_one():
    record = Record(source=np.full((1, 500), np.nan), nan="interpolate")
    with pytest.raises(RecordError, match="more than 64 samples in a row, .* around sample 200; cut"):
        record.read(200, 210)
