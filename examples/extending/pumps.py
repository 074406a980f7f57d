"""Data set of two pumps, each recorded with a sound and with a worn bearing."""

from dataclasses import replace
from pathlib import Path

from faultdiag.datasets.examples import Examples
from faultdiag.datasets.files import existing_folder
from faultdiag.errors import DatasetError, ParameterError
from faultdiag.readers import read_signals

__all__ = ["examples"]

FILES = {
    # file -> label and physical bearing
    "north-2024.npy": ("normal", "north, first bearing"),
    "north-2025.npy": ("worn", "north, second bearing"),
    "south-2024.npy": ("normal", "south, first bearing"),
    "south-2025.npy": ("worn", "south, second bearing"),
}
RATE_HZ = 10000.0
SPEED_RPM = 1480.0


def examples(
    data_dir: Path | None = None, *, task: str = "fault", channels: tuple[str, ...] = ()
) -> Examples:
    """Return four records, labelled normal or worn."""
    if data_dir is None:
        raise ParameterError("data set 'pumps' needs --data-dir: the folder with its four files")
    folder = existing_folder("pumps", data_dir)
    records = []
    for name, (label, group) in FILES.items():
        if not (folder / name).is_file():
            raise DatasetError(f"data set 'pumps': {folder} lacks {name}; copy the folder again")
        (record,) = read_signals(folder / name, rate_hz=RATE_HZ, speed_rpm=SPEED_RPM)
        record = record.select(channels) if channels else record
        records.append(replace(record, label=label, group=group))
    return Examples(name="pumps", task=task, classes=("normal", "worn"), records=tuple(records))
