"""What `import faultdiag` and `faultdiag.signal` give, and that they give it lazily."""

import pytest

import faultdiag
import faultdiag.signal


@pytest.mark.parametrize("package", [faultdiag, faultdiag.signal])
def test_every_public_name_is_there_and_documented(package):
    assert dir(package) == sorted(package.__all__)
    for name in package.__all__:
        found = getattr(package, name)
        assert name == "__version__" or found.__doc__


@pytest.mark.parametrize("package", [faultdiag, faultdiag.signal])
def test_another_name_raises_as_python_wants_it(package):
    with pytest.raises(AttributeError, match=f"module '{package.__name__}' has no attribute 'no_such_name'"):
        _ = package.no_such_name


def test_the_lazy_names_are_the_public_ones():
    """The addresses of the names and `__all__`, which is for type checkers, are written apart."""
    assert {*faultdiag._HOMES, "__version__", "signal"} == set(faultdiag.__all__)
    assert set(faultdiag.signal._HOMES) == set(faultdiag.signal.__all__)
