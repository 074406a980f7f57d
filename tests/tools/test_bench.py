"""All groups of the benchmark together."""

import bench
import bench_signal
import bench_views

GROUPS = bench.GROUPS | bench_signal.GROUPS | bench_views.groups()


def test_every_row_has_its_sides_and_its_own_name():
    names = [row.name for group in GROUPS.values() for row in group.rows]
    assert len(set(names)) == len(names)
    for group in GROUPS.values():
        assert {side for row in group.rows for side in (row.ours, *row.rivals)} == set(group.sides)


def test_it_prints_and_keeps_the_rows_of_the_groups_named(monkeypatch, tmp_path, capsys):
    row = bench.Row("x", "ours", ("theirs", "slow"), 1)
    group = bench.Group({"ours": 1.0, "theirs": 4.0, "slow": 8.0}, 1, (row,))
    monkeypatch.setattr(bench, "GROUPS", {"known": group})
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    monkeypatch.setattr(bench.sys, "argv", ["bench.py", "known"])
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "bench.json").write_text('[{"name": "kept"}]')
    bench.main()
    assert "0.25 (0.25 to 0.25) x theirs, 4 times as fast; goal 1: met" in capsys.readouterr().out
    kept, fresh = bench.json.loads((tmp_path / "build" / "bench.json").read_text())
    assert kept == {"name": "kept"}
    assert (fresh["name"], fresh["ratio"], fresh["met"]) == ("x", 0.25, True)
