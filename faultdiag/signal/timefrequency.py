"""Short-time spectra: how a signal's frequencies, or its orders, change with time.

Frames of ``1 / resolution_hz`` seconds under a Hann window, whole ones only; the time of a frame is its
middle. Two tones can be told apart from about ``2 * resolution_hz`` on.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, signal

from faultdiag.errors import ParameterError
from faultdiag.signal.checks import positive, refuse_short, rising_band, whole_number
from faultdiag.signal.samples import as_samples

__all__ = ["log_band_map", "order_map", "stft"]

Samples = NDArray[np.floating[Any]]
Numbers = NDArray[np.float64]

FINER = 4
"""Lines of the order map between two of the frame's own."""


def stft(
    x: ArrayLike, *, rate_hz: float, resolution_hz: float, step_s: float | None = None
) -> tuple[Numbers, Numbers, Samples]:
    """Return the amplitude spectra of short frames of a signal.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    resolution_hz : float
        Distance of the lines, at most half the rate; a frame lasts its inverse.
    step_s : float, optional
        From one frame to the next; default half a frame.

    Returns
    -------
    time_s : ndarray, shape [n_frames]
        Middles of the frames.
    freq_hz : ndarray, shape [n_lines]
        From 0 to half the rate. The frame has a whole number of samples: lines are ``rate_hz`` over this
        number apart.
    amplitude : ndarray, shape [..., n_lines, n_frames]
        In the unit of `x`: a tone of amplitude `a` on a line reads `a`, halfway between two 0.85 `a`.

    Raises
    ------
    ParameterError
        If the rate, the resolution or the step is not positive, or the resolution is above half the rate.
    RecordError
        If a sample is not a finite real number, or the signal is shorter than a frame.

    Examples
    --------
    >>> import numpy as np
    >>> tone = 3 * np.sin(2 * np.pi * 100 * np.arange(1000) / 1000)
    >>> time_s, freq_hz, amplitude = stft(tone, rate_hz=1000, resolution_hz=10)
    >>> amplitude.shape, bool(np.allclose(amplitude[freq_hz == 100], 3))
    ((51, 19), True)
    """
    length, hop = _frame(rate_hz, resolution_hz, step_s)
    spectra = _spectra(as_samples(x), length, hop, n_fft=length) * 2
    spectra[..., 0] /= 2
    if length % 2 == 0:
        spectra[..., -1] /= 2
    return _middles(spectra, length, hop, rate_hz), fft.rfftfreq(length, 1 / rate_hz), _upright(spectra)


def log_band_map(
    x: ArrayLike,
    *,
    rate_hz: float,
    band_hz: tuple[float, float],
    resolution_hz: float,
    per_octave: int = 6,
    step_s: float | None = None,
) -> tuple[Numbers, Numbers, Samples]:
    """Return the power of short frames of a signal in overlapping bands of even width in octaves.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    band_hz : (float, float)
        Centre of the lowest band, and upper limit of that of the highest.
    resolution_hz : float
        Distance of the lines that are summed up; at most half the width of the lowest band.
    per_octave : int
        Bands an octave.
    step_s : float, optional
        From one frame to the next; default half a frame.

    Returns
    -------
    time_s : ndarray, shape [n_frames]
        Middles of the frames.
    centre_hz : ndarray, shape [n_bands]
        Centres of the bands.
    power : ndarray, shape [..., n_bands, n_frames]
        In the unit of `x` squared. Weights are triangles from centre to centre over the logarithm of
        frequency, so the bands together have the mean square of what lies between the outer centres.

    Raises
    ------
    ParameterError
        If a number is not positive, the band does not rise between 0 and half the rate, or the lowest band
        is narrower than the resolution allows.
    RecordError
        If a sample is not a finite real number, or the signal is shorter than a frame.

    Examples
    --------
    >>> import numpy as np
    >>> tone = 2 * np.sin(2 * np.pi * 400 * np.arange(4000) / 4000)
    >>> _, centre_hz, power = log_band_map(tone, rate_hz=4000, band_hz=(100, 1600), resolution_hz=10)
    >>> float(centre_hz[power[:, 0].argmax()]), round(float(power[:, 0].sum()), 6)
    (400.0, 2.0)
    """
    length, hop = _frame(rate_hz, resolution_hz, step_s)
    low_hz, high_hz = rising_band("band_hz", band_hz, rate_hz=rate_hz)
    whole_number("per_octave", per_octave, least=1)
    half_width_hz = low_hz * (2 ** (1 / per_octave) - 1)
    if rate_hz / length > half_width_hz:
        raise ParameterError(
            f"lines {rate_hz / length:g} Hz apart are too coarse for the band at {low_hz:g} Hz, whose half "
            f"width is {half_width_hz:g} Hz; set resolution_hz to at most that, raise the lower edge of "
            f"band_hz or take fewer bands per_octave"
        )
    n_bands = int(np.log2(high_hz / low_hz) * per_octave + 1e-9) + 1
    octave = np.arange(n_bands) / per_octave
    freq_hz = fft.rfftfreq(length, 1 / rate_hz)[1:]
    away = np.abs(np.subtract.outer(np.log2(freq_hz / low_hz), octave))
    powers = np.square(_spectra(as_samples(x), length, hop, n_fft=length)[..., 1:])
    # a line of a Hann window has 2/3 of a tone's power; all lines together then have it all
    weights = np.maximum(1 - away * per_octave, 0) * (4 / 3)
    power = powers @ weights.astype(powers.dtype)
    return _middles(power, length, hop, rate_hz), low_hz * 2**octave, _upright(power)


def order_map(
    x: ArrayLike,
    *,
    rate_hz: float,
    speed_rpm: ArrayLike,
    orders: ArrayLike,
    resolution_hz: float,
    step_s: float | None = None,
) -> tuple[Numbers, Numbers, Samples]:
    """Return the amplitudes of orders, multiples of the shaft speed, against time.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    speed_rpm : float or array_like, shape [n_samples]
        Speed of the shaft, at each sample where it varies.
    orders : array_like, shape [n_orders]
        Positive orders to read; steps of ``30 * resolution_hz / speed_rpm`` miss no line.
    resolution_hz : float
        Distance of the lines of a frame, at most half the rate; a frame lasts its inverse.
    step_s : float, optional
        From one frame to the next; default half a frame.

    Returns
    -------
    time_s : ndarray, shape [n_frames]
        Middles of the frames.
    frame_rpm : ndarray, shape [n_frames]
        Mean speed in each frame, weighted by its window.
    amplitude : ndarray, shape [..., n_orders, n_frames]
        In the unit of `x`: a tone of amplitude `a` at an order reads `a` within 0.3 %, as long as its
        frequency changes by less than half the resolution within a frame.

    Raises
    ------
    ParameterError
        If a number is not positive, speeds are not as many as samples, or the highest order goes beyond
        half the rate at the highest speed.
    RecordError
        If a sample is not a finite real number, or the signal is shorter than a frame.

    Notes
    -----
    A fast run-up smears high orders over lines and lowers them: by 1 % where the frequency changes by one
    resolution within a frame, by 3 % at two. Then take a coarser resolution, or resample to even steps of
    angle.

    Examples
    --------
    >>> import numpy as np
    >>> speed_rpm = np.linspace(600, 1200, 48000)
    >>> turns = np.cumsum(speed_rpm / 60) / 4800
    >>> x = 2 * np.cos(2 * np.pi * 3 * turns)
    >>> _, _, amplitude = order_map(
    ...     x, rate_hz=4800, speed_rpm=speed_rpm, orders=[3, 5], resolution_hz=4
    ... )
    >>> bool(np.allclose(amplitude[0], 2, rtol=0.01)), bool(np.all(amplitude[1] < 0.01))
    (True, True)
    """
    length, hop = _frame(rate_hz, resolution_hz, step_s)
    samples = as_samples(x)
    wanted = np.asarray(orders, dtype=np.float64)
    spectra = _spectra(samples, length, hop, n_fft=FINER * length) * 2
    frame_rpm = _frame_speeds(speed_rpm, samples.shape[-1], length, hop)
    if wanted.ndim != 1 or wanted.size == 0 or not (wanted > 0).all():
        raise ParameterError(f"orders must be a row of positive numbers, got {orders!r}")
    fastest_hz = wanted.max() * frame_rpm.max() / 60
    if not fastest_hz < rate_hz / 2:
        raise ParameterError(
            f"order {wanted.max():g} is at {fastest_hz:g} Hz at the highest speed, and must be below "
            f"{rate_hz / 2:g} Hz, half the rate; take fewer orders"
        )
    line = np.outer(frame_rpm / 60, wanted) * (FINER * length / rate_hz)
    amplitude = _read(spectra, line)
    return _middles(amplitude, length, hop, rate_hz), frame_rpm, _upright(amplitude)


def _frame(rate_hz: float, resolution_hz: float, step_s: float | None) -> tuple[int, int]:
    """Samples of a frame, and from one to the next."""
    positive("rate_hz", rate_hz)
    if positive("resolution_hz", resolution_hz) > rate_hz / 2:
        raise ParameterError(
            f"resolution_hz must be at most {rate_hz / 2:g}, half the rate, got {resolution_hz:g}"
        )
    length = round(rate_hz / resolution_hz)
    if step_s is None:
        return length, length // 2
    return length, max(round(positive("step_s", step_s) * rate_hz), 1)


def _spectra(samples: Samples, length: int, hop: int, *, n_fft: int) -> Samples:
    """Magnitude of the lines of each frame, shape [..., n_frames, n_lines]; half of a tone's amplitude."""
    refuse_short(samples.shape[-1], length, what="a frame of this resolution", remedy="raise resolution_hz")
    frames = np.lib.stride_tricks.sliding_window_view(samples, length, axis=-1)[..., ::hop, :]
    window = signal.get_window("hann", length)
    weights = (window / window.sum()).astype(samples.dtype)
    return np.asarray(np.abs(fft.rfft(frames * weights, n=n_fft)))


def _middles(frames: NDArray[Any], length: int, hop: int, rate_hz: float) -> Numbers:
    """Times of frames, shape [..., n_frames, n]."""
    return np.asarray((np.arange(frames.shape[-2]) * hop + (length - 1) / 2) / rate_hz, np.float64)


def _upright(frames: Samples) -> Samples:
    """Frequency on the axis before the last, time on the last."""
    return np.ascontiguousarray(np.swapaxes(frames, -1, -2))


def _frame_speeds(speed_rpm: ArrayLike, n_samples: int, length: int, hop: int) -> Numbers:
    """Mean speed of each frame."""
    given = np.asarray(speed_rpm, dtype=np.float64)
    if given.shape not in ((), (n_samples,)):
        raise ParameterError(
            f"speed_rpm must be a number, or one for each of the {n_samples} samples, got {list(given.shape)}"
        )
    wrong = given[~((given > 0) & (given < np.inf))]
    if wrong.size:
        raise ParameterError(f"speed_rpm must be positive numbers, got {wrong.flat[0]}; orders need a speed")
    along = np.broadcast_to(given, n_samples)
    frames = np.lib.stride_tricks.sliding_window_view(along, length)[::hop]
    weights = signal.get_window("hann", length)
    speeds: Numbers = frames @ (weights / weights.sum())
    return speeds


def _read(spectra: Samples, line: Numbers) -> Samples:
    """Spectra [..., n_frames, n_lines] at lines [n_frames, n] between theirs: a cubic through four."""
    first = np.clip(np.floor(line).astype(np.intp) - 1, 0, spectra.shape[-1] - 4)
    at = (line - first).astype(spectra.dtype)
    frame = np.arange(len(line))[:, None]
    value = np.zeros((*spectra.shape[:-1], line.shape[-1]), spectra.dtype)
    for node in range(4):
        others = [other for other in range(4) if other != node]
        weight = np.prod([(at - other) / (node - other) for other in others], axis=0)
        value += weight.astype(spectra.dtype) * spectra[..., frame, first + node]
    return np.maximum(value, 0)
