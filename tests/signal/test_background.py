import numpy as np

from faultdiag.signal.background import local_median


def test_a_slope_stays_a_slope_whatever_stands_out_of_it():
    slope = np.linspace(2, 10, 500)
    found = local_median(slope + np.where(np.arange(500) % 17 == 0, 100, 0), width=50)
    assert np.abs(found[30:-30] - slope[30:-30]).max() < 0.3


def test_few_values_have_one_median_and_rows_are_one_by_one():
    x = np.random.default_rng(0).exponential(1, (3, 400)).astype(np.float32)
    found = local_median(x, width=40)
    assert found.dtype == np.float32
    for row, expected in zip(x, found, strict=True):
        np.testing.assert_allclose(local_median(row, width=40), expected, rtol=1e-6)
    np.testing.assert_allclose(
        local_median(x, width=1000), np.median(x, axis=1, keepdims=True) + 0 * x, rtol=1e-6
    )
