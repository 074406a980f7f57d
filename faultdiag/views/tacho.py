"""The speed of a record from its tachometer channel."""

from dataclasses import replace

from faultdiag.errors import RecordError
from faultdiag.records import Record

__all__ = ["speed_from_tacho"]


def speed_from_tacho(record: Record, channel: str, *, pulses_per_turn: int = 1) -> Record:
    """Return a record without its tachometer channel, with the speed that this channel tells.

    Parameters
    ----------
    record : Record
        With a sampling rate; its samples are read as a whole.
    channel : str
        The tachometer, by name or number.
    pulses_per_turn : int
        Pulses per turn of the shaft.

    Returns
    -------
    Record
        `speed_rpm` has one number per sample.

    Raises
    ------
    ParameterError
        If there is no such channel, or the pulses per turn are no whole number of 1 or more.
    RecordError
        If the rate is unknown, no other channel is left, or the pulses cannot be read: none, missing ones,
        doubled ones; the message says where.
    """
    from faultdiag.signal.tachometer import pulse_times, speed_from_pulses

    tacho = record.select([channel])
    (name,) = tacho.channels
    others = [other for other in record.channels if other != name]
    if record.rate_hz is None:
        raise RecordError(f"{record.origin}: the sampling rate is unknown; say it with --rate")
    if not others:
        raise RecordError(f"{record.origin}: there is no channel beside the tachometer {name}")
    try:
        speed_rpm = speed_from_pulses(
            pulse_times(tacho.samples[0], rate_hz=record.rate_hz),
            rate_hz=record.rate_hz,
            n_samples=record.n_samples,
            pulses_per_turn=pulses_per_turn,
        )
    except RecordError as error:
        raise RecordError(f"{record.origin}, channel {name}: {error}") from error
    return replace(record.select(others), speed_rpm=speed_rpm)
