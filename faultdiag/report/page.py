"""An inspection as a folder: pictures, values, and one page to look at."""

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from faultdiag.errors import ParameterError
from faultdiag.plots.pictures import save_picture
from faultdiag.report.findings import ChannelInspection, Inspection
from faultdiag.report.html import FORMATS, data_uri, filled
from faultdiag.report.pictures import Picture, channel_pictures
from faultdiag.report.text import facts
from faultdiag.runs.folder import writing
from faultdiag.signal.indicators import INDICATORS

__all__ = ["check_folder", "write_inspection"]

VALUES = "inspection.json"
"""The file by which a folder is known to be ours; its key ``files`` lists the others."""

SCRATCH = ".inspect-"
"""Start of the name of a folder in which files are made before they get their place."""


def write_inspection(
    inspection: Inspection, folder: Path | str, *, formats: Sequence[str] = ("png", "svg")
) -> Path:
    """Write pictures of an inspection, its values, and a page that shows both.

    The page holds its pictures and opens without a network, also when it is sent to somebody alone.

    Parameters
    ----------
    inspection : Inspection
        What `inspect` has found.
    folder : path
        A new or empty folder, or one of an earlier inspection, which is replaced.
    formats : sequence of {"png", "svg"}
        Of the picture files; the page shows the first.

    Returns
    -------
    Path
        The page, ``index.html``.

    Raises
    ------
    ParameterError
        If the folder holds anything else, or there is no such format.
    RunError
        If it cannot be written to. What was there before is still there then.
    """
    folder = Path(folder)
    for name in formats:
        if name not in FORMATS:
            raise ParameterError(f"unknown picture format {name!r}; there are: {', '.join(FORMATS)}")
    if not formats:
        raise ParameterError(f"a picture needs a format, one or more of: {', '.join(FORMATS)}")
    check_folder(folder)
    with writing(folder):
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with TemporaryDirectory(prefix=SCRATCH, dir=folder) as scratch:
                _fill(Path(scratch), inspection, formats)
                for name in _written(folder):
                    (folder / name).unlink(missing_ok=True)
                for path in Path(scratch).iterdir():
                    path.replace(folder / path.name)
        finally:
            if is_new and not any(folder.iterdir()):
                folder.rmdir()
    return folder / "index.html"


def check_folder(folder: Path) -> None:
    """Refuse a folder in which something else lies than an earlier inspection.

    Raises
    ------
    ParameterError
        If something else lies there, or the path is a file.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ParameterError(f"{folder} is no folder; name another one with --out")
    there = {path.name for path in folder.iterdir() if not path.name.startswith(SCRATCH)}
    foreign = sorted(there - _written(folder))
    if foreign:
        raise ParameterError(
            f"{folder} holds {foreign[0]!r}, which no inspection has written; name another folder "
            "with --out, or empty it"
        )


def _written(folder: Path) -> set[str]:
    """Names of the files that an earlier inspection has written."""
    try:
        document = json.loads((folder / VALUES).read_bytes())
        return {VALUES, *map(str, document["files"])}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _fill(folder: Path, inspection: Inspection, formats: Sequence[str]) -> None:
    channels = [
        _channel(folder, inspection, channel, f"{number}-{_plain(channel.channel)}", formats)
        for number, channel in enumerate(inspection.channels)
    ]
    page = filled(
        "inspection.html",
        title=f"Inspection of {Path(inspection.file).name}",
        facts=facts(inspection),
        warnings=inspection.warnings,
        channels=channels,
    )
    (folder / "index.html").write_text(page, encoding="utf-8")
    document = inspection.to_dict() | {"files": sorted(path.name for path in folder.iterdir())}
    (folder / VALUES).write_text(json.dumps(document, indent=1), encoding="utf-8")


def _channel(
    folder: Path, inspection: Inspection, channel: ChannelInspection, stem: str, formats: Sequence[str]
) -> dict[str, Any]:
    """What the page says of a channel; its pictures are written on the way."""
    pictures = [_picture(folder, picture, stem, formats) for picture in channel_pictures(inspection, channel)]
    return {
        "name": channel.channel,
        "pictures": pictures,
        "lines": channel.lines,
        "severity": channel.severity,
        "indicators": [
            (name.replace("_hz", ", Hz").replace("_", " "), f"{value:.4g}", INDICATORS[name][0])
            for name, value in channel.indicators.items()
        ],
    }


def _picture(folder: Path, picture: Picture, stem: str, formats: Sequence[str]) -> dict[str, Any]:
    files = [f"{stem}-{picture.name}.{ending}" for ending in formats]
    for file in files:
        save_picture(picture.figure, folder / file)
    return {
        "title": picture.title,
        "says": picture.says,
        "file": files[-1],  # the one that can be enlarged, where there are both
        "data": data_uri((folder / files[0]).read_bytes(), formats[0]),
    }


def _plain(name: str) -> str:
    """A channel's name as a part of a file's."""
    return "".join(c if c.isalnum() and c.isascii() else "_" for c in name)[:40] or "channel"
