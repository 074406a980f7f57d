"""What noise alone reaches: the distribution of the scores where there is nothing to find.

A comb is looked for at many slips, so some place always looks good. How many places count is the number
of independent ones within the slips allowed, each weighed by what the slip costs: it grows with the
frequency and with the length of the record. The largest of them has a Gumbel distribution. Its constants
were found with white noise, by the upper half of the scores (``python tools/null_scores.py`` prints them);
prewhitening makes them those of noise of any spectrum.
"""

import math

from faultdiag.diagnosis.evidence import N_HARMONICS, SLIP_DEVIATION

__all__ = ["bands_p_value", "places", "whole_band_p_value"]

INDEPENDENT = 0.97
"""Independent places among the lines of the highest harmonic, in the whole band."""

BANDS_START, BANDS_SLOPE = -1.80, 1.22
"""By how many nats the mean of the five best of n bands is better than one band: start + slope * log(n)."""

BANDS_SCALE = 0.56
"""How much less it scatters than one band."""


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
    '1.6e-06'
    """
    return -math.expm1(-INDEPENDENT * places(frequency_hz, duration_s) * math.exp(-nats))


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
    better = BANDS_START + BANDS_SLOPE * math.log(max(n_bands, 1.0))
    level = math.log(places(frequency_hz, duration_s)) + better
    return -math.expm1(-math.exp(min((level - score) / BANDS_SCALE, 700.0)))
