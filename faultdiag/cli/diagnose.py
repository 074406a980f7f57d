"""``faultdiag diagnose``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from faultdiag.cli.common import (
    bearing_option,
    check_one_form,
    check_one_speed,
    csv_option,
    json_option,
    print_csv,
    print_json,
    quiet_option,
    signal_options,
    speed_options,
)

if TYPE_CHECKING:
    from faultdiag.diagnosis.diagnosis import Diagnosis

__all__ = ["diagnose"]

IN_THE_HEAD = ("bearing", "gear", "reference", "rate_hz", "speed_rpm", "tacho")
"""Options that a report repeats."""


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@bearing_option
@click.option(
    "--gear", metavar="TEETH", help="Such as 32/80,48/64: driving over driven, from the shaft of --speed on."
)
@click.option(
    "--reference",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The healthy machine, the same channels: what has changed against it counts.",
)
@signal_options
@speed_options
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="PAGE.html",
    help="Write answers, evidence and pictures into one HTML file.",
)
@json_option
@csv_option
@quiet_option
def diagnose(
    files: tuple[Path, ...], report: Path | None, as_json: bool, as_csv: bool, quiet: bool, **options: Any
) -> None:
    """Say what is wrong with a machine by physics, for every channel in FILES (or folders of them).

    Nothing is trained, and no network is needed.

    With --bearing, --gear or --reference, and a speed, faults are named. Without, it is told what comes back
    regularly in the vibration.
    """
    from faultdiag.diagnosis.files import diagnose as judge

    check_one_form(as_json, as_csv)
    check_one_speed(options["speed_rpm"], options["tacho"], options["pulses_per_turn"])
    options["pulses_per_turn"] = options["pulses_per_turn"] or 1
    options["rows"] = options["rows"] or "unknown"
    if report is not None:
        from faultdiag.report.diagnosis_page import check_report, write_report

        check_report(report)
    answers = judge(files, trace=report is not None, **options)
    if as_json:
        print_json([answer.to_dict() for answer in answers])
    elif as_csv:
        print_csv([answer.to_row() for answer in answers])
    else:
        _print_text(answers, notes=not quiet)
    if report is not None:
        write_report(answers, report, **{name: options[name] for name in IN_THE_HEAD})
        if not quiet:
            click.echo(f"Report: {report}", err=as_json or as_csv)
    failed = [answer for answer in answers if answer.status == "error"]
    for answer in failed:
        click.echo(f"Error: {answer.error}", err=True)
    if failed:
        raise click.exceptions.Exit(1)


def _print_text(answers: "list[Diagnosis]", *, notes: bool) -> None:
    from faultdiag.cli.text import diagnoses_text

    text = diagnoses_text(answers, notes=notes)
    if text:
        click.echo(text)
