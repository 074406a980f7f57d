"""The command line: one file a command, no logic.

Command files import what they need inside the command, so that help and errors come at once.
"""

import errno
import importlib
import traceback
from typing import Any

import click

from faultdiag._version import __version__
from faultdiag.errors import FaultdiagError, Interrupted

__all__ = ["main"]

COMMANDS = {
    "benchmark": "faultdiag.cli.benchmark:benchmark",
    "datasets": "faultdiag.cli.datasets:datasets",
    "diagnose": "faultdiag.cli.diagnose:diagnose",
    "evaluate": "faultdiag.cli.evaluate:evaluate",
    "export": "faultdiag.cli.export:export",
    "inspect": "faultdiag.cli.inspect:inspect",
    "machine": "faultdiag.cli.machine:machine",
    "models": "faultdiag.cli.models:models",
    "predict": "faultdiag.cli.predict:predict",
    "runs": "faultdiag.cli.runs:runs",
    "train": "faultdiag.cli.train:train",
}
"""Name -> address of the command; a command file is imported when it is called or listed."""


class _Group(click.Group):
    """Loads commands when they are needed, and ends every error in one line and the right code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        _add_debug(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from faultdiag.registry import near_names

            ctx.fail(f"No such command {name!r}; {near_names(name, list(COMMANDS))}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except (Exception, KeyboardInterrupt) as error:  # the one place that catches all: no bare traceback
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # the reader of a pipe has seen enough: click ends that quietly
            if ctx.meta.get("faultdiag.debug"):
                click.echo(traceback.format_exc(), err=True)
            code, text = _ending(error)
            click.echo(f"Error: {text}", err=True)
            ctx.exit(code)


def _ending(error: BaseException) -> tuple[int, str]:
    """Exit code and the one line about an error."""
    if isinstance(error, FaultdiagError):
        return error.exit_code, str(error)
    if isinstance(error, KeyboardInterrupt):
        return Interrupted.exit_code, str(error) or "interrupted"
    if isinstance(error, OSError):
        return 1, f"{error.filename or 'system'}: {error.strerror or error}"
    said = " ".join(str(error).split())  # libraries write several lines
    return 1, f"unexpected {type(error).__name__}: {said}; please report it with --debug"


def _add_debug(command: click.Command) -> None:
    """Give a command, and those below it, the option --debug."""
    if any(parameter.name == "debug" for parameter in command.params):
        return
    command.params.append(
        click.Option(
            ["--debug"],
            is_flag=True,
            expose_value=False,
            callback=_set_debug,
            help="Show where an error came from.",
        )
    )
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _add_debug(below)


def _set_debug(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta["faultdiag.debug"] = True


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="faultdiag")
def main() -> None:
    """Tell what is wrong with a bearing or gearbox from its vibration, how sure that is, and why."""
