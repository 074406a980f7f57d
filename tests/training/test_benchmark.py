"""Benchmarks: every cell is trained once, goes on where it broke off, and is summed up by arithmetic."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from faultdiag.errors import ParameterError
from faultdiag.training import benchmark as module
from faultdiag.training.benchmark import Cell, benchmark, summaries


def cell(recipe, seed, accuracy, mirrored=None, epochs=3, seconds=60.0):
    results = [SimpleNamespace(accuracy=accuracy, mirror_accuracy=mirrored)]
    document = SimpleNamespace(
        metrics=SimpleNamespace(results=results), training={"fit_seconds": seconds, "epochs": epochs}
    )
    return Cell(recipe, seed, Path("x"), document)


def test_a_summary_is_mean_and_deviation_over_seeds():
    rows = summaries(
        [cell("b", 0, 0.8, 0.82), cell("a", 0, 0.5, 0.6, epochs=2), cell("b", 1, 0.9, 0.92, seconds=180)]
    )
    assert [row.recipe for row in rows] == ["b", "a"]
    assert (rows[0].n_seeds, rows[0].epochs, rows[0].minutes) == (2, 3, 2.0)
    np.testing.assert_allclose(
        [rows[0].accuracy, rows[0].deviation, rows[0].mirror_accuracy], [0.85, 0.1 / np.sqrt(2), 0.87]
    )
    assert (rows[1].deviation, rows[1].epochs) == (0.0, 2)


def test_signals_have_no_mirror_image():
    assert summaries([cell("a", 0, 0.5)])[0].mirror_accuracy is None


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "quick.toml"
    path.write_text(
        '[network]\nname = "residual"\n[network.options]\nstages = [[4, 1, 4]]\nstem_filters = 4\n'
    )
    return path


@pytest.fixture
def trained(monkeypatch):
    """What was trained or taken up, in order."""
    calls, real = [], module.train

    def recorded(dataset, **options):
        calls.append("resume" if "resume" in options else options["out"].name)
        return real(dataset, **options)

    monkeypatch.setattr(module, "train", recorded)
    return calls


@pytest.mark.keras
def test_cells_are_trained_once(tmp_path, recipe, trained):
    settings = {
        "fit.epochs": 1,
        "data.options.n_bearings": 2,
        "data.options.duration_s": 1.0,
        "network.options.reduction": 2,
    }
    given = {"out": tmp_path / "runs", "settings": settings}
    (first,) = benchmark("simulated", [str(recipe)], [4], **given)
    cells = list(benchmark("simulated", [str(recipe)], [4, 5], **given))
    assert trained == ["quick-seed4", "quick-seed5"]
    assert [c.folder.name for c in cells] == trained
    assert first.accuracy == cells[0].accuracy
    recipe.write_text(recipe.read_text().replace("4, 1, 4", "4, 1, 8"))
    with pytest.raises(ParameterError, match="quick-seed4: was trained by another recipe than"):
        list(benchmark("simulated", [str(recipe)], [4], **given))


def test_an_unfinished_cell_is_taken_up(tmp_path, monkeypatch):
    calls = []

    def stopped(dataset, **options):
        calls.append(options)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "train", stopped)
    (tmp_path / "cifar10-seed0.part").mkdir()
    with pytest.raises(KeyboardInterrupt):
        list(benchmark("cifar10", ["cifar10"], [0], out=tmp_path))
    assert calls[0]["resume"] == tmp_path / "cifar10-seed0.part"
    assert "recipe" not in calls[0]


def test_two_recipes_of_one_name_are_refused(tmp_path):
    with pytest.raises(ParameterError, match="two recipes have one name: a, a"):
        list(benchmark("cifar10", ["x/a.toml", "y/a.toml"], [0], out=tmp_path))
