"""Which channels of a record are looked at, and which one is the tachometer."""

from collections.abc import Sequence

from faultdiag.records import Record

__all__ = ["chosen_channels"]


def chosen_channels(record: Record, channels: Sequence[str], tacho: str | None) -> tuple[Record, str | None]:
    """Return the channels that were asked for with the tachometer, and the name of that.

    Parameters
    ----------
    record : Record
        As it was read: numbers of channels count in it.
    channels : sequence of str
        By name or number; all, where none is named.
    tacho : str or None
        The tachometer, by name or number.

    Raises
    ------
    ParameterError
        If there is no such channel.
    """
    pulses = None if tacho is None else record.select([tacho]).channels[0]
    if not channels:
        return record, pulses
    names = [record.select([channel]).channels[0] for channel in channels]
    if pulses is not None and pulses not in names:
        names.append(pulses)
    return record.select(names), pulses
