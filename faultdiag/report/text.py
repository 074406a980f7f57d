"""An inspection in words, for a terminal and for the head of the page."""

from faultdiag.report.findings import ChannelInspection, Inspection
from faultdiag.report.lines import FaultLine

__all__ = ["facts", "inspection_text"]

SHOWN = ("rms", "peak", "crest_factor", "kurtosis", "skewness")
"""Indicators that a terminal shows; the page and the JSON document have all."""

N_LINES = 5


def facts(inspection: Inspection) -> list[tuple[str, str]]:
    """Return what is known about a record, as pairs of name and value.

    Parameters
    ----------
    inspection : Inspection
        Of the record.
    """
    told = [
        ("file", inspection.file),
        ("length", _length(inspection)),
        ("speed", _speed(inspection)),
    ]
    if inspection.bearing is not None:
        orders = inspection.bearing.fault_orders()
        names = {"outer": "BPFO", "inner": "BPFI", "ball": "2×BSF", "cage": "FTF"}
        listed = ", ".join(f"{names[fault]} {order:.4g}" for fault, order in orders.items())
        told.append(("bearing", f"{inspection.bearing.name}, in orders of the shaft {listed}"))
    return told


def inspection_text(inspection: Inspection, *, notes: bool = True) -> str:
    """Return the head, and for each channel its main indicators, band and strongest lines.

    Parameters
    ----------
    inspection : Inspection
        What was found.
    notes : bool
        Whether to say what was assumed or left out, too.
    """
    lines = [f"{inspection.file}: {_length(inspection)}, {_speed(inspection)}"]
    lines += [line for channel in inspection.channels for line in _channel(inspection, channel)]
    lines += [f"  note: {warning}" for warning in inspection.warnings if notes]
    return "\n".join(lines)


def _length(inspection: Inspection) -> str:
    return f"{inspection.duration_s:.4g} s at {inspection.rate_hz:.10g} Hz"


def _speed(inspection: Inspection) -> str:
    if inspection.speed_rpm is None or inspection.speed_range_rpm is None:
        return "speed unknown"
    if inspection.speeds_rpm is None:
        return f"{inspection.speed_rpm:.5g} rpm"
    low, high = inspection.speed_range_rpm
    return f"{low:.5g} to {high:.5g} rpm, mean {inspection.speed_rpm:.5g}"


def _channel(inspection: Inspection, channel: ChannelInspection) -> list[str]:
    unit = "" if channel.unit == "unknown" else f" {channel.unit}"
    values = [
        f"{name.replace('_', ' ')} {channel.indicators[name]:.4g}{unit if name in ('rms', 'peak') else ''}"
        for name in SHOWN
    ]
    low_hz, high_hz = channel.band_hz
    best = channel.kurtogram.value.max()
    origin = "given" if inspection.band_given else f"by the kurtogram, kurtosis {float(best):.3g}"
    told = [
        f"  {channel.channel}: {', '.join(values)}",
        f"    band: {low_hz:.5g} to {high_hz:.5g} Hz, {origin}",
    ]
    if channel.severity is not None:
        told.append(f"    velocity: {channel.severity.rms_mm_s:.3g} mm/s RMS, zone {channel.severity.zone}")
    if channel.lines:
        found = channel.found()[:N_LINES]
        told.append(f"    lines: {', '.join(map(_line, found)) or 'none stands out'}")
    return told


def _line(line: FaultLine) -> str:
    return f"{' or '.join((line.name, *line.also))} {line.found_hz:.2f} Hz {line.level_db:.0f} dB"
