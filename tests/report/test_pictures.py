"""Every picture of an inspection shows its values, and says in a sentence what it shows."""

from dataclasses import replace

import numpy as np
import pytest

from faultdiag.records import Record
from faultdiag.report.inspection import inspect
from faultdiag.report.pictures import channel_pictures

NAMES = ["envelope", "kurtogram", "waveform", "spectrum", "spectrogram"]


def pictures_of(record, **options):
    found = inspect(record, **options)
    channel = found.channels[0]
    return found, channel, {picture.name: picture for picture in channel_pictures(found, channel)}


@pytest.fixture(scope="module")
def steady(inner):
    return pictures_of(inner, bearing="6205")


@pytest.fixture(scope="module")
def varying(run_up):
    return pictures_of(run_up, bearing="6205", tacho="key", pulses_per_turn=2)


def test_a_steady_record_has_five_pictures_and_a_varying_one_a_map_of_orders(steady, varying):
    assert list(steady[2]) == NAMES
    assert list(varying[2]) == [*NAMES, "order_map"]
    for *_, pictures in (steady, varying):
        assert all(picture.title and picture.says.endswith(".") for picture in pictures.values())


def test_the_envelope_is_marked_at_the_lines_that_were_found(steady):
    _, channel, pictures = steady
    (axes,) = pictures["envelope"].figure.axes
    shown = sorted({float(x) for line in axes.lines[1:] for x in line.get_xdata()})
    assert shown == sorted({line.found_hz for line in channel.lines if line.found_hz is not None})
    assert f"{channel.found()[0].name} {channel.found()[0].level_db:.0f} dB" in pictures["envelope"].says


def test_over_angle_the_envelope_has_an_axis_of_orders(varying):
    _, _, pictures = varying
    (axes,) = pictures["envelope"].figure.axes
    assert axes.get_xlabel() == "order of the shaft"
    (outer,) = [line for line in axes.lines[1:] if line.get_marker() == "o" and len(line.get_xdata())]
    assert outer.get_xdata()[:3] == pytest.approx([3.585, 7.17, 10.755], rel=2e-3)


def test_a_record_without_a_speed_has_no_marks(inner):
    _, _, pictures = pictures_of(replace(inner, speed_rpm=None))
    (axes,) = pictures["envelope"].figure.axes
    assert len(axes.lines) == 1
    assert "line" not in pictures["envelope"].says
    assert "0.1 s around" in pictures["waveform"].says


def test_noise_says_that_nothing_stands_out(inner):
    noise = np.random.default_rng(3).standard_normal((1, 48000))
    _, channel, pictures = pictures_of(replace(inner.select(["DE"]), source=noise), bearing="6205")
    assert channel.found() == []
    assert "No line stands out." in pictures["envelope"].says


def test_the_closer_look_at_the_waveform_is_six_turns_around_the_largest_peak(steady):
    _, channel, pictures = steady
    _, near = pictures["waveform"].figure.axes
    (line,) = near.lines
    assert len(line.get_xdata()) == round(6 / 30 * 12000)
    assert np.abs(line.get_ydata()).max() == np.abs(channel.samples).max()


def test_the_spectrum_has_the_band_and_the_shaft_marked(steady, varying):
    _, channel, pictures = steady
    whole, low = pictures["spectrum"].figure.axes
    (band,) = whole.patches
    assert (band.get_x(), band.get_x() + band.get_width()) == pytest.approx(channel.band_hz)
    assert low.get_xlim()[1] == pytest.approx(12 * 30)
    assert low.collections
    assert not varying[2]["spectrum"].figure.axes[1].collections


def test_the_kurtogram_says_where_its_band_comes_from(inner, steady):
    assert "which pulses most" in steady[2]["kurtogram"].says
    assert "asked for" in pictures_of(inner, band_hz=(2500, 3500))[2]["kurtogram"].says


@pytest.mark.parametrize("rate_hz", [100.0, 48000.0, 1e6])
@pytest.mark.parametrize("speed_rpm", [2.0, 1800.0, 90_000.0])
def test_short_records_of_any_speed_can_be_drawn(rate_hz, speed_rpm):
    noise = np.random.default_rng(0).standard_normal((1, 1024))
    record = Record(source=noise, rate_hz=rate_hz, speed_rpm=speed_rpm)
    assert len(pictures_of(record, bearing="6205")[2]) == 5
    band_hz = (0.2 * rate_hz, 0.201 * rate_hz)
    assert len(pictures_of(record, bearing="6205", band_hz=band_hz)[2]) == 5


def test_maps_cover_the_record_in_few_frames(steady, varying):
    image = steady[2]["spectrogram"].figure.axes[0].images[0]
    assert image.get_array().shape[1] <= 1000
    left, right, _, top = image.get_extent()
    assert (left, right) == pytest.approx((0, 4), abs=0.1)
    assert top == pytest.approx(6, abs=0.1)
    speed, orders, _ = varying[2]["order_map"].figure.axes
    assert speed.lines[0].get_ydata()[[0, -1]] == pytest.approx([1000, 1900], rel=0.05)
    assert orders.get_ylim()[1] == pytest.approx(32, abs=0.2)
