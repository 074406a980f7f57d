"""CIFAR-10, from either official archive or what was unpacked of it.

Every batch is compared with the official checksum before it is read, wherever it lies.
"""

import hashlib
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from faultdiag.datasets.cards import load_card
from faultdiag.datasets.cifar10_layouts import LAYOUTS, Batch, Layout
from faultdiag.datasets.download import Progress
from faultdiag.datasets.examples import Examples
from faultdiag.datasets.fetch import ensure
from faultdiag.datasets.files import cache_folder, existing_folder
from faultdiag.errors import DatasetError, ParameterError

__all__ = ["examples"]


def examples(
    data_dir: Path | None,
    *,
    task: str = "object",
    channels: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> Examples:
    """Return all pictures, the 10,000 official test pictures behind, and which those are.

    Parameters
    ----------
    data_dir : Path or None
        Folder with ``cifar-10-batches-py``, ``cifar-10-batches-bin``, one of both archives, or the batches
        themselves; None is the user's cache folder, to which the archive is fetched.
    task : {"object"}
        The ten classes.
    channels : tuple of str
        Pictures have none to choose from: leave it empty.
    progress : Progress, optional
        Called for every piece of a file that is fetched.

    Returns
    -------
    data : Examples
        Images uint8 ``[60000, 32, 32, 3]``.

    Raises
    ------
    DatasetError
        If nothing is there and cannot be fetched, or a file is not the official one.
    ParameterError
        If the task is none of the card's, the folder does not exist, or channels are named.
    """
    card = load_card("cifar10")
    card.checked_task(task)
    if channels:
        raise ParameterError(f"data set 'cifar10' has no channels to choose from, got {', '.join(channels)}")
    folder = cache_folder("cifar10") if data_dir is None else existing_folder("cifar10", data_dir)
    place = _place(folder)
    if place is None:
        ensure("cifar10", data_dir, [LAYOUTS[0].archive], progress=progress)
        place = _place(folder)
    if place is None:
        raise DatasetError(f"data set 'cifar10': {folder} holds neither its archives nor their folders")
    path, layout = place
    batches = list(_unpacked(path, layout) if path.is_dir() else _packed(path, layout))
    n_test = len(batches[-1].labels)
    labels = np.concatenate([batch.labels for batch in batches])
    return Examples(
        name="cifar10",
        task=task,
        classes=card.labels,
        images=np.concatenate([batch.images for batch in batches]),
        image_labels=labels,
        official_test=np.arange(len(labels)) >= len(labels) - n_test,
        source="cifar10",
    )


def _place(folder: Path) -> tuple[Path, Layout] | None:
    """What to read, and its layout: a folder of batches before an archive."""
    for layout in LAYOUTS:
        for inside in (folder / layout.folder, folder):
            if (inside / layout.test).is_file():
                return inside, layout
    for layout in LAYOUTS:
        if (folder / layout.archive).is_file():
            return folder / layout.archive, layout
    return None


def _unpacked(folder: Path, layout: Layout) -> Iterator[Batch]:
    for name in layout.files:
        path = folder / name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DatasetError(
                f"{path}: cannot be read ({error.strerror}); unpack {layout.archive} again"
            ) from error
        yield _checked(content, layout, name, str(path))


def _packed(archive: Path, layout: Layout) -> Iterator[Batch]:
    """The batches of an archive, in order; nothing is unpacked to disk."""
    contents: dict[str, bytes] = {}
    wanted = {f"{layout.folder}/{name}": name for name in layout.files}
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                file = tar.extractfile(member) if member.name in wanted else None
                if file is not None:
                    contents[wanted[member.name]] = file.read(layout.most_bytes + 1)
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise DatasetError(
            f"{archive}: damaged or cut off ({error}); delete it and fetch it again"
        ) from error
    for name in layout.files:
        if name not in contents:
            raise DatasetError(f"{archive}: has no {layout.folder}/{name}; delete it and fetch it again")
        yield _checked(contents[name], layout, name, f"{archive}: {name}")


def _checked(content: bytes, layout: Layout, name: str, where: str) -> Batch:
    """Read a batch that has the size and the checksum of the official one."""
    official = layout.files[name]
    if len(content) != official.n_bytes:
        found = f"more than {layout.most_bytes}" if len(content) > layout.most_bytes else str(len(content))
        raise DatasetError(
            f"{where}: {found} bytes where the official file has {official.n_bytes}; fetch it again"
        )
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != official.md5:
        raise DatasetError(f"{where}: is not the official file, its MD5 is another; fetch it again")
    return layout.read(content, where)
