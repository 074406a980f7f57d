"""Inspect files: one folder of pictures for each signal in them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from faultdiag.errors import ParameterError, RecordError
from faultdiag.kinematics.catalogue import find_bearing
from faultdiag.readers.read import read_signals
from faultdiag.report.findings import Inspection
from faultdiag.report.inspection import inspect
from faultdiag.report.page import check_folder, write_inspection
from faultdiag.signal.checks import positive
from faultdiag.views.chosen import chosen_channels

__all__ = ["Inspected", "inspect_files"]


class Inspected(NamedTuple):
    """A signal of a file, what was found in it and the page that shows it; or the one line of an error."""

    file: str
    signal: int
    inspection: Inspection | None = None
    page: Path | None = None
    error: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain JSON."""
        head = {"file": self.file, "signal": self.signal, "status": "error" if self.error else "ok"}
        found = self.inspection.to_dict() if self.inspection else {}
        return head | found | {"page": None if self.page is None else str(self.page), "error": self.error}


def inspect_files(
    files: Sequence[Path],
    *,
    out: Path | None = None,
    bearing: str | None = None,
    speed_rpm: float | None = None,
    tacho: str | None = None,
    pulses_per_turn: int = 1,
    band_hz: tuple[float, float] | None = None,
    channel: Sequence[str] = (),
    **reading: Any,
) -> Iterator[Inspected]:
    """Inspect every signal of some files, and write a folder for each.

    Parameters
    ----------
    files : sequence of path
        Signal files.
    out : path, optional
        The folder; of several files or signals, the folder of their folders. Default:
        ``inspection-<name of the file>`` here.
    bearing, speed_rpm, tacho, pulses_per_turn, band_hz
        As for `inspect`; a name of a bearing is looked up before anything is read.
    channel : sequence of str
        Channels to inspect, by name or number; all, where none is named. The tachometer is not inspected.
    **reading
        ``rate_hz, variable, rows, nan`` of `faultdiag.read`.

    Yields
    ------
    Inspected
        One for each signal. A file that cannot be used has an error, and the others are inspected.

    Raises
    ------
    ParameterError
        If the bearing is unknown, the speed not positive, the band does not rise, or a folder holds
        something else than an inspection.
    RunError
        If a folder cannot be written to.
    """
    known = None if bearing is None else find_bearing(bearing)
    if speed_rpm is not None:
        positive("speed_rpm", speed_rpm)
    if band_hz is not None and not 0 < band_hz[0] < band_hz[1]:
        raise ParameterError(f"band_hz must rise from above 0 Hz, got {band_hz[0]:g} to {band_hz[1]:g} Hz")
    stems = _stems(files)
    single = len(files) == 1
    for stem in stems if not single else ():  # an hour of work must not end in a refusal
        check_folder(_folder(out, stem, single=False))
    for path, stem in zip(files, stems, strict=True):
        try:
            records = [chosen_channels(r, channel, tacho) for r in read_signals(path, **reading)]
        except (RecordError, ParameterError) as error:  # what this file alone says
            yield Inspected(str(path), 0, error=str(error))
            continue
        for number, (record, pulses) in enumerate(records):
            name = stem if len(records) == 1 else f"{stem}-{number}"
            folder = _folder(out, name, single=single and len(records) == 1)
            check_folder(folder)
            try:
                found = inspect(
                    record,
                    bearing=known,
                    speed_rpm=speed_rpm,
                    tacho=pulses,
                    pulses_per_turn=pulses_per_turn,
                    band_hz=band_hz,
                )
            except (RecordError, ParameterError) as error:
                yield Inspected(str(path), number, error=str(error))
                continue
            yield Inspected(str(path), number, found, write_inspection(found, folder))


def _stems(files: Sequence[Path]) -> list[str]:
    """Names of the files without their ending, each only once."""
    seen: Counter[str] = Counter()
    stems = []
    for path in files:
        stem = path.name.split(".")[0] or path.name
        seen[stem] += 1
        stems.append(stem if seen[stem] == 1 else f"{stem}-{seen[stem]}")
    return stems


def _folder(out: Path | None, name: str, *, single: bool) -> Path:
    if out is None:
        return Path(f"inspection-{name}")
    return out if single else out / name
