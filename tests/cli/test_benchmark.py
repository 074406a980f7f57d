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
    assert document["recipes"][0]["accuracy"] == 0.8
    head, row = invoke("-o", "runs", "--seeds", "1", "--csv").stdout.splitlines()
    assert dict(zip(head.split(","), row.split(","), strict=True))["minutes"] == "1.5"


def test_a_folder_must_be_named(asked):
    done = invoke()
    assert done.exit_code == 2
    assert "Missing option '-o' / '--out'" in done.stderr
