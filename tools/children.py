"""Children of a measuring process, timed and weighed; where they find the data sets."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import startup

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "results"
FAULTDIAG = [sys.executable, "-c", startup.COMMAND]


@dataclass(frozen=True)
class Child:
    """A process that has ended well: how long it took, how much memory it held, what it said."""

    seconds: float
    memory_gb: float
    stdout: str


@dataclass(frozen=True)
class Measure:
    """A function that measures some rows; one that takes over ten minutes runs only when it is named."""

    names: tuple[str, ...]
    function: Callable[[], dict[str, float]]
    long: bool = False


def run(*command: object, cwd: Path = ROOT) -> Child:
    """Run a command to its end; its stderr is shown."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen([str(part) for part in command], stdout=out, cwd=cwd)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        stdout = out.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{stdout}")
    # Linux counts the largest resident set in KiB
    return Child(time.perf_counter() - start, usage.ru_maxrss * 1024 / 1e9, stdout)


def told(program: str, *arguments: object) -> dict[str, Any]:
    """Return the JSON document that a program of tools/ prints."""
    found: dict[str, Any] = json.loads(run(sys.executable, ROOT / "tools" / program, *arguments).stdout)
    return found


def cwru() -> list[object]:
    """Return where the CWRU files are, as options: the test data, or nothing for the user's cache."""
    return _data_dir("cwru", "--parts")


def cifar10() -> list[object]:
    """Return the same for CIFAR-10."""
    return _data_dir("cifar10")


def _data_dir(name: str, *options: str) -> list[object]:
    data = os.environ.get("FAULTDIAG_TEST_DATA")
    if not data:
        return []
    folder = BUILD / f"{name}_files"
    if not folder.is_dir():
        run(sys.executable, Path(data) / name / "unpack.py", folder, *options)
    return ["--data-dir", folder]
