import numpy as np
import pytest

from faultdiag.errors import ParameterError
from faultdiag.signal.kurtogram import fast_kurtogram
from faultdiag.views.kurtogram import KurtogramView


def test_it_is_the_kurtogram_of_each_channel():
    x = np.random.default_rng(0).standard_t(4, (3, 2, 2048))
    view = KurtogramView.fit(x, rate_hz=12000.0)
    assert (view.n_levels, view.shape) == (4, (8, 48, 2))
    kurtosis = np.moveaxis(fast_kurtogram(x, rate_hz=12000.0, n_levels=4).grid(), 1, -1)
    tensors = view(x)
    np.testing.assert_allclose(np.sign(tensors) * tensors**2, kurtosis, atol=1e-4)


def test_deeper_than_the_window_is_refused():
    x = np.random.default_rng(0).standard_normal((3, 2, 512))
    with pytest.raises(ParameterError, match="view 'kurtogram': n_levels must lie from 1 to 2, got 3"):
        KurtogramView.fit(x, rate_hz=12000.0, n_levels=3)
