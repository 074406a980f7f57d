import numpy as np
import pytest

from faultdiag.views.spectrum import LogSpectrumView, SpectrumView

N = 1000


def tones(*pairs):
    t = np.arange(N)
    return sum(a * np.sin(2 * np.pi * k * t / N) for k, a in pairs)[None, None]


def test_lines_stand_at_their_frequencies_in_the_ratio_of_their_amplitudes():
    x = tones((100, 2.0), (303, 1.0))
    tensor = SpectrumView.fit(x, rate_hz=5000.0)(x)[0, :, 0]
    assert tensor.shape == (500,)
    assert tensor[99] / tensor[302] == pytest.approx(2, rel=1e-4)
    assert np.mean(tensor**2) == pytest.approx(1, rel=1e-5)
    others = np.delete(tensor, [98, 99, 100, 301, 302, 303])
    assert others.max() < 1e-3 * tensor.max()


def test_the_offset_is_no_line():
    x = tones((100, 2.0)) + 1000
    tensor = SpectrumView.fit(x, rate_hz=5000.0)(x)[0, :, 0]
    assert tensor.argmax() == 99


def test_the_logarithm_has_mean_0_deviation_1_and_the_order_of_the_amplitudes():
    x = np.random.default_rng(0).standard_normal((3, 2, N))
    plain = SpectrumView.fit(x, rate_hz=5000.0)(x)
    tensors = LogSpectrumView.fit(x, rate_hz=5000.0)(x)
    np.testing.assert_allclose(tensors.mean(axis=1), 0, atol=1e-5)
    np.testing.assert_allclose(tensors.std(axis=1), 1, rtol=1e-4)
    np.testing.assert_array_equal(tensors.argsort(axis=1)[:, -50:], plain.argsort(axis=1)[:, -50:])
