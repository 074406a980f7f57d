import numpy as np

from faultdiag.views.raw_prewhitened import RawPrewhitenedView


def test_every_frequency_has_the_same_power_whatever_the_signal():
    t = np.arange(1024)
    coloured = np.cumsum(np.random.default_rng(0).standard_normal((2, 1, 1024)), axis=-1)
    x = coloured + 50 * np.sin(2 * np.pi * 0.12 * t)
    view = RawPrewhitenedView.fit(x)
    tensors = view(x)
    assert tensors.shape == (2, 1024, 1)
    power = np.abs(np.fft.rfft(tensors[..., 0]))[:, 1:-1] ** 2
    np.testing.assert_allclose(power, power.mean(), rtol=0.01)
    np.testing.assert_allclose(tensors.std(axis=1), 1, rtol=1e-4)


def test_the_phase_is_that_of_the_window():
    x = np.random.default_rng(1).standard_normal((1, 1, 512))
    made = RawPrewhitenedView.fit(x)(x)[0, :, 0]
    before, after = np.fft.rfft(x[0, 0]), np.fft.rfft(made)
    np.testing.assert_allclose(np.angle(after[1:-1] / before[1:-1]), 0, atol=1e-3)
