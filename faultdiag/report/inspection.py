"""Inspect a record: indicators, the band that pulses most, and the lines of a bearing's faults in it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError, RecordError
from faultdiag.kinematics.catalogue import find_bearing
from faultdiag.kinematics.orders import FaultOrders
from faultdiag.readers.read import speed_conflict
from faultdiag.records import Record
from faultdiag.report.findings import ChannelInspection, Inspection
from faultdiag.report.lines import N_HARMONICS, find_lines, line_name
from faultdiag.report.severity import severity
from faultdiag.signal.checks import positive, rising_band
from faultdiag.signal.envelope import analytic_envelope, squared_envelope_spectrum
from faultdiag.signal.indicators import indicator_table
from faultdiag.signal.kurtogram import fast_kurtogram
from faultdiag.signal.orders import order_spectrum
from faultdiag.signal.severity_zones import IndustrialMachine
from faultdiag.views.tacho import speed_from_tacho

__all__ = ["inspect"]

Numbers = NDArray[np.floating[Any]]

MOST_SAMPLES = 1 << 22
"""Of a channel that go into spectra: 87 s at 48 kHz, lines 0.01 Hz apart. More shows nothing new."""

FEWEST_SAMPLES = 1024

N_COLUMNS = 1500
"""Of the picture of the whole record."""

VARIES = 0.005
"""Range of a speed, over its mean, from which the envelope is looked at over angle instead of time."""

LEAST_BAND_HZ = 500.0
TYPICAL_ORDER = 6.0
"""A band must be as wide as the lines wanted in its envelope: what is taken where no bearing is known."""

END = 1.1
"""Where an envelope spectrum ends, over its last line."""


def inspect(
    record: Record,
    *,
    bearing: FaultOrders | str | None = None,
    speed_rpm: float | None = None,
    tacho: str | None = None,
    pulses_per_turn: int = 1,
    band_hz: tuple[float, float] | None = None,
    machine: IndustrialMachine | None = None,
) -> Inspection:
    """Look at a record as a vibration analyst does.

    Parameters
    ----------
    record : Record
        With a sampling rate. Of a long one the middle is inspected: 4,194,304 samples of each channel.
    bearing : FaultOrders or str, optional
        A `Bearing`, or what `find_bearing` takes: its faults' lines are looked for in the envelope, which
        needs a speed.
    speed_rpm : float, optional
        Shaft speed; wins over the record's, with a warning above 1 %.
    tacho : str, optional
        Channel with the pulses of a tachometer, by name or number, which tells the speed.
    pulses_per_turn : int
        Of the tachometer.
    band_hz : (float, float), optional
        Band whose envelope is looked at. Default: the best one of the fast kurtogram that is wide enough
        for four harmonics of the bearing's highest line.
    machine : IndustrialMachine, optional
        For a severity zone by ISO 20816-3.

    Returns
    -------
    Inspection
        `faultdiag.report.write_inspection` makes pictures and a page of it.

    Raises
    ------
    ParameterError
        If the bearing is unknown, the band does not rise between 0 and half the rate, the speed is not
        positive, or there is no such channel.
    RecordError
        If the rate is unknown, a bearing is given but no speed, the record is too short, a sample is not
        finite, a channel is constant, or the tachometer misses pulses.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> t = np.arange(24000) / 12000
    >>> knocks = np.exp(-500 * (t % (1 / 107.55))) * np.sin(2 * np.pi * 3000 * t)
    >>> record = Record(source=(knocks + 0.1 * rng.standard_normal(24000))[None], rate_hz=12000.0)
    >>> (channel,) = inspect(record, bearing="6205", speed_rpm=1800).channels
    >>> channel.found()[0].name
    'BPFO'
    """
    rate_hz = _rate(record)
    wanted = find_bearing(bearing) if isinstance(bearing, str) else bearing
    if band_hz is not None:
        with _naming(record.origin):
            band_hz = rising_band("band_hz", band_hz, rate_hz=rate_hz)
    part, start_s, warnings = _stretch(record, rate_hz)
    if tacho is not None:
        part = speed_from_tacho(part, tacho, pulses_per_turn=pulses_per_turn)
        record = record.select(part.channels)
    elif speed_rpm is not None:
        conflict = speed_conflict(record, positive("speed_rpm", speed_rpm))
        warnings += [conflict] if conflict else []
        part = replace(part, speed_rpm=float(speed_rpm))
    if wanted is not None and part.speed_rpm is None:
        raise RecordError(
            f"{record.origin}: the lines of a bearing need the speed of the shaft, which is unknown; say it "
            "with --speed or --tacho, or leave the bearing out"
        )
    extremes = _extremes(record)
    task = _Task(rate_hz, part, wanted, band_hz, machine)
    channels = tuple(task.inspect(row, extremes[:, row]) for row in range(part.n_channels))
    speed = None if part.speed_rpm is None else np.asarray(part.speed_rpm, dtype=np.float64)
    return Inspection(
        file=record.origin,
        rate_hz=rate_hz,
        duration_s=record.n_samples / rate_hz,
        stretch_s=(start_s, start_s + part.n_samples / rate_hz),
        speed_rpm=part.mean_speed_rpm,
        speed_range_rpm=None if speed is None else (float(speed.min()), float(speed.max())),
        bearing=wanted,
        band_given=band_hz is not None,
        channels=channels,
        warnings=(*warnings, *task.warnings(channels)),
        speeds_rpm=speed if task.varies else None,
    )


def _rate(record: Record) -> float:
    """The rate of a record that can be inspected."""
    if record.rate_hz is None:
        raise RecordError(f"{record.origin}: the sampling rate is unknown; say it with --rate")
    if record.rows == "unknown" and record.n_channels > record.n_samples:
        raise RecordError(
            f"{record.origin}: {record.n_channels} rows of {record.n_samples} samples; say what rows are "
            "with --rows samples|signals|channels"
        )
    if record.n_samples < FEWEST_SAMPLES:
        raise RecordError(
            f"{record.origin}: an inspection takes at least {FEWEST_SAMPLES} samples, the record has "
            f"{record.n_samples}; record longer"
        )
    return record.rate_hz


def _stretch(record: Record, rate_hz: float) -> tuple[Record, float, list[str]]:
    """What goes into spectra, in memory, with its start and a note if it is not all."""
    if record.n_samples <= MOST_SAMPLES:
        return replace(record, source=record.samples), 0.0, []
    start = (record.n_samples - MOST_SAMPLES) // 2
    stop = start + MOST_SAMPLES
    speed = record.speed_rpm
    part = replace(
        record,
        source=record.read(start, stop),
        speed_rpm=speed[start:stop] if isinstance(speed, np.ndarray) else speed,
    )
    note = (
        f"the record is long: indicators and spectra are of {MOST_SAMPLES / rate_hz:.4g} s in its middle, "
        f"from {start / rate_hz:.6g} s on"
    )
    return part, start / rate_hz, [note]


def _extremes(record: Record) -> Numbers:
    """Smallest and largest sample in parts of the record, shape [2, n_channels, n_columns]."""
    width = -(-record.n_samples // N_COLUMNS)
    columns = [(block.min(axis=-1), block.max(axis=-1)) for block in record.blocks(width)]
    return np.moveaxis(np.array(columns), 0, -1)


@dataclass(frozen=True, eq=False)
class _Task:
    """What is the same for every channel."""

    rate_hz: float
    record: Record
    bearing: FaultOrders | None
    band_hz: tuple[float, float] | None
    machine: IndustrialMachine | None

    @property
    def varies(self) -> bool:
        speed = self.record.speed_rpm
        return isinstance(speed, np.ndarray) and bool(np.ptp(speed) > VARIES * np.mean(speed))

    @property
    def shaft_hz(self) -> float | None:
        speed_rpm = self.record.mean_speed_rpm
        return None if speed_rpm is None else speed_rpm / 60

    @property
    def orders(self) -> dict[str, float]:
        """Order of each line that is looked for."""
        if self.shaft_hz is None:
            return {}
        return (self.bearing.fault_orders() if self.bearing else {}) | {"shaft": 1.0}

    @property
    def last_hz(self) -> float:
        """The highest line that an envelope ought to show."""
        if self.shaft_hz is None:
            return LEAST_BAND_HZ
        highest = max(self.bearing.fault_orders().values()) if self.bearing else TYPICAL_ORDER
        return N_HARMONICS * highest * self.shaft_hz

    def inspect(self, row: int, extremes: Numbers) -> ChannelInspection:
        name, unit, samples = self.record.channels[row], self.record.units[row], self.record.samples[row]
        with _naming(f"{self.record.origin}, channel {name}"):
            indicators = indicator_table(samples, rate_hz=self.rate_hz)
            kurtogram = fast_kurtogram(samples, rate_hz=self.rate_hz, n_levels=self._n_levels())
            low_hz, high_hz = self.band_hz or (float(edge) for edge in kurtogram.best_band_hz())
            to_hz = min(high_hz - low_hz, END * self.last_hz)
            freq_hz, amplitude = self._envelope(samples, (low_hz, high_hz), to_hz)
            to_hz = min(to_hz, float(freq_hz[-1]))
            zone = severity(samples, unit, rate_hz=self.rate_hz, machine=self.machine)
        lines = (
            find_lines(freq_hz, amplitude, orders=self.orders, shaft_hz=self.shaft_hz, to_hz=to_hz)
            if self.shaft_hz
            else []
        )
        return ChannelInspection(
            channel=name,
            unit=unit,
            indicators={key: float(value) for key, value in indicators.items()},
            band_hz=(low_hz, high_hz),
            lines=tuple(lines),
            severity=zone,
            samples=samples,
            extremes=extremes,
            kurtogram=kurtogram,
            envelope=(freq_hz, amplitude),
            envelope_to_hz=to_hz,
        )

    def _n_levels(self) -> int:
        """Depth of the kurtogram at which bands are still wide enough for the lines."""
        widest = max(1.0, self.rate_hz / 2 / self.last_hz)
        return int(min(np.log2(widest), np.log2(self.record.n_samples / 128), 7))

    def _envelope(
        self, samples: Numbers, band_hz: tuple[float, float], to_hz: float
    ) -> tuple[Numbers, Numbers]:
        if not self.varies or self.shaft_hz is None:
            return squared_envelope_spectrum(samples, rate_hz=self.rate_hz, band_hz=band_hz)
        centred = samples - samples.mean()
        speed_rpm = np.asarray(self.record.speed_rpm, dtype=np.float64)
        squared = analytic_envelope(centred, rate_hz=self.rate_hz, band_hz=band_hz) ** 2
        fastest_hz = float(speed_rpm.max()) / 60
        max_order = min(END * to_hz / self.shaft_hz, 0.44 * self.rate_hz / fastest_hz)
        order, amplitude = order_spectrum(
            squared, rate_hz=self.rate_hz, speed_rpm=speed_rpm, max_order=max_order
        )
        return order * self.shaft_hz, amplitude

    def warnings(self, channels: Iterable[ChannelInspection]) -> list[str]:
        if self.shaft_hz is None:
            return ["no speed is known: lines of the shaft and of a bearing are not marked"]
        notes = ["the speed varies: frequencies of lines are those at its mean"] if self.varies else []
        wanted = [(fault, k) for fault in self.orders for k in range(1, N_HARMONICS + 1)]
        for channel in channels:
            there = {(line.fault, line.harmonic) for line in channel.lines}
            absent = ", ".join(line_name(*line) for line in wanted if line not in there)
            low_hz, high_hz = channel.band_hz
            if absent:
                notes.append(
                    f"channel {channel.channel}: no room for {absent} in "
                    f"{self.record.n_samples / self.rate_hz:.3g} s and a band of {high_hz - low_hz:.5g} Hz; "
                    "record longer or widen the band"
                )
        return notes


@contextmanager
def _naming(where: str) -> Iterator[None]:
    """Say in which record and channel something is wrong."""
    try:
        yield
    except (ParameterError, RecordError) as error:
        error_type = type(error)
        raise error_type(f"{where}: {error}") from error
