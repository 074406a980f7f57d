"""Read damaged copies of a file, in a process that may die of it.

Reads ``{"good": path, "cases": [...]}`` on standard input; a case is ``["cut", n_bytes]``,
``["change", position, mask]`` or ``["file", path]``. Writes a line of JSON for each: what became of it.
The last line is the growth of the resident memory, in bytes.
"""

import faulthandler
import hashlib
import json
import resource
import sys
import warnings
from pathlib import Path

from faultdiag.errors import FaultdiagError
from faultdiag.readers import read_signals

SECONDS_PER_CASE = 20
FREE_BYTES = 256 << 20


def main() -> None:
    faulthandler.enable()
    warnings.simplefilter("error")
    job = json.load(sys.stdin)
    good = Path(job["good"])
    say(read(good))
    before, largest = peak_bytes(), max(size(good, case) for case in job["cases"])
    limit_memory(2 * largest + FREE_BYTES)
    for case in job["cases"]:
        faulthandler.dump_traceback_later(SECONDS_PER_CASE, exit=True)
        say(read(damaged(good, case)))
    say(peak_bytes() - before)


def size(good: Path, case: list) -> int:
    return (Path(case[1]) if case[0] == "file" else good).stat().st_size


def damaged(good: Path, case: list) -> Path:
    """A copy of the file with the same name, so that the name says as much as it did."""
    if case[0] == "file":
        return Path(case[1])
    data = bytearray(good.read_bytes())
    if case[0] == "cut":
        del data[case[1] :]
    else:
        data[case[1]] ^= case[2]
    folder = good.parent / "damaged"
    folder.mkdir(exist_ok=True)
    (folder / good.name).write_bytes(data)
    return folder / good.name


def read(path: Path) -> list[str]:
    """("refused", message), ("failed", error), or ("read", what was read as a digest)."""
    try:
        digest = hashlib.sha256()
        for record in read_signals(path):
            known = record.channels, record.units, record.rate_hz, record.speed_rpm, record.source.shape
            digest.update(repr(known).encode())
            for samples in record.blocks(1 << 16):
                digest.update(samples.tobytes())
        return ["read", digest.hexdigest()]
    except FaultdiagError as error:
        return ["refused", str(error)]
    except Exception as error:
        return ["failed", repr(error)]


def limit_memory(n_bytes: int) -> None:
    """Let the process have this much more address space, where the system tells how much it has."""
    status = Path("/proc/self/statm")
    if status.exists():
        now = int(status.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + n_bytes, now + n_bytes))


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
