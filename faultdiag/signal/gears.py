"""What a synchronous average says of a gear: its regular part, the rest, and how the mesh is modulated.

A synchronous average is one turn of a shaft, so that line k of its spectrum is order k of the shaft.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.checks import whole_number
from faultdiag.signal.samples import as_samples

__all__ = ["difference_signal", "mesh_modulation", "regular_signal", "residual_signal"]

Samples = NDArray[np.floating[Any]]

SHAFT_ORDERS = 2
"""Harmonics of the shaft that unbalance and misalignment make whatever the gear does."""


def regular_signal(
    average: ArrayLike, *, n_teeth: int | Sequence[int], n_shaft_orders: int = SHAFT_ORDERS
) -> Samples:
    """Return the regular part of a synchronous average: mesh harmonics with their first sidebands.

    Parameters
    ----------
    average : array_like, shape [..., samples_per_turn]
        One turn of the shaft, from `faultdiag.signal.synchronous.synchronous_average`.
    n_teeth : int or sequence of int
        Teeth of the gear; several numbers for several gears on the shaft.
    n_shaft_orders : int
        How many of the lowest harmonics of the shaft belong to the regular part, too.

    Returns
    -------
    ndarray, shape [..., samples_per_turn]
        The mean, orders 1 to `n_shaft_orders`, all multiples of `n_teeth`, and the orders beside these.

    Raises
    ------
    ParameterError
        If a number is no whole one, or too high for the samples per turn.
    RecordError
        If a sample is not finite.

    References
    ----------
    Stewart, R. M. (1977), Some useful data analysis techniques for gearbox diagnostics, Report
    MHM/R/10/77, Institute of Sound and Vibration Research, University of Southampton.

    Examples
    --------
    >>> import numpy as np
    >>> angle = 2 * np.pi * np.arange(100) / 100
    >>> x = np.cos(20 * angle) + 0.1 * np.cos(21 * angle) + 0.01 * np.cos(22 * angle)
    >>> round(float(np.abs(regular_signal(x, n_teeth=20) - x).max()), 3)
    0.01
    """
    return _kept(as_samples(average), n_teeth, n_shaft_orders, n_sidebands=1)


def residual_signal(
    average: ArrayLike, *, n_teeth: int | Sequence[int], n_shaft_orders: int = SHAFT_ORDERS
) -> Samples:
    """Return a synchronous average without mesh harmonics, their sidebands left in.

    Parameters
    ----------
    average, n_teeth, n_shaft_orders
        As for `regular_signal`.

    Returns
    -------
    ndarray, shape [..., samples_per_turn]
        What NA4 is computed from.

    Raises
    ------
    ParameterError, RecordError
        As for `regular_signal`.

    References
    ----------
    Zakrajsek, J. J., Townsend, D. P. and Decker, H. J. (1993), An analysis of gear fault detection
    methods as applied to pitting fatigue failure data, NASA Technical Memorandum 105950.

    Examples
    --------
    >>> import numpy as np
    >>> angle = 2 * np.pi * np.arange(100) / 100
    >>> x = np.cos(20 * angle) + 0.1 * np.cos(21 * angle)
    >>> round(float(np.abs(residual_signal(x, n_teeth=20)).max()), 3)
    0.1
    """
    samples = as_samples(average)
    return samples - _kept(samples, n_teeth, n_shaft_orders, n_sidebands=0)


def difference_signal(
    average: ArrayLike, *, n_teeth: int | Sequence[int], n_shaft_orders: int = SHAFT_ORDERS
) -> Samples:
    """Return a synchronous average without mesh harmonics and their first sidebands.

    Parameters
    ----------
    average, n_teeth, n_shaft_orders
        As for `regular_signal`.

    Returns
    -------
    ndarray, shape [..., samples_per_turn]
        What FM4, M6A and M8A are computed from; with the regular signal it makes the average.

    Raises
    ------
    ParameterError, RecordError
        As for `regular_signal`.

    References
    ----------
    Stewart, R. M. (1977), as for `regular_signal`.

    Examples
    --------
    >>> import numpy as np
    >>> angle = 2 * np.pi * np.arange(100) / 100
    >>> x = np.cos(20 * angle) + 0.1 * np.cos(21 * angle)
    >>> round(float(np.abs(difference_signal(x, n_teeth=20)).max()), 3)
    0.0
    """
    samples = as_samples(average)
    return samples - _kept(samples, n_teeth, n_shaft_orders, n_sidebands=1)


def mesh_modulation(
    average: ArrayLike, *, n_teeth: int, harmonic: int = 1, n_sidebands: int | None = None
) -> tuple[Samples, Samples]:
    """Return how amplitude and phase of a mesh harmonic change over a turn.

    Parameters
    ----------
    average : array_like, shape [..., samples_per_turn]
        One turn of the shaft.
    n_teeth : int
        Teeth of the gear.
    harmonic : int
        Which harmonic of the mesh is demodulated.
    n_sidebands : int, optional
        How many orders on each side of it belong to it; default what leaves each harmonic its own band,
        ``(n_teeth - 1) // 2``.

    Returns
    -------
    amplitude : ndarray, shape [..., samples_per_turn]
        In the unit of `average`.
    phase_rad : ndarray, shape [..., samples_per_turn]
        Phase over that of the mesh line itself, without jumps of a turn.

    Raises
    ------
    ParameterError
        If a number is no whole one, or the band does not lie between order 0 and half the samples per
        turn.
    RecordError
        If there is no line at the mesh harmonic, or a sample is not finite.

    References
    ----------
    McFadden, P. D. (1986), Detecting fatigue cracks in gears by amplitude and phase demodulation of the
    meshing vibration, Journal of Vibration, Acoustics, Stress, and Reliability in Design 108(2), 165-170,
    doi 10.1115/1.3269317.

    Examples
    --------
    >>> import numpy as np
    >>> angle = 2 * np.pi * np.arange(200) / 200
    >>> x = (2 + np.cos(angle)) * np.cos(30 * angle + 0.2 * np.sin(2 * angle))
    >>> amplitude, phase_rad = mesh_modulation(x, n_teeth=30)
    >>> bool(np.allclose(amplitude, 2 + np.cos(angle), atol=1e-6))
    True
    >>> bool(np.allclose(phase_rad, 0.2 * np.sin(2 * angle), atol=1e-6))
    True
    """
    samples = as_samples(average)
    n = samples.shape[-1]
    centre = whole_number("harmonic", harmonic, least=1) * whole_number("n_teeth", n_teeth, least=2)
    reach = (n_teeth - 1) // 2 if n_sidebands is None else whole_number("n_sidebands", n_sidebands, least=1)
    if not reach < centre < n / 2 - reach:
        raise ParameterError(
            f"the band of {reach} orders around order {centre} must lie between 0 and {n / 2:g}, half the "
            "samples per turn; take fewer n_sidebands or more samples per turn"
        )
    spectrum = fft.rfft(samples)
    band = np.zeros_like(spectrum, shape=samples.shape)
    orders = np.arange(-reach, reach + 1)
    band[..., orders] = 2 * spectrum[..., centre + orders]
    mesh = spectrum[..., centre, None]
    rounding = 10 * np.finfo(samples.dtype).eps * np.abs(spectrum).max(axis=-1, keepdims=True)
    if np.any(np.abs(mesh) <= rounding):
        raise RecordError(f"there is no line at order {centre} whose modulation could be read")
    analytic = fft.ifft(band, overwrite_x=True)
    phase: Samples = np.unwrap(np.angle(analytic * (mesh.conj() / np.abs(mesh))), axis=-1)
    return np.abs(analytic), phase


def _kept(
    samples: Samples, n_teeth: int | Sequence[int], n_shaft_orders: int, *, n_sidebands: int
) -> Samples:
    """The average with its regular orders only."""
    n = samples.shape[-1]
    orders = np.arange(n // 2 + 1)
    regular = orders <= whole_number("n_shaft_orders", n_shaft_orders, least=0)
    for number in n_teeth if isinstance(n_teeth, Sequence) else [n_teeth]:
        if whole_number("n_teeth", number, least=2 * n_sidebands + 2) >= n / 2:
            raise ParameterError(
                f"n_teeth of {number} need more than {2 * number} samples per turn, got {n}; "
                "resample with more"
            )
        from_mesh = np.abs(orders - np.rint(orders / number) * number)
        regular |= (from_mesh <= n_sidebands) & (orders > number / 2)
    spectrum = fft.rfft(samples)
    spectrum[..., ~regular] = 0
    kept: Samples = fft.irfft(spectrum, n=n, overwrite_x=True)
    return kept
