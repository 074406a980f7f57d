"""Preparation: the Run's channels, rate and low-pass, in blocks that are the whole."""

import tracemalloc

import numpy as np
import pytest
from scipy import signal as scipy_signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.records import Record
from faultdiag.views.preparation import Preparation


def record(n=5000, channels=("DE", "FE"), rate_hz=12_000.0, seed=0, **about):
    source = np.random.default_rng(seed).standard_normal((len(channels), n))
    return Record(source=source, channels=channels, rate_hz=rate_hz, origin="105.mat", **about)


def test_channels_are_taken_by_name_in_the_order_of_the_run():
    given = record(channels=("BA", "DE", "FE"), units=("m/s2", "g", "g"))
    prepared = Preparation(("FE", "DE"))(given)
    np.testing.assert_array_equal(prepared.source, given.source[[2, 1]].astype(np.float32))
    assert prepared.channels == ("FE", "DE")
    assert prepared.units == ("g", "g")
    assert Preparation(("FE", "DE")).warnings(record()) == [
        "trained without a known rate; the record's 12000 Hz are not used"
    ]


def test_as_many_channels_of_other_names_are_taken_by_position_and_that_is_said():
    given, preparation = record(channels=("ch0", "ch1")), Preparation(("DE", "FE"), 12_000)
    assert preparation.warnings(given) == ["channels taken by position: ch0 for DE, ch1 for FE"]
    prepared = preparation(given)
    assert prepared.channels == ("DE", "FE")
    np.testing.assert_array_equal(prepared.source, given.source.astype(np.float32))


@pytest.mark.parametrize("channels", [("DE",), ("DE", "BA"), ("BA", "FE"), ("a", "b", "c"), ("a",)])
def test_missing_channels_are_refused(channels):
    """One right name among others means that names count, so a wrong one is no position."""
    message = (
        rf"^105\.mat: has {len(channels)} channels \({', '.join(channels)}\), the network takes 2 "
        r"\(DE, FE\); choose with --channel$"
    )
    preparation = Preparation(("DE", "FE"), 12_000)
    assert preparation.warnings(record(channels=channels)) == []
    with pytest.raises(RecordError, match=message):
        preparation(record(channels=channels))


def test_a_record_as_it_should_be_needs_no_warning():
    assert Preparation(("DE", "FE"), 12_000).warnings(record()) == []
    assert Preparation(("DE", "FE"), 12_000).warnings(record(rate_hz=48_000)) == []


def test_an_unknown_rate_is_taken_to_be_the_right_one_and_that_is_said():
    given, preparation = record(rate_hz=None), Preparation(("DE", "FE"), 12_000)
    assert preparation.warnings(given) == [
        "the rate is not known and taken to be 12000 Hz (say it with --rate)"
    ]
    prepared = preparation(given)
    assert prepared.rate_hz == 12_000
    assert prepared.n_samples == preparation.n_samples(given) == 5000
    np.testing.assert_array_equal(prepared.source, given.source.astype(np.float32))


def test_a_slower_record_is_brought_up_and_what_it_lacks_is_said():
    given, preparation = record(rate_hz=8000), Preparation(("DE", "FE"), 12_000)
    (warning,) = preparation.warnings(given)
    assert warning == (
        "recorded at 8000 Hz: nothing above 4000 Hz can be seen, the network was trained at 12000 Hz"
    )
    assert preparation(given).n_samples == preparation.n_samples(given) == 7500


def test_without_a_rate_samples_pass_unchanged():
    for rate_hz in (None, 51_200.0):
        given = record(rate_hz=rate_hz)
        prepared = Preparation(("DE", "FE"))(given)
        np.testing.assert_array_equal(prepared.source, given.source.astype(np.float32))
        assert prepared.rate_hz == rate_hz
        assert prepared.source.dtype == np.float32
        assert Preparation(("DE", "FE")).n_samples(given) == 5000


def test_a_tone_keeps_its_frequency_at_the_new_rate():
    n, freq_hz = 96_000, 1234.0
    source = np.sin(2 * np.pi * freq_hz * np.arange(n) / 48_000)[None]
    given = Record(source=source, rate_hz=48_000, channels=("DE",))
    prepared = Preparation(("DE",), 12_000, (4500, 5000))(given)
    assert (prepared.rate_hz, prepared.n_samples) == (12_000, 24_000)
    expected = np.sin(2 * np.pi * freq_hz * np.arange(24_000) / 12_000)
    np.testing.assert_allclose(prepared.source[0, 500:-500], expected[500:-500], atol=1e-4)


def test_records_of_all_rates_lose_the_same_band():
    """White noise at 12 and at 48 kHz, prepared alike: neither has power above the stop edge."""
    for rate_hz in (12_000.0, 48_000.0):
        prepared = Preparation(("DE",), 12_000, (4500, 5000))(record(400_000, ("DE",), rate_hz))
        freq_hz, power = scipy_signal.welch(prepared.source[0].astype(float), fs=12_000, nperseg=1024)
        passed, stopped = power[(freq_hz > 100) & (freq_hz < 4400)], power[freq_hz > 5100]
        assert stopped.max() < 1e-8 * passed.mean()
        assert passed.std() < 0.15 * passed.mean()


@pytest.mark.parametrize("rate_hz", [12_000.0, 48_000.0, 10_000.0])
def test_joined_blocks_are_the_whole(rate_hz):
    given, preparation = record(300_000, rate_hz=rate_hz), Preparation(("DE", "FE"), 12_000, (4500, 5000))
    blocks = list(preparation.blocks(given))
    assert len(blocks) > 2
    assert {block.dtype for block in blocks} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(np.concatenate(blocks, axis=-1), preparation(given).source)
    assert preparation(given).n_samples == preparation.n_samples(given)


def test_what_is_known_stays_with_the_record():
    ramp = np.linspace(900, 1100, 5000)
    given = record(speed_rpm=ramp, label="inner", group="A", conditions={"load": 3}, nan="interpolate")
    prepared = Preparation(("DE", "FE"), 6000)(given)
    assert prepared.speed_rpm == pytest.approx(1000)
    assert (prepared.label, prepared.group, prepared.conditions) == ("inner", "A", {"load": 3})
    assert (prepared.origin, prepared.nan) == ("105.mat", "refuse")


def test_short_gaps_are_filled_first_where_the_record_says_so():
    given = record(nan="interpolate")
    given.source[0, 100:103] = np.nan
    assert np.isfinite(Preparation(("DE", "FE"), 12_000)(given).source).all()


def test_a_sample_that_is_not_finite_is_refused():
    given = record(300_000)
    given.source[1, 200_123] = np.nan
    with pytest.raises(RecordError, match=r"^105\.mat: channel FE is nan at sample 200123"):
        Preparation(("DE", "FE"), 12_000, (4500, 5000))(given)


@pytest.mark.parametrize("value", [0.0, 2.5, -7.0])
def test_a_constant_channel_is_refused_after_its_last_block(value):
    given = record(200_000)
    given.source[1] = value
    blocks = Preparation(("DE", "FE"), 12_000).blocks(given)
    assert next(blocks).shape == (2, 65_536)
    with pytest.raises(
        RecordError, match=rf"^105\.mat: channel FE is constant \({value:g}\); check the sensor"
    ):
        list(blocks)


def test_a_channel_that_moves_once_is_no_constant():
    given = record(200_000)
    given.source[1] = 0
    given.source[1, 150_000] = 1e-6
    assert Preparation(("DE", "FE"), 12_000)(given).n_samples == 200_000


def test_a_low_pass_needs_a_rate():
    with pytest.raises(ParameterError, match="a low-pass of 4500 to 5000 Hz needs the rate of the records"):
        Preparation(("DE",), None, (4500.0, 5000.0))


class Endless:
    """A tone that is computed when it is read: 50 million samples on no disk."""

    shape = (1, 50_000_000)

    def read(self, start, stop):
        return np.sin(np.arange(start, stop) * 0.1, dtype=np.float32)[None]


def test_an_hour_takes_no_more_memory_than_a_minute():
    given = Record(source=Endless(), rate_hz=48_000, channels=("DE",))
    preparation = Preparation(("DE",), 12_000, (4500, 5000))
    tracemalloc.start()
    try:
        n_samples = sum(block.shape[-1] for block in preparation.blocks(given))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert n_samples == preparation.n_samples(given) == 12_500_000
    assert peak < 3e6  # a dozen blocks; all samples are 200 MB, the prepared ones 50 MB


def test_samples_beyond_single_precision_are_refused_with_their_size():
    record = Record(source=np.array([[0.0, 1e300, -1.0]]), rate_hz=100.0, origin="huge.npy", channels=("DE",))
    with pytest.raises(RecordError, match=r"huge.npy: samples of 1e\+300 are no vibration"):
        list(Preparation(("DE",), 100.0).blocks(record))
