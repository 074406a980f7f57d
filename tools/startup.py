"""Measure how long the command line takes to start, as a ratio to `import click`.

python tools/startup.py      prints {"help": ratio, "error": ratio}

Runs of the three commands are interleaved and the quickest of each counts, so that other work of
the machine hurts all of them alike.
"""

import json
import subprocess
import sys
import time

REPEATS = 7
COMMAND = "import sys; from faultdiag.cli import main; sys.exit(main(sys.argv[1:]))"
RIVAL = ["-c", "import click"]
STARTS = {
    "help": ["-c", COMMAND, "--help"],
    "error": ["-c", COMMAND, "predict", "no-such-file.npy"],
}


def ratios(repeats: int = REPEATS) -> dict[str, float]:
    """Return the time of each start over that of `import click`, quickest of `repeats` each."""
    times: dict[str, list[float]] = {"rival": [], **{name: [] for name in STARTS}}
    for _ in range(repeats):
        for name, arguments in {"rival": RIVAL, **STARTS}.items():
            times[name].append(seconds(arguments))
    rival = min(times.pop("rival"))
    return {name: round(min(ours) / rival, 2) for name, ours in times.items()}


def seconds(arguments: list[str]) -> float:
    """Return how long an interpreter with these arguments runs."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
    return time.perf_counter() - start


if __name__ == "__main__":
    print(json.dumps(ratios()))
