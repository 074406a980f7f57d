"""What is marked in the pictures of a diagnosis, and what they say."""

from dataclasses import replace

import numpy as np
import pytest

from faultdiag.diagnosis.diagnosis import Diagnosis, Evidence
from faultdiag.diagnosis.trace import Trace, TurnTrace
from faultdiag.report.diagnosis_pictures import bands_of, spectrum_of, turn_of
from faultdiag.signal.bands import BandMap

LEVELS_DB = (30.0, 12.0, 8.9, -3.0)

ANSWER = Diagnosis(
    "pump.csv",
    "x",
    label="outer",
    speed_rpm=1800.0,
    evidence=(
        *(
            Evidence("outer", k, 107.5 * k, 107.0 * k, level_db, "")
            for k, level_db in enumerate(LEVELS_DB, 1)
        ),
        Evidence("inner", 1, 162.0, 162.5, 40.0, ""),
    ),
)


@pytest.fixture(scope="module")
def trace():
    freq_hz = 0.5 * np.arange(1200)
    modulation = np.full(1200, 0.01)
    modulation[[214, 428]] = 0.3, 0.1
    edges_hz = np.array([0.0, 0.0, 3000.0]), np.array([6000.0, 3000.0, 6000.0])
    return Trace(
        "outer", freq_hz, modulation, BandMap(*edges_hz, np.array([5.0, 2.0, 40.0])), (3000.0, 6000.0)
    )


def test_markers_and_names_stand_where_lines_stand_out(trace):
    (axes,) = spectrum_of(ANSWER, trace).figure.axes
    assert [text.get_text() for text in axes.texts] == ["BPFO\n30 dB", "2×BPFO\n12 dB"]
    (markers,) = [drawn for drawn in axes.lines[1:] if len(drawn.get_xdata())]
    np.testing.assert_allclose(markers.get_xydata(), [[107, 30], [214, 10]])


def test_dashes_stand_where_the_fault_and_the_shaft_have_lines(trace):
    (axes,) = spectrum_of(ANSWER, trace).figure.axes
    fault, shaft = (sorted(s[0][0] for s in marks.get_segments()) for marks in axes.collections)
    assert fault == [107.5, 215.0, 322.5, 430.0]
    assert shaft == [30.0 * k for k in range(1, 16)]
    assert axes.get_xlim() == (0, pytest.approx(1.1 * 430))


def test_the_picture_ends_where_the_curve_does(trace):
    short = replace(trace, freq_hz=trace.freq_hz[:900], modulation=trace.modulation[:900])
    (axes,) = spectrum_of(ANSWER, short).figure.axes
    assert axes.get_xlim() == (0, 449.5)


def test_pictures_say_what_they_show(trace):
    spectrum, bands = spectrum_of(ANSWER, trace), bands_of(ANSWER, trace)
    assert spectrum.title == "Envelope spectrum, outer race"
    assert spectrum.says.startswith("How often the vibration from 3 to 6 kHz swells")
    assert "while the text counts all frequencies together" in spectrum.says
    assert "lines of a damaged outer race" in spectrum.says
    assert "multiples of the shaft, which do not count" in spectrum.says
    assert bands.title == "Evidence by band, outer race"
    assert bands.figure.axes[0].get_title(loc="left") == "outlined: 3 to 6 kHz, evidence 40"


def test_the_band_is_that_of_the_curve_even_if_another_shows_more(trace):
    weaker = replace(trace, band_hz=(0.0, 3000.0))
    assert "from 0 to 3 kHz" in spectrum_of(ANSWER, weaker).says
    axes, _ = bands_of(ANSWER, weaker).figure.axes
    assert axes.get_title(loc="left") == "outlined: 0 to 3 kHz, evidence 2"


def test_lines_without_a_name_are_called_by_their_frequency(trace):
    lines = (
        Evidence("family 1", 1, 53.0, 53.0, 30.0, ""),
        Evidence("family 2", 1, 107.0, 107.0, 30.0, ""),
        Evidence("family 2", 2, 214.0, 214.2, 12.0, ""),
        Evidence("family 2", 3, 321.0, 320.0, 3.0, ""),
    )
    answer = Diagnosis("pump.csv", "x", status="undetermined", evidence=lines)
    family = replace(trace, hypothesis="family 2")
    spectrum, bands = spectrum_of(answer, family), bands_of(answer, family)
    assert spectrum.title == "Envelope spectrum, 107.0 Hz"
    assert bands.title == "Evidence by band, 107.0 Hz"
    assert "multiples of 107.0 Hz, with a marker" in spectrum.says
    assert "shaft" not in spectrum.says  # whose speed nobody knows
    (axes,) = spectrum.figure.axes
    assert [text.get_text() for text in axes.texts] == ["107.0 Hz\n30 dB", "214.2 Hz\n12 dB"]
    (dashes,) = axes.collections
    assert [segment[0][0] for segment in dashes.get_segments()] == [107.0, 214.0, 321.0]


def test_a_turn_says_of_which_shaft_it_is_and_what_a_damaged_tooth_does():
    alone = TurnTrace("the input shaft", 29.512, False, np.ones(64))
    picture = turn_of(alone)
    assert picture.title == "Power over a turn of the input shaft"
    assert picture.says.startswith("Power of the vibration at each angle of the input shaft, in the band")
    assert "It turns 29.5 times a second. A damaged tooth makes one short peak." in picture.says
    assert "reference" not in picture.says
    compared = turn_of(replace(alone, repeats=True, healthy=np.ones(64)))
    assert compared.says.startswith("Power of what repeats with every turn of the input shaft, at each")
    assert "a damaged one a single high one" in compared.says
    assert compared.says.endswith("The reference is turned to where it fits best.")
    assert [len(one.figure.axes[0].lines) for one in (picture, compared)] == [1, 2]
