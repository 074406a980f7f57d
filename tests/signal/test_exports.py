"""What `faultdiag.signal` gives is what its modules say they give, by one list."""

import importlib
import pkgutil

import faultdiag.signal

INTERNAL = {"background", "checks", "samples", "waveform"}
NOT_FOR_USERS = {"Slices", "ZONES", "tree_counts"}


def test_every_public_name_of_a_module_is_there():
    names = set()
    for module in pkgutil.iter_modules(faultdiag.signal.__path__):
        if module.name not in INTERNAL:
            names |= set(importlib.import_module(f"faultdiag.signal.{module.name}").__all__)
    assert set(faultdiag.signal.__all__) == names - NOT_FOR_USERS


def test_each_name_is_that_of_its_module_and_listed():
    for name in faultdiag.signal.__all__:
        found = getattr(faultdiag.signal, name)
        home = importlib.import_module(f"faultdiag.signal.{faultdiag.signal._HOMES[name]}")
        assert found is getattr(home, name)
        assert name != home.__name__.rpartition(".")[2]  # importing the module would hide the function
    assert sorted(faultdiag.signal.__all__) == dir(faultdiag.signal)
