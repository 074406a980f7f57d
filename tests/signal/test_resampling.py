import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal as scipy_signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal import resample, resample_blocks, resampled_length
from faultdiag.signal import resampling as module

TO_CWRU = {"rate_hz": 48000, "to_hz": 12000, "lowpass_hz": (4500, 5000)}


def tone(freq_hz, rate_hz, n, phase=0.3):
    return np.cos(2 * np.pi * freq_hz * np.arange(n) / rate_hz + phase)


def inner(y, share=0.1):
    edge = int(share * y.shape[-1])
    return y[..., edge : y.shape[-1] - edge]


def same_taps(rate_hz, edges_hz, up):
    """The same windowed sinc, sampled `up` times as fast."""
    width = (edges_hz[1] - edges_hz[0]) / (rate_hz / 2)
    n_taps, beta = scipy_signal.kaiserord(100, width)
    n_taps = ((n_taps | 1) - 1) * up + 1
    return scipy_signal.firwin(n_taps, sum(edges_hz) / 2, window=("kaiser", beta), fs=rate_hz * up)


@pytest.mark.parametrize("freq_hz", [10, 1000, 4400])
def test_tone_in_the_pass_band_keeps_amplitude_and_phase(freq_hz):
    y = resample(tone(freq_hz, 48000, 48000), **TO_CWRU)
    assert y.shape == (12000,)
    np.testing.assert_allclose(inner(y), inner(tone(freq_hz, 12000, 12000)), atol=1e-4)


@pytest.mark.parametrize("freq_hz", [5000, 5500, 9000, 12100, 21000])
def test_tone_in_the_stop_band_is_gone_and_does_not_alias(freq_hz):
    y = resample(tone(freq_hz, 48000, 48000), **TO_CWRU)
    assert np.abs(inner(y)).max() < 5e-5


def test_default_filter_keeps_out_what_would_alias():
    np.testing.assert_allclose(
        inner(resample(tone(5300, 48000, 48000), rate_hz=48000, to_hz=12000)),
        inner(tone(5300, 12000, 12000)),
        atol=1e-4,
    )
    y = resample(tone(9000, 48000, 48000), rate_hz=48000, to_hz=12000)
    assert np.abs(inner(y)).max() < 5e-5


@pytest.mark.parametrize(
    ("rate_hz", "to_hz"), [(51200, 12000), (97656.25, 12000), (10000, 12000), (25600, 12800), (1000, 48000)]
)
def test_any_ratio_gives_the_tone_at_the_new_times(rate_hz, to_hz):
    n = int(2 * rate_hz)
    freq_hz = 0.3 * min(rate_hz, to_hz)
    y = resample(tone(freq_hz, rate_hz, n), rate_hz=rate_hz, to_hz=to_hz)
    assert len(y) == resampled_length(n, rate_hz=rate_hz, to_hz=to_hz) == np.ceil(n * to_hz / rate_hz)
    np.testing.assert_allclose(inner(y), inner(tone(freq_hz, to_hz, len(y))), atol=1e-4)


@pytest.mark.parametrize(
    ("rate_hz", "to_hz", "edges_hz", "up", "down"),
    [
        (48000, 12000, (4500, 5000), 1, 4),
        (51200, 12000, (5400, 6000), 15, 64),
        (10000, 12000, (4500, 5000), 6, 5),
    ],
)
def test_agrees_with_polyphase_filtering(rate_hz, to_hz, edges_hz, up, down):
    x = np.random.default_rng(1).standard_normal(200_000)
    expected = scipy_signal.resample_poly(x, up, down, window=same_taps(rate_hz, edges_hz, up))
    y = resample(x, rate_hz=rate_hz, to_hz=to_hz, lowpass_hz=edges_hz)
    assert y.shape == expected.shape
    # what leaks through the stop band, 100 dB down, folds there and is dropped here
    assert np.sqrt(np.mean((y - expected) ** 2)) < 1e-5
    assert np.abs(y - expected).max() < 1e-4


def test_equal_rates_agree_with_convolution():
    x = np.random.default_rng(1).standard_normal(100_000)
    expected = scipy_signal.fftconvolve(x, same_taps(12000, (4500, 5000), 1), mode="same")
    y = resample(x, rate_hz=12000, to_hz=12000, lowpass_hz=(4500, 5000))
    np.testing.assert_allclose(y, expected, atol=1e-12)


def test_a_tone_agrees_with_polyphase_filtering_to_1e_5_everywhere():
    x = tone(1234, 48000, 96000)
    x[:1000] = x[-1000:] = 0
    x *= np.hanning(len(x))
    expected = scipy_signal.resample_poly(x, 1, 4, window=same_taps(48000, (4500, 5000), 1))
    np.testing.assert_allclose(resample(x, **TO_CWRU), expected, atol=1e-5)


def test_beyond_its_ends_the_signal_is_zero():
    x = np.random.default_rng(2).standard_normal(3000)
    padded = np.concatenate([np.zeros(4000), x, np.zeros(4000)])
    np.testing.assert_allclose(resample(x, **TO_CWRU), resample(padded, **TO_CWRU)[1000:1750], atol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("to_hz", [12000, 48000, 50000])
@pytest.mark.parametrize("size", [77, 65_536, 250_001])
def test_pieces_of_any_size_give_the_whole_bit_for_bit(dtype, to_hz, size):
    x = np.random.default_rng(3).standard_normal((2, 250_001)).astype(dtype)
    whole = resample(x, rate_hz=48000, to_hz=to_hz, lowpass_hz=(4500, 5000))
    pieces = [x[:, start : start + size] for start in range(0, 250_001, size)]
    blocks = list(resample_blocks(pieces, rate_hz=48000, to_hz=to_hz, lowpass_hz=(4500, 5000)))
    assert len(blocks) > 2
    assert blocks[0].dtype == whole.dtype == dtype
    np.testing.assert_array_equal(np.concatenate(blocks, axis=-1), whole)


def test_a_block_comes_as_soon_as_the_filter_has_passed_it():
    """The end of a signal need not be known."""
    given = []

    def endless():
        while True:
            given.append(1)
            yield np.random.default_rng(len(given)).standard_normal(1000)

    assert next(resample_blocks(endless(), **TO_CWRU)).shape[-1] > 15_000
    assert len(given) < 70


def test_empty_pieces_are_passed_over():
    x = np.random.default_rng(9).standard_normal(5000)
    pieces = [x[:0], x[:10], x[10:10], x[10:], x[:0]]
    np.testing.assert_array_equal(
        np.concatenate(list(resample_blocks(pieces, **TO_CWRU))), resample(x, **TO_CWRU)
    )


def test_the_beginning_does_not_depend_on_what_follows():
    x = np.random.default_rng(4).standard_normal(300_000).astype(np.float32)
    short, long = resample(x[:200_000], **TO_CWRU), resample(x, **TO_CWRU)
    np.testing.assert_array_equal(short[:40_000], long[:40_000])


def test_a_stack_of_channels_is_each_channel():
    x = np.random.default_rng(5).standard_normal((2, 3, 100_000)).astype(np.float32)
    stack = resample(x, **TO_CWRU)
    assert stack.shape == (2, 3, 25_000)
    for i, j in np.ndindex(2, 3):
        np.testing.assert_allclose(stack[i, j], resample(x[i, j], **TO_CWRU), atol=2e-6)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), a=st.floats(-100, 100), n=st.integers(1, 2000))
def test_it_is_linear(seed, a, n):
    x, y = np.random.default_rng(seed).standard_normal((2, n))
    kwargs = {"rate_hz": 1000, "to_hz": 640}
    together = resample(a * x + y, **kwargs)
    np.testing.assert_allclose(together, a * resample(x, **kwargs) + resample(y, **kwargs), atol=1e-10)


def test_equal_rates_change_nothing_and_share_no_memory():
    x = np.random.default_rng(6).standard_normal(200_000).astype(np.float32)
    y = resample(x, rate_hz=12000, to_hz=12000 * (1 + 1e-7))
    np.testing.assert_array_equal(x, y)
    assert not np.shares_memory(x, y)


def test_a_low_pass_above_the_smaller_nyquist_comes_down_to_it():
    x = np.random.default_rng(7).standard_normal(20_000)
    for rate_hz in (8000, 9600):
        np.testing.assert_array_equal(
            resample(x, rate_hz=rate_hz, to_hz=12000, lowpass_hz=(4500, 5000)),
            resample(x, rate_hz=rate_hz, to_hz=12000),
        )
    y = resample(x, rate_hz=48000, to_hz=12000, lowpass_hz=(2000, 20000))
    np.testing.assert_array_equal(y, resample(x, rate_hz=48000, to_hz=12000, lowpass_hz=(2000, 6000)))


def test_integers_are_converted_exactly():
    x = np.random.default_rng(8).integers(-30000, 30000, 5000)
    small, wide = resample(x.astype(np.int16), **TO_CWRU), resample(x, **TO_CWRU)
    assert (small.dtype, wide.dtype) == (np.float32, np.float64)
    np.testing.assert_allclose(small, wide, atol=0.02)
    np.testing.assert_array_equal(wide, resample(x.astype(float), **TO_CWRU))


def test_the_filter_is_flat_and_stops():
    taps = module._lowpass(48000, (4500, 5000))
    freq_hz, response = scipy_signal.freqz(taps, worN=1 << 16, fs=48000)
    level_db = 20 * np.log10(np.abs(response))
    assert np.abs(level_db[freq_hz <= 4500]).max() < 0.001
    assert level_db[freq_hz >= 5000].max() < -98
    np.testing.assert_array_equal(taps, taps[::-1])


@pytest.mark.parametrize(
    ("rate_hz", "edges_hz"), [(48000, (4500, 5000)), (97656.25, (1, 7)), (12000, (5400, 6000))]
)
def test_the_filter_is_that_of_scipy(rate_hz, edges_hz):
    np.testing.assert_allclose(
        module._lowpass(rate_hz, edges_hz), same_taps(rate_hz, edges_hz, 1), atol=1e-15
    )


def test_a_narrow_low_pass_takes_longer_blocks():
    y = resample(tone(3, 48000, 480_000), rate_hz=48000, to_hz=200, lowpass_hz=(5, 10))
    np.testing.assert_allclose(inner(y), inner(tone(3, 200, 2000)), atol=1e-4)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_sample_that_is_not_finite_is_named(bad):
    x = np.zeros((2, 300_000), np.float32)
    x[1, 200_123] = bad
    with pytest.raises(RecordError, match=rf"sample 200123 of row \[1\] is {bad}"):
        resample(x, **TO_CWRU)
    with pytest.raises(RecordError, match=rf"sample 200123 of row \[1\] is {bad}"):
        resample(x, rate_hz=1, to_hz=1)


@pytest.mark.parametrize("x", [[], np.zeros((2, 0)), 3.0])
def test_no_samples_are_refused(x):
    with pytest.raises(RecordError, match="no samples to resample: n_samples is 0"):
        resample(x, rate_hz=2, to_hz=1)


@pytest.mark.parametrize("bad", [0, -1, np.nan, np.inf])
def test_a_rate_must_be_positive(bad):
    with pytest.raises(ParameterError, match=f"rate_hz must be a positive number, got {bad}"):
        resample([1.0], rate_hz=bad, to_hz=1)
    with pytest.raises(ParameterError, match=f"to_hz must be a positive number, got {bad}"):
        resampled_length(1, rate_hz=1, to_hz=bad)


def test_a_ratio_that_is_no_fraction_is_refused_at_the_call():
    with pytest.raises(ParameterError, match=r"from 1e\+06 to 1\.5 Hz: their ratio 1\.5e-06"):
        resample_blocks([np.zeros(10)], rate_hz=1e6, to_hz=1.5)


def test_a_filter_too_long_is_refused():
    with pytest.raises(ParameterError, match=r"from 1000 to 1000\.1 Hz at 48000 Hz takes \d{7} taps"):
        resample([1.0], rate_hz=48000, to_hz=12000, lowpass_hz=(1000, 1000.1))


@pytest.mark.parametrize("edges_hz", [(5000, 4500), (0, 100), (100, 100), (100, np.inf), (np.nan, 1)])
def test_edges_must_rise(edges_hz):
    with pytest.raises(
        ParameterError, match=f"rising positive edges, got {edges_hz[0]:g} and {edges_hz[1]:g}"
    ):
        resample([1.0], rate_hz=48000, to_hz=12000, lowpass_hz=edges_hz)
