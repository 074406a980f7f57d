import json

import numpy as np
import pytest

from faultdiag.errors import ParameterError
from faultdiag.views.make import check_view_name, fit_view, restored_view
from faultdiag.views.raw import RawView

RATE_HZ = 12000.0


@pytest.fixture
def windows():
    return np.random.default_rng(0).standard_normal((4, 2, 1024)).astype(np.float32)


def test_one_name_is_that_view(windows):
    view = fit_view("raw", windows, rate_hz=None, options={})
    assert view == RawView(n_channels=2, length=1024)
    assert restored_view("raw", view.state()) == view


def test_several_stand_side_by_side_in_the_channels(windows):
    both = fit_view("raw+raw_prewhitened", windows, rate_hz=RATE_HZ, options={})
    assert both.shape == (1024, 4)
    assert not both.needs_speed
    made = both(windows, RATE_HZ)
    for name, part in (("raw", made[..., :2]), ("raw_prewhitened", made[..., 2:])):
        alone = fit_view(name, windows, rate_hz=RATE_HZ, options={})(windows, RATE_HZ)
        np.testing.assert_array_equal(part, alone)
    again = restored_view("raw+raw_prewhitened", json.loads(json.dumps(both.state())))
    np.testing.assert_array_equal(again(windows, RATE_HZ), made)


def test_each_takes_its_own_options_and_one_that_needs_the_speed_is_enough(windows):
    name = "envelope_spectrum+multiband_envelope"
    options = {"envelope_spectrum": {"prewhitened": True}, "multiband_envelope": {"n_bands": 3}}
    view = fit_view(name, windows, rate_hz=RATE_HZ, options=options)
    assert view.shape == (400, 2 + 6)
    assert view.needs_speed
    assert view.state()["envelope_spectrum"]["prewhitened"] is True


def test_views_that_cannot_stand_side_by_side_are_refused(windows):
    message = r"equally large: raw \[1024\], spectrum \[512\]"
    with pytest.raises(ParameterError, match=message):
        fit_view("raw+spectrum", windows, rate_hz=RATE_HZ, options={})
    with pytest.raises(ParameterError, match="such as view.options.raw.NAME=VALUE, got 'n_bands'"):
        fit_view("raw+raw_prewhitened", windows, rate_hz=RATE_HZ, options={"n_bands": 3})


def test_wrong_names_and_options_are_named(windows):
    check_view_name("raw+raw_prewhitened")
    with pytest.raises(ParameterError, match="unknown view 'rawish'"):
        check_view_name("raw+rawish")
    with pytest.raises(ParameterError, match=r"view 'raw\+raw': each view can stand in it once"):
        check_view_name("raw+raw")
    with pytest.raises(ParameterError, match="view 'stft'.*'frames'"):
        fit_view("stft", windows, rate_hz=RATE_HZ, options={"frames": 3})
