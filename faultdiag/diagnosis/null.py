"""What noise alone reaches: the distribution of the scores where there is nothing to find.

A comb is looked for at many slips, so some place always looks good. How many places count is the number
of independent ones within the slips allowed, each weighed by what the slip costs: it grows with the
frequency and with the length of the record. The largest of very many would have a Gumbel distribution, and
the mean of the k largest that of -log(G) with G of a Gamma distribution of shape k, which is the Gumbel one
for k = 1. Here places are few and bands overlap, so shape, level and scale are fitted to white noise
(``python tools/null_scores.py`` does it); prewhitening makes them those of noise of any spectrum.
"""

import math

from scipy.special import gammainc

from faultdiag.diagnosis.evidence import N_HARMONICS, SLIP_DEVIATION

__all__ = ["BANDS_SHAPE", "bands_p_value", "places", "whole_band_p_value"]

WHOLE_LEVEL, WHOLE_SHAPE = 0.11, 1.41
"""Of the evidence in the whole band: level + log(places + 1). Its scale is its shape, so that far out it
falls by a factor of e for each nat, as the evidence of a single place does by definition."""

BANDS_SHAPE = 2.5
"""Of the mean of the five best bands, between 1, all bands alike, and 5, none alike. 3 fits the body a little
better, but makes p-values of 1e-4 twice too small."""

BANDS_PLACES, BANDS_BANDS = 0.887, 1.131
"""By how many nats the level grows with the logarithms of the places + 1 and of the bands."""

BANDS_SCALE, BANDS_NARROWER = 1.99, 0.121
"""Scale for a single place, and the power of the places + 1 with which it falls."""


def places(frequency_hz: float, duration_s: float) -> float:
    """Return how many lines the highest harmonic passes within the slips allowed, weighed by their cost.

    Parameters
    ----------
    frequency_hz : float
        Of the first harmonic.
    duration_s : float
        Length of the record.
    """
    return N_HARMONICS * frequency_hz * duration_s * math.sqrt(2 * math.pi) * SLIP_DEVIATION


def whole_band_p_value(nats: float, *, frequency_hz: float, duration_s: float) -> float:
    """Return the chance that noise has so much evidence in the whole band.

    Parameters
    ----------
    nats : float
        Evidence of the best comb there.
    frequency_hz, duration_s : float
        As for `places`.

    Examples
    --------
    >>> f"{whole_band_p_value(18, frequency_hz=107.4, duration_s=10):.1e}"
    '1.5e-06'
    """
    level = WHOLE_LEVEL + math.log(places(frequency_hz, duration_s) + 1)
    return _chance((nats - level) / WHOLE_SHAPE, WHOLE_SHAPE)


def bands_p_value(score: float, *, n_bands: float, frequency_hz: float, duration_s: float) -> float:
    """Return the chance that noise has such a mean over its five best bands.

    Parameters
    ----------
    score : float
        That mean, in nats.
    n_bands : float
        Bands that have room for the comb, from `faultdiag.diagnosis.bearing_rules.bands_that_hold`.
    frequency_hz, duration_s : float
        As for `places`.
    """
    crowd = math.log(places(frequency_hz, duration_s) + 1)
    level = BANDS_PLACES * crowd + BANDS_BANDS * math.log(max(n_bands, 1.0))
    scale = BANDS_SCALE * math.exp(-BANDS_NARROWER * crowd)
    return _chance((score - level) / scale, BANDS_SHAPE)


def _chance(above: float, shape: float) -> float:
    """Chance that -log(G) is larger, for G of a Gamma distribution of that shape."""
    return float(gammainc(shape, math.exp(min(-above, 700.0))))
