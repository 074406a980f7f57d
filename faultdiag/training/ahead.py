"""Views made ahead: the tensors of many windows, computed in parallel once and kept on disk by their content.

A picture of a window takes longer than a step of a small network; over twenty epochs it would be made
twenty times.
"""

import hashlib
import json
import os
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from faultdiag._version import __version__
from faultdiag.views.base import View
from faultdiag.views.pool import WindowPool
from faultdiag.windows import Windows

__all__ = ["cache_folder", "content_key", "stored_tensors"]

BATCH = 256
"""Windows of one piece of work."""

MOST_BYTES = 8 << 30
"""Files of the cache that were not used for longest are removed beyond this."""


def cache_folder() -> Path:
    """Return where tensors are kept: ``views`` in the user's cache folder of faultdiag."""
    return platformdirs.user_cache_path("faultdiag") / "views"


def content_key(pool: WindowPool, name: str, view: View, windows: Windows) -> str:
    """Return a hash of all that the tensors depend on: view, samples, rate, speeds and windows.

    Parameters
    ----------
    pool : WindowPool
        Prepared examples.
    name : str
        Of the view.
    view : View
        With its state.
    windows : Windows
        Which.
    """
    digest = hashlib.sha256()
    about = [__version__, name, view.state(), view.shape, pool.rate_hz, windows.length]
    digest.update(json.dumps(about, sort_keys=True).encode())
    numbers, place = np.unique(windows.record, return_inverse=True)
    for number in numbers:
        digest.update(pool.sha256(int(number)).encode())
    for array in (place, windows.start, pool.speed_rpm(windows)):
        digest.update(np.ascontiguousarray(array, "<f8").tobytes())
    return digest.hexdigest()


def stored_tensors(
    pool: WindowPool, name: str, view: View, windows: Windows, *, folder: Path | None = None
) -> NDArray[np.float32] | None:
    """Return the tensors of windows from the cache, after making them if they are not there.

    Parameters
    ----------
    pool, name, view, windows
        As for `content_key`.
    folder : Path, optional
        The cache; default `cache_folder`.

    Returns
    -------
    ndarray of float32, shape [n, *view.shape], read-only and on disk
        Or None where nothing can be stored: the disk is full, or the folder cannot be written to.
    """
    path = (folder or cache_folder()) / f"{content_key(pool, name, view, windows)}.npy"
    try:
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            if not _has_room(path.parent, 4 * len(windows) * int(np.prod(view.shape))):
                return None
            _make(pool, view, windows, path)
            _tidy(path.parent, keep=path)
        os.utime(path)
        found: NDArray[np.float32] = np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError:
        return None
    except ValueError:  # a file cut by a crash of the machine: make it again the next time
        path.unlink(missing_ok=True)
        return None
    return found if found.shape == (len(windows), *view.shape) else None


def _make(pool: WindowPool, view: View, windows: Windows, path: Path) -> None:
    """Write the file under another name, and rename it when it is whole."""
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        shape = (len(windows), *view.shape)
        _fill(pool, view, windows, np.lib.format.open_memmap(part, mode="w+", dtype=np.float32, shape=shape))
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)


def _fill(pool: WindowPool, view: View, windows: Windows, stored: "np.memmap[Any, Any]") -> None:
    """Compute in threads: the loops of NumPy and SciPy let others run."""

    def fill(start: int) -> None:
        chosen = windows.take(np.arange(start, min(start + BATCH, len(windows))))
        stored[start : start + BATCH] = pool.tensors(view, chosen)

    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        for _ in threads.map(fill, range(0, len(windows), BATCH)):
            pass  # raises what a thread has raised
    stored.flush()


def _has_room(folder: Path, n_bytes: int) -> bool:
    """Whether there is room to spare: writing to a file in memory on a full disk would end the process."""
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize >= 2 * n_bytes


def _tidy(folder: Path, *, keep: Path) -> None:
    """Remove what was not used for longest, until the rest is small enough."""
    total = 0
    for _, size, path in sorted(_files(folder), reverse=True):
        total += size
        if total > MOST_BYTES and path != keep:
            with suppress(OSError):
                path.unlink()


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    for path in folder.glob("*.npy"):
        with suppress(OSError):
            status = path.stat()
            yield status.st_mtime, status.st_size, path
