"""The measured figures: every row is whole, has its measure, and the page shows what the file says."""

import importlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FIELDS = ["name", "goal", "measured", "met", "unit", "command", "seeds", "looks", "date", "machine", "note"]


@pytest.fixture
def results(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tools")
    return importlib.import_module("results")


@pytest.fixture
def rows(results):
    return json.loads(results.JSON_FILE.read_text(encoding="utf-8"))


def test_every_row_has_every_field(rows):
    assert [list(row) for row in rows] == [FIELDS] * len(rows)


def test_every_row_has_one_measure(results, rows):
    measured = [name for measure in results.MEASURES for name in measure.names]
    assert sorted(measured) == sorted(row["name"] for row in rows)


def test_what_was_measured_has_a_date_and_a_verdict(rows):
    for row in rows:
        done = row["measured"] is not None
        assert (row["date"] is not None) == (row["machine"] is not None) == done
        assert (row["met"] is not None) == (done and row["goal"] is not None)


def test_the_page_is_written_from_the_file(results, rows):
    assert results.PAGE.read_text(encoding="utf-8") == results.page(rows)


@pytest.mark.parametrize(
    ("goal", "value", "met"),
    [("<= 2", 2.0, True), (">= 0.97", 0.969, False), ("== 0", 0.0, True), (None, 1.0, None)],
)
def test_a_row_is_renewed(results, goal, value, met):
    row = {"goal": goal, "measured": None, "met": None, "looks": 1, "date": None, "machine": None}
    results._renew(row, value)
    assert (row["measured"], row["met"], row["looks"]) == (value, met, 2)


def test_a_row_that_does_not_exist(results):
    with pytest.raises(SystemExit, match="no row 'test_second'; did you mean test_seconds"):
        results.main(["test_second"])
