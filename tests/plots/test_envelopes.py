"""What is marked in an envelope spectrum and in a kurtogram, and where."""

import numpy as np
import pytest

from faultdiag.plots.envelopes import (
    envelope_picture,
    evidence_map_picture,
    kurtogram_picture,
    modulation_picture,
)
from faultdiag.signal.bands import BandMap
from faultdiag.signal.kurtogram import fast_kurtogram

FREQ_HZ = np.arange(0, 501.0)


def line(fault, name, expected_hz, found_hz=None, level_db=3.0, sideband=0):
    return {
        "fault": fault,
        "name": name,
        "sideband": sideband,
        "expected_hz": expected_hz,
        "found_hz": found_hz,
        "level_db": level_db,
    }


LINES = [
    line("outer", "BPFO", 107.6),
    line("outer", "3×BPFO", 322.1, 323.0, 41.6),
    line("inner", "BPFI", 162.2, 161.0, 46.4),
    line("inner", "BPFI+shaft", 191.0, 191.0, 30.0, sideband=1),
    line("inner", "2×BPFI", 324.4, 323.0, 41.5),
    line("cage", "FTF", 11.9, 12.0, 18.0),
    line("shaft", "shaft", 30.0),
]


def picture(lines=LINES, **changes):
    amplitude = np.full(501, 1e-4)
    amplitude[[12, 161, 191, 323]] = 0.04, 0.16, 0.01, 0.09
    options = {"lines": lines, "to_hz": 400.0, "unit": "g"} | changes
    return envelope_picture(FREQ_HZ, amplitude, **options)


def markers(axes):
    """Places of the markers, filled and hollow, by colour."""
    found = {}
    for drawn in axes.lines[1:]:
        kind = "hollow" if drawn.get_markerfacecolor() == "white" else "filled"
        found.setdefault((drawn.get_marker(), kind), []).extend(drawn.get_xdata())
    return found


def test_the_root_of_the_squared_envelope_is_drawn_in_the_unit_of_the_signal():
    (axes,) = picture().axes
    curve = axes.lines[0]
    assert curve.get_ydata().max() == pytest.approx(0.4)
    assert axes.get_ylabel() == "root of the squared envelope, g"
    assert (axes.get_xlim(), axes.get_xlabel()) == ((0, 400), "frequency, Hz")


def test_markers_stand_on_the_found_lines_and_sidebands_are_hollow():
    (axes,) = picture().axes
    found = markers(axes)
    assert found["o", "filled"] == [323.0]
    assert found["s", "filled"] == [161.0, 323.0]
    assert found["s", "hollow"] == [191.0]
    assert found["D", "filled"] == [12.0]
    assert found["v", "filled"] == []
    (inner,) = [drawn for drawn in axes.lines[1:] if list(drawn.get_xdata()) == [161.0, 323.0]]
    np.testing.assert_allclose(inner.get_ydata(), [0.4, 0.3])


def test_dashes_stand_where_lines_are_expected():
    (axes,) = picture().axes
    expected = sorted(segment[0][0] for marks in axes.collections for segment in marks.get_segments())
    assert expected == [11.9, 30.0, 107.6, 162.2, 322.1, 324.4]


def test_each_peak_has_one_label_with_all_its_names_and_its_level():
    (axes,) = picture().axes
    assert [text.get_text() for text in axes.texts] == [
        "FTF  18 dB",
        "BPFI  46 dB",
        "3×BPFO, 2×BPFI  42 dB",
    ]
    assert [text.xy[0] for text in axes.texts] == [12.0, 161.0, 323.0]


def test_a_label_has_the_other_names_of_its_peak():
    twice = line("inner", "4×BPFI", 380.0, 381.0, 20.0) | {"also": ("6×BPFO",)}
    both = line("outer", "3×BPFO", 322.1, 323.0, 41.6) | {"also": ("2×BPFI",)}
    (axes,) = picture([twice, both, line("inner", "2×BPFI", 324.4, 323.0, 41.5)]).axes
    assert [text.get_text() for text in axes.texts] == ["3×BPFO, 2×BPFI  42 dB", "4×BPFI, 6×BPFO  20 dB"]


def test_labels_keep_their_distance_and_stay_inside():
    near = [line("inner", f"{k}", 380.0 + k, 380.0 + k, 20.0) for k in range(12)]
    (axes,) = picture(near).axes
    places = [text.xyann[0] for text in axes.texts]
    assert np.diff(places).min() >= 0.0319
    assert max(places) <= 1.0
    assert min(places) > 0.5


def test_lines_beyond_the_end_are_not_drawn():
    (axes,) = picture([*LINES, line("inner", "3×BPFI", 486.5, 486.0, 30.0)]).axes
    assert all("3×BPFI" not in text.get_text() for text in axes.texts)


def test_the_legend_names_the_faults_there_are():
    figure = picture()
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "BPFO, outer race",
        "BPFI, inner race",
        "FTF, cage",
        "shaft",
    ]
    assert not picture([]).legends


def test_over_angle_the_axis_is_in_orders():
    (axes,) = picture(shaft_hz=30.0, in_orders=True).axes
    assert axes.get_xlabel() == "order of the shaft"
    assert axes.get_xlim() == pytest.approx((0, 400 / 30))
    assert markers(axes)["s", "filled"] == pytest.approx([161 / 30, 323 / 30])


@pytest.fixture(scope="module")
def bands():
    rng = np.random.default_rng(0)
    t = np.arange(24000) / 12000
    knocks = np.exp(-600 * (t % 0.01)) * np.sin(2 * np.pi * 4200 * t)
    return fast_kurtogram(knocks + 0.05 * rng.standard_normal(24000), rate_hz=12000, n_levels=3)


def test_a_kurtogram_outlines_the_best_band_at_its_level(bands):
    low_hz, high_hz = bands.best_band_hz()
    axes, bar = kurtogram_picture(bands, band_hz=(low_hz, high_hz)).axes
    (image,) = axes.images
    np.testing.assert_array_equal(image.get_array(), bands.grid())
    assert image.get_extent() == [0, 6, 6, 0]
    (box,) = axes.patches
    assert (box.get_x(), box.get_x() + box.get_width()) == pytest.approx((low_hz / 1000, high_hz / 1000))
    widths = [width for width, _ in bands.levels()]
    assert widths[int(box.get_y())] == pytest.approx(high_hz - low_hz)
    assert box.get_height() == 1
    assert [tick.get_text() for tick in axes.get_yticklabels()] == [
        "6000",
        "3000",
        "2000",
        "1500",
        "1000",
        "750",
    ]
    assert widths == pytest.approx([6000, 3000, 2000, 1500, 1000, 750])
    assert f"kurtosis {bands.value.max():.3g}" in axes.get_title(loc="left")
    assert bar.get_ylabel() == "kurtosis, 0 for noise"


def test_widths_are_told_to_the_hertz():
    """A third of 6400 Hz is 2133.33 Hz; narrow ones keep their digits."""
    for top_hz, names in ((6400.0, ["6400", "2133"]), (10.0, ["10", "3.3"])):
        thirds = top_hz * np.arange(3) / 3
        bands = BandMap(np.append(0, thirds), np.append(top_hz, thirds + top_hz / 3), np.arange(4.0))
        axes, _ = evidence_map_picture(bands, band_hz=(0.0, top_hz)).axes
        assert [tick.get_text() for tick in axes.get_yticklabels()] == names


def test_a_band_of_ones_own_is_outlined_over_all_levels(bands):
    axes, _ = kurtogram_picture(bands, band_hz=(1200.0, 3100.0)).axes
    (box,) = axes.patches
    assert (box.get_x(), box.get_width(), box.get_y(), box.get_height()) == pytest.approx((1.2, 1.9, 0, 6))
    assert axes.get_title(loc="left") == "outlined: 1.2 to 3.1 kHz"


def test_a_modulation_is_drawn_in_percent_with_names_at_the_lines_that_were_found():
    modulation = np.full(501, 0.01)
    modulation[162] = 0.4
    lines = [line("inner", "BPFI", 162.2, 162.0, 28.4), line("inner", "2×BPFI", 324.4), line("shaft", "", 30)]
    figure = modulation_picture(FREQ_HZ, modulation, lines=lines, to_hz=350.0)
    (axes,) = figure.axes
    assert axes.lines[0].get_ydata().max() == pytest.approx(40)
    assert axes.get_xlim() == (0, 350)
    assert [(text.get_text(), text.xy[0]) for text in axes.texts] == [("BPFI\n28 dB", 162.0)]
    (marker,) = [drawn for drawn in axes.lines[1:] if len(drawn.get_xdata())]
    assert (marker.get_marker(), *marker.get_xydata()[0]) == ("s", 162.0, pytest.approx(40))
    expected = sorted(segment[0][0] for marks in axes.collections for segment in marks.get_segments())
    assert expected == [30.0, 162.2, 324.4]


def test_a_map_of_evidence_outlines_the_band_of_the_curve(bands):
    low_hz, high_hz = bands.best_band_hz()
    axes, bar = evidence_map_picture(bands, band_hz=(low_hz, high_hz)).axes
    (box,) = axes.patches
    assert (box.get_x(), box.get_width()) == pytest.approx((low_hz / 1000, (high_hz - low_hz) / 1000))
    assert f"evidence {bands.value.max():.3g}" in axes.get_title(loc="left")
    assert bar.get_ylabel() == "evidence"
