"""Options that mean the same in every command, and how results are printed."""

import csv
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from faultdiag.choices import Backend, KerasBackend, NanPolicy, Rows

__all__ = [
    "backend_options",
    "bearing_option",
    "check_one_form",
    "check_one_speed",
    "csv_option",
    "engine_options",
    "existing_folder",
    "json_option",
    "print_csv",
    "print_json",
    "quiet_option",
    "signal_options",
    "speed_options",
]

F = TypeVar("F", bound=Callable[..., Any])

existing_folder = click.Path(exists=True, file_okay=False, path_type=Path)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
csv_option = click.option("--csv", "as_csv", is_flag=True, help="Print a table as CSV.")
quiet_option = click.option("--quiet", is_flag=True, help="Say nothing but the result.")


def backend_options(command: F) -> F:
    """Add --device and --backend, for what Keras alone can do."""
    backends = click.Choice(get_args(KerasBackend))
    text = "Of Keras; default: $KERAS_BACKEND, else the first one installed."
    return _device_option(click.option("--backend", type=backends, help=text)(command))


def engine_options(command: F) -> F:
    """Add --device and --backend, for what an exported network can do, too."""
    backends = click.Choice(get_args(Backend))
    text = "Default: onnx, the exported network, where the Run has one; else Keras with what is installed."
    return _device_option(click.option("--backend", type=backends, help=text)(command))


def signal_options(command: F) -> F:
    """Add the options that describe a signal."""
    for option in reversed(
        [
            click.option("--rate", "rate_hz", type=float, metavar="HZ", help="Sampling rate."),
            click.option("--speed", "speed_rpm", type=float, metavar="RPM", help="Shaft speed."),
            click.option("--channel", multiple=True, help="Channel by name or number; repeatable."),
            click.option("--variable", help="Which array of a .mat or .npz file, where it holds several."),
            click.option(
                "--rows",
                type=click.Choice([name for name in get_args(Rows) if name != "unknown"]),
                help="What the rows of a 2-D array are, where its file does not say it: samples, if its "
                "columns are the channels.",
            ),
            click.option(
                "--nan",
                type=click.Choice(get_args(NanPolicy)),
                default="refuse",
                show_default=True,
                help="What to do about samples that are no numbers.",
            ),
        ]
    ):
        command = option(command)
    return command


def bearing_option(command: F) -> F:
    """Add --bearing, in any of its forms."""
    text = (
        "A name such as 6205, n=9,d=7.94,D=39.04,angle=0 (balls, ball and pitch diameter in mm, degrees), or "
        "bpfo=3.585,bpfi=5.415,bsf=2.357,ftf=0.398 (orders)."
    )
    return click.option("--bearing", help=text)(command)


def speed_options(command: F) -> F:
    """Add the options of a tachometer; with --speed there are two ways to say the speed."""
    tacho = click.option("--tacho", metavar="CHANNEL", help="Channel with the pulses of a tachometer.")
    pulses = click.option(
        "--pulses",
        "pulses_per_turn",
        type=click.IntRange(1),
        help="Its pulses per turn of the shaft; default: 1.",
    )
    return tacho(pulses(command))


def check_one_speed(speed_rpm: float | None, tacho: str | None, pulses_per_turn: int | None) -> None:
    """Refuse two speeds, and pulses of no tachometer."""
    if speed_rpm is not None and tacho is not None:
        raise click.UsageError("--speed and --tacho both say the speed; choose one")
    if pulses_per_turn is not None and tacho is None:
        raise click.UsageError("--pulses are those of a tachometer; name its channel with --tacho")


def check_one_form(as_json: bool, as_csv: bool) -> None:
    """Refuse to print one answer in two forms."""
    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two forms of one answer; choose one")


def print_json(document: Any) -> None:
    """Print a document on stdout; a number that is none becomes null."""
    click.echo(json.dumps(document, indent=1, allow_nan=False))


def print_csv(rows: Sequence[dict[str, Any]]) -> None:
    """Print rows as CSV on stdout; a column that a row does not have stays empty."""
    if rows:
        longest_first = sorted(rows, key=len, reverse=True)
        writer = csv.DictWriter(sys.stdout, list(dict.fromkeys(key for row in longest_first for key in row)))
        writer.writeheader()
        writer.writerows(rows)


def _device_option(command: F) -> F:
    return click.option(
        "--device", default="auto", show_default=True, metavar="auto|cpu|gpu|gpu:N", help="What computes."
    )(command)
