"""The plain programs give what the functions give that they are timed against."""

import numpy as np
import plain_versions

from faultdiag.signal import cepstrum, cyclic, envelope
from faultdiag.signal.angle import turns_from_speed

X = np.random.default_rng(0).standard_normal(20_000) + 2


def test_the_envelope_spectrum_is_the_same():
    options = {"rate_hz": 12000, "band_hz": (2000, 4000)}
    _, expected = envelope.squared_envelope_spectrum(X, **options)
    np.testing.assert_allclose(plain_versions.squared_envelope_spectrum(X, **options), expected, atol=1e-12)


def test_prewhitening_is_the_same():
    np.testing.assert_allclose(
        plain_versions.cepstrum_prewhitened(X), cepstrum.cepstrum_prewhitened(X), atol=1e-9
    )


def test_the_coherence_is_the_same_but_for_a_few_hundredths():
    t = np.arange(len(X)) / 12000
    x = (1 + 0.8 * np.cos(2 * np.pi * 87.3 * t)) * X
    options = {"rate_hz": 12000, "max_cyclic_hz": 100, "resolution_hz": 200}
    expected = cyclic.spectral_coherence(x, **options)
    found = plain_versions.spectral_coherence(x, **options)
    off = np.abs(found - expected.value)[:, 3:-3]
    assert off.max() < 0.1
    assert off.mean() < 0.005
    line = np.abs(expected.cyclic_hz - 87.3).argmin()
    assert np.abs(found[line, 5:-5]).mean() > 0.4


def test_the_mean_turn_is_the_true_one():
    turns = turns_from_speed(np.linspace(1500, 1797, 60_000), rate_hz=12000)
    x = np.cos(2 * np.pi * 7 * turns + 0.5)
    average = plain_versions.synchronous_average(x, turns=turns, samples_per_turn=100)
    np.testing.assert_allclose(average, np.cos(2 * np.pi * 7 * np.arange(100) / 100 + 0.5), atol=0.002)
