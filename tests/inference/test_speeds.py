"""The speed of each window, said or told by a tachometer, and what it does to an answer."""

from dataclasses import replace

import numpy as np
import pytest

from faultdiag.errors import ParameterError
from faultdiag.inference.predict import predict
from faultdiag.inference.run import Run
from faultdiag.inference.speeds import WindowSpeeds, speeds_of
from faultdiag.records import Record
from faultdiag.views.envelope_spectrum import EnvelopeSpectrumView


def record(speed_rpm, n=1000, rate_hz=100.0):
    return Record(source=np.zeros((1, n), np.float32), rate_hz=rate_hz, speed_rpm=speed_rpm)


def test_one_speed_or_none_is_handed_on():
    assert speeds_of(record(1800.0), rate_hz=None, window=10, hop=5) == 1800
    assert speeds_of(record(None), rate_hz=None, window=10, hop=5) is None


def test_each_window_has_the_mean_speed_of_its_stretch():
    speed = np.linspace(600, 1600, 1000)
    speeds = speeds_of(record(speed), rate_hz=100.0, window=64, hop=32)
    assert isinstance(speeds, WindowSpeeds)
    expected = [speed[32 * k : 32 * k + 64].mean() for k in range(5, 15)]
    np.testing.assert_allclose(speeds.of(5, 10), expected)
    np.testing.assert_allclose(np.concatenate([speeds.of(0, 7), speeds.of(7, 3)]), speeds.of(0, 10))


def test_windows_at_another_rate_lie_where_their_time_is():
    speed = np.linspace(600, 1600, 1000)  # 10 s at 100 Hz
    speeds = speeds_of(record(speed), rate_hz=250.0, window=250, hop=500)  # 1 s each, every 2 s
    expected = [speed[200 * k : 200 * k + 100].mean() for k in range(5)]
    np.testing.assert_allclose(speeds.of(0, 5), expected, rtol=1e-6)


def test_a_window_that_reaches_over_the_end_has_the_last_speed():
    speeds = speeds_of(record(np.full(1000, 900.0)), rate_hz=99.99, window=2000, hop=1000)
    np.testing.assert_allclose(speeds.of(0, 2), 900)
    assert speeds.of(0, 2)[1] == pytest.approx(900)


# what speeds do to an answer


@pytest.fixture
def in_orders(tone_run):
    """A Run whose view is in orders of the shaft: its network says which third of the orders is strongest."""
    import keras

    data = tone_run.document.data.model_copy(update={"window": 4000, "test_hop": 4000})
    view = EnvelopeSpectrumView.fit(np.zeros((1, 1, 4000)), rate_hz=12000.0, last=12.0)
    state = {"name": "envelope_spectrum", "state": view.state()}
    document = tone_run.document.model_copy(update={"data": data, "view": state, "calibration": {}})
    inputs = keras.Input(view.shape)
    return Run(tone_run.folder, document, keras.Model(inputs, keras.layers.MaxPooling1D(80)(inputs)[..., 0]))


@pytest.mark.keras
def test_in_orders_the_speed_decides(in_orders, pulsing):
    x = pulsing(6, 1800)
    (answer,) = predict(x, run=in_orders, rate_hz=12000, speed_rpm=1800)
    assert (answer.status, answer.label) == ("ok", in_orders.classes[1])
    (answer,) = predict(x, run=in_orders, rate_hz=12000, speed_rpm=1100)  # read at that speed: order 9.8
    assert answer.label == in_orders.classes[2]
    assert [a.label for a in in_orders.stream([x], rate_hz=12000, speed_rpm=1800)] == [in_orders.classes[1]]


def ramp_with_tacho(n=36000, rate_hz=12000.0):
    """A pulse at order 7 of a shaft that runs up from 1200 to 2400 rpm, and a pulse a turn."""
    speed_hz = np.linspace(20, 40, n)
    turns = np.cumsum(speed_hz) / rate_hz
    pulse = 1 + np.cos(2 * np.pi * 7 * turns)
    vibration = pulse * np.random.default_rng(0).standard_normal(n)
    tacho = (turns % 1 < 0.1).astype(float)
    return np.stack([vibration, tacho]).astype(np.float32)


@pytest.mark.keras
def test_a_tachometer_tells_the_speed_of_each_window(in_orders):
    both = ramp_with_tacho()
    (answer,) = predict(both, run=in_orders, rate_hz=12000, tacho="1", trace=True)
    assert (answer.status, answer.windows) == ("ok", 9)
    assert (answer.trace.argmax(axis=1) == 1).all()
    # at one mean speed the lines of the first and last windows lie elsewhere
    (one,) = predict(both[0], run=in_orders, rate_hz=12000, speed_rpm=1800, trace=True)
    assert not (one.trace.argmax(axis=1) == 1).all()
    named = Record(source=both, rate_hz=12000.0, channels=("vibration", "tacho"))
    (again,) = predict([named], run=in_orders, tacho="tacho", channel="vibration")
    assert again.probabilities == answer.probabilities


@pytest.mark.keras
def test_a_tachometer_that_misses_pulses_is_an_error_of_its_signal(in_orders):
    both = ramp_with_tacho()
    both[1, 15000:17000] = 0
    (answer,) = predict(both, run=in_orders, rate_hz=12000, tacho="1")
    assert answer.status == "error"
    assert "channel ch1" in answer.error
    assert "the tachometer misses 4 pulses, the first near 1.2" in answer.error


@pytest.mark.keras
def test_a_speed_beside_a_tachometer_is_refused(in_orders, image_run):
    both = ramp_with_tacho()
    with pytest.raises(ParameterError, match="speed_rpm 1800: the tachometer tells the speed"):
        predict(both, run=in_orders, rate_hz=12000, tacho="1", speed_rpm=1800)
    with pytest.raises(ParameterError, match="rows are signals: none of them can be the tachometer"):
        predict(both, run=in_orders, rate_hz=12000, tacho="1", rows="signals")
    with pytest.raises(ParameterError, match="tacho '1': this Run takes images"):
        predict(np.zeros((1, 8, 8, 3), np.uint8), run=image_run, tacho="1")


@pytest.mark.keras
def test_in_orders_nothing_is_said_without_a_speed(in_orders, pulsing):
    known = Record(source=pulsing(6, 1800)[None], rate_hz=12000.0, speed_rpm=1800.0)
    unknown = replace(known, speed_rpm=None)
    answers = predict([known, unknown], run=in_orders)
    assert [a.status for a in answers] == ["ok", "undetermined"]
    assert answers[1].label is None
    assert "speed unknown: the view envelope_spectrum is in orders" in answers[1].warnings[0]
    with pytest.raises(
        ParameterError, match="view 'envelope_spectrum' is in orders of the shaft: give speed_rpm"
    ):
        in_orders.stream([known.samples], rate_hz=12000)


@pytest.mark.keras
def test_a_given_speed_that_contradicts_the_record_is_said(tone_run, tone_of):
    given = Record(source=tone_of("inner")[None], rate_hz=12000.0, speed_rpm=1797.0, origin="97.mat")
    assert predict(given, run=tone_run, speed_rpm=1800.0)[0].warnings == []
    (answer,) = predict(given, run=tone_run, speed_rpm=1700.0)
    assert answer.warnings == ["97.mat: the file says 1797 rpm, the given 1700 rpm is used"]


@pytest.mark.keras
@pytest.mark.parametrize("speed_rpm", [0.0, -5.0, np.inf, np.nan])
def test_a_speed_is_positive(tone_run, tone_of, speed_rpm):
    with pytest.raises(ParameterError, match=f"speed_rpm must be positive and finite, got {speed_rpm}"):
        predict(tone_of("inner"), run=tone_run, speed_rpm=speed_rpm)
