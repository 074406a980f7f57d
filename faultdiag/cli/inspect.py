"""``faultdiag inspect``."""

from pathlib import Path
from typing import Any

import click

from faultdiag.cli.common import (
    bearing_option,
    check_one_speed,
    json_option,
    print_json,
    quiet_option,
    signal_options,
    speed_options,
)

__all__ = ["inspect"]


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@signal_options
@speed_options
@bearing_option
@click.option(
    "--band",
    "band_hz",
    nargs=2,
    type=float,
    metavar="LOW HIGH",
    help="Band in Hz whose envelope to look at; default: the best of the kurtogram.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for pictures and page; default: inspection-NAME. Of several files, the folder of theirs.",
)
@json_option
@quiet_option
def inspect(files: tuple[Path, ...], as_json: bool, quiet: bool, **options: Any) -> None:
    """Show what is in the signals of FILES (or folders of them).

    That is indicators, pictures for a report, and the lines of a bearing's faults.
    """
    from faultdiag.readers.folders import signal_files
    from faultdiag.report.files import inspect_files
    from faultdiag.report.text import inspection_text

    check_one_speed(options["speed_rpm"], options["tacho"], options["pulses_per_turn"])
    options["pulses_per_turn"] = options["pulses_per_turn"] or 1
    options["rows"] = options["rows"] or "unknown"
    found = []
    for one in inspect_files([file for path in files for file in signal_files(path)], **options):
        found.append(one)
        if one.error:
            click.echo(f"Error: {one.error}", err=True)
        elif one.inspection and not as_json:
            click.echo(inspection_text(one.inspection, notes=not quiet))
            if not quiet:
                click.echo(f"  page: {one.page}")
    if as_json:
        print_json([one.to_dict() for one in found])
    if any(one.error for one in found):
        raise click.exceptions.Exit(1)
