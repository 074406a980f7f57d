"""Bands of a signal and their squared envelopes: one Fourier transform, cut into slices.

A slice of the positive half of the spectrum, transformed back by itself, is the complex envelope of
that band at the rate that the band needs, and no more. So all bands of a level together cost one
inverse transform.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from faultdiag.errors import ParameterError
from faultdiag.signal.checks import positive
from faultdiag.signal.samples import as_samples

__all__ = ["BandMap", "Slices", "tree_counts"]

Samples = NDArray[np.floating[Any]]

EDGE = 1 / 64
"""Share of the record at each end that is faded, and left out of what is returned."""

FEWEST_SAMPLES = 64
"""Of a band, for statistics that mean something."""


@dataclass(frozen=True, eq=False)
class BandMap:
    """A number for each of some bands: how impulsive it is, how strongly it carries a line.

    Attributes
    ----------
    low_hz, high_hz : ndarray, shape [n_bands]
        Edges of each band.
    value : ndarray, shape [..., n_bands]
        The larger, the better.
    """

    low_hz: NDArray[np.float64]
    high_hz: NDArray[np.float64]
    value: Samples

    def best_band_hz(self) -> NDArray[np.float64]:
        """Return the edges of the band with the largest value, shape [..., 2]; of equal ones the lowest."""
        edges = np.stack([self.low_hz, self.high_hz], axis=-1)
        best: NDArray[np.float64] = edges[self.value.argmax(axis=-1)]
        return best

    def levels(self) -> list[tuple[float, slice]]:
        """Return the width in Hz and the place of each run of bands that stand side by side, widest first."""
        starts = np.flatnonzero(np.diff(self.low_hz, prepend=np.inf) <= 0)
        ends = [*starts[1:], len(self.low_hz)]
        widths = self.high_hz - self.low_hz
        return [(float(widths[a]), slice(int(a), int(b))) for a, b in zip(starts, ends, strict=True)]

    def grid(self) -> Samples:
        """Return the values as a picture, shape [..., n_levels, n_columns].

        A row is a level, the first the widest; a column is a stretch of frequency, all equally wide.

        Raises
        ------
        ParameterError
            If the bands of a level overlap or leave gaps.
        """
        levels = self.levels()
        counts = [place.stop - place.start for _, place in levels]
        n_columns = int(np.lcm.reduce(counts))
        span_hz = self.high_hz.max() - self.low_hz.min()
        if not np.allclose([width * n for (width, _), n in zip(levels, counts, strict=True)], span_hz):
            raise ParameterError("a picture needs bands that share out the whole range at every level")
        rows = [
            np.repeat(self.value[..., place], n_columns // (place.stop - place.start), -1)
            for _, place in levels
        ]
        return np.stack(rows, axis=-2)


def tree_counts(n_levels: int) -> list[int]:
    """Return how many bands each level of a 1/3-binary tree has.

    Examples
    --------
    >>> tree_counts(3)
    [1, 2, 3, 4, 6, 8]
    """
    counts = [1]
    for level in range(1, n_levels + 1):
        counts += [2**level] if level == n_levels else [2**level, 3 * 2 ** (level - 1)]
    return counts


@dataclass(frozen=True, eq=False)
class Slices:
    """The positive half of a spectrum, ready to be cut into bands.

    Attributes
    ----------
    bins : ndarray of complex, shape [..., n_bins]
        From 0 to below half the rate.
    n_samples, rate_hz
        Of the signal.
    """

    bins: NDArray[np.complexfloating[Any, Any]]
    n_samples: int
    rate_hz: float

    @classmethod
    def of(cls, x: ArrayLike, *, rate_hz: float, n_parts: int = 1) -> "Slices":
        """Return the slices of a signal that can be shared out into `n_parts` equal bands.

        The mean is taken off and the ends are faded: what jumps from the last sample to the first
        would be an impulse in every band.

        Raises
        ------
        ParameterError
            If the rate is not positive.
        RecordError
            If there is no sample, or one is not a finite real number.
        """
        positive("rate_hz", rate_hz)
        samples = as_samples(x)
        n = samples.shape[-1]
        centred = samples - samples.mean(axis=-1, keepdims=True)
        n_edge = int(EDGE * n)
        fade = np.sin(np.pi / 2 * (np.arange(n_edge) + 0.5) / max(n_edge, 1)).astype(samples.dtype) ** 2
        centred[..., :n_edge] *= fade
        centred[..., n - n_edge :] *= fade[::-1]
        unit = 2 * n_parts  # every band must end between two bins
        n_padded = unit * fft.next_fast_len(-(-n // unit))
        return cls(fft.rfft(centred, n=n_padded)[..., :-1], n, rate_hz)

    @property
    def step_hz(self) -> float:
        """Distance of two bins."""
        return self.rate_hz / 2 / int(self.bins.shape[-1])

    def level(self, n_bands: int, *, oversampling: int = 1) -> tuple[Samples, float]:
        """Return the squared envelopes of equal bands that fill the spectrum.

        Parameters
        ----------
        n_bands : int
            How many; the bins must be a multiple.
        oversampling : int
            1 gives as many samples as the band is wide: enough for moments. 2 keeps what the squared
            envelope has of high frequencies in its place.

        Returns
        -------
        squared : ndarray, shape [..., n_bands, n]
            Squared envelopes without the faded ends: for a tone its squared amplitude.
        rate_hz : float
            Their rate.
        """
        width = self.bins.shape[-1] // n_bands
        return self._squared(self.bins.reshape(*self.bins.shape[:-1], n_bands, width), oversampling)

    def band(self, low_hz: float, width_hz: float, *, oversampling: int = 2) -> tuple[Samples, float]:
        """Return the squared envelope ``[..., n]`` of one band and its rate, as `level` does."""
        width = min(max(1, round(width_hz / self.step_hz)), self.bins.shape[-1])
        start = min(round(low_hz / self.step_hz), self.bins.shape[-1] - width)
        return self._squared(self.bins[..., start : start + width], oversampling)

    def _squared(
        self, slices: NDArray[np.complexfloating[Any, Any]], oversampling: int
    ) -> tuple[Samples, float]:
        n_half = self.bins.shape[-1]
        n = slices.shape[-1] * oversampling
        envelope = fft.ifft(slices, n=n)
        squared = envelope.real**2 + envelope.imag**2
        squared *= (n / n_half) ** 2  # ifft divides by n, the whole transform by 2 n_half, twice one side
        # the faded ends do not count, nor what was padded
        first = int(np.ceil(EDGE * self.n_samples * n / (2 * n_half)))
        stop = int((1 - EDGE) * self.n_samples * n / (2 * n_half))
        return squared[..., first : max(stop, first + 1)], self.rate_hz * n / (2 * n_half)
