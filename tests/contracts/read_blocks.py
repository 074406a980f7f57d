"""Read a file in blocks; write the growth of the resident memory, in bytes, and the sum of all samples."""

import resource
import sys

from faultdiag.readers import read_signals


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main() -> None:
    small, large, rows = sys.argv[1:]
    for path in (small, large):  # the first loads all code
        before = peak_bytes()
        records = read_signals(path, rows=rows)
        total = sum(block.sum(dtype=float) for record in records for block in record.blocks(65536))
    sys.stdout.write(f"{peak_bytes() - before} {total}\n")


if __name__ == "__main__":
    main()
