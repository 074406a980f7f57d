import numpy as np
import pytest
from scipy.signal import chirp

from faultdiag.errors import ParameterError
from faultdiag.views.scalogram import ScalogramView


def test_a_chirp_in_octaves_is_a_straight_line():
    n, rate_hz = 4096, 12000.0
    t = np.arange(n) / rate_hz
    x = chirp(t, 200, t[-1], 4000, method="logarithmic")[None, None]
    view = ScalogramView.fit(x, rate_hz=rate_hz)
    tensor = view(x)[0, ..., 0]
    assert tensor.shape == view.shape[:2]
    strongest = tensor.argmax(axis=0)[4:-4]
    at = np.arange(len(tensor[0]))[4:-4]
    slope, start = np.polyfit(at, strongest, 1)
    expected = view.per_octave * np.log2(4000 / 200) / len(tensor[0])
    assert slope == pytest.approx(expected, rel=0.05)
    assert np.abs(strongest - (slope * at + start)).max() < 2


def test_the_lowest_wavelet_must_fit_the_window():
    x = np.random.default_rng(0).standard_normal((2, 1, 512))
    assert ScalogramView.fit(x, rate_hz=1000.0, low_hz=50, per_octave=4, hop=64).shape == (13, 8, 1)
    with pytest.raises(ParameterError, match="low_hz must lie from 15.62 to below 450 Hz .* got 5"):
        ScalogramView.fit(x, rate_hz=1000.0, low_hz=5)
