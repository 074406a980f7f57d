"""Peak and power of a signal in frequency bands, and the bands where faults of bearings and gears show."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, signal

from faultdiag.errors import ParameterError
from faultdiag.kinematics.bearing import Bearing
from faultdiag.signal.checks import positive, rising_band, whole_number
from faultdiag.signal.samples import as_samples

__all__ = ["BandMetrics", "band_metrics", "bearing_bands", "gear_bands"]

Samples = NDArray[np.floating[Any]]
Bands = NDArray[np.float64]


class BandMetrics(NamedTuple):
    """What `band_metrics` finds in each band.

    Attributes
    ----------
    peak_amplitude : ndarray, shape [..., n_bands]
        Amplitude of the strongest line, in the unit of the signal: a lone tone of amplitude `a` reads `a`.
    peak_hz : ndarray, shape [..., n_bands]
        Its frequency.
    power : ndarray, shape [..., n_bands]
        Mean square of what lies in the band: ``a ** 2 / 2`` for a tone of amplitude `a`.
    """

    peak_amplitude: Samples
    peak_hz: Samples
    power: Samples


def band_metrics(x: ArrayLike, *, rate_hz: float, bands_hz: ArrayLike) -> BandMetrics:
    """Return the peak amplitude, the peak frequency and the power of a signal in bands.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal; its mean is taken off.
    rate_hz : float
        Sampling rate.
    bands_hz : array_like, shape [n_bands, 2]
        Lower and upper edge of each band, both included; bands may overlap.

    Returns
    -------
    BandMetrics
        One of each a band.

    Raises
    ------
    ParameterError
        If a band does not rise between 0 and half the rate, or holds no spectral line.
    RecordError
        If there is no sample, or one is not a finite real number.

    Notes
    -----
    The spectrum is that of the whole signal under a Hann window. Lines are ``rate_hz / n_samples`` apart;
    the peak between two of them is found from both, exactly where a tone stands alone. A band should
    reach two lines beyond a tone to have all its power.

    Examples
    --------
    >>> import numpy as np
    >>> tone = 3 * np.sin(2 * np.pi * 107.6 * np.arange(12000) / 12000)
    >>> metrics = band_metrics(tone, rate_hz=12000, bands_hz=[[100, 115], [200, 230]])
    >>> [round(float(value[0]), 3) for value in metrics]
    [3.0, 107.6, 4.5]
    """
    samples = as_samples(x)
    n = samples.shape[-1]
    spacing_hz = positive("rate_hz", rate_hz) / n
    edges_hz = _checked(bands_hz, rate_hz)
    lines = [_lines(low_hz, high_hz, spacing_hz, n) for low_hz, high_hz in edges_hz]
    weights = signal.get_window("hann", n).astype(samples.dtype)
    centred = samples - samples.mean(axis=-1, keepdims=True)
    magnitude = np.abs(fft.rfft(centred * weights))
    squares = np.square(magnitude)
    power = np.stack([squares[..., low:end].sum(axis=-1) for low, end in lines], axis=-1)
    at = np.stack([low + magnitude[..., low:end].argmax(axis=-1) for low, end in lines], axis=-1)
    height, offset = _between_lines(magnitude, at)
    return BandMetrics(
        peak_amplitude=height * (2 / weights.sum()),
        peak_hz=np.clip((at + offset) * spacing_hz, *edges_hz.T).astype(samples.dtype),
        power=power * (2 / (n * np.square(weights).sum())),
    )


def bearing_bands(
    bearing: Bearing, *, speed_rpm: float, n_harmonics: int = 3, tolerance: float = 0.01
) -> dict[str, Bands]:
    """Return the bands around the fault frequencies of a bearing.

    Parameters
    ----------
    bearing : Bearing
        Its geometry.
    speed_rpm : float
        Speed of the shaft.
    n_harmonics : int
        Harmonics of each fault frequency, the fundamental counted.
    tolerance : float
        Half width of a band, as a share of its centre: how far slip and the geometry may be off.

    Returns
    -------
    dict of str to ndarray, shape [n_harmonics, 2]
        Edges in Hz, by the names of `Bearing.fault_orders`; joined they are `bands_hz` of `band_metrics`.

    Raises
    ------
    ParameterError
        If the speed is not positive, the count is below 1, or the tolerance is not between 0 and 1.

    Examples
    --------
    >>> bands_hz = bearing_bands(Bearing("6205", 9, 7.94, 39.04), speed_rpm=1800, n_harmonics=1)
    >>> bands_hz["outer"].round(1)
    array([[106.5, 108.6]])
    """
    shaft_hz = positive("speed_rpm", speed_rpm) / 60
    whole_number("n_harmonics", n_harmonics, least=1)
    if not 0 < tolerance < 1:
        raise ParameterError(f"tolerance must lie between 0 and 1, got {tolerance}")
    edges = np.outer(np.arange(1, n_harmonics + 1), [1 - tolerance, 1 + tolerance])
    return {fault: shaft_hz * order * edges for fault, order in bearing.fault_orders().items()}


def gear_bands(
    n_teeth: int,
    *,
    speed_rpm: float,
    n_harmonics: int = 3,
    n_sidebands: int = 2,
    half_width: float = 0.25,
) -> dict[str, Bands]:
    """Return the bands around the mesh harmonics of a gear and around their sidebands.

    Parameters
    ----------
    n_teeth : int
        Teeth of the gear.
    speed_rpm : float
        Speed of its own shaft.
    n_harmonics : int
        Harmonics of the mesh, the fundamental counted.
    n_sidebands : int
        Sidebands on each side of a harmonic, one shaft frequency apart.
    half_width : float
        Half width of a band, as a share of the shaft frequency; at 0.5 neighbours touch.

    Returns
    -------
    dict of str to ndarray
        Edges in Hz: ``"mesh"``, shape [n_harmonics, 2], and ``"sidebands"``, shape
        [n_harmonics * 2 * n_sidebands, 2], both rising.

    Raises
    ------
    ParameterError
        If the speed is not positive, a count is too small, sidebands reach those of the next harmonic, or
        the half width is not above 0 and up to 0.5.

    Examples
    --------
    >>> gear_bands(20, speed_rpm=600, n_harmonics=1, n_sidebands=1)["sidebands"]
    array([[187.5, 192.5],
           [207.5, 212.5]])
    """
    shaft_hz = positive("speed_rpm", speed_rpm) / 60
    whole_number("n_teeth", n_teeth, least=1)
    whole_number("n_harmonics", n_harmonics, least=1)
    why = "before the sidebands of the next harmonic"
    whole_number("n_sidebands", n_sidebands, least=0, most=(n_teeth - 1) // 2, why=why)
    if not 0 < half_width <= 0.5:
        raise ParameterError(f"half_width must be above 0 and up to 0.5, got {half_width}")
    mesh = n_teeth * np.arange(1, n_harmonics + 1)
    steps = np.arange(-n_sidebands, n_sidebands + 1)
    sidebands = np.add.outer(mesh, steps[steps != 0]).ravel()
    reach = np.array([-half_width, half_width])
    orders = {"mesh": mesh, "sidebands": sidebands}
    return {name: shaft_hz * np.add.outer(centres, reach) for name, centres in orders.items()}


def _checked(bands_hz: ArrayLike, rate_hz: float) -> Bands:
    """Edges, shape [n_bands, 2]."""
    edges_hz = np.asarray(bands_hz, dtype=np.float64)
    if edges_hz.ndim != 2 or edges_hz.shape[1] != 2 or edges_hz.size == 0:
        raise ParameterError(f"bands_hz must have the shape [n_bands, 2], got {list(edges_hz.shape)}")
    for number, (low_hz, high_hz) in enumerate(edges_hz):
        rising_band(f"band {number} of bands_hz", (low_hz, high_hz), rate_hz=rate_hz)
    return edges_hz


def _lines(low_hz: float, high_hz: float, spacing_hz: float, n_samples: int) -> tuple[int, int]:
    """First line of a band, and the one after its last."""
    # an edge that is meant to be a line is one, whatever rounding did to it
    low, end = int(np.ceil(low_hz / spacing_hz - 1e-9)), int(np.floor(high_hz / spacing_hz + 1e-9)) + 1
    if low >= end:
        needed = int(np.ceil(n_samples * spacing_hz / (high_hz - low_hz)))
        raise ParameterError(
            f"the band {low_hz:g} to {high_hz:g} Hz holds no spectral line, these are {spacing_hz:g} Hz "
            f"apart; widen it, or give {needed} samples instead of {n_samples}"
        )
    return low, end


def _between_lines(magnitude: Samples, at: NDArray[np.intp]) -> tuple[Samples, Samples]:
    """Height of the peaks at these lines, and how many lines beside them they lie."""
    highest = magnitude.shape[-1] - 1
    here = np.take_along_axis(magnitude, at, axis=-1)
    before = np.take_along_axis(magnitude, np.maximum(at - 1, 0), axis=-1)
    after = np.take_along_axis(magnitude, np.minimum(at + 1, highest), axis=-1)
    tiny = np.finfo(magnitude.dtype).tiny  # silence has its peak on a line
    ratio = np.maximum(before, after) / (here + tiny)
    # the main lobe of the Hann window has this ratio of neighbours, and this height, off its middle
    offset = np.clip((2 * ratio - 1) / (ratio + 1), 0, 0.5)
    height = here * (1 - np.square(offset)) / np.sinc(offset)
    return height, np.where(after >= before, offset, -offset)
