import numpy as np
import pytest

from faultdiag.errors import ParameterError
from faultdiag.signal.bands import BandMap, Slices, tree_counts


def noise(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def test_a_tree_has_halves_and_thirds():
    assert tree_counts(0) == [1]
    assert tree_counts(1) == [1, 2]
    assert tree_counts(4) == [1, 2, 3, 4, 6, 8, 12, 16]


@pytest.mark.parametrize("n_bands", [1, 2, 3, 8])
@pytest.mark.parametrize("oversampling", [1, 2])
def test_a_tone_has_its_squared_amplitude_in_its_band_and_nothing_elsewhere(n_bands, oversampling):
    rate_hz, n = 1000.0, 9600
    slices = Slices.of(3 * np.cos(2 * np.pi * 290 * np.arange(n) / rate_hz), rate_hz=rate_hz, n_parts=24)
    squared, squared_rate_hz = slices.level(n_bands, oversampling=oversampling)
    assert squared_rate_hz == pytest.approx(oversampling * rate_hz / 2 / n_bands)
    mine = int(290 / 500 * n_bands)
    np.testing.assert_allclose(squared[mine], 9, rtol=2e-3)
    assert np.delete(squared, mine, 0).max(initial=0) < 1e-3


def test_the_bands_share_out_the_power():
    x = noise(48000)
    slices = Slices.of(x, rate_hz=12000, n_parts=96)
    for n_bands in tree_counts(5):
        squared, _ = slices.level(n_bands)
        # the squared envelope of a band is twice its power
        assert squared.mean(axis=-1).sum() / 2 == pytest.approx(1, rel=0.05)


def test_an_oversampled_squared_envelope_keeps_its_frequencies():
    rate_hz, n = 1000.0, 8000
    t = np.arange(n) / rate_hz
    beat = np.cos(2 * np.pi * 270 * t) + np.cos(2 * np.pi * 350 * t)  # 80 Hz apart, in a band of 125 Hz
    squared, squared_rate_hz = Slices.of(beat, rate_hz=rate_hz, n_parts=4).level(4, oversampling=2)
    spectrum = np.abs(np.fft.rfft(squared[2] - squared[2].mean()))
    at_hz = spectrum.argmax() * squared_rate_hz / squared.shape[-1]
    assert at_hz == pytest.approx(80, abs=0.2)


def test_a_jump_from_the_last_sample_to_the_first_is_no_impulse():
    ramp = np.linspace(-1, 1, 20000) + 1e-4 * noise(20000)
    squared, _ = Slices.of(ramp, rate_hz=1000, n_parts=8).level(8)
    upper = squared[-1]
    assert upper.max() < 20 * upper.mean()


def test_single_bands_are_those_of_a_level_where_they_coincide():
    slices = Slices.of(noise(2, 9600), rate_hz=1000, n_parts=8)
    level, _ = slices.level(8, oversampling=2)
    np.testing.assert_allclose(slices.band(125, 62.5)[0], level[:, 2])
    np.testing.assert_allclose(slices.band(250, 62.5)[0], level[:, 4])


def test_several_channels_are_one_by_one_and_the_caller_keeps_his_array():
    x = noise(3, 4000)
    kept = x.copy()
    together, _ = Slices.of(x, rate_hz=1000, n_parts=4).level(4)
    for row, squared in zip(x, together, strict=True):
        np.testing.assert_allclose(Slices.of(row, rate_hz=1000, n_parts=4).level(4)[0], squared)
    np.testing.assert_array_equal(x, kept)


def test_integers_are_taken_as_numbers_and_float32_stays():
    counts = (20000 * np.sin(np.arange(4000))).astype(np.int16)
    whole, _ = Slices.of(counts, rate_hz=1000).level(1)
    assert whole.dtype == np.float32
    np.testing.assert_allclose(whole, Slices.of(counts.astype(float), rate_hz=1000).level(1)[0], rtol=1e-3)


def test_a_constant_channel_has_nothing_in_any_band():
    squared, _ = Slices.of(np.full((2, 128), 7.25), rate_hz=1000, n_parts=4).level(4)
    assert not squared.any()


def test_a_rate_of_nothing_is_refused():
    with pytest.raises(ParameterError, match="rate_hz must be a positive number, got 0"):
        Slices.of(noise(100), rate_hz=0)


def test_a_map_knows_its_levels_and_its_picture():
    edges = [np.linspace(0, 60, n + 1) for n in (1, 2, 3)]
    low, high = (np.concatenate([e[part] for e in edges]) for part in (slice(-1), slice(1, None)))
    found = BandMap(low, high, np.array([[0.0, 1, 2, 3, 9, 5], [7.0, 1, 2, 3, 4, 5]]))
    assert found.levels() == [(60.0, slice(0, 1)), (30.0, slice(1, 3)), (20.0, slice(3, 6))]
    assert found.best_band_hz().tolist() == [[20, 40], [0, 60]]
    picture = found.grid()
    assert picture.shape == (2, 3, 6)
    assert picture[0].tolist() == [[0] * 6, [1, 1, 1, 2, 2, 2], [3, 3, 9, 9, 5, 5]]
    gaps = BandMap(np.array([0.0, 50]), np.array([10.0, 60]), np.zeros(2))
    with pytest.raises(ParameterError, match="share out the whole range"):
        gaps.grid()
