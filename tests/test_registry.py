"""Tables: names, near names, rows of other packages, and nothing imported before it is asked for."""

import subprocess
import sys
from importlib import metadata

import pytest

from faultdiag.errors import FaultdiagError, ParameterError
from faultdiag.registry import Registry, check_options, near_names

TABLE = {
    "raw": ("the waveform", "fractions:Fraction"),
    "image": ("a picture", "decimal:Decimal"),
}


def registry():
    return Registry("view", "faultdiag.views", TABLE)


class Package:
    """A distribution that is not installed, with entry points of its own."""

    name = "vibration-extras"

    def __init__(self, *rows):
        self.points = metadata.EntryPoints(
            metadata.EntryPoint(name, value, "faultdiag.views")._for(self) for name, value in rows
        )


@pytest.fixture
def installed(monkeypatch):
    """Pretend that a package with these rows is installed."""

    def install(*rows):
        points = Package(*rows).points
        monkeypatch.setattr(metadata, "entry_points", lambda **selection: points.select(**selection))

    return install


def test_names_are_sorted_and_counted():
    views = registry()
    assert views.names() == list(views) == ["image", "raw"]
    assert len(views) == 2
    assert "raw" in views
    assert "rwa" not in views


def test_a_row_is_described_and_loaded():
    import fractions

    assert registry().describe("raw") == "the waveform"
    assert registry().load("raw") is fractions.Fraction


@pytest.mark.parametrize("method", ["load", "describe"])
def test_an_unknown_name_raises_with_near_spellings_and_all_names(method):
    with pytest.raises(
        ParameterError, match=r"^unknown view 'rwa'; did you mean raw\? There are: image, raw$"
    ):
        getattr(registry(), method)("rwa")


def test_a_far_name_is_answered_with_the_list_alone():
    assert near_names("xyz", ("raw", "image")) == "there are: image, raw"
    assert near_names("xyz", ()) == "there are: none"


def test_another_package_adds_a_row(installed):
    installed(("cepstrum", "fractions:Fraction"))
    views = registry()
    assert views.names() == ["cepstrum", "image", "raw"]
    assert views.describe("cepstrum") == "from vibration-extras"
    assert views.load("cepstrum").__name__ == "Fraction"


def test_another_room_keeps_its_rows(installed):
    installed(("cepstrum", "fractions:Fraction"))
    assert Registry("split", "faultdiag.splits", {}).names() == []


def test_a_name_given_twice_raises_and_names_both(installed):
    installed(("raw", "other:View"))
    said = (
        "^view 'raw' is defined twice: vibration-extras adds 'other:View' beside 'fractions:Fraction'; rename"
    )
    with pytest.raises(FaultdiagError, match=said):
        registry().names()


def test_two_packages_with_one_name_raise(installed):
    installed(("cepstrum", "first:View"), ("cepstrum", "second:View"))
    with pytest.raises(
        FaultdiagError, match="'cepstrum' is defined twice: .* 'second:View' beside 'first:View'"
    ):
        registry().load("raw")


def test_listing_and_describing_import_nothing():
    """The modules of these rows do not even exist."""
    views = Registry("view", "faultdiag.views", {"gone": ("no module", "faultdiag.no_such_module:View")})
    assert [(name, views.describe(name)) for name in views] == [("gone", "no module")]
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        views.load("gone")


def test_listing_every_table_of_the_package_loads_no_library():
    probe = """
import sys
from faultdiag.networks.table import NETWORKS
assert len(NETWORKS) and not {"keras", "tensorflow", "numpy"} & set(sys.modules)
from faultdiag.datasets.table import DATASETS
from faultdiag.readers.table import READERS
from faultdiag.views.table import VIEWS
rows = [table.describe(name) for table in (DATASETS, READERS, VIEWS) for name in table]
assert all(rows) and not {"keras", "tensorflow"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", probe], check=True)


def takes(samples, *, window=64, hop=32):
    """Something with two options."""
    return samples, window, hop


def test_options_that_a_function_takes_pass():
    check_options("view 'raw'", takes, {"window": 1, "hop": 2})


@pytest.mark.parametrize("name", ["windw", "samples"])
def test_an_option_that_a_function_lacks_raises(name):
    with pytest.raises(
        ParameterError, match=f"^view 'raw' has no option '{name}'; .*[Tt]here are: hop, window$"
    ):
        check_options("view 'raw'", takes, {"hop": 1, name: 2})


def test_the_home_of_a_row_is_the_package_of_its_module():
    rows = {"a": ("one", "room.part.module:thing"), "b": ("two", "module:thing")}
    registry = Registry("thing", "faultdiag.things", rows)
    assert registry.home("a") == "room.part"
    assert registry.home("b") == "module"
