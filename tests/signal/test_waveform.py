import numpy as np
import pytest
from scipy import signal as scipy_signal

from faultdiag.errors import RecordError
from faultdiag.signal.waveform import Waveform, entropy

RNG_ROWS = np.random.default_rng(1).standard_normal((2, 3, 5000)) * 4 + 2


def test_a_waveform_is_taken_as_it_is():
    waveform = Waveform([1.0, 2.0])
    assert Waveform.of(waveform) is waveform
    assert Waveform.of([1.0, 2.0]).samples.tolist() == [1, 2]


def test_parts_are_computed_once():
    waveform = Waveform(RNG_ROWS)
    assert waveform.standard is waveform.standard
    assert waveform.spectrum is waveform.spectrum


def test_the_standardised_signal_has_mean_0_and_deviation_1():
    z = Waveform(RNG_ROWS).standard
    np.testing.assert_allclose(z.mean(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose(z.std(axis=-1), 1, rtol=1e-12)


def test_the_histogram_is_numpys():
    waveform = Waveform(RNG_ROWS)
    for i, j in np.ndindex(2, 3):
        counts, _ = np.histogram(waveform.standard[i, j], bins=np.linspace(-10, 10, 201))
        np.testing.assert_allclose(waveform.histogram[i, j], counts / 5000)


def test_outliers_fall_into_the_last_bins():
    x = np.zeros(10000)
    x[[0, 1]] = [1000.0, -1000.0]  # 70 deviations
    share = Waveform(x).histogram
    assert share[0] == share[-1] == 1e-4
    assert share.sum() == pytest.approx(1)


def test_the_spectrum_is_welchs_without_the_mean():
    cycles, share = Waveform(RNG_ROWS).spectrum
    freq, density = scipy_signal.welch(RNG_ROWS - RNG_ROWS.mean(axis=-1, keepdims=True), nperseg=2048)
    np.testing.assert_allclose(cycles, freq[1:])
    np.testing.assert_allclose(share, density[..., 1:] / density[..., 1:].sum(axis=-1, keepdims=True))


def test_slopes_are_deviations_of_differences_of_the_standardised_signal():
    first, second = Waveform(RNG_ROWS).slopes
    deviation = RNG_ROWS.std(axis=-1)
    np.testing.assert_allclose(first, np.diff(RNG_ROWS).std(axis=-1) / deviation)
    np.testing.assert_allclose(second, np.diff(RNG_ROWS, 2).std(axis=-1) / deviation)


@pytest.mark.parametrize("scale", [1e-18, 1e15])
def test_float32_neither_overflows_nor_underflows(scale):
    x = (RNG_ROWS * scale).astype(np.float32)
    np.testing.assert_allclose(Waveform(x).standard, Waveform(RNG_ROWS).standard, atol=1e-4)


def test_a_strided_view_keeps_the_digits_of_float32():
    by_sample = np.full((1_000_000, 2), 0.1, np.float32)
    by_sample[0] = 0.2
    np.testing.assert_allclose(Waveform(by_sample.T).mean, 0.1000001, rtol=1e-6)


def test_a_constant_channel_is_named():
    x = np.ones((2, 100), np.float32) * 0.1
    x[0, 0] = 0
    with pytest.raises(RecordError, match=r"channel \[1\] of the signal is constant; check the sensor"):
        _ = Waveform(x).standard
    with pytest.raises(RecordError, match="^the signal is constant"):
        _ = Waveform([3, 3]).standard


def test_a_straight_line_has_no_slopes():
    with pytest.raises(RecordError, match="is a straight line"):
        _ = Waveform([1, 2, 3, 4]).slopes


def test_too_few_samples_are_refused():
    with pytest.raises(RecordError, match="at least 8 samples, got 7"):
        _ = Waveform([1, 2, 1, 2, 1, 2, 1]).spectrum
    with pytest.raises(RecordError, match="at least 3 samples, got 2"):
        _ = Waveform([1, 2]).slopes


def test_entropy_of_even_shares_is_the_logarithm_of_their_number():
    np.testing.assert_allclose(entropy(np.array([[0.25] * 4, [1, 0, 0, 0]])), [np.log(4), 0])
