"""A tachometer channel becomes the speed of its record."""

import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.records import Record
from faultdiag.views.tacho import speed_from_tacho

RATE_HZ = 5000.0


def record(pulses_per_turn=1, cut=None, **changes):
    """Two seconds of 1200 to 1800 rpm; `cut` silences the tachometer for a while."""
    n = 10_000
    speed_rpm = np.linspace(1200, 1800, n)
    turns = np.cumsum(speed_rpm) / 60 / RATE_HZ
    tacho = 5.0 * ((turns * pulses_per_turn) % 1 < 0.3)
    if cut is not None:
        tacho[cut] = 0
    noise = np.random.default_rng(0).standard_normal(n)
    fields = {
        "source": np.stack([noise, tacho]),
        "rate_hz": RATE_HZ,
        "channels": ("housing", "key"),
        "units": ("g", "V"),
        "origin": "run-up.npz",
    }
    return Record(**(fields | changes)), speed_rpm


@pytest.mark.parametrize("pulses_per_turn", [1, 4])
def test_the_speed_is_that_of_the_shaft_at_each_sample(pulses_per_turn):
    given, speed_rpm = record(pulses_per_turn)
    found = speed_from_tacho(given, "key", pulses_per_turn=pulses_per_turn)
    # an edge is known to half a sample: 3 % of the way to the next of four pulses
    np.testing.assert_allclose(found.speed_rpm[500:-500], speed_rpm[500:-500], rtol=0.008 * pulses_per_turn)
    assert found.mean_speed_rpm == pytest.approx(1500, rel=2e-3)
    assert (found.channels, found.units) == (("housing",), ("g",))
    np.testing.assert_array_equal(found.samples[0], given.samples[0])


def test_a_channel_may_be_named_by_its_number():
    given, _ = record()
    assert speed_from_tacho(given, "1").channels == ("housing",)


def test_missing_pulses_are_said_with_file_channel_and_time():
    given, _ = record(cut=slice(5000, 5600))
    with pytest.raises(RecordError, match=r"^run-up.npz, channel key: the tachometer misses .* near 1\.0"):
        speed_from_tacho(given, "key")


def test_a_tachometer_alone_shows_nothing():
    given, _ = record()
    with pytest.raises(RecordError, match="run-up.npz: there is no channel beside the tachometer key"):
        speed_from_tacho(given.select(["key"]), "key")


def test_pulses_need_a_rate():
    given, _ = record(rate_hz=None)
    with pytest.raises(RecordError, match="run-up.npz: the sampling rate is unknown; say it with --rate"):
        speed_from_tacho(given, "key")


def test_a_channel_that_is_not_there_is_named():
    given, _ = record()
    with pytest.raises(ParameterError, match="no channel 'kye'; did you mean key"):
        speed_from_tacho(given, "kye")


def test_pulses_per_turn_are_counted():
    given, _ = record()
    with pytest.raises(ParameterError, match="pulses_per_turn must be a whole number of 1 or more, got 0"):
        speed_from_tacho(given, "key", pulses_per_turn=0)
