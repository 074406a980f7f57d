import numpy as np
import pytest
from scipy import signal

from faultdiag.errors import ParameterError
from faultdiag.views.envelope_spectrum import EnvelopeSpectrumView, MultibandEnvelopeView

RATE_HZ, N = 12000.0, 12000


def pulsing(order, speed_rpm, *, band_hz=None, seed=0, n=N):
    """Noise, in a band or all of it, whose power pulses at an order of the shaft."""
    carrier = np.random.default_rng(seed).standard_normal(n)
    if band_hz:
        sos = signal.butter(6, band_hz, "bandpass", fs=RATE_HZ, output="sos")
        carrier = 3 * signal.sosfiltfilt(sos, carrier)
    t = np.arange(n) / RATE_HZ
    return (1 + 0.7 * np.cos(2 * np.pi * order * speed_rpm / 60 * t)) * carrier


def test_in_orders_the_line_stays_where_it_is_whatever_the_speed():
    speeds = np.array([900.0, 1750, 2900])
    x = np.stack([pulsing(3.6, speed) for speed in speeds])[:, None]
    view = EnvelopeSpectrumView.fit(x, rate_hz=RATE_HZ)
    tensors = view(x, RATE_HZ, speeds)[..., 0]
    assert view.shape == (400, 1)
    for tensor in tensors:
        assert abs(0.05 * (tensor.argmax() + 1) - 3.6) < 0.06
        assert tensor.max() > 2


def test_in_hz_no_speed_is_needed():
    x = pulsing(4, 1800)[None, None]
    view = EnvelopeSpectrumView.fit(x, rate_hz=RATE_HZ, axis="hz")
    assert not view.needs_speed
    tensor = view(x)[0, :, 0]
    assert view.step * (tensor.argmax() + 1) == pytest.approx(120, abs=1)


def test_noise_stands_nowhere_far_above_its_background():
    x = np.random.default_rng(1).standard_normal((20, 1, N))
    tensors = EnvelopeSpectrumView.fit(x, rate_hz=RATE_HZ)(x, RATE_HZ, 1800.0)
    assert abs(np.median(tensors)) < 0.05
    assert tensors.max() < 2


def test_a_band_hides_what_pulses_elsewhere():
    x = pulsing(5, 1800, band_hz=(3000, 4000))[None, None] + pulsing(2, 1800, band_hz=(1000, 2000), seed=1)
    upper = EnvelopeSpectrumView.fit(x, rate_hz=RATE_HZ, low_hz=2800, high_hz=4200)(x, RATE_HZ, 1800.0)
    lower = EnvelopeSpectrumView.fit(x, rate_hz=RATE_HZ, low_hz=800, high_hz=2200)(x, RATE_HZ, 1800.0)
    assert abs(0.05 * (upper[0, :, 0].argmax() + 1) - 5) < 0.06
    assert abs(0.05 * (lower[0, :, 0].argmax() + 1) - 2) < 0.06


def test_prewhitened_a_pair_of_tones_beats_no_more():
    t = np.arange(N) / RATE_HZ
    beat = 20 * (np.sin(2 * np.pi * 2000 * t) + np.sin(2 * np.pi * 2210 * t))  # 210 Hz: order 7
    x = (beat + pulsing(3.6, 1800))[None, None]
    plain = EnvelopeSpectrumView.fit(x, rate_hz=RATE_HZ)(x, RATE_HZ, 1800.0)[0, :, 0]
    white = EnvelopeSpectrumView.fit(x, rate_hz=RATE_HZ, prewhitened=True)(x, RATE_HZ, 1800.0)[0, :, 0]
    assert abs(0.05 * (plain.argmax() + 1) - 7) < 0.06
    assert abs(0.05 * (white.argmax() + 1) - 3.6) < 0.06


def test_each_of_several_bands_is_that_band_alone():
    x = np.stack([pulsing(5, 1800, band_hz=(3000, 4000)), pulsing(2, 1800)])[None]
    many = MultibandEnvelopeView.fit(x, rate_hz=RATE_HZ, n_bands=4)
    tensors = many(x, RATE_HZ, 1800.0)[0]
    assert many.shape == (400, 8)
    for channel in range(2):
        for band in range(4):
            one = EnvelopeSpectrumView.fit(
                x[:, channel : channel + 1], rate_hz=RATE_HZ, low_hz=1500 * band, high_hz=1500 * (band + 1)
            )
            alone = one(x[:, channel : channel + 1], RATE_HZ, 1800.0)[0, :, 0]
            np.testing.assert_allclose(tensors[:, 4 * channel + band], alone, atol=1e-5)
    assert abs(0.05 * (tensors[:, 2].argmax() + 1) - 5) < 0.06


def test_bands_that_are_none_or_too_narrow_are_refused():
    x = np.zeros((1, 1, 2048)) + np.arange(2048)
    with pytest.raises(
        ParameterError, match="rise within 0 and 6000 Hz by at least 375 Hz, got 1000 to 1100"
    ):
        EnvelopeSpectrumView.fit(x, rate_hz=RATE_HZ, low_hz=1000, high_hz=1100)
    with pytest.raises(ParameterError, match="got 0 to 7000"):
        EnvelopeSpectrumView.fit(x, rate_hz=RATE_HZ, high_hz=7000)
    with pytest.raises(ParameterError, match="n_bands must lie from 1 to 16, got 17"):
        MultibandEnvelopeView.fit(x, rate_hz=RATE_HZ, n_bands=17)
