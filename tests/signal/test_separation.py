import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.separation import discrete_random_separation, self_adaptive_noise_cancellation

N = 100_000
T = np.arange(N)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def component(x, cycles_per_sample):
    """Complex amplitude of a tone."""
    weights = np.hanning(x.shape[-1])
    turn = np.exp(-2j * np.pi * cycles_per_sample * np.arange(x.shape[-1]))
    return 2 * (x * weights * turn).sum(axis=-1) / weights.sum()


# on a frequency of the blocks of 4096, and at a tenth to a half of their distance from one
@pytest.mark.parametrize("offset", [0, 0.1, 0.25, 0.4, 0.5])
def test_a_tone_keeps_its_amplitude_and_leaves_the_random_part(offset):
    frequency = (700 + offset) / 4096
    tone = np.cos(2 * np.pi * frequency * T + 0.7)
    background = noise(N)
    discrete, random = discrete_random_separation(tone + background, n_block=4096)
    assert abs(component(discrete, frequency)) == pytest.approx(1, rel=0.03)
    assert np.angle(component(discrete, frequency)) == pytest.approx(0.7, abs=0.02)
    left = abs(component(random, frequency)) / abs(component(tone + background, frequency))
    assert 20 * np.log10(left) < -25


@pytest.mark.parametrize("separate", [discrete_random_separation, self_adaptive_noise_cancellation])
def test_both_parts_add_up_to_the_signal(separate):
    x = noise(2, N) + np.sin(T) + 3
    discrete, random = separate(x)
    np.testing.assert_allclose(discrete + random, x, atol=1e-12)
    assert discrete.shape == random.shape == x.shape


def test_no_tone_is_raised_however_weak():
    for amplitude in (0.03, 0.1, 0.3, 3, 100):
        x = amplitude * np.cos(2 * np.pi * 0.123456 * T) + noise(N)
        discrete, _ = discrete_random_separation(x, n_block=4096)
        assert abs(component(discrete, 0.123456)) < 1.03 * abs(component(x, 0.123456))


def test_a_clean_tone_is_discrete_up_to_both_ends():
    tone = np.cos(2 * np.pi * 0.0817 * T)
    discrete, _ = discrete_random_separation(tone + 0.001 * noise(N), n_block=2048)
    np.testing.assert_allclose(discrete, tone, atol=0.03)


def test_noise_is_random():
    x = noise(N)
    discrete, random = discrete_random_separation(x, n_block=2048)
    assert discrete.std() < 0.15
    assert np.corrcoef(random, x)[0, 1] > 0.99


def test_rings_at_random_times_are_random_and_gear_mesh_is_not():
    rng = np.random.default_rng(5)
    hits = np.zeros(N)
    hits[np.cumsum(rng.normal(400, 12, 230)).astype(int)] = 10
    ring = np.exp(-np.arange(200) / 30) * np.sin(1.3 * np.arange(200))
    bearing = np.convolve(hits, ring)[:N]
    mesh = sum(np.cos(2 * np.pi * f * T) for f in (0.0504, 0.0511, 0.0518, 0.1022))
    discrete, random = discrete_random_separation(bearing + mesh + 0.1 * noise(N))
    assert np.corrcoef(random, bearing)[0, 1] > 0.95
    assert np.corrcoef(discrete, mesh)[0, 1] > 0.95


def test_the_mean_is_discrete():
    discrete, random = discrete_random_separation(noise(N) + 20)
    assert discrete.mean() == pytest.approx(20, rel=0.01)
    assert abs(random.mean()) < 0.2


def test_the_adaptive_filter_learns_a_tone_among_noise():
    tone = np.cos(2 * np.pi * 0.0817 * T + 0.7)
    discrete, random = self_adaptive_noise_cancellation(tone + 0.1 * noise(N))
    late = slice(N // 2, None)
    assert abs(component(discrete[late], 0.0817)) == pytest.approx(1, rel=0.03)
    assert abs(component(random[late], 0.0817)) < 0.03
    assert random[late].std() == pytest.approx(0.1, rel=0.1)


def test_the_adaptive_filter_learns_faster_with_a_larger_step_and_less_noisily_with_a_smaller():
    tone = np.cos(2 * np.pi * 0.0817 * T)
    x = tone + noise(N)
    slow, _ = self_adaptive_noise_cancellation(x, step=0.05)
    fast, _ = self_adaptive_noise_cancellation(x, step=0.4)
    early, late = slice(5000, 15_000), slice(60_000, None)
    assert abs(component(fast[early], 0.0817)) > 1.5 * abs(component(slow[early], 0.0817))
    assert (fast - tone)[late].std() > 1.2 * (slow - tone)[late].std()


def test_the_adaptive_filter_uses_only_the_past_before_the_delay():
    x = noise(20_000)
    changed = x.copy()
    changed[12_000:] += 5
    first, _ = self_adaptive_noise_cancellation(x, n_taps=256, n_delay=700)
    second, _ = self_adaptive_noise_cancellation(changed, n_taps=256, n_delay=700)
    # a block learns at its end, from errors within it
    np.testing.assert_array_equal(first[: 12_000 - 256], second[: 12_000 - 256])
    assert not first[:700].any()
    assert np.abs(first[12_700:] - second[12_700:]).max() > 0.1


def test_the_adaptive_filter_survives_silence_and_strong_impacts():
    x = noise(60_000)
    x[:20_000] = 0
    x[30_000::7001] += 500
    discrete, _ = self_adaptive_noise_cancellation(x, step=0.5)
    assert np.isfinite(discrete).all()
    assert np.abs(discrete).max() < 500


@pytest.mark.parametrize(
    "separate",
    [
        lambda x: np.stack(discrete_random_separation(x, n_block=64)),
        lambda x: np.stack(self_adaptive_noise_cancellation(x, n_taps=32)),
    ],
)
def test_channels_scale_precision_integers_and_no_change_of_the_input(separate):
    x = noise(2, 2, 1000) + np.sin(np.arange(1000))
    before = x.copy()
    y = separate(x)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_allclose(separate(3 * x), 3 * y, atol=1e-9)
    np.testing.assert_allclose(separate(x[0, 1]), y[:, 0, 1], atol=1e-12)
    single = separate(x.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, y, atol=1e-4)
    counts = np.round(8000 * x).astype(np.int16)
    expected = separate(counts.astype(float))
    np.testing.assert_allclose(separate(counts), expected, atol=1e-4 * np.abs(expected).max())


def test_what_cannot_be_separated_is_refused():
    x = noise(2000)
    with pytest.raises(
        RecordError, match="in blocks of 256 takes at least 2048 samples, the signal has 2000"
    ):
        discrete_random_separation(x, n_block=256)
    with pytest.raises(ParameterError, match="n_block must be even, got 255"):
        discrete_random_separation(x, n_block=255)
    with pytest.raises(ParameterError, match="n_block must be at least 16, got 8"):
        discrete_random_separation(x, n_block=8)
    with pytest.raises(RecordError, match="all 2000 samples are 0; leave out"):
        discrete_random_separation(0 * x, n_block=64)
    with pytest.raises(RecordError, match="adapting 200 taps takes at least 2100 samples, .* fewer n_taps"):
        self_adaptive_noise_cancellation(x, n_taps=200)
    with pytest.raises(RecordError, match="all 2000 samples are 0; leave out"):
        self_adaptive_noise_cancellation(0 * x, n_taps=64)
    with pytest.raises(RecordError, match="sample 7 is nan"):
        self_adaptive_noise_cancellation(np.where(np.arange(2000) == 7, np.nan, x), n_taps=64)


def test_arguments_out_of_range_are_named():
    x = noise(2000)
    for step in (0, 0.6, np.nan):
        with pytest.raises(ParameterError, match=f"step must be over 0 and at most 0.5, got {step:g}"):
            self_adaptive_noise_cancellation(x, n_taps=64, step=step)
    with pytest.raises(ParameterError, match="n_taps must be at least 2, got 1"):
        self_adaptive_noise_cancellation(x, n_taps=1)
    with pytest.raises(ParameterError, match="n_delay must be at least 1, got 0"):
        self_adaptive_noise_cancellation(x, n_taps=64, n_delay=0)


def test_the_random_part_has_less_of_a_tone_where_that_of_openconmo_has_more():
    peer = pytest.importorskip("openconmo.benchmark_methods", reason="openconmo is not installed: make peers")
    frequency = 700.25 / 4096
    x = np.cos(2 * np.pi * frequency * T[:60_000]) + 0.5 * noise(60_000)
    _, ours = discrete_random_separation(x, n_block=1024)
    theirs, _ = peer.DRS(x.copy(), 1024, 500)
    settled = slice(6000, -6000)
    before, after, peers = (abs(component(part[settled], frequency)) for part in (x, ours, theirs))
    assert 20 * np.log10(peers / before) > 3
    assert 20 * np.log10(after / before) < -40


@pytest.mark.data
def test_the_shaft_leaves_the_random_part_of_a_real_record(cwru_dir):
    from scipy.io import loadmat

    x = loadmat(cwru_dir / "130.mat")["X130_DE_time"].ravel()
    _, random = discrete_random_separation(x)
    shaft = 29.95 / 12000
    assert abs(component(random, shaft)) < 0.2 * abs(component(x, shaft))
    assert random.std() > 0.7 * x.std()  # impacts slip, if not much on an outer race
