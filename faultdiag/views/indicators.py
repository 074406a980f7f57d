"""Indicators of windows as the features of a scikit-learn model."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from faultdiag.errors import ParameterError
from faultdiag.signal.indicators import INDICATORS, indicator_table

__all__ = ["IndicatorTransformer"]

Samples = NDArray[np.floating[Any]]


class IndicatorTransformer(TransformerMixin, BaseEstimator):
    """Turn windows into rows of indicators, for a scikit-learn pipeline.

    It learns nothing but the number of channels: scale the features after it.

    Parameters
    ----------
    rate_hz : float
        Sampling rate of the windows.
    names : sequence of str, optional
        Indicators by name, as `faultdiag.signal.indicators.INDICATORS` lists them; default: all.

    Attributes
    ----------
    n_channels_ : int
        Channels of the windows it was fitted to.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.linear_model import LogisticRegression
    >>> windows = np.random.default_rng(0).standard_normal((40, 1, 256))
    >>> windows[20:] *= 3
    >>> model = make_pipeline(IndicatorTransformer(rate_hz=12000, names=["rms"]), LogisticRegression())
    >>> model.fit(windows, np.arange(40) // 20).predict(windows[[0, 39]])
    array([0, 1])
    """

    def __init__(self, rate_hz: float, names: Sequence[str] | None = None) -> None:
        self.rate_hz = rate_hz
        self.names = names

    def fit(self, windows: ArrayLike, labels: Any = None) -> "IndicatorTransformer":
        """Take note of the channels of windows ``[n, channels, length]``; labels are not looked at.

        Raises
        ------
        ParameterError
            If the windows have another shape.
        """
        self.n_channels_ = _checked(windows).shape[1]
        return self

    def transform(self, windows: ArrayLike) -> Samples:
        """Return the indicators of windows.

        Parameters
        ----------
        windows : array_like, shape [n, channels, length]
            The windows; their length may differ from that of the windows of `fit`.

        Returns
        -------
        ndarray, shape [n, channels * n_names]
            All indicators of the first channel, then those of the next.

        Raises
        ------
        ParameterError
            If the windows have other channels than those of `fit`, or a name is unknown.
        RecordError
            If a window cannot have an indicator, as `indicator_table` says.
        """
        check_is_fitted(self)
        rows = _checked(windows)
        if rows.shape[1] != self.n_channels_:
            raise ParameterError(
                f"windows must have {self.n_channels_} channels as those of fit, got {rows.shape[1]}"
            )
        table = indicator_table(rows, rate_hz=self.rate_hz, names=self.names)
        return np.stack(list(table.values()), axis=-1).reshape(len(rows), -1)

    def get_feature_names_out(self, input_features: Sequence[str] | None = None) -> NDArray[np.object_]:
        """Return the names of the features, ``<channel>_<indicator>``.

        Parameters
        ----------
        input_features : sequence of str, optional
            Names of the channels; default ``channel0``, ``channel1``...

        Returns
        -------
        ndarray of str, shape [channels * n_names]
            In the order of `transform`.

        Raises
        ------
        ParameterError
            If there are not as many names as channels.
        """
        check_is_fitted(self)
        count = self.n_channels_
        channels = [f"channel{i}" for i in range(count)] if input_features is None else list(input_features)
        if len(channels) != count:
            raise ParameterError(f"input_features must name {count} channels, got {len(channels)} names")
        names = list(INDICATORS) if self.names is None else self.names
        return np.array([f"{channel}_{name}" for channel in channels for name in names], dtype=object)


def _checked(windows: ArrayLike) -> NDArray[Any]:
    rows = np.asarray(windows)
    if rows.ndim != 3:
        raise ParameterError(f"windows must have the shape [n, channels, length], got {list(rows.shape)}")
    return rows
