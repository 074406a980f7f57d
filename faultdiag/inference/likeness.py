"""Whether a signal is like the training data: a distance of its windows, and the most that a new bearing has.

Networks are sure of signals that they know nothing of: trained on simulated bearings, the energy of their
logits (Liu et al. 2020) ranks tones, white noise and clipped signals hardly farther away than new bearings.
And what a network says of bearings that train tells nothing of those that do not: a limit for its logits
would take further networks, each without a bearing. A distance of the signal itself takes none, and is the
same whatever computes the logits. Amplitude is no part of it, as it is none of what networks see.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError
from faultdiag.views.pool import WindowPool
from faultdiag.windows import Windows

__all__ = ["Likeness", "fit_likeness", "window_statistics"]

Numbers = NDArray[np.float64]

LOWEST = 8
"""Lines of the spectrum in the lowest band; each band above ends an octave higher."""

FEWEST_LINES = 16
"""Of a band in which one line can stand out; below there are shaft speed and unbalance on every machine."""

FLOOR = 1e-6
"""Share of a window's power that is as good as nothing (-60 dB)."""

TOP = 0.99
"""Samples above this share of a window's largest deviation lie at the top: many, where it is clipped."""

RESOLUTION = np.log(10) / 10
"""A difference of a statistic that means nothing: 1 dB, as two mountings of a sensor differ."""

FEWEST_BEARINGS = 4
"""With three, the error of the standard deviation of their distances is half of it."""

ALARMS = 0.01
"""Share of new bearings, of a kind with those of the training, that may be flagged."""


def window_statistics(windows: NDArray[Any]) -> Numbers:
    """Return what is compared of windows, each channel by itself; a gain changes nothing.

    Parameters
    ----------
    windows : ndarray, shape [..., n]
        Prepared samples.

    Returns
    -------
    ndarray, shape [..., n_statistics]
        Natural logarithms: of each octave's share of the power, of how far the largest line of each wide
        octave stands over its mean, of the kurtosis, and of the number of samples at the top. A channel
        that does not vary has statistics, too, that no other has.
    """
    n = windows.shape[-1]
    centred = windows - windows.mean(axis=-1, keepdims=True)
    largest = np.abs(centred).max(axis=-1, keepdims=True)
    varies = largest > 1e-6 * np.abs(windows).max(axis=-1, keepdims=True)
    scaled = centred / np.where(varies, largest, np.inf)
    squares = scaled * scaled
    n_top = np.count_nonzero(squares >= TOP**2, axis=-1)
    fourth = np.einsum("...i,...i", squares, squares)
    kurtosis = n * fourth / np.where(varies, squares.sum(axis=-1, keepdims=True), np.inf)[..., 0] ** 2
    spectrum = np.fft.rfft(scaled * np.hanning(n).astype(scaled.dtype))[..., 1:]
    lines = spectrum.real**2 + spectrum.imag**2
    edges = _edges(lines.shape[-1])
    sums = np.add.reduceat(lines, edges[:-1], axis=-1, dtype=np.float64)
    total = sums.sum(axis=-1, keepdims=True) + np.finfo(np.float32).tiny
    widths = np.diff(edges)
    wide = widths >= FEWEST_LINES
    peaks = np.maximum.reduceat(lines, edges[:-1], axis=-1)[..., wide]
    statistics: Numbers = np.concatenate(
        [
            sums / total + FLOOR,
            (peaks + FLOOR * total) / (sums[..., wide] / widths[wide] + FLOOR * total),
            kurtosis[..., None] + FLOOR,
            n_top[..., None] + 1.0,
        ],
        axis=-1,
    )
    return np.log(statistics)


def _edges(n_lines: int) -> NDArray[np.int64]:
    """Lines at which octaves begin, from the highest down to the lowest band, and the end."""
    edges = [n_lines]
    while edges[0] >= 2 * LOWEST:
        edges.insert(0, edges[0] // 2)
    return np.array([0, *edges], np.int64)


@dataclass(frozen=True, eq=False)
class Likeness:
    """Where the statistics of training windows lie, and how far from there those of a new bearing may.

    The distance of a signal is the geometric mean of those of its windows, which a few strange ones do not
    decide. All but the first two attributes are natural logarithms.

    Attributes
    ----------
    means : ndarray, shape [channels, n_statistics]
        Over bearings.
    whitening : ndarray, shape [channels, n_statistics, n_statistics]
        Makes of a difference from the means one whose square is 1 on average for each statistic.
    usual : float
        Distance of a bearing that was left out, on average.
    between, within : float
        How far above it the distance of a new bearing may lie, and that of one window from its record's.
    bearings : int
        How many were left out to find that.

    References
    ----------
    Lee, K., Lee, K., Lee, H. and Shin, J. (2018), A simple unified framework for detecting
    out-of-distribution samples and adversarial attacks, NeurIPS 31: the Mahalanobis distance, there of a
    network's features.

    Liu, W., Wang, X., Owens, J. and Li, Y. (2020), Energy-based out-of-distribution detection, NeurIPS 33.
    """

    means: Numbers
    whitening: Numbers
    usual: float = 0.0
    between: float = 0.0
    within: float = 0.0
    bearings: int = 0

    def __post_init__(self) -> None:
        for name in ("means", "whitening"):  # JSON has lists
            object.__setattr__(self, name, np.asarray(getattr(self, name), np.float64))

    @classmethod
    def fit(
        cls, statistics: Numbers, *, record: NDArray[Any], group: NDArray[Any], label: NDArray[Any]
    ) -> "Likeness | None":
        """Learn from training windows; the limit comes from bearings that are left out in turn.

        The distance of each bearing, that of its most distant record, is taken from the others alone. From
        mean and deviation of their logarithms follows the limit that 1 % of new bearings would exceed, were
        they normal: few bearings set a wide limit. Where one that was left out exceeds it, the limit is
        there. The only bearing of a class is not left out: a class that is unknown is no new bearing.

        Parameters
        ----------
        statistics : ndarray, shape [n, channels, n_statistics]
            Of windows, from `window_statistics`.
        record, group, label : ndarray, shape [n]
            Record, physical bearing and class of each window.

        Returns
        -------
        Likeness or None
            None if fewer than 4 bearings can be left out.
        """
        from scipy.stats import t

        names = np.unique(group)
        centres = np.array([statistics[group == name].mean(axis=0) for name in names])
        within = np.array(
            [_covariance(statistics[group == name] - c) for name, c in zip(names, centres, strict=True)]
        )
        distances, variances = [], []
        for name in names:
            own, others = group == name, names != name
            if not np.isin(label[own], label[~own]).all():
                continue
            of_others = cls(*_means_and_whitening(centres[others], within[others]))
            found = of_others._of(statistics[own])
            of_records = [found[record[own] == number] for number in np.unique(record[own])]
            distances.append(max(values.mean() for values in of_records))
            variances.append(np.mean([values.var() for values in of_records]))
        n = len(distances)
        if n < FEWEST_BEARINGS:
            return None
        reach = float(t.ppf(1 - ALARMS, n - 1))
        spread = reach * float(np.std(distances, ddof=1)) * (1 + 1 / n) ** 0.5
        return cls(
            *_means_and_whitening(centres, within),
            usual=float(np.mean(distances)),
            between=max(spread, float(np.max(distances) - np.mean(distances))),
            within=reach * float(np.mean(variances)) ** 0.5,
            bearings=n,
        )

    def checked(self, *, n_channels: int, length: int) -> "Likeness":
        """Return this, if it is for such windows.

        Raises
        ------
        ParameterError
            If it is not.
        """
        n_statistics = window_statistics(np.zeros(length)).shape[-1]
        shapes = self.means.shape, self.whitening.shape
        expected = (n_channels, n_statistics), (n_channels, n_statistics, n_statistics)
        if shapes != expected:
            raise ParameterError(f"means and whitening have shapes {shapes}, the windows need {expected}")
        return self

    def log_distances(self, windows: NDArray[Any]) -> Numbers:
        """Return the logarithm of how far windows lie from the training data, shape [n]: 0 is usual.

        The distance is the root mean square of the whitened differences of their statistics from the means,
        over statistics and channels: a Mahalanobis distance.

        Parameters
        ----------
        windows : ndarray, shape [n, channels, length]
            Prepared samples.
        """
        return self._of(window_statistics(windows))

    def limit(self, n_windows: int) -> float:
        """Return the largest distance of a signal of so many windows that is not unlike."""
        return float(np.exp(self.usual + np.hypot(self.between, self.within / np.sqrt(n_windows))))

    def state(self) -> dict[str, Any]:
        """Return the attributes as plain JSON."""
        return asdict(self) | {"means": self.means.tolist(), "whitening": self.whitening.tolist()}

    def _of(self, statistics: Numbers) -> Numbers:
        whitened = np.einsum("cij,ncj->nci", self.whitening, statistics - self.means)
        return np.asarray(np.log(np.mean(whitened**2, axis=(1, 2)) + FLOOR) / 2)


def fit_likeness(pool: WindowPool, windows: Windows, groups: NDArray[Any]) -> Likeness | None:
    """Learn what prepared training windows are like; see `Likeness.fit`.

    Parameters
    ----------
    pool : WindowPool
        Prepared examples.
    windows : Windows
        Those that train.
    groups : ndarray, shape [n_records]
        Physical bearing of each record.

    Returns
    -------
    Likeness or None
        None for images, for windows too short for a spectrum, and for too few bearings.
    """
    if pool.images is not None or windows.length < 2 * LOWEST:
        return None
    statistics = np.concatenate([window_statistics(pool.samples(batch)) for batch in windows.batches(512)])
    return Likeness.fit(
        statistics, record=windows.record, group=groups[windows.record], label=pool.truth(windows)
    )


def _means_and_whitening(centres: Numbers, within: Numbers) -> tuple[Numbers, Numbers]:
    """Mean and whitening of bearings, of which each weighs the same, from their means and covariances."""
    means = centres.mean(axis=0)
    n = len(centres)
    between = _covariance(centres - means) * n / max(n - 1, 1)
    covariance = within.mean(axis=0) + between + RESOLUTION**2 * np.eye(means.shape[-1])
    return means, np.linalg.inv(np.linalg.cholesky(covariance))


def _covariance(centred: Numbers) -> Numbers:
    """Covariance of centred values ``[m, channels, k]``, shape ``[channels, k, k]``."""
    products: Numbers = np.einsum("mci,mcj->cij", centred, centred) / len(centred)
    return products
