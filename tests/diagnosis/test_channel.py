import numpy as np
import pytest

from faultdiag.diagnosis.channel import channel_of, healthy_of
from faultdiag.diagnosis.shaft_speed import ShaftSpeed
from faultdiag.errors import RecordError
from faultdiag.records import Record

RATE_HZ = 8000.0


def noise(n_channels=1, *, n=80000, **options):
    x = np.random.default_rng(0).standard_normal((n_channels, n))
    return Record(source=x, rate_hz=RATE_HZ, origin="pump.npy", **options)


def test_a_steady_channel_is_left_as_it_is():
    record = noise(2, speed_rpm=1500.0, units=("g", "mm/s"))
    channel = channel_of(record, "ch1", speed_rpm=None, reference=None)
    assert channel.x is record.samples[1] or np.array_equal(channel.x, record.samples[1])
    assert (channel.rate_hz, channel.said_rpm, channel.unit) == (RATE_HZ, 1500.0, "mm/s")
    assert channel_of(record, "ch0", speed_rpm=900.0, reference=None).said_rpm == 900.0


def test_a_run_up_is_taken_evenly_over_the_angle():
    t = np.arange(80000) / RATE_HZ
    speed_rpm = 1200 + 60 * t
    turns = (1200 * t + 30 * t**2) / 60
    record = Record(
        source=np.cos(2 * np.pi * 5 * turns)[None], rate_hz=RATE_HZ, speed_rpm=speed_rpm, origin="run-up"
    )
    channel = channel_of(record, "ch0", speed_rpm=None, reference=None)
    assert channel.said_rpm == pytest.approx(1500, rel=1e-3)
    spectrum = np.abs(np.fft.rfft(channel.x * np.hanning(len(channel.x))))
    peak_hz = spectrum.argmax() * channel.rate_hz / len(channel.x)
    assert peak_hz == pytest.approx(5 * 25, rel=1e-2)
    assert np.sum(spectrum > 0.1 * spectrum.max()) <= 5  # one line, not a smear over 50 Hz


def test_the_reference_has_its_own_rate_and_speed():
    record = noise(2, speed_rpm=1500.0)
    other = noise(2, n=40000, speed_rpm=1480.0)
    healthy = channel_of(record, "ch1", speed_rpm=None, reference=other).reference
    assert np.array_equal(healthy.x, other.samples[1])
    assert (healthy.rate_hz, healthy.said_rpm) == (RATE_HZ, 1480.0)
    assert (healthy.measured, healthy.assumed) == (False, False)
    unsaid = healthy_of(noise(), "ch0", said_rpm=1500.0)
    assert (unsaid.said_rpm, unsaid.assumed) == (1500.0, True)


def test_a_measured_speed_is_not_looked_for():
    t = np.arange(60000) / RATE_HZ
    x = sum(np.cos(2 * np.pi * k * 26.0 * t) for k in range(1, 8))  # of a machine beside this one
    record = Record(source=x[None], rate_hz=RATE_HZ, speed_rpm=np.full(len(t), 1500.0))
    measured = channel_of(record, "ch0", speed_rpm=None, reference=None)
    assert measured.shaft == ShaftSpeed(1500.0, "measured", 0.0)
    said = channel_of(record, "ch0", speed_rpm=1500.0, reference=None)
    assert said.shaft.speed_rpm == pytest.approx(26 * 60, rel=1e-3)


def test_a_single_channel_may_have_another_name():
    single = noise(channels=("housing",), speed_rpm=1500.0)
    other = noise(channels=("case",))
    assert channel_of(single, "housing", speed_rpm=None, reference=other).reference is not None
    among = noise(2, channels=("case", "housing"))
    healthy = channel_of(single, "housing", speed_rpm=None, reference=among).reference
    assert np.array_equal(healthy.x, among.samples[1])
    with pytest.raises(RecordError, match="the reference must have channel housing, it has case"):
        healthy_of(other, "housing", said_rpm=1500.0)


def test_dead_channels_are_refused():
    record = Record(source=np.full((1, 1000), 2.0), rate_hz=RATE_HZ, origin="pump.npy")
    with pytest.raises(RecordError, match=r"channel ch0 is constant \(2\)"):
        channel_of(record, "ch0", speed_rpm=1500.0, reference=None)


def test_without_a_speed_there_is_no_shaft():
    channel = channel_of(noise(), "ch0", speed_rpm=None, reference=None)
    with pytest.raises(RecordError, match="the speed of the shaft is unknown"):
        _ = channel.shaft
