"""What an inspection has found, as plain values and the curves that pictures show."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.kinematics.orders import FaultOrders
from faultdiag.report.lines import FaultLine
from faultdiag.report.severity import Severity
from faultdiag.signal.bands import BandMap

__all__ = ["ChannelInspection", "Inspection"]

Numbers = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class ChannelInspection:
    """What was found in one channel.

    Attributes
    ----------
    channel, unit : str
        Its name, and the unit of its samples.
    indicators : dict of str to float
        Those of `faultdiag.signal.indicators`.
    band_hz : (float, float)
        Band whose envelope was looked at.
    lines : tuple of FaultLine
        Where the bearing's faults, and the shaft, would have lines in the envelope, and what is there.
    severity : Severity or None
        Zone by ISO 20816-3, if it was asked for.
    samples : ndarray, shape [n_samples]
        What was inspected.
    extremes : ndarray, shape [2, n_columns]
        Smallest and largest sample in parts of the whole record.
    kurtogram : BandMap
        How impulsive each band is.
    envelope : (ndarray, ndarray)
        Frequencies and amplitudes of the squared envelope spectrum. Where the speed varies it is taken
        over angle, and a frequency is an order times the mean speed.
    envelope_to_hz : float
        Up to where it is of interest.
    """

    channel: str
    unit: str
    indicators: dict[str, float]
    band_hz: tuple[float, float]
    lines: tuple[FaultLine, ...]
    severity: Severity | None
    samples: Numbers
    extremes: Numbers
    kurtogram: BandMap
    envelope: tuple[Numbers, Numbers]
    envelope_to_hz: float

    def found(self) -> list[FaultLine]:
        """Return a line for each peak that stands out, the strongest first; of several the nearest one."""
        lines = [line for line in self.lines if line.found_hz is not None]
        nearest = {line.found_hz: line for line in sorted(lines, key=lambda line: -line.off)}
        return sorted(nearest.values(), key=lambda line: -line.level_db)

    def to_dict(self) -> dict[str, Any]:
        """Return what was found as plain JSON."""
        return {
            "channel": self.channel,
            "unit": self.unit,
            "indicators": self.indicators,
            "band_hz": list(self.band_hz),
            "lines": [line.to_dict() for line in self.lines],
            "severity": None if self.severity is None else self.severity._asdict(),
        }


@dataclass(frozen=True, eq=False)
class Inspection:
    """What was found in a record.

    Attributes
    ----------
    file : str
        Where the record came from.
    rate_hz : float
        Its sampling rate.
    duration_s : float
        Length of the whole record.
    stretch_s : (float, float)
        What of it was inspected: all of it, or the middle of a long one.
    speed_rpm : float or None
        Mean speed of the shaft.
    speed_range_rpm : (float, float) or None
        Its smallest and largest value.
    bearing : FaultOrders or None
        The bearing whose lines were looked for.
    band_given : bool
        Whether the band was asked for; else it is the best of the kurtogram.
    channels : tuple of ChannelInspection
        What was found in each.
    warnings : tuple of str
        What was assumed or left out.
    speeds_rpm : ndarray, shape [n_samples], or None
        The speed at each sample, where it varies.
    """

    file: str
    rate_hz: float
    duration_s: float
    stretch_s: tuple[float, float]
    speed_rpm: float | None
    speed_range_rpm: tuple[float, float] | None
    bearing: FaultOrders | None
    band_given: bool
    channels: tuple[ChannelInspection, ...]
    warnings: tuple[str, ...]
    speeds_rpm: Numbers | None

    def to_dict(self) -> dict[str, Any]:
        """Return what was found as plain JSON."""
        return {
            "file": self.file,
            "rate_hz": self.rate_hz,
            "duration_s": self.duration_s,
            "stretch_s": list(self.stretch_s),
            "speed_rpm": self.speed_rpm,
            "speed_range_rpm": None if self.speed_range_rpm is None else list(self.speed_range_rpm),
            "bearing": None if self.bearing is None else self.bearing.name,
            "fault_orders": None if self.bearing is None else self.bearing.fault_orders(),
            "band_from": "given" if self.band_given else "kurtogram",
            "channels": [channel.to_dict() for channel in self.channels],
            "warnings": list(self.warnings),
        }
