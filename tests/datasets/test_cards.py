from importlib import resources

import pytest

from faultdiag.datasets import cards
from faultdiag.datasets.cards import load_card
from faultdiag.datasets.table import DATASETS
from faultdiag.errors import DatasetError, ParameterError

CARD = """
name = "cwru"
title = "t"
description = "d"
licence = "l"
citation = "c"
tasks.fault = "f"
defaults = {task = "fault", split = "group", view = "raw", network = "vibration"}
"""


@pytest.fixture
def card_file(monkeypatch, tmp_path):
    monkeypatch.setattr(cards.resources, "files", lambda package: tmp_path)
    (tmp_path / "cards").mkdir()
    return tmp_path / "cards" / "cwru.toml"


def test_a_short_card_is_enough(card_file):
    card_file.write_text(CARD)
    assert load_card("cwru").defaults.split == "group"


def test_an_unknown_data_set():
    with pytest.raises(ParameterError, match=r"unknown data set 'foldr'; did you mean folder\?"):
        load_card("foldr")


def test_a_card_that_is_not_there(card_file):
    with pytest.raises(DatasetError, match="card of data set 'cwru': .*No such file"):
        load_card("cwru")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CARD + "name =", "card of data set 'cwru': Invalid value"),
        (CARD + "colour = 1", "key colour: Extra inputs"),
        (CARD + "rates_hz = ['fast']", "key rates_hz.0: Input should be a valid number"),
        (CARD.replace("title", "#"), "key title: Field required"),
    ],
)
def test_a_card_with_a_fault_names_the_place(card_file, text, words):
    card_file.write_text(text)
    with pytest.raises(DatasetError, match=words):
        load_card("cwru")


def test_tasks_are_checked():
    card = load_card("cwru")
    assert card.checked_task("severity") == "severity"
    with pytest.raises(
        ParameterError, match=r"'cwru' has no task 'severe'; did you mean severity\? There are: f"
    ):
        card.checked_task("severe")


def test_a_data_set_of_another_package_has_its_card_beside_its_module(tmp_path, monkeypatch):
    package = tmp_path / "extra_bearings"
    (package / "cards").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    text = (resources.files("faultdiag.datasets") / "cards" / "simulated.toml").read_text()
    (package / "cards" / "mine.toml").write_text(text.replace('name = "simulated"', 'name = "mine"'))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(DATASETS.rows, "mine", ("mine", "extra_bearings.data:examples"))
    assert load_card("mine").name == "mine"


def test_a_data_set_without_a_package_says_where_its_card_belongs(monkeypatch):
    monkeypatch.setitem(DATASETS.rows, "mine", ("mine", "no_such_package.data:examples"))
    with pytest.raises(DatasetError, match="'no_such_package' is no package that can be imported"):
        load_card("mine")
