"""What the pages take from the package, and what they leave out."""

import re

import pages
import pytest

import faultdiag.signal
from faultdiag.kinematics.catalogue import catalogue, find_bearing
from faultdiag.signal import INDICATORS
from faultdiag.views.table import VIEWS

DOCS = pages.GALLERY.parent


def rows_of(table):
    """The rows of a Markdown table as lists of cells, without its head."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:]]


def test_every_mark_in_a_page_has_its_part_and_every_part_its_mark():
    marks = {
        found
        for path in DOCS.glob("*.md")
        for found in re.findall(r"\{\{ (\w+) \}\}", path.read_text("utf-8"))
    }
    assert marks == set(pages.PAGES)


def test_every_name_of_the_signal_library_is_listed_once_with_what_it_does():
    listed = re.findall(
        r"^\| \{py:obj\}`(\w+) <([\w.]+)>` \| (.+) \|$", pages.signal_functions(), re.MULTILINE
    )
    assert sorted(name for name, _, _ in listed) == sorted(faultdiag.signal.__all__)
    for name, path, what in listed:
        assert path == f"faultdiag.signal.{faultdiag.signal._HOMES[name]}.{name}"
        assert what.endswith((".", "below."))


def test_a_function_stands_under_the_page_that_shows_its_module():
    under_gears = pages.signal_functions().partition("### Gears")[2].partition("###")[0]
    assert "`fm4 <" in under_gears
    assert "(gallery_built/11_gears.rst)" in under_gears
    assert "`angular_resample <" not in under_gears  # shown there, too, but mostly elsewhere


def test_every_indicator_is_listed_with_its_meaning():
    assert rows_of(pages.indicators()) == [[f"`{n}`", meaning] for n, (meaning, _) in INDICATORS.items()]


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("raw", ["1", "2048×1", "", ""]),
        ("stft", ["2", "64×65×1", "", "`frame`, `hop`"]),
        ("cyclic_map", ["2", "32×117×1", "speed", "`axis`, `begin`, `step`, `last`, `n_frequencies`"]),
        ("image", ["2", "32×32×3", "", ""]),
    ],
)
def test_views_have_their_rank_shape_needs_and_options(name, rest):
    rows = {row[0]: row[1:] for row in rows_of(pages.view_shapes())}
    assert list(rows) == [f"`{view}` {VIEWS.describe(view)}" for view in VIEWS]
    assert rows[f"`{name}` {VIEWS.describe(name)}"] == rest


def test_views_that_are_as_fast_as_the_disk_are_not_stored():
    stored = pages.stored_views().split(", ")
    assert {f"`{view}`" for view in VIEWS} - set(stored) == {"`raw`", "`image`"}


def test_every_bearing_with_a_name_is_listed_as_the_command_line_takes_it_with_its_source():
    rows = rows_of(pages.bearings())
    assert [name.strip("`") for name, *_ in rows] == [bearing.name for bearing, _ in catalogue()]
    for (_, geometry, source), (bearing, expected) in zip(rows, catalogue(), strict=True):
        assert find_bearing(geometry.strip("`")).fault_orders() == bearing.fault_orders()
        assert source == expected
