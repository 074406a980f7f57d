"""The command line as a whole: every error is one line with the right code, and no traceback."""

import errno
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from faultdiag import __version__
from faultdiag.cli import COMMANDS, main
from faultdiag.errors import DatasetError, Interrupted, ParameterError


@pytest.fixture
def failing(monkeypatch):
    """Run a command that raises this, with these words."""

    def run(error, *words):
        @click.command()
        def command():
            raise error

        monkeypatch.setattr("faultdiag.cli.models.models", command)
        return CliRunner().invoke(main, ["models", *words])

    return run


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (ParameterError("unknown view 'rwa'"), 2, "Error: unknown view 'rwa'"),
        (DatasetError("98.mat is missing"), 1, "Error: 98.mat is missing"),
        (Interrupted("go on with X"), 130, "Error: go on with X"),
        (KeyboardInterrupt(), 130, "Error: interrupted"),
        (PermissionError(errno.EACCES, "Permission denied", "a.npy"), 1, "Error: a.npy: Permission denied"),
        (RuntimeError("a\nb"), 1, "Error: unexpected RuntimeError: a b; please report it with --debug"),
    ],
)
def test_every_end_is_one_line_with_its_code(failing, error, code, line):
    done = failing(error)
    assert done.exit_code == code
    assert done.stderr == f"{line}\n"
    assert done.stdout == ""


def test_debug_shows_where_an_error_came_from(failing):
    done = failing(DatasetError("98.mat is missing"), "--debug")
    assert done.exit_code == 1
    assert "Traceback (most recent call last)" in done.stderr
    assert done.stderr.splitlines()[-1] == "Error: 98.mat is missing"


def test_version():
    assert CliRunner().invoke(main, ["--version"]).output == f"faultdiag, version {__version__}\n"


def test_help_lists_every_command():
    listed = CliRunner().invoke(main, ["--help"]).output
    for name in COMMANDS:
        assert f"  {name} " in listed


def test_every_command_has_help_and_debug():
    for name in COMMANDS:
        done = CliRunner().invoke(main, [name, "--help"])
        assert done.exit_code == 0
        assert "--debug" in done.output


def test_an_unknown_command_is_a_usage_error():
    done = CliRunner().invoke(main, ["predct"])
    assert done.exit_code == 2
    assert "No such command 'predct'; did you mean predict or inspect? There are: benchmark, " in done.stderr


def test_an_unknown_option_gives_near_spellings():
    done = CliRunner().invoke(main, ["train", "--epoch", "3"])
    assert done.exit_code == 2
    assert "'--epochs'" in done.stderr


def test_a_reader_that_has_seen_enough_ends_it_quietly(failing):
    done = failing(BrokenPipeError(errno.EPIPE, "Broken pipe"))
    assert (done.exit_code, done.stderr) == (1, "")


def real(*words, **options):
    """The command in a process of its own."""
    command = [sys.executable, "-m", "faultdiag", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_a_real_process_ends_with_the_code_and_one_line(tmp_path):
    (tmp_path / "run.part").mkdir()
    done = real("runs", "show", "run.part", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: run.part: unfinished; 'faultdiag train --resume run.part' finishes it\n"


def test_a_real_process_shows_its_traceback_only_if_asked_to(tmp_path):
    (tmp_path / "run").mkdir()
    plain, debug = (real("runs", "show", "run", *more, cwd=tmp_path) for more in ([], ["--debug"]))
    assert plain.returncode == debug.returncode == 1
    assert plain.stderr == "Error: run: no Run: run.json cannot be read (No such file or directory)\n"
    assert debug.stderr.startswith("Traceback (most recent call last):")
    assert debug.stderr.endswith(plain.stderr)
