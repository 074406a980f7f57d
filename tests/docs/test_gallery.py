"""The scripts of the gallery: together they show everything, each is short, and they are built in order."""

import ast

import pages
import pytest

import faultdiag.signal

PATHS = sorted(pages.GALLERY.glob("*.py"))


def test_every_function_of_the_signal_library_is_shown():
    shown = set().union(*(script.names for script in pages.scripts().values()))
    assert set(faultdiag.signal.__all__) - shown == set()
    assert shown - set(faultdiag.signal.__all__) == set()


def test_scripts_are_numbered_in_the_order_of_reading():
    assert [path.name[:3] for path in PATHS] == [f"{i:02}_" for i in range(1, len(PATHS) + 1)]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_script_asks_a_question_and_is_short(path):
    text = path.read_text(encoding="utf-8")
    title, rule, *rest = ast.get_docstring(ast.parse(text)).splitlines()
    assert rule == "=" * len(title)
    assert "?" in " ".join(rest)
    assert len(text.splitlines()) <= 110


def test_names_are_read_off_imports_and_attributes():
    script = pages.scripts()["11_gears"]
    assert script.title == "Gears: a tooth that is breaking"
    assert {"fm4", "na4", "angular_resample"} <= script.names
    assert "subplots" not in script.names
