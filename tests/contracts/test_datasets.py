"""What every data set keeps to: run over the whole table."""

import importlib
import inspect
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

from faultdiag.datasets.cards import load_card
from faultdiag.datasets.files import data_files
from faultdiag.datasets.load import load_dataset
from faultdiag.datasets.splits import SPLITS, Layout, split_examples
from faultdiag.datasets.table import DATASETS
from faultdiag.networks.table import NETWORKS
from faultdiag.views.table import VIEWS

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "faultdiag" / "datasets"

each_set = pytest.mark.parametrize("name", DATASETS.names())


def test_cards_and_rows_are_the_same():
    cards = {path.name.removesuffix(".toml") for path in (PACKAGE / "cards").glob("*.toml")}
    assert cards == set(DATASETS.names())


@each_set
def test_a_row_has_a_module_and_a_test_of_its_name(name):
    module, _, attribute = DATASETS.rows[name][1].partition(":")
    assert hasattr(importlib.import_module(module), attribute)
    assert (ROOT / "tests" / "datasets" / f"test_{module.rpartition('.')[2]}.py").is_file()


@each_set
def test_the_function_takes_what_every_data_set_takes_and_says_the_types_of_its_options(name):
    examples = DATASETS.load(name)
    parameters = list(inspect.signature(examples).parameters.values())
    assert [p.name for p in parameters[:3]] == ["data_dir", "task", "channels"]
    for parameter in parameters[1:]:
        assert parameter.kind is parameter.KEYWORD_ONLY, parameter.name
        assert parameter.default is not parameter.empty or parameter.name == "task", parameter.name
    assert {p.name for p in parameters} <= set(get_type_hints(examples))
    assert {"Parameters", "Returns", "Raises"} <= set(inspect.getdoc(examples).split())


@each_set
def test_the_card_is_complete(name):
    card = load_card(name)
    assert card.name == name
    for key in ("title", "description", "licence", "citation", "tasks"):
        assert getattr(card, key), key
    assert len(DATASETS.describe(name)) < 80
    assert card.groups or card.input == "image"
    if card.input == "signal" and card.labels:
        assert card.rates_hz
        assert card.channels
        assert card.limits


@each_set
def test_defaults_name_rows_of_the_tables(name):
    card = load_card(name)
    assert card.defaults.task in card.tasks
    assert card.defaults.split.partition(":")[0] in SPLITS
    assert card.defaults.view in VIEWS
    assert card.defaults.network in NETWORKS
    assert set(card.defaults.channels) <= set(card.channels)


@each_set
def test_files_have_checksums_and_an_address(name):
    card, files = load_card(name), data_files(name)
    assert bool(files) == bool(card.download_url)
    assert len({file.name for file in files}) == len({file.sha256 for file in files}) == len(files)
    for file in files:
        assert file.n_bytes > 0
        assert len(file.sha256) == 64
        assert set(file.sha256) <= set("0123456789abcdef")
        assert set(file.tasks) <= set(card.tasks)
    if files:
        assert card.homepage.startswith("https://")
        assert card.download_url.startswith("https://")
        assert card.download_url.endswith("/")
        assert all(any(task in file.tasks for file in files) for task in card.tasks)


@each_set
def test_every_geometry_is_one_of_a_bearing(name):
    for bearing in load_card(name).geometry.values():
        assert 3 <= bearing.n_balls <= 50
        assert 0 < bearing.ball_mm * bearing.n_balls < 3.2 * bearing.pitch_mm
        assert 0 <= bearing.angle_deg < 60


def assert_whole(found):
    """What a split, a view and a report may count on."""
    assert all(any(record.label == label for record in found.records) for label in found.classes)
    labels_of_group = {}
    for record in found.records:
        assert record.origin != "memory"
        assert record.channels == found.records[0].channels
        assert len(record.units) == record.n_channels
        assert np.isfinite(record.read(0, 100)).all()
        labels_of_group.setdefault(record.group, set()).add(record.label)
    assert None not in labels_of_group
    assert all(len(labels) == 1 for labels in labels_of_group.values())
    assert len({record.origin for record in found.records}) == len(found.records)


def assert_fair(found, spec):
    """No record and no group stands on two sides, but for what is said to be leaky."""
    lengths = np.array([record.n_samples for record in found.records])
    layout = Layout(length=2048, train_hop=1024, test_hop=2048)
    split = split_examples(found, spec, lengths=lengths, layout=layout, seed=0)
    trained = np.unique(np.concatenate([split.train.record, split.validation.record]))
    (fair,) = (part for part in split.tests if not part.leaky)
    tested = np.array([i for i in np.unique(fair.windows.record) if not _is_leaky(found, fair, i)])
    assert len(tested)
    assert not set(trained) & set(tested)
    assert not set(found.groups[trained]) & set(found.groups[tested])


def _is_leaky(found, part, record):
    return found.records[record].label in part.leaky_classes


@pytest.fixture(scope="module")
def simulated():
    return load_dataset("simulated", n_bearings=2, duration_s=1.0)


def test_the_simulated_examples_are_whole(simulated):
    assert_whole(simulated)
    assert_fair(simulated, load_card("simulated").defaults.split)


@pytest.mark.data
@pytest.mark.parametrize(
    "options", [{}, {"task": "severity"}, {"record_set": "12k_FE"}, {"record_set": "48k_DE"}]
)
def test_the_stored_examples_are_whole(cwru_dir, options):
    assert_whole(load_dataset("cwru", cwru_dir, **options))


@pytest.mark.data
@pytest.mark.parametrize("spec", ["bearing:0.014", "bearing:0.007", "group"])
def test_splits_by_bearing_are_fair_on_the_stored_examples(cwru_dir, spec):
    assert_fair(load_dataset("cwru", cwru_dir), spec)
