"""``faultdiag benchmark cifar10``: what it asks for and what it prints."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from faultdiag.cli import main
from faultdiag.training import benchmark as module
from faultdiag.training.benchmark import Cell

pytestmark = pytest.mark.keras


@pytest.fixture
def asked(monkeypatch):
    """The arguments of the benchmark, which answers at once."""
    calls = []

    def answered(dataset, recipes, seeds, **options):
        calls.append((dataset, tuple(recipes), list(seeds), options))
        for seed in seeds:
            result = SimpleNamespace(accuracy=0.8 + 0.01 * seed, mirror_accuracy=0.9)
            document = SimpleNamespace(
                metrics=SimpleNamespace(results=[result]), training={"fit_seconds": 90.0, "epochs": 30}
            )
            yield Cell(recipes[0], seed, Path(f"runs/{seed}"), document)

    monkeypatch.setattr(module, "benchmark", answered)
    return calls


def invoke(*words):
    return CliRunner().invoke(main, ["benchmark", "cifar10", *words])


def test_it_chooses_on_training_images_unless_told_otherwise(asked):
    done = invoke("-o", "runs", "--seeds", "2", "--set", "fit.epochs=3")
    assert done.exit_code == 0, done.stderr
    dataset, recipes, seeds, options = asked[0]
    assert (dataset, recipes, seeds) == ("cifar10", ("cifar10",), [0, 1])
    assert options["settings"] == {"split": "tuning:5000", "fit.epochs": 3}
    lines = done.stdout.splitlines()
    assert lines[1].split("  ")[0] == "cifar10"
    assert "80.50 %" in lines[1]
    assert "90.00 %" in lines[1]
    assert lines[-1] == "split tuning:5000; mean over seeds, deviation in points"


def test_json_and_csv(asked):
    document = json.loads(invoke("-o", "runs", "--seeds", "1", "--split", "official", "--json").stdout)
    assert document["split"] == "official"
    assert document["runs"] == [str(Path("runs/0"))]
    assert document["rows"][0]["accuracy"] == 0.8
    head, row = invoke("-o", "runs", "--seeds", "1", "--csv").stdout.splitlines()
    assert dict(zip(head.split(","), row.split(","), strict=True))["minutes"] == "1.5"


def test_a_folder_must_be_named(asked):
    done = invoke()
    assert done.exit_code == 2
    assert "Missing option '-o' / '--out'" in done.stderr


def test_views_are_compared_on_every_split(monkeypatch):
    from faultdiag.training import view_benchmark

    calls = []

    def answered(dataset, views, splits, seeds, **options):
        calls.append((dataset, tuple(views), tuple(splits), list(seeds), options["settings"]))
        for seed in seeds:
            for view in views:
                for split in splits:
                    score = {"raw": 0.4, "stft": 0.6}[view] + 0.1 * seed + 0.2 * (split == "load:3")
                    result = SimpleNamespace(record_macro_f1=score, macro_f1=score)
                    document = SimpleNamespace(
                        metrics=SimpleNamespace(results=[result]),
                        training={"fit_seconds": 60.0},
                        network=SimpleNamespace(input_shape=(9, 1) if view == "raw" else (9, 9, 1)),
                    )
                    yield view_benchmark.ViewCell(view, split, seed, Path("x"), document)

    monkeypatch.setattr(view_benchmark, "compare_views", answered)
    words = [
        "--view",
        "raw",
        "--view",
        "stft",
        "--split",
        "bearing:0.007",
        "--split",
        "load:3",
        "--seeds",
        "2",
    ]
    given = [*words, "--set", "data.window=4096", "-o", "runs"]
    done = CliRunner().invoke(main, ["benchmark", "views", *given])
    assert done.exit_code == 0, done.stderr
    assert calls[0] == ("cwru", ("raw", "stft"), ("bearing:0.007", "load:3"), [0, 1], {"data.window": 4096})
    head, best, second, last = done.stdout.splitlines()
    assert head.split() == ["view", "rank", "bearing:0.007", "load:3", "mean", "minutes"]
    assert best.split() == ["stft", "2", "0.650", "±", "0.071", "0.850", "±", "0.071", "0.750", "1.0"]
    assert second.split()[:3] == ["raw", "1", "0.450"]
    assert last == "macro-F1 of records held out, mean ± deviation over 2 seeds"
    document = json.loads(CliRunner().invoke(main, ["benchmark", "views", *given, "--json"]).stdout)
    assert document["benchmark"] == "views"
    assert document["rows"][0]["macro_f1"] == pytest.approx(0.45)


def test_by_default_every_view_of_signals_is_compared_on_the_split_of_the_card(monkeypatch):
    from faultdiag.training import view_benchmark
    from faultdiag.views.table import VIEWS

    calls = []

    def answered(dataset, views, splits, seeds, **options):
        calls.append((set(views), tuple(splits)))
        return iter(())

    monkeypatch.setattr(view_benchmark, "compare_views", answered)
    CliRunner().invoke(main, ["benchmark", "views", "-o", "runs", "--csv"])
    assert calls == [(set(VIEWS.names()) - {"image"}, ("bearing:0.014",))]


def test_smith_randall_prints_counts_and_records(monkeypatch):
    from faultdiag.diagnosis import smith_randall
    from faultdiag.diagnosis.diagnosis import Diagnosis, Hypothesis

    asked = []

    def answered(data_dir, record_sets):
        asked.append((data_dir, record_sets))
        best = Hypothesis("inner", 0.9, 40.0, 162.0, 1e-9, 0.3)
        yield smith_randall.Case(
            105, "12k_DE", "inner", "Y2", Diagnosis("a", label="inner", confidence=0.9, hypotheses=(best,))
        )

    monkeypatch.setattr(smith_randall, "cases", answered)
    done = CliRunner().invoke(main, ["benchmark", "smith-randall", "--data-dir", "d", "--set", "12k_DE"])
    assert done.exit_code == 0, done.stderr
    assert asked == [(Path("d"), ("12k_DE",))]
    head, every, inner = done.stdout.splitlines()
    assert head.split("  ")[0] == "set"
    assert every.split()[-4:] == ["1", "1", "1", "0"]
    assert "inner" in inner
    document = json.loads(CliRunner().invoke(main, ["benchmark", "smith-randall", "--json"]).stdout)
    assert document["records"][0]["record"] == 105
    assert set(asked[1][1]) == {"12k_DE", "12k_FE", "48k_DE"}
