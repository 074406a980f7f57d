"""Renew the measured figures: docs/results.json, and docs/results.md from it.

python tools/results.py             measures every row that takes under ten minutes
python tools/results.py NAME ...    measures the rows of these names
python tools/results.py --page      writes the page again, measures nothing
"""

import json
import operator
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from children import BUILD, ROOT, Measure
from measures import MEASURES

from faultdiag.registry import near_names

JSON_FILE = ROOT / "docs" / "results.json"
PAGE = ROOT / "docs" / "results.md"

SIGNS = {"<=": operator.le, ">=": operator.ge, "==": operator.eq}

HEAD = """# Results

<!-- written by tools/results.py from results.json: do not edit -->

Every figure here is printed by a command in the repository: `make results` renews those that take under
ten minutes, `make results ROW=name` one of them. *Looks* counts how often the held-out side has been
looked at with this row; a figure that was never measured has none.

| name | goal | measured | met | seeds | looks | date | machine |
|---|---|---|---|---|---|---|---|
"""


def main(arguments: list[str]) -> None:
    """Measure, write both files, print each figure."""
    rows: list[dict[str, Any]] = json.loads(JSON_FILE.read_text(encoding="utf-8"))
    BUILD.mkdir(parents=True, exist_ok=True)
    for measure in [] if arguments == ["--page"] else _chosen(arguments):
        for name, value in measure.function().items():
            (row,) = [row for row in rows if row["name"] == name]
            _renew(row, value)
            print(f"{name}: {_with_unit(row)}, goal {_goal(row)}, met: {_met(row['met']) or '-'}")
        JSON_FILE.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(rows), encoding="utf-8")


def page(rows: list[dict[str, Any]]) -> str:
    """Return the page of results as Markdown."""
    lines = []
    for row in rows:
        cells = [f"`{row['name']}`", _goal(row), _with_unit(row), _met(row["met"])]
        cells += [_text(row[key]) for key in ("seeds", "looks", "date", "machine")]
        lines.append(f"| {' | '.join(cells)} |\n")
    notes = [f"`{row['name']}`\n: {row['note']} Command: `{row['command']}`\n" for row in rows]
    return HEAD + "".join(lines) + "\n## What was measured\n\n" + "\n".join(notes)


def _chosen(names: list[str]) -> list[Measure]:
    if not names:
        return [measure for measure in MEASURES if not measure.long]
    known = [name for measure in MEASURES for name in measure.names]
    for name in names:
        if name not in known:
            raise SystemExit(f"no row {name!r}; {near_names(name, known)}")
    return [measure for measure in MEASURES if set(measure.names) & set(names)]


def _renew(row: dict[str, Any], value: float) -> None:
    row["measured"] = float(f"{value:.4g}")
    if row["goal"] is not None:
        sign, bound = row["goal"].split()
        row["met"] = SIGNS[sign](value, float(bound))
    if row["looks"] is not None:
        row["looks"] += 1
    row["date"] = datetime.now(UTC).date().isoformat()
    row["machine"] = _machine()


def _machine() -> str:
    """The kind of machine: cores and processor."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        named = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line
        ]
        processor = named[0] if named else processor
    return f"{os.cpu_count()} CPU cores, {processor}"


def _goal(row: dict[str, Any]) -> str:
    return "none" if row["goal"] is None else f"{row['goal']} {row['unit']}".strip()


def _with_unit(row: dict[str, Any]) -> str:
    return "not yet" if row["measured"] is None else f"{row['measured']} {row['unit']}".strip()


def _met(met: bool | None) -> str:
    return {None: "", True: "yes", False: "**no**"}[met]


def _text(value: Any) -> str:
    return "" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


if __name__ == "__main__":
    main(sys.argv[1:])
