from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from faultdiag.errors import ParameterError
from faultdiag.training.view_benchmark import ViewCell, compare_views, view_rows


def cell(view, split, seed, record_f1, window_f1=0.5, seconds=60.0, shape=(10, 1)):
    results = [
        SimpleNamespace(record_macro_f1=1.0, macro_f1=1.0),  # bearings that were seen: of no account
        SimpleNamespace(record_macro_f1=record_f1, macro_f1=window_f1),
    ]
    document = SimpleNamespace(
        metrics=SimpleNamespace(results=results),
        training={"fit_seconds": seconds},
        network=SimpleNamespace(input_shape=shape),
    )
    return ViewCell(view, split, seed, Path("x"), document)


def test_a_row_is_mean_and_deviation_over_seeds_of_what_was_held_out():
    cells = [
        cell("raw", "load:3", 0, 0.8, 0.7),
        cell("stft", "load:3", 0, 0.5, shape=(8, 9, 1)),
        cell("raw", "load:3", 1, 0.9, 0.8, seconds=180),
        cell("raw", "bearing:0.007", 0, 0.3),
    ]
    rows = view_rows(cells)
    assert [(row.view, row.split) for row in rows] == [
        ("raw", "load:3"),
        ("stft", "load:3"),
        ("raw", "bearing:0.007"),
    ]
    first = rows[0]
    np.testing.assert_allclose(
        [first.macro_f1, first.deviation, first.window_macro_f1], [0.85, 0.1 / 2**0.5, 0.75]
    )
    assert (first.rank, first.n_seeds, first.minutes) == (1, 2, 2.0)
    assert (rows[1].rank, rows[1].deviation) == (2, 0.0)


def test_wrong_names_are_refused_before_anything_is_trained(tmp_path):
    with pytest.raises(ParameterError, match="unknown view 'rawish'"):
        list(compare_views("cwru", ["raw", "rawish"], ["load:3"], [0], out=tmp_path))
    with pytest.raises(ParameterError, match="unknown split 'leod'"):
        list(compare_views("cwru", ["raw"], ["leod:3"], [0], out=tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.keras
def test_each_cell_is_a_run_of_its_view_and_split_and_trained_once(tmp_path, monkeypatch):
    monkeypatch.setattr("faultdiag.training.ahead.cache_folder", lambda: tmp_path / "cache")
    settings = {
        "fit.epochs": 1,
        "data.options": {"n_bearings": 2, "duration_s": 1.0},
        "data.window": 1024,
        "network.name": "residual",
        "network.options": {"stages": [[4, 1, 4]], "stem_filters": 4, "reduction": 2},
    }
    given = {"out": tmp_path / "runs", "settings": settings}
    cells = list(compare_views("simulated", ["spectrum", "stft"], ["random"], [7], **given))
    assert sorted(p.name for p in (tmp_path / "runs").iterdir()) == [
        "spectrum-random-seed7",
        "stft-random-seed7",
    ]
    assert [c.document.recipe["view"]["name"] for c in cells] == ["spectrum", "stft"]
    assert [row.rank for row in view_rows(cells)] == [1, 2]
    assert len(list((tmp_path / "cache").iterdir())) >= 2
    when = [(c.folder / "run.json").stat().st_mtime_ns for c in cells]
    again = list(compare_views("simulated", ["spectrum", "stft"], ["random"], [7], **given))
    assert [(c.folder / "run.json").stat().st_mtime_ns for c in again] == when
