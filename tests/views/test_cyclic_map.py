import numpy as np
import pytest
from scipy import signal

from faultdiag.errors import ParameterError
from faultdiag.views.cyclic_map import CyclicMapView

RATE_HZ, N = 12000.0, 12000


def test_what_pulses_shows_at_its_frequency_and_order_whatever_the_speed():
    rng = np.random.default_rng(0)
    sos = signal.butter(4, [3000, 3700], "bandpass", fs=RATE_HZ, output="sos")
    t = np.arange(N) / RATE_HZ
    speeds = np.array([1200.0, 1800.0])
    x = np.stack(
        [
            2 * signal.sosfilt(sos, rng.standard_normal(N)) * (1 + np.cos(2 * np.pi * 5.4 * speed / 60 * t))
            + 0.3 * rng.standard_normal(N)
            for speed in speeds
        ]
    )[:, None]
    view = CyclicMapView.fit(x, rate_hz=RATE_HZ)
    assert view.shape == (32, 117, 1)
    for tensor in view(x, RATE_HZ, speeds)[..., 0]:
        frequency, order = np.unravel_index(tensor.argmax(), tensor.shape)
        assert abs(0.3 + 0.1 * (order + 1) - 5.4) < 0.11
        assert 2900 < RATE_HZ / 64 * (frequency + 1) < 4000


def test_what_is_asked_for_must_fit_the_window():
    x = np.random.default_rng(0).standard_normal((1, 1, 2048))
    assert CyclicMapView.fit(x, rate_hz=RATE_HZ, axis="hz", last=300.0, n_frequencies=16).shape == (16, 49, 1)
    with pytest.raises(ParameterError, match="n_frequencies must lie from 8 to 204, got 400"):
        CyclicMapView.fit(x, rate_hz=RATE_HZ, n_frequencies=400)
    with pytest.raises(ParameterError, match="n_frequencies must be a multiple of 4, got 30"):
        CyclicMapView.fit(x, rate_hz=RATE_HZ, n_frequencies=30)
