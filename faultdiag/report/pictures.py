"""The pictures of an inspection."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from faultdiag.plots.envelopes import envelope_picture, kurtogram_picture
from faultdiag.plots.signals import (
    order_map_picture,
    spectrogram_picture,
    spectrum_picture,
    waveform_picture,
)
from faultdiag.report.findings import ChannelInspection, Inspection
from faultdiag.signal.spectra import amplitude_spectrum
from faultdiag.signal.timefrequency import order_map, stft

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Picture", "channel_pictures"]

N_FRAMES = 600
"""Of a map over time; more cannot be seen."""

N_LINES = 256
"""Of a spectrogram."""

CLOSER_TURNS, CLOSER_S = 6, 0.1
"""Length of the closer look at the waveform, with a speed and without."""

LOW_TURNS, LOW_HZ = 12, 500.0
"""Lower end of the spectrum, likewise."""

MAP_ORDERS = 32.0

FEWEST_LINES = 16
"""Of a curve, however short the record or slow the shaft."""


class Picture(NamedTuple):
    """A figure, its name, and what it shows, in a few words and in a sentence."""

    name: str
    title: str
    says: str
    figure: "Figure"


def channel_pictures(inspection: Inspection, channel: ChannelInspection) -> Iterator[Picture]:
    """Yield the pictures of a channel, one after the other.

    Parameters
    ----------
    inspection : Inspection
        What the channel belongs to.
    channel : ChannelInspection
        One of its channels.

    Yields
    ------
    Picture
        ``waveform``, ``spectrum``, ``envelope``, ``kurtogram``, ``spectrogram``, and ``order_map`` where
        the speed varies.
    """
    yield _envelope(inspection, channel)
    yield _kurtogram(inspection, channel)
    yield _waveform(inspection, channel)
    yield _spectrum(inspection, channel)
    yield _spectrogram(inspection, channel)
    if inspection.speeds_rpm is not None:
        yield _order_map(inspection, channel)


def _envelope(inspection: Inspection, channel: ChannelInspection) -> Picture:
    varies = inspection.speeds_rpm is not None
    figure = envelope_picture(
        *channel.envelope,
        lines=[line.to_dict() for line in channel.lines],
        to_hz=max(channel.envelope_to_hz, FEWEST_LINES * float(channel.envelope[0][1])),
        shaft_hz=_shaft_hz(inspection),
        in_orders=varies,
        unit=channel.unit,
    )
    low_hz, high_hz = channel.band_hz
    found = channel.found()
    strongest = ", ".join(
        f"{' or '.join((line.name, *line.also))} {line.level_db:.0f} dB" for line in found[:5]
    )
    said = f" Strongest lines: {strongest}." if found else " No line stands out." if channel.lines else ""
    over = "shaft angle, so that a speed that varies does not blur it" if varies else "time"
    says = f"How often the band from {low_hz:.5g} to {high_hz:.5g} Hz pulses, over {over}.{said}"
    return Picture("envelope", "Envelope spectrum", says, figure)


def _kurtogram(inspection: Inspection, channel: ChannelInspection) -> Picture:
    figure = kurtogram_picture(channel.kurtogram, band_hz=channel.band_hz)
    origin = "asked for" if inspection.band_given else "which pulses most"
    says = (
        "How impulsive each band of frequencies is; outlined is the one whose envelope is shown above, "
        f"{origin}. Bands narrower than the lines in the envelope need are left out."
    )
    return Picture("kurtogram", "Kurtogram", says, figure)


def _waveform(inspection: Inspection, channel: ChannelInspection) -> Picture:
    shaft_hz, rate_hz = _shaft_hz(inspection), inspection.rate_hz
    length_s = CLOSER_TURNS / shaft_hz if shaft_hz else CLOSER_S
    n = min(max(round(length_s * rate_hz), FEWEST_LINES), len(channel.samples))
    peak = int(np.abs(channel.samples).argmax())
    start = min(max(peak - n // 2, 0), len(channel.samples) - n)
    figure = waveform_picture(
        channel.extremes,
        duration_s=inspection.duration_s,
        closer=channel.samples[start : start + n],
        closer_from_s=inspection.stretch_s[0] + start / rate_hz,
        rate_hz=rate_hz,
        unit=channel.unit,
    )
    closer = f"{CLOSER_TURNS} turns of the shaft" if shaft_hz else f"{n / rate_hz:.3g} s"
    says = f"The signal over time, and below {closer} around the largest peak."
    return Picture("waveform", "Waveform", says, figure)


def _spectrum(inspection: Inspection, channel: ChannelInspection) -> Picture:
    shaft_hz, rate_hz = _shaft_hz(inspection), inspection.rate_hz
    resolution_hz = max(min(1.0, (shaft_hz or LOW_HZ) / 8), rate_hz / len(channel.samples))
    low_hz = max(LOW_TURNS * shaft_hz if shaft_hz else LOW_HZ, FEWEST_LINES * resolution_hz)
    freq_hz, amplitude = amplitude_spectrum(channel.samples, rate_hz=rate_hz, resolution_hz=resolution_hz)
    figure = spectrum_picture(
        freq_hz,
        amplitude,
        unit=channel.unit,
        low_hz=min(low_hz, rate_hz / 2),
        band_hz=channel.band_hz,
        shaft_hz=None if inspection.speeds_rpm is not None else shaft_hz,
    )
    says = (
        f"Amplitudes of the tones in the signal, in lines {resolution_hz:.3g} Hz apart; below, its lower end."
    )
    return Picture("spectrum", "Spectrum", says, figure)


def _spectrogram(inspection: Inspection, channel: ChannelInspection) -> Picture:
    rate_hz, n = inspection.rate_hz, len(channel.samples)
    step_s = max(n / N_FRAMES, N_LINES / 4) / rate_hz
    time_s, freq_hz, amplitude = stft(
        channel.samples, rate_hz=rate_hz, resolution_hz=rate_hz / (2 * N_LINES), step_s=step_s
    )
    figure = spectrogram_picture(time_s + inspection.stretch_s[0], freq_hz, amplitude, unit=channel.unit)
    says = "How the spectrum changes with time. Knocks are upright stripes, tones lie flat."
    return Picture("spectrogram", "Spectrogram", says, figure)


def _order_map(inspection: Inspection, channel: ChannelInspection) -> Picture:
    rate_hz, n = inspection.rate_hz, len(channel.samples)
    slowest_rpm, fastest_rpm = inspection.speed_range_rpm or (0.0, 0.0)
    resolution_hz = max(slowest_rpm / 60 / 4, 4 * rate_hz / n)
    highest = min(MAP_ORDERS, 0.45 * rate_hz / (fastest_rpm / 60))
    orders = np.arange(0.125, highest, 0.125)
    time_s, frame_rpm, amplitude = order_map(
        channel.samples,
        rate_hz=rate_hz,
        speed_rpm=np.asarray(inspection.speeds_rpm),
        orders=orders,
        resolution_hz=resolution_hz,
        step_s=max(n / rate_hz / N_FRAMES, 0.25 / resolution_hz),
    )
    figure = order_map_picture(
        time_s + inspection.stretch_s[0], frame_rpm, orders, amplitude, unit=channel.unit
    )
    says = "The speed, and amplitudes over multiples of it: what is locked to the shaft lies flat."
    return Picture("order_map", "Order map", says, figure)


def _shaft_hz(inspection: Inspection) -> float | None:
    return None if inspection.speed_rpm is None else inspection.speed_rpm / 60
