import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.indicators import INDICATORS, indicator_table
from faultdiag.views.indicators import IndicatorTransformer

WINDOWS = np.random.default_rng(1).standard_normal((6, 2, 512))
NAMES = ["rms", "kurtosis", "spectral_centroid_hz"]


def impulsive(n=60):
    """Windows of noise, every second one with impulses, at levels that tell nothing."""
    rng = np.random.default_rng(2)
    labels = np.arange(n) % 2
    windows = rng.standard_normal((n, 1, 1024))
    windows[labels == 1, :, ::128] += 6
    return windows * rng.uniform(0.1, 10, (n, 1, 1)), labels


def test_features_are_the_table_channel_after_channel():
    features = IndicatorTransformer(rate_hz=12000, names=NAMES).fit_transform(WINDOWS)
    assert features.shape == (6, 6)
    table = indicator_table(WINDOWS, rate_hz=12000)
    np.testing.assert_array_equal(features[:, :3], np.stack([table[name][:, 0] for name in NAMES], axis=-1))
    np.testing.assert_array_equal(features[:, 4], table["kurtosis"][:, 1])


def test_all_indicators_are_the_default():
    transformer = IndicatorTransformer(rate_hz=12000).fit(WINDOWS)
    assert transformer.transform(WINDOWS.astype(np.float32)).dtype == np.float32
    names = transformer.get_feature_names_out()
    assert len(names) == transformer.transform(WINDOWS).shape[1] == 2 * len(INDICATORS)
    assert list(names[: len(INDICATORS)]) == [f"channel0_{name}" for name in INDICATORS]


def test_features_are_named_by_channel():
    transformer = IndicatorTransformer(rate_hz=12000, names=["rms", "peak"]).fit(WINDOWS)
    assert transformer.get_feature_names_out().tolist() == [
        "channel0_rms",
        "channel0_peak",
        "channel1_rms",
        "channel1_peak",
    ]
    assert transformer.get_feature_names_out(["DE", "FE"])[-1] == "FE_peak"
    with pytest.raises(ParameterError, match="input_features must name 2 channels, got 1"):
        transformer.get_feature_names_out(["DE"])


def test_it_is_cloned_by_its_parameters():
    transformer = IndicatorTransformer(rate_hz=12000, names=NAMES).fit(WINDOWS)
    copy = clone(transformer)
    assert copy.get_params() == {"rate_hz": 12000, "names": NAMES}
    assert not hasattr(copy, "n_channels_")
    assert copy.set_params(rate_hz=48000).rate_hz == 48000


def test_a_pipeline_tells_impulses_from_noise_whatever_the_level():
    windows, labels = impulsive()
    model = make_pipeline(IndicatorTransformer(rate_hz=12000), StandardScaler(), LogisticRegression())
    model.fit(windows[:40], labels[:40])
    assert model.score(windows[40:], labels[40:]) == 1
    assert model[:-1].get_feature_names_out()[0] == "channel0_mean"


def test_a_search_chooses_the_indicators_that_tell():
    windows, labels = impulsive()
    model = make_pipeline(IndicatorTransformer(rate_hz=12000), StandardScaler(), LogisticRegression())
    grid = {"indicatortransformer__names": [["rms"], ["kurtosis"]]}
    search = GridSearchCV(model, grid, cv=3).fit(windows, labels)
    assert search.best_params_ == {"indicatortransformer__names": ["kurtosis"]}


def test_windows_are_not_changed_and_may_be_integers():
    counts = np.round(1000 * WINDOWS).astype(np.int16)
    before = counts.copy()
    transformer = IndicatorTransformer(rate_hz=12000, names=NAMES).fit(counts)
    np.testing.assert_allclose(transformer.transform(counts), transformer.transform(counts * 1.0), rtol=1e-4)
    np.testing.assert_array_equal(counts, before)


def test_it_must_be_fitted_first():
    with pytest.raises(NotFittedError, match="not fitted yet"):
        IndicatorTransformer(rate_hz=12000).transform(WINDOWS)
    with pytest.raises(NotFittedError, match="not fitted yet"):
        IndicatorTransformer(rate_hz=12000).get_feature_names_out()


def test_other_windows_are_refused():
    transformer = IndicatorTransformer(rate_hz=12000, names=["kurtosis"]).fit(WINDOWS)
    with pytest.raises(ParameterError, match=r"shape \[n, channels, length\], got \[6, 512\]"):
        transformer.fit(WINDOWS[:, 0])
    with pytest.raises(ParameterError, match="must have 2 channels as those of fit, got 1"):
        transformer.transform(WINDOWS[:, :1])
    with pytest.raises(RecordError, match=r"channel \[3, 1\] of the signal is constant"):
        transformer.transform(
            np.where(np.arange(6)[:, None, None] * [[1], [1]] == 3, [[1], [0]], 1) * WINDOWS
        )


def test_an_unknown_indicator_is_refused_when_used():
    with pytest.raises(ParameterError, match="unknown indicator 'rsm'; did you mean rms"):
        IndicatorTransformer(rate_hz=12000, names=["rsm"]).fit_transform(WINDOWS)
