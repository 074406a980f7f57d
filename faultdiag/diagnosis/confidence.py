"""How sure a finding is: one half at the limit of what it rests on, and more or less beside it."""

import math

__all__ = ["ALPHA", "against_chance", "against_limit"]

ALPHA = 1e-6
"""Chance that noise makes a claim. It is small because machines are no noise: what decides on them is the
effect."""


def against_chance(p_value: float, *, alpha: float) -> float:
    """Return the confidence that a probability leaves: one half at `alpha`, e times the odds at alpha / e².

    Parameters
    ----------
    p_value : float
        Chance that noise looks like this.
    alpha : float
        The chance that noise may have to make a claim.

    Examples
    --------
    >>> against_chance(1e-6, alpha=1e-6)
    0.5
    """
    return _logistic(0.5 * math.log(alpha / max(p_value, 1e-300)))


def against_limit(effect: float, *, limit: float) -> float:
    """Return the confidence that an effect leaves: one half at the limit, 0.95 at twice, 0.05 at half of it.

    Parameters
    ----------
    effect : float
        0 or more.
    limit : float
        From where on the effect means damage.

    Examples
    --------
    >>> round(against_limit(0.2, limit=0.1), 2)
    0.95
    """
    return _logistic(3 * math.log2(max(effect, 1e-12) / limit))


def _logistic(z: float) -> float:
    return 1 / (1 + math.exp(-min(max(z, -50.0), 50.0)))
