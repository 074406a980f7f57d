"""Errors carry the exit code of the command line and one sentence with a remedy."""

import pytest

from faultdiag import errors
from faultdiag.errors import FaultdiagError, MissingExtraError, ParameterError

ERRORS = [name for name in errors.__all__ if name != "Interrupted"]


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_caught_as_the_root(name):
    assert issubclass(getattr(errors, name), FaultdiagError)


@pytest.mark.parametrize("name", ERRORS)
def test_exit_code_is_2_for_what_the_command_line_alone_shows(name):
    assert getattr(errors, name).exit_code == (2 if name == "ParameterError" else 1)


def test_a_wrong_parameter_is_a_value_error():
    assert issubclass(ParameterError, ValueError)


def test_a_missing_extra_names_the_command_that_installs_it():
    with pytest.raises(MissingExtraError, match=r'^Training needs .*: pip install "faultdiag\[train\]"$'):
        raise MissingExtraError("Training", "train")


def test_an_interruption_is_no_error_and_ends_with_130():
    assert issubclass(errors.Interrupted, KeyboardInterrupt)
    assert errors.Interrupted.exit_code == 130
