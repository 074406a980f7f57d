"""Indicators of the state of a gear, from its synchronous average and what is made of it.

The synchronous average spans one turn of the gear's shaft. Without its mesh harmonics it is the residual
signal, without their first sidebands too the difference signal; what is taken off is the regular signal.
All indicators are ratios: they do not depend on the level.

References
----------
Stewart, R. M. (1977), Some useful data analysis techniques for gearbox diagnostics, Report MHM/R/10/77,
Institute of Sound and Vibration Research, University of Southampton. (FM0, FM4)

Martin, H. R. (1989), Statistical moment analysis as a means of surface damage detection, Proceedings of the
7th International Modal Analysis Conference, 1016-1021. (M6A, M8A)

Zakrajsek, J. J., Townsend, D. P. and Decker, H. J. (1993), An analysis of gear fault detection methods as
applied to pitting fatigue failure data, NASA TM-105950. (NA4)

Lebold, M., McClintic, K., Campbell, R., Byington, C. and Maynard, K. (2000), Review of vibration analysis
methods for gearbox diagnostics and prognostics, Proceedings of the 54th Meeting of the Society for
Machinery Failure Prevention Technology, 623-634. (FM4, M6A, M8A, NA4, NB4)
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from faultdiag.errors import RecordError
from faultdiag.signal.checks import whole_number
from faultdiag.signal.indicators import kurtosis, peak_to_peak, standard_deviation
from faultdiag.signal.waveform import Signal, Waveform

__all__ = [
    "energy_operator",
    "energy_ratio",
    "fm0",
    "fm4",
    "m6a",
    "m8a",
    "na4",
    "nb4",
    "sideband_ratio",
]

Samples = NDArray[np.floating[Any]]


def fm0(average: Signal, *, n_teeth: int, n_harmonics: int = 3) -> Samples:
    """Return FM0: peak-to-peak of the average over the sum of the amplitudes of the mesh harmonics.

    A damaged tooth raises the peak, wear of all teeth the sidebands: both raise FM0.

    Parameters
    ----------
    average : array_like, shape [..., n_samples]
        Synchronous average of one turn.
    n_teeth : int
        Teeth of the gear that turns once.
    n_harmonics : int
        Harmonics of the mesh, the fundamental counted.

    Returns
    -------
    ndarray, shape [...]
        2 for a pure mesh tone.

    Raises
    ------
    ParameterError
        If a count is below 1, or a harmonic is beyond half the samples of the turn.
    RecordError
        If a sample is not a finite real number, or there is no mesh tone.

    Examples
    --------
    >>> import numpy as np
    >>> turns = np.arange(1024) / 1024
    >>> round(fm0(np.cos(2 * np.pi * 32 * turns), n_teeth=32).item(), 6)
    2.0
    """
    waveform = Waveform.of(average)
    whole_number("n_teeth", n_teeth, least=1)
    whole_number("n_harmonics", n_harmonics, least=1)
    amplitude = _orders(waveform, highest=n_harmonics * n_teeth)
    mesh = amplitude[..., n_teeth : n_harmonics * n_teeth + 1 : n_teeth].sum(axis=-1)
    return peak_to_peak(waveform) / _there(waveform, mesh, n_teeth)


def fm4(difference: Signal) -> Samples:
    """Return FM4: the kurtosis of the difference signal, 3 for normal noise.

    One or few damaged teeth raise it; when damage spreads to many, it falls again.

    Parameters
    ----------
    difference : array_like, shape [..., n_samples]
        Difference signal.

    Returns
    -------
    ndarray, shape [...]
        Without a unit.

    Raises
    ------
    RecordError
        If a sample is not a finite real number, or a channel is constant.
    """
    return kurtosis(difference)


def m6a(difference: Signal) -> Samples:
    """Return M6A: as `fm4` with the sixth moment, more sensitive to peaks; 15 for normal noise."""
    return np.asarray((np.square(Waveform.of(difference).standard) ** 3).mean(axis=-1))


def m8a(difference: Signal) -> Samples:
    """Return M8A: as `fm4` with the eighth moment, the most sensitive to peaks; 105 for normal noise."""
    return np.asarray(np.square(np.square(np.square(Waveform.of(difference).standard))).mean(axis=-1))


def na4(residual: Signal, *, earlier: ArrayLike) -> Samples:
    """Return NA4: the fourth moment of the residual signal over its mean variance so far, squared.

    Unlike FM4 it goes on rising when damage spreads, for the variance of the sound gear stays in the mean.

    Parameters
    ----------
    residual : array_like, shape [..., n_samples]
        Residual signal of this reading.
    earlier : array_like, shape [n_readings, ..., n_samples]
        Residual signals of the readings before it, under the same load and speed. This reading is counted
        beside them. A first reading has none: its NA4 is ``fm4(residual)``.

    Returns
    -------
    ndarray, shape [...]
        3 for normal noise whose level stays; 48 where it doubles after many readings.

    Raises
    ------
    RecordError
        If a sample is not a finite real number, there is no earlier reading, its channels are others, or a
        channel is constant.

    Examples
    --------
    >>> import numpy as np
    >>> square = np.tile([1.0, -1.0], 50)
    >>> na4(3 * square, earlier=[square, square, square]).item()
    9.0
    """
    waveform, before = Waveform.of(residual), Waveform(earlier)
    if before.samples.shape[1:-1] != waveform.samples.shape[:-1] or before.samples.ndim < 2:
        raise RecordError(
            f"earlier readings must be [n_readings, ..., n_samples] with the channels of this one, "
            f"{list(waveform.samples.shape[:-1])}, got the shape {list(before.samples.shape)}"
        )
    now = np.square(waveform.deviation)
    so_far = (np.square(before.deviation).sum(axis=0) + now) / (len(before.samples) + 1)
    return np.asarray(kurtosis(waveform) * np.square(now / so_far))


def nb4(envelope: Signal, *, earlier: ArrayLike) -> Samples:
    """Return NB4: NA4 of the envelope of the band around a mesh harmonic.

    A few damaged teeth make the load, and so the envelope, pulse.

    Parameters
    ----------
    envelope : array_like, shape [..., n_samples]
        Envelope of the average, band-passed around a mesh harmonic with its sidebands.
    earlier : array_like, shape [n_readings, ..., n_samples]
        Envelopes of the readings before this one, as for `na4`.

    Returns
    -------
    ndarray, shape [...]
        Without a unit.

    Raises
    ------
    RecordError
        As for `na4`.
    """
    return na4(envelope, earlier=earlier)


def energy_ratio(difference: Signal, *, regular: Signal) -> Samples:
    """Return the deviation of the difference signal over that of the regular signal.

    Wear of all teeth raises it: energy goes from the mesh to everything else.

    Parameters
    ----------
    difference, regular : array_like, shape [..., n_samples]
        Difference signal, and the part of the average that was taken off.

    Returns
    -------
    ndarray, shape [...]
        Without a unit.

    Raises
    ------
    RecordError
        If a sample is not a finite real number, or a channel of the regular signal is constant.
    """
    regular = Waveform.of(regular)
    regular.require(regular.high > regular.low, "is constant: there is no regular part; check the average")
    return standard_deviation(difference) / regular.deviation


def sideband_ratio(average: Signal, *, n_teeth: int, harmonic: int = 1, n_sidebands: int = 1) -> Samples:
    """Return the sum of the amplitudes of sidebands over the amplitude of their mesh harmonic.

    Parameters
    ----------
    average : array_like, shape [..., n_samples]
        Synchronous average of one turn.
    n_teeth : int
        Teeth of the gear that turns once.
    harmonic : int
        Harmonic of the mesh.
    n_sidebands : int
        Sidebands on each side, one shaft order apart.

    Returns
    -------
    ndarray, shape [...]
        The depth of modulation, where the mesh is amplitude-modulated once a turn.

    Raises
    ------
    ParameterError
        If a count is below 1, sidebands reach those of the next harmonic, or go beyond half the samples.
    RecordError
        If a sample is not a finite real number, or there is no mesh tone.

    Examples
    --------
    >>> import numpy as np
    >>> turns = np.arange(1024) / 1024
    >>> average = (1 + 0.3 * np.cos(2 * np.pi * turns)) * np.cos(2 * np.pi * 32 * turns)
    >>> round(sideband_ratio(average, n_teeth=32).item(), 6)
    0.3
    """
    waveform = Waveform.of(average)
    whole_number("n_teeth", n_teeth, least=1)
    whole_number("harmonic", harmonic, least=1)
    why = "before the sidebands of the next harmonic"
    whole_number("n_sidebands", n_sidebands, least=1, most=(n_teeth - 1) // 2, why=why)
    centre = harmonic * n_teeth
    amplitude = _orders(waveform, highest=centre + n_sidebands)
    mesh = amplitude[..., centre]
    around = amplitude[..., centre - n_sidebands : centre + n_sidebands + 1].sum(axis=-1)
    return np.asarray((around - mesh) / _there(waveform, mesh, centre))


def energy_operator(average: Signal) -> Samples:
    """Return the kurtosis of the Teager-Kaiser energy of a synchronous average.

    The energy of sample i is ``x[i] ** 2 - x[i - 1] * x[i + 1]``, constant for a tone and large where
    amplitude or frequency jump. The mean is taken off, and the turn is periodic: the neighbour of its last
    sample is its first.

    Parameters
    ----------
    average : array_like, shape [..., n_samples]
        Synchronous average of one turn, or a residual signal.

    Returns
    -------
    ndarray, shape [...]
        Without a unit.

    Raises
    ------
    RecordError
        If a sample is not a finite real number, or the energy is constant.

    References
    ----------
    Kaiser, J. F. (1990), On a simple algorithm to calculate the 'energy' of a signal, Proceedings of
    ICASSP, 381-384, doi 10.1109/ICASSP.1990.115702.
    """
    x = Waveform.of(average).standard
    return kurtosis(np.square(x) - np.roll(x, 1, axis=-1) * np.roll(x, -1, axis=-1))


def _orders(waveform: Waveform, *, highest: int) -> Samples:
    """Amplitudes of the orders of a turn, checked to go up to the highest that is asked for."""
    n = waveform.samples.shape[-1]
    why = f"below half the {n} samples of the turn (take more samples a turn, or fewer harmonics)"
    whole_number("the highest order", highest, least=1, most=(n - 1) // 2, why=why)
    return np.asarray(np.abs(fft.rfft(waveform.samples)) * waveform.samples.dtype.type(2 / n))


def _there(waveform: Waveform, mesh: Samples, order: int) -> Samples:
    """The amplitude of the mesh, checked to be more than rounding."""
    rounding = 10 * np.finfo(mesh.dtype).eps * np.maximum(waveform.high, -waveform.low)
    waveform.require(mesh > rounding, f"has no mesh tone at order {order}; check n_teeth and the average")
    return mesh
