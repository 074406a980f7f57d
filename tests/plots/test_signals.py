"""Pictures of signals show the numbers that they were given, in the places where these belong."""

from xml.etree import ElementTree

import numpy as np
import pytest

from faultdiag.plots.pictures import save_picture
from faultdiag.plots.signals import (
    order_map_picture,
    spectrogram_picture,
    spectrum_picture,
    thinned,
    waveform_picture,
)

FREQ_HZ = np.arange(0, 6001.0)


def spectrum(**changes):
    amplitude = np.where(FREQ_HZ == 3000, 2.0, 1e-3)
    options = {"unit": "g", "low_hz": 360.0, "band_hz": (2000, 4000), "shaft_hz": 30.0} | changes
    return spectrum_picture(FREQ_HZ, amplitude, **options)


def waveform(unit="g"):
    extremes = np.stack([-np.arange(1.0, 11), np.arange(1.0, 11)])
    closer = np.sin(np.arange(200))
    return waveform_picture(
        extremes, duration_s=5.0, closer=closer, closer_from_s=2.0, rate_hz=1000.0, unit=unit
    )


def test_a_waveform_reaches_every_extreme_over_the_whole_time():
    whole = waveform().axes[0]
    (area,) = whole.collections
    low, high = area.get_paths()[0].get_extents().get_points()
    assert low.tolist() == [0, -10]
    assert high.tolist() == [5, 10]
    assert whole.get_xlim() == (0, 5)


def test_a_closer_look_has_every_sample_at_its_time_and_is_shaded_above():
    whole, near = waveform().axes
    (line,) = near.lines
    np.testing.assert_allclose(line.get_xdata(), 2 + np.arange(200) / 1000)
    np.testing.assert_array_equal(line.get_ydata(), np.sin(np.arange(200)))
    (shade,) = whole.patches
    assert (shade.get_x(), shade.get_x() + shade.get_width()) == pytest.approx((2.0, 2.199))


@pytest.mark.parametrize(("unit", "said"), [("g", "amplitude, g"), ("unknown", "amplitude, unit unknown")])
def test_the_unit_stands_at_the_axis(unit, said):
    for figure in (waveform(unit), spectrum(unit=unit)):
        assert [axes.get_ylabel() for axes in figure.axes] == [said, said]


def test_a_spectrum_is_logarithmic_and_keeps_its_line():
    whole, low = spectrum().axes
    assert whole.get_yscale() == low.get_yscale() == "log"
    (line,) = whole.lines
    at = np.argmax(line.get_ydata())
    assert (line.get_xdata()[at], line.get_ydata()[at]) == (3000, 2.0)
    assert whole.get_ylim()[1] > 2.0
    assert low.get_xlim() == (0, 360)


def test_a_spectrum_shades_the_band_and_marks_the_multiples_of_the_shaft():
    whole, low = spectrum().axes
    (band,) = whole.patches
    assert (band.get_x(), band.get_width()) == (2000, 2000)
    (marks,) = low.collections
    assert [segment[0][0] for segment in marks.get_segments()] == [30.0 * k for k in range(1, 13)]


def test_marks_that_would_hide_the_curve_are_left_out():
    assert not spectrum(shaft_hz=1.0).axes[1].collections


def test_without_band_and_speed_nothing_is_marked():
    whole, low = spectrum(band_hz=None, shaft_hz=None).axes
    assert not whole.patches
    assert not low.collections


def test_a_silent_spectrum_can_be_drawn():
    figure = spectrum_picture(FREQ_HZ, np.full(6001, 1e-9), unit="g", low_hz=100.0)
    assert figure.axes[0].get_ylim()[0] > 0


def test_a_spectrogram_is_in_db_below_its_largest_value_in_its_place():
    time_s, freq_hz = np.arange(0.5, 10), np.arange(0, 6001, 100.0)
    amplitude = np.full((61, 10), 1e-9)
    amplitude[30, 4] = 0.5
    figure = spectrogram_picture(time_s, freq_hz, amplitude, unit="m/s2")
    axes, bar = figure.axes
    (image,) = axes.images
    level = image.get_array()
    assert (level[30, 4], level.min()) == (0, -60)
    assert image.get_extent() == pytest.approx((0, 10, -0.05, 6.05))
    assert bar.get_ylabel() == "level, dB below 0.5 m/s2"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("time, s", "frequency, kHz")
    assert axes.get_ylim()[0] == 0


def test_an_order_map_stands_below_the_speed():
    time_s, order = np.arange(0.5, 10), np.arange(0.125, 8, 0.125)
    figure = order_map_picture(
        time_s, np.linspace(900, 1800, 10), order, np.ones((len(order), 10)), unit="unknown"
    )
    above, below, bar = figure.axes
    (speed,) = above.lines
    np.testing.assert_array_equal(speed.get_ydata(), np.linspace(900, 1800, 10))
    assert below.get_xlim() == above.get_xlim()
    assert below.get_ylabel() == "order of the shaft"
    assert bar.get_ylabel() == "level, dB below 1"


def test_a_single_frame_is_a_map_too():
    figure = spectrogram_picture(np.array([0.5]), np.arange(0, 101.0), np.ones((101, 1)), unit="g")
    assert figure.axes[0].images[0].get_extent()[:2] == [0.0, 1.0]


@pytest.mark.parametrize("n", [100, 4000, 123_457])
def test_a_thinned_curve_keeps_every_peak_and_dip_in_order(n):
    y = np.random.default_rng(0).standard_normal(n)
    y[n // 3], y[-1] = 99, -99
    x = np.arange(n)
    kept_x, kept_y = thinned(x, y)
    assert len(kept_x) <= 4300
    assert np.all(np.diff(kept_x) > 0)
    assert (kept_y.max(), kept_x[kept_y.argmax()]) == (99, n // 3)
    assert (kept_y.min(), kept_x[kept_y.argmin()]) == (-99, n - 1)
    np.testing.assert_array_equal(kept_y, y[kept_x])


def test_a_short_curve_is_not_thinned():
    x = np.arange(1000.0)
    assert thinned(x, x)[0] is x


def test_a_constant_stretch_does_not_go_back():
    x = np.arange(100)
    kept, _ = thinned(x, np.zeros(100), n_points=20)
    assert np.all(np.diff(kept) >= 0)


def test_pictures_are_written_in_the_format_of_their_ending(tmp_path):
    figure = spectrum()
    for ending in ("png", "svg"):
        save_picture(figure, tmp_path / f"spectrum.{ending}")
    assert (tmp_path / "spectrum.png").read_bytes().startswith(b"\x89PNG")
    assert ElementTree.parse(tmp_path / "spectrum.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
