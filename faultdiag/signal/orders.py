"""Amplitude spectra over orders: how strong what happens so and so often per turn of a shaft is."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, signal

from faultdiag.errors import ParameterError, RecordError
from faultdiag.signal.angle import PASS_SHARE, angular_resample, turns_from_speed
from faultdiag.signal.samples import as_samples

__all__ = ["angular_spectrum", "order_spectrum"]

Samples = NDArray[np.floating[Any]]
Numbers = NDArray[np.float64]


def angular_spectrum(
    x: ArrayLike, *, samples_per_turn: int, window: str | tuple[Any, ...] = "hann", scale: str = "peak"
) -> tuple[Numbers, Samples]:
    """Return the amplitude spectrum over orders of a signal at even steps of angle.

    Parameters
    ----------
    x : array_like, shape [..., n_steps]
        The signal, from `angular_resample`; only its whole turns are used, less their mean.
    samples_per_turn : int
        Its samples per turn.
    window : str or tuple
        Window, by its name in `scipy.signal.get_window`.
    scale : {"peak", "rms"}
        Whether ``a * cos`` reads `a` or ``a / sqrt(2)``.

    Returns
    -------
    order : ndarray, shape [n_turns * samples_per_turn // 2 + 1]
        From 0 in steps of 1 / n_turns: every whole order is one of them.
    amplitude : ndarray, shape [..., n_turns * samples_per_turn // 2 + 1]
        In the unit of `x`. An order between two steps reads up to 15 % low with the default window;
        ``"flattop"`` has it right.

    Raises
    ------
    ParameterError
        If an argument is out of range.
    RecordError
        If there is no whole turn, or a sample is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> x = 3 * np.cos(2 * np.pi * 7 * np.arange(1000) / 100)
    >>> order, amplitude = angular_spectrum(x, samples_per_turn=100)
    >>> round(float(amplitude[order == 7][0]), 6)
    3.0
    """
    samples = as_samples(x)
    if scale not in ("peak", "rms"):
        raise ParameterError(f"scale must be peak or rms, got {scale!r}")
    if not (samples_per_turn >= 2 and float(samples_per_turn).is_integer()):
        raise ParameterError(f"samples_per_turn must be a whole number of 2 or more, got {samples_per_turn}")
    n = samples.shape[-1] // int(samples_per_turn) * int(samples_per_turn)
    if n == 0:
        raise RecordError(
            f"a spectrum over orders needs a whole turn, {samples_per_turn} samples, got {samples.shape[-1]}"
        )
    try:
        weights: Samples = signal.get_window(window, n).astype(samples.dtype)
    except ValueError as error:
        raise ParameterError(f"window {window!r} is none of scipy.signal.get_window: {error}") from error
    whole = samples[..., :n]
    spectrum = np.abs(fft.rfft((whole - whole.mean(axis=-1, keepdims=True)) * weights))
    # a cosine is two halves, one of them at the negative order; only at half the samples it is not
    spectrum[..., 1 : (n + 1) // 2] *= 2
    amplitude = spectrum / (weights.sum() * samples.dtype.type(1 if scale == "peak" else np.sqrt(2)))
    return np.arange(n // 2 + 1) * (samples_per_turn / n), amplitude


def order_spectrum(
    x: ArrayLike,
    *,
    rate_hz: float,
    max_order: float,
    turns: ArrayLike | None = None,
    speed_rpm: ArrayLike | None = None,
    window: str | tuple[Any, ...] = "hann",
    scale: str = "peak",
) -> tuple[Numbers, Samples]:
    """Return the amplitude spectrum over orders of a signal whose shaft angle or speed is known.

    Parameters
    ----------
    x : array_like, shape [..., n_samples]
        The signal.
    rate_hz : float
        Sampling rate.
    max_order : float
        Highest order wanted.
    turns : array_like, shape [n_samples], optional
        Shaft angle at each sample, as for `angular_resample`; either this or `speed_rpm`.
    speed_rpm : float or array_like, shape [n_samples], optional
        Constant speed, or the speed at each sample.
    window, scale
        As for `angular_spectrum`.

    Returns
    -------
    order : ndarray, shape [n_orders]
        From 0 to `max_order` in steps of one over the whole turns in the signal.
    amplitude : ndarray, shape [..., n_orders]
        In the unit of `x`.

    Raises
    ------
    ParameterError, RecordError
        As for `angular_resample`; also if neither angle nor speed is given, or both, or at the highest
        speed the order lies above 0.45 `rate_hz`.

    Examples
    --------
    >>> import numpy as np
    >>> speed_rpm = np.linspace(900, 1800, 36000)
    >>> x = 2 * np.cos(2 * np.pi * 3 * turns_from_speed(speed_rpm, rate_hz=12000))
    >>> order, amplitude = order_spectrum(x, rate_hz=12000, speed_rpm=speed_rpm, max_order=10)
    >>> float(order[np.argmax(amplitude)]), round(float(amplitude.max()), 2)
    (3.0, 2.0)
    """
    samples = as_samples(x)
    if (turns is None) == (speed_rpm is None):
        raise ParameterError("order tracking needs the shaft angle or the speed: give turns or speed_rpm")
    if not (np.isfinite(max_order) and max_order > 0):
        raise ParameterError(f"max_order must be a positive number, got {max_order}")
    if speed_rpm is not None:
        turns = turns_from_speed(speed_rpm, rate_hz=rate_hz, n_samples=samples.shape[-1])
    per_turn = int(np.ceil(2 * max_order / PASS_SHARE)) + 1
    steps = angular_resample(samples, rate_hz=rate_hz, turns=np.asarray(turns), samples_per_turn=per_turn)
    highest = 0.45 / float(np.diff(np.asarray(turns)).max())
    if max_order > highest:
        raise ParameterError(
            f"max_order {max_order:g} lies above 0.45 of the rate of {rate_hz:g} Hz at the highest speed; "
            f"at most {highest:.5g} can be read"
        )
    order, amplitude = angular_spectrum(steps, samples_per_turn=per_turn, window=window, scale=scale)
    kept = int(np.searchsorted(order, max_order * (1 + 1e-9), side="right"))
    return order[:kept], amplitude[..., :kept]
