"""From acceleration to velocity and displacement."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from faultdiag.errors import ParameterError
from faultdiag.records import UNIT_FACTORS
from faultdiag.registry import near_names
from faultdiag.signal.checks import positive, refuse_short
from faultdiag.signal.samples import as_samples

__all__ = ["integrate"]

Samples = NDArray[np.floating[Any]]

QUANTITIES = ("acceleration", "velocity", "displacement")
"""Each is the integral of the one before."""

MIN_PERIODS = 2
"""Shortest signal, in periods of the lower cut-off."""


def integrate(x: ArrayLike, *, rate_hz: float, from_unit: str, to_unit: str, low_hz: float = 10.0) -> Samples:
    """Integrate acceleration to velocity or displacement, or velocity to displacement.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal, in `from_unit`.
    rate_hz : float
        Sampling rate.
    from_unit, to_unit : str
        Units such as "g", "m/s2", "mm/s", "um": those of `faultdiag.records.Record.to`. They say how
        often to integrate.
    low_hz : float
        Lower cut-off: what lies above it is integrated exactly, what lies below half of it is taken out,
        with a smooth gain between. Integration raises low frequencies, and with them the drift of the
        sensor. 10 Hz is the lower limit of ISO 20816-3 for machines of 600 rpm and more; take 2 Hz for
        slower ones.

    Returns
    -------
    ndarray, shape [..., n_samples]
        In `to_unit`, with a mean of about 0.

    Raises
    ------
    ParameterError
        If a unit is unknown, one is not an integral of the other, or the cut-off does not lie between 0
        and half the rate.
    RecordError
        If the signal is shorter than two periods of the cut-off, or a sample is not a finite real number.

    Notes
    -----
    A straight line is taken off first. Beyond its ends the signal goes on as its mirror image with the
    opposite sign, whose integral is the mirror image of the integral: no end meets the other, and no step
    excites the cut-off. One period of `low_hz` from an end the velocity of a tone of ten times `low_hz`
    is off by less than 1 % of its amplitude, the displacement by 10 %; two periods from it by 0.1 % and
    2 %. Tones near `low_hz` take twice as long; the displacement of tones a hundred times above it is smaller
    than what the ends leave.

    Examples
    --------
    An acceleration of 1 g at 100 Hz is a velocity of ``9806.65 / (2 * pi * 100)`` mm/s.

    >>> import numpy as np
    >>> x = np.sin(2 * np.pi * 100 * np.arange(12000) / 12000)
    >>> velocity = integrate(x, rate_hz=12000, from_unit="g", to_unit="mm/s")
    >>> round(float(velocity[5000:7000].max()), 1)
    15.6
    """
    samples = as_samples(x)
    n_times, factor = _conversion(from_unit, to_unit)
    if positive("low_hz", low_hz) >= positive("rate_hz", rate_hz) / 2:
        raise ParameterError(f"low_hz must be under {rate_hz / 2:g} Hz, half the rate, got {low_hz:g}")
    refuse_short(
        samples.shape[-1],
        np.ceil(MIN_PERIODS * rate_hz / low_hz),
        what=f"integration from {low_hz:g} Hz on",
        remedy="a higher low_hz",
    )
    integral = _without_drift(samples)
    for _ in range(n_times):
        integral = _integral(integral, rate_hz, low_hz)
    return integral * samples.dtype.type(factor)


def _conversion(from_unit: str, to_unit: str) -> tuple[int, float]:
    """How often to integrate, and the factor after it."""
    for unit in (from_unit, to_unit):
        if unit not in UNIT_FACTORS:
            raise ParameterError(f"unknown unit {unit!r}; {near_names(unit, list(UNIT_FACTORS))}")
    (quantity, factor), (to_quantity, to_factor) = UNIT_FACTORS[from_unit], UNIT_FACTORS[to_unit]
    n_times = QUANTITIES.index(to_quantity) - QUANTITIES.index(quantity)
    if n_times < 1:
        raise ParameterError(
            f"to_unit {to_unit!r} ({to_quantity}) is no integral of from_unit {from_unit!r} ({quantity}); "
            f"integration goes from {QUANTITIES[0]} to {QUANTITIES[1]} to {QUANTITIES[2]}"
        )
    return n_times, factor / to_factor


def _without_drift(x: Samples) -> Samples:
    """The signal without the line that fits best, its ends weighted down: tones hardly tilt that line."""
    n = x.shape[-1]
    place = (np.arange(n) - (n - 1) / 2) / n
    weights = np.cos(np.pi * place) ** 2
    mean = x @ weights / weights.sum()
    slope = x @ (weights * place) / (weights @ place**2)
    level: Samples = (x - mean[..., None] - slope[..., None] * place).astype(x.dtype, copy=False)
    return level


def _integral(x: Samples, rate_hz: float, low_hz: float) -> Samples:
    n = x.shape[-1]
    before = min(n, int(np.ceil(2 * MIN_PERIODS * rate_hz / low_hz)))
    n_padded = fft.next_fast_len(n + 2 * before, real=True)
    padded = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(before, n_padded - n - before)], mode="symmetric")
    padded[..., :before] *= -1
    padded[..., before + n :] *= -1
    spectrum = fft.rfft(padded)
    freq_hz = fft.rfftfreq(n_padded, 1 / rate_hz)
    # half a cosine from low_hz / 2 to low_hz
    gain = np.sin(np.pi / 2 * np.clip(2 * freq_hz / low_hz - 1, 0, 1)) ** 2
    gain[1:] /= 2 * np.pi * freq_hz[1:]
    spectrum *= (gain * -1j).astype(spectrum.dtype)
    integral: Samples = fft.irfft(spectrum, n=n_padded, overwrite_x=True)
    return integral[..., before : before + n]
