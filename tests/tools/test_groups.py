"""Rows of groups whose sides sleep."""

import time
from functools import partial

import groups
import pytest
from groups import Group, Row, chosen, measured, row_text


def sleepers(**seconds):
    return {name: partial(partial, time.sleep, s) for name, s in seconds.items()}


def test_the_ratio_is_over_the_fastest_rival_and_judged_by_the_goal(capsys):
    rows = (Row("one", "a", ("b", "c"), 0.5), Row("two", "b", ("a",), 1.0), Row("three", "c", ("a",), None))
    first, second, third = measured(Group(sleepers(a=0.01, b=0.04, c=0.08), 1, rows), n_blocks=2)
    assert (first["name"], first["against"], first["met"]) == ("one", "b", True)
    assert 0.2 < first["ratio"] < 0.5
    assert first["spread"][0] <= first["spread"][1]
    assert (second["met"], third["met"]) == (False, None)
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["a", "b", "c"]


def test_a_number_is_a_side_that_is_not_timed(capsys):
    row = Row("view", "view", ("real time",), 1)
    (found,) = measured(Group(sleepers(view=0.01) | {"real time": 100.0}, 1, (row,)), n_blocks=2)
    assert 1e-4 <= found["ratio"] < 5e-4
    assert found["against"] == "real time"
    assert "real time" not in capsys.readouterr().out


def test_what_is_not_installed_is_left_out_with_a_word(monkeypatch, capsys):
    monkeypatch.setitem(groups.NEEDS, "nobody", ("no_such_module", "make nobody"))
    sides = sleepers(ours=0.001, nobody=0, other=0.1)
    rows = (Row("gone", "ours", ("nobody",), 1), Row("lost", "nobody", ("other",), 1))
    assert measured(Group(sides, 1, rows)) == []
    why = "left out, no_such_module is not installed (make nobody)"
    assert capsys.readouterr().out.splitlines() == [f"  gone: {why}", f"  lost: {why}"]
    (row,) = measured(Group(sides, 1, (*rows, Row("kept", "ours", ("nobody", "other"), 1))), n_blocks=2)
    assert (row["name"], row["against"]) == ("kept", "other")


def test_groups_are_chosen_by_name_or_first_word():
    there = {name: Group({}, 1, ()) for name in ("startup", "signal kurtogram", "signal angle")}
    assert list(chosen([], there)) == list(there)
    assert list(chosen(["signal"], there)) == ["signal kurtogram", "signal angle"]
    assert list(chosen(["signal angle", "startup"], there)) == ["startup", "signal angle"]
    with pytest.raises(SystemExit, match="no group 'angle'; there are: startup, signal kurtogram, sig"):
        chosen(["angle"], there)


def test_the_line_says_ratio_spread_rival_and_verdict():
    row = {"name": "x", "ratio": 0.25, "spread": [0.2, 0.3], "goal": 1 / 3, "met": True, "against": "rota"}
    said = row_text(row).split(maxsplit=1)[1]
    assert said == "0.25 (0.2 to 0.3) x rota, 4 times as fast; goal 0.333: met"
    assert row_text(row | {"met": False}).endswith("missed")
    assert row_text(row | {"goal": None, "met": None}).endswith("no goal")
