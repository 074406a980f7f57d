"""Pictures of the pages: nothing is left out, and what is drawn is what a view makes."""

import numpy as np
import pictures
import pytest
from matplotlib import rc_context, rcParams

from faultdiag.views.make import fit_view
from faultdiag.views.table import VIEWS

SIGNAL_VIEWS = [name for name in VIEWS if name != "image"]


def drawn(name):
    windows = np.stack([pictures.window_of("normal"), pictures.window_of("inner")])
    view = fit_view(name, windows, rate_hz=pictures.RATE_HZ, options={})
    tensors = view(windows, pictures.RATE_HZ, pictures.SPEED_RPM)
    _, axes = pictures.new_figure(1, 1, (4, 2))
    pictures.draw_view(axes, name, tensors[1], scale=tensors)
    return view, tensors[1], axes


def test_the_picture_shows_every_view_of_both_windows():
    titles = [axes.get_title() for axes in pictures.views_picture().axes]
    assert sorted(titles) == sorted(f"{n}: {what}" for n in SIGNAL_VIEWS for what in ("sound", "inner race"))


@pytest.mark.parametrize("name", ["raw", "envelope_spectrum"])
def test_a_row_of_numbers_is_a_line(name):
    _, tensor, axes = drawn(name)
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), tensor[:, 0])


@pytest.mark.parametrize("name", ["cyclic_map", "scalogram", "stft", "kurtogram"])
def test_a_tensor_of_rank_2_is_a_map(name):
    _, tensor, axes = drawn(name)
    np.testing.assert_array_equal(axes.images[0].get_array(), tensor[..., 0])


def test_bands_are_the_rows_of_a_map():
    _, tensor, axes = drawn("multiband_envelope")
    np.testing.assert_array_equal(axes.images[0].get_array(), tensor.T)


@pytest.mark.parametrize("name", list(pictures.AXES))
def test_axes_end_where_the_view_ends(name):
    view, _, _ = drawn(name)
    (label, last), upwards = pictures.AXES[name]
    state = view.state()
    if label == "order":
        assert last == pytest.approx(state["last"])
    if upwards is not None and upwards[0] in ("level", "wavelet"):
        assert upwards[1] == view.shape[0]


def test_windows_are_the_same_each_time_and_differ_by_their_fault():
    first, again, damaged = (pictures.window_of(fault) for fault in ("normal", "normal", "inner"))
    np.testing.assert_array_equal(first, again)
    assert first.shape == (1, pictures.LENGTH)
    assert np.abs(damaged).max() > 1.5 * np.abs(first).max()


def test_the_gallery_has_its_looks():
    with rc_context():
        pictures.gallery_style({}, "01_conditioning.py")
        assert rcParams["axes.prop_cycle"].by_key()["color"][0] == pictures.COLOURS["blue"]


def test_the_inspection_shows_an_inner_race_with_its_sidebands():
    (envelope,) = [picture for picture in pictures.inspection_pictures() if picture.name == "envelope"]
    assert "BPFI" in envelope.says
    (axes,) = envelope.figure.axes
    assert {"BPFI", "2×BPFI", "3×BPFI"} <= {
        name for text in axes.texts for name in text.get_text().partition("  ")[0].split(", ")
    }
    hollow = [line for line in axes.lines if line.get_markerfacecolor() == "white" and len(line.get_xdata())]
    assert [line.get_color() for line in hollow] == [pictures.COLOURS["vermilion"]]
