"""False alarms of the diagnosis, and its hits on a rig that no rule was made with.

python tools/alarms.py noise [PIECES]   claims in noise: white, as healthy records, with lines, modulated
python tools/alarms.py healthy          claims in healthy records, for the own bearing and others of its size
python tools/alarms.py hit-sm           the HIT-SM rig: faults named rightly, claims in healthy records

Prints one JSON document. Records come from $FAULTDIAG_TEST_DATA.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from faultdiag.diagnosis.record import diagnose_record
from faultdiag.kinematics.bearing import Bearing
from faultdiag.kinematics.catalogue import catalogue, find_bearing
from faultdiag.readers import read_signals
from faultdiag.records import Record

RATE_HZ, SPEED_RPM = 12000.0, 1797.0
PIECE_S = 2.5
OWN = "6205"
SIZE = 0.2
"""Other bearings are those whose pitch circle differs by less than this share."""

HEALTHY = {97: 1796.0, 99: 1751.0}
"""CWRU records at 48 kHz, and their speeds."""


def noise(pieces: int = 1000) -> dict[str, Any]:
    """Count claims in pieces of noise of five kinds."""
    rng = np.random.default_rng(0)
    kinds: dict[str, Callable[[], np.ndarray]] = _kinds(rng)
    counts = {}
    for name, make in kinds.items():
        answers = [_claim(_record(make()), OWN) for _ in range(pieces // len(kinds))]
        counts[name] = {"pieces": len(answers), "claims": sum(answer is not None for answer in answers)}
    total = {key: sum(count[key] for count in counts.values()) for key in ("pieces", "claims")}
    return {"share": total["claims"] / total["pieces"], **total, "kinds": counts}


def healthy() -> dict[str, Any]:
    """Count claims in pieces of healthy records: those of the own bearing, and of others."""
    others = [
        row.bearing
        for row in catalogue()
        if isinstance(row.bearing, Bearing)
        and abs(row.bearing.pitch_mm / 39.04 - 1) < SIZE
        and not row.bearing.name.startswith("6205")
    ]
    own, foreign, pieces = 0, 0, 0
    for record in _healthy_pieces():
        pieces += 1
        own += _claim(record, OWN) is not None
        foreign += sum(_claim(record, bearing) is not None for bearing in others)
    return {
        "pieces": pieces,
        "own": own,
        "others": foreign,
        "bearings": [bearing.name for bearing in others],
        "share_others": foreign / (pieces * len(others)),
    }


def hit_sm() -> dict[str, Any]:
    """Diagnose the records of the HIT-SM rig; their names say fault and speed."""
    labels = {"IR": "inner", "OR": "outer", "No": None}
    answers = {}
    with tempfile.TemporaryDirectory() as folder:
        unpack = Path(os.environ["FAULTDIAG_TEST_DATA"]) / "bearing_hitsm_mfs" / "unpack.py"
        subprocess.run([sys.executable, unpack, folder], check=True, stdout=subprocess.DEVNULL)
        for path in sorted(Path(folder).glob("*.mat")):
            (record,) = read_signals(path, rate_hz=51200.0)
            answers[path.stem] = _claim(record, OWN, speed_rpm=float(path.stem.split("_")[1]))
    truth = {name: labels[name[:2]] for name in answers}
    return {
        "faults": sum(label is not None for label in truth.values()),
        "right": sum(answers[name] == label for name, label in truth.items() if label),
        "healthy": sum(label is None for label in truth.values()),
        "alarms": sum(answers[name] is not None for name, label in truth.items() if label is None),
        "answers": answers,
    }


def _claim(record: Record, bearing: Any, *, speed_rpm: float | None = None) -> str | None:
    """The fault that is claimed, if any."""
    wanted = find_bearing(bearing) if isinstance(bearing, str) else bearing
    (answer,) = diagnose_record(record, wanted, speed_rpm=speed_rpm)
    return None if answer.label == "normal" else answer.label


def _kinds(rng: np.random.Generator) -> dict[str, Callable[[], np.ndarray]]:
    n = int(2 * PIECE_S * RATE_HZ)
    t = np.arange(n) / RATE_HZ
    shaft_hz = SPEED_RPM / 60
    spectra = [np.abs(np.fft.rfft(record.samples[0])) for record in _healthy_pieces()]

    def white() -> np.ndarray:
        return rng.standard_normal(n)

    def coloured() -> np.ndarray:
        chosen = spectra[rng.integers(len(spectra))]
        smooth = np.convolve(chosen, np.ones(25) / 25, mode="same")
        shape = np.interp(np.linspace(0, 1, n // 2 + 1), np.linspace(0, 1, len(smooth)), smooth)
        phases = rng.standard_normal(n // 2 + 1) + 1j * rng.standard_normal(n // 2 + 1)
        return np.fft.irfft(shape * phases, n=n)

    def lines(base_hz: float, count: int) -> np.ndarray:
        tones = [np.cos(2 * np.pi * (k * base_hz * t + rng.uniform())) for k in range(1, count + 1)]
        return np.sum([rng.uniform(0, 3) * tone for tone in tones], axis=0)

    return {
        "white": white,
        "healthy spectrum": coloured,
        "shaft harmonics": lambda: white() + lines(shaft_hz, 12),
        "mesh harmonics": lambda: white() + lines(23 * shaft_hz, 4) * (1 + 0.3 * lines(shaft_hz, 2) / 6),
        "modulated by the shaft": lambda: white() * (1 + 0.5 * np.cos(2 * np.pi * shaft_hz * t)),
    }


def _healthy_pieces() -> Iterator[Record]:
    """Pieces of the healthy records of CWRU, at their own rate."""
    with tempfile.TemporaryDirectory() as folder:
        unpack = Path(os.environ["FAULTDIAG_TEST_DATA"]) / "cwru" / "unpack.py"
        subprocess.run([sys.executable, unpack, folder, "--parts"], check=True, stdout=subprocess.DEVNULL)
        for number, speed_rpm in HEALTHY.items():
            path = next(p for p in Path(folder).iterdir() if p.stem in (str(number), f"{number}_part"))
            (record,) = read_signals(path, variable=f"X{number:03}", channel=("DE",), rate_hz=48000.0)
            samples = record.samples
            length = int(PIECE_S * 48000)
            for start in range(0, samples.shape[1] - length + 1, length):
                yield Record(source=samples[:, start : start + length], rate_hz=48000.0, speed_rpm=speed_rpm)


def _record(samples: np.ndarray) -> Record:
    return Record(source=samples[None], rate_hz=RATE_HZ, speed_rpm=SPEED_RPM)


if __name__ == "__main__":
    name, *numbers = sys.argv[1:] or [""]
    commands: dict[str, Callable[..., dict[str, Any]]] = {
        "noise": noise,
        "healthy": healthy,
        "hit-sm": hit_sm,
    }
    if name not in commands:
        raise SystemExit(f"one of {', '.join(commands)}, got {name!r}")
    print(json.dumps(commands[name](*map(int, numbers)), indent=1))
